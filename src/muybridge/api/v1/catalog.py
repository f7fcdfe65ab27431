"""Assets: the catalogue, shots, the frame index, addresses to play them by, single frames, views."""

from datetime import datetime
from typing import Annotated, Any

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.responses import Response

from muybridge import artifacts, db, trust
from muybridge.api.deps import CurrentActor, Cursor, Limit, Parts, PartsDep, Reader, Writer
from muybridge.api.errors import RESPONSES
from muybridge.api.ids import AssetId
from muybridge.catalog import assets, clips, shots, viewing
from muybridge.catalog.tables import Asset, Clip, Shot
from muybridge.units import FrameSpan

router = APIRouter(prefix="/v1", tags=["catalog"], responses=RESPONSES)

LAST_FRAME = 2**31 - 1
_DECODERS = CapacityLimiter(2)
"""Frames drawn at a time: each takes every core while it decodes, and the largest some gigabytes."""


class AssetFailure(BaseModel):
    code: str
    detail: str
    remedy: str = ""


class FilmstripOut(BaseModel):
    """A sprite of tiles, row by row; tile i shows frame `frames[i]`."""

    columns: int
    rows: int
    tile_width: int
    tile_height: int
    frames: list[int]


class AssetOut(BaseModel):
    id: str
    created_at: datetime
    name: str
    media_type: str
    job_id: str | None
    """The ingest; its state says how it stands."""
    is_ready: bool
    failure: AssetFailure | None
    width: int | None
    height: int | None
    display_width: int | None
    display_height: int | None
    rotation: int | None
    time_base_num: int | None
    time_base_den: int | None
    num_frames: int | None
    start_pts: int | None
    end_pts: int | None
    duration_s: float | None
    fps: float | None
    is_vfr: bool | None
    codec: str | None
    pixel_format: str | None
    has_audio: bool | None
    facts: dict[str, Any]
    poster_url: str | None = None
    filmstrip_url: str | None = None
    filmstrip: FilmstripOut | None = None

    @classmethod
    def of(cls, asset: Asset, pictures: viewing.Thumbnails | None = None) -> "AssetOut":
        shown = {name: getattr(asset, name) for name in cls.model_fields if hasattr(asset, name)}
        if pictures is not None:
            shown |= {
                "poster_url": pictures.poster_url,
                "filmstrip_url": pictures.filmstrip_url,
                "filmstrip": pictures.filmstrip or None,
            }
        return cls(**shown)


class AssetPage(BaseModel):
    items: list[AssetOut]
    next_cursor: str | None


class AssetPatch(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=512)


class SpanIn(BaseModel):
    """Frames [start_frame, end_frame)."""

    model_config = ConfigDict(extra="forbid")

    start_frame: int = Field(ge=0, le=LAST_FRAME)
    end_frame: int = Field(ge=1, le=LAST_FRAME)

    @model_validator(mode="after")
    def _is_not_empty(self) -> "SpanIn":
        if self.start_frame >= self.end_frame:
            raise ValueError("end_frame must be after start_frame")
        return self

    def span(self) -> FrameSpan:
        return FrameSpan(self.start_frame, self.end_frame)


class ShotOut(BaseModel):
    id: str
    asset_id: str
    number: int
    start_frame: int
    end_frame: int
    start_pts: int
    end_pts: int
    detector: str
    confidence: float

    @classmethod
    def of(cls, shot: Shot) -> "ShotOut":
        return cls(**{name: getattr(shot, name) for name in cls.model_fields})


class ShotPage(BaseModel):
    items: list[ShotOut]
    next_cursor: str | None


class ClipOut(BaseModel):
    id: str
    created_at: datetime
    asset_id: str
    start_frame: int
    end_frame: int
    start_pts: int
    end_pts: int

    @classmethod
    def of(cls, clip: Clip) -> "ClipOut":
        return cls(**{name: getattr(clip, name) for name in cls.model_fields})


class ClipPage(BaseModel):
    items: list[ClipOut]
    next_cursor: str | None = None


class IndexOut(BaseModel):
    time_base: tuple[int, int]
    """Seconds per tick, as numerator and denominator."""
    pts: list[int]
    """The true time of each frame, in presentation order."""
    end_pts: int


class MediaOut(BaseModel):
    source_url: str | None
    """null for those who may not download, when a proxy plays."""
    proxy_url: str | None
    poster_url: str | None
    filmstrip_url: str | None
    filmstrip: FilmstripOut | None


class DownloadOut(BaseModel):
    url: str


@router.get("/assets")
def list_assets(
    session: Reader,
    actor: CurrentActor,
    parts: PartsDep,
    query: Annotated[str, Query(max_length=200, description="Words that the name holds")] = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> AssetPage:
    """The catalogue, newest first."""
    page = assets.list_assets(session, actor, query=query, limit=limit, cursor=cursor)
    pictures = viewing.thumbnails(session, actor, parts.store, page.items)
    return AssetPage(
        items=[AssetOut.of(asset, pictures[asset.id]) for asset in page.items], next_cursor=page.next_cursor
    )


@router.get("/assets/{id}")
def get_asset(session: Reader, actor: CurrentActor, parts: PartsDep, id: AssetId) -> AssetOut:
    """One asset and its facts."""
    asset = assets.load_asset(session, actor, id)
    return AssetOut.of(asset, viewing.thumbnails(session, actor, parts.store, [asset])[asset.id])


@router.patch("/assets/{id}")
def rename_asset(session: Writer, actor: CurrentActor, id: AssetId, body: AssetPatch) -> AssetOut:
    """Give an asset another name."""
    return AssetOut.of(assets.rename_asset(session, actor, id, body.name))


@router.delete("/assets/{id}", status_code=204)
def delete_asset(session: Writer, actor: CurrentActor, id: AssetId) -> None:
    """Remove an asset and its derivatives; refused while something stands on it or it is to be retained."""
    assets.delete_asset(session, actor, id)


@router.get("/assets/{id}/shots")
def list_shots(
    session: Reader, actor: CurrentActor, id: AssetId, cursor: Cursor = None, limit: Limit = db.MAX_LIMIT
) -> ShotPage:
    """Shots in order of time."""
    page = shots.list_shots(session, actor, id, limit=limit, cursor=cursor)
    return ShotPage(items=[ShotOut.of(shot) for shot in page.items], next_cursor=page.next_cursor)


@router.get("/assets/{id}/clips")
def list_clips(session: Reader, actor: CurrentActor, id: AssetId) -> ClipPage:
    """Clips chosen of an asset, oldest first."""
    return ClipPage(items=[ClipOut.of(clip) for clip in clips.list_clips(session, actor, id)])


@router.post("/assets/{id}/clips", status_code=201)
def create_clip(session: Writer, actor: CurrentActor, parts: PartsDep, id: AssetId, body: SpanIn) -> ClipOut:
    """Choose frames of an asset."""
    index = clips.load_index(session, actor, parts.store, id)
    return ClipOut.of(clips.create_clip(session, actor, id, body.span(), index))


@router.get("/assets/{id}/index")
def get_index(session: Reader, actor: CurrentActor, parts: PartsDep, id: AssetId) -> IndexOut:
    """The true time of each frame. It never changes."""
    index = clips.load_index(session, actor, parts.store, id)
    return IndexOut(
        time_base=(index.time_base.numerator, index.time_base.denominator),
        pts=index.pts.tolist(),
        end_pts=index.end_pts,
    )


@router.get("/assets/{id}/media")
def get_media_urls(session: Writer, actor: CurrentActor, parts: PartsDep, id: AssetId) -> MediaOut:
    """Addresses to play an asset by, good for an hour; being given them is an event."""
    found = viewing.stream(session, actor, parts.store, id)
    return MediaOut(
        source_url=found.source_url,
        proxy_url=found.proxy_url,
        poster_url=found.poster_url,
        filmstrip_url=found.filmstrip_url,
        filmstrip=FilmstripOut(**found.filmstrip) if found.filmstrip else None,
    )


@router.post("/assets/{id}/downloads", status_code=201)
def download_asset(session: Writer, actor: CurrentActor, parts: PartsDep, id: AssetId) -> DownloadOut:
    """An address to take the original file by; being given it is an event."""
    return DownloadOut(url=viewing.download(session, actor, parts.store, id))


@router.post("/assets/{id}/views", status_code=204)
def record_view(session: Writer, actor: CurrentActor, id: AssetId, body: SpanIn) -> None:
    """Say which frames a person looked at."""
    viewing.record_view(session, actor, id, body.span())


@router.get(
    "/assets/{id}/frames/{frame}.jpg",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}, "description": "The frame, upright, in square pixels"}},
)
async def get_frame(
    actor: CurrentActor,
    parts: PartsDep,
    id: AssetId,
    frame: Annotated[int, Path(ge=0, le=LAST_FRAME)],
    max_side: Annotated[int | None, Query(ge=16, le=8192)] = None,
) -> Response:
    """Exactly this frame, of the proxy if there is one: for what a browser cannot play. Looking at it is an event."""
    # Waiting in line takes no thread from other requests.
    jpeg = await to_thread.run_sync(_draw_frame, parts, actor, id, frame, max_side, limiter=_DECODERS)
    return Response(jpeg, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=3600"})


def _draw_frame(parts: Parts, actor: trust.Actor, id: str, frame: int, max_side: int | None) -> bytes:
    with parts.database.write() as session:
        viewing.look(session, actor, id, FrameSpan(frame, frame + 1))
    with parts.database.read() as session:
        index = clips.load_index(session, actor, parts.store, id)
        held = assets.load_artifacts(session, actor, assets.load_asset(session, actor, id))
    from muybridge import media  # a decoder: loaded by the first frame asked for, not by the server's start

    shown = held.get("proxy") or held["source"]
    path = artifacts.cache.held_path(parts.store, shown.digest, parts.data_dir / "cache")
    return media.frame_jpeg(path, media.proxy_index(path) if "proxy" in held else index, frame, max_side=max_side)
