"""Engines, and generations: asking for video, and seeing what came of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from muybridge import trust
from muybridge.api.deps import CurrentActor, Cursor, IdempotencyKey, Limit, PartsDep, Reader, Writer
from muybridge.api.errors import RESPONSES
from muybridge.api.ids import pattern_of
from muybridge.artifacts import Store
from muybridge.catalog import viewing
from muybridge.catalog.tables import Asset
from muybridge.generation import generations
from muybridge.generation.engines import ENGINES, EngineLimits
from muybridge.generation.spec import ClipInput, GenerationSpec, Kind
from muybridge.generation.tables import Generation
from muybridge.plugins import MissingExtra
from muybridge.training.tables import Checkpoint

router = APIRouter(prefix="/v1", tags=["generation"], responses=RESPONSES)

GenerationId = Annotated[str, Path(pattern=pattern_of("gen"), description="gen_…")]


class LimitsOut(BaseModel):
    """What an engine can be asked at most."""

    max_frames: int
    max_prompt_characters: int
    max_steps: int
    height: int
    width: int
    needs_checkpoint: bool

    @classmethod
    def of(cls, limits: EngineLimits) -> "LimitsOut":
        return cls(**{name: getattr(limits, name) for name in cls.model_fields})


class EngineOut(BaseModel):
    name: str
    kinds: list[Kind]
    limits: LimitsOut | None
    """Of the engine at large; a checkpoint may allow less."""
    missing: str
    """What to install before it can be used; empty when it can."""


class EngineList(BaseModel):
    items: list[EngineOut]


class GenerationIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: Kind = Kind.TEXT_TO_VIDEO
    engine: str = Field(default="ours", max_length=64, pattern=r"^[\w.-]+$")
    prompt: str = Field(default="", max_length=4000, pattern=r"^[^\x00]*$")
    checkpoint_id: str | None = Field(default=None, pattern=pattern_of("ckp"))
    """Default: the newest finished one."""
    seed: int = Field(default=0, ge=0, lt=2**31)
    num_frames: int = Field(default=16, ge=1, le=100_000)
    """Of the clip, given ones included."""
    fps: float = Field(default=8.0, ge=0.5, le=120.0)
    first_steps: int = Field(default=16, ge=1, le=1000)
    steps: int = Field(default=2, ge=1, le=1000)
    guidance: float = Field(default=1.0, ge=0.0, le=20.0)
    min_side: int = Field(default=256, ge=16, le=2160)
    asset_id: str | None = Field(default=None, pattern=pattern_of("ast"))
    """The footage that an image to video or a continuation begins with."""
    start_frame: int | None = Field(default=None, ge=1, lt=2**31)
    """Go on from here: the frames just before it are given. Default: the end of the footage."""

    def spec(self, end_frame: int | None) -> GenerationSpec:
        """The frozen request; end_frame: of the footage that is given."""
        own = self.model_dump(exclude={"checkpoint_id", "asset_id", "start_frame"})
        begins = ClipInput(self.asset_id, end_frame) if self.asset_id and end_frame else None
        return GenerationSpec(**own, input=begins)


class GenerationOut(BaseModel):
    id: str
    created_at: datetime
    name: str
    """What it is of: its prompt, else its kind and the room or the footage that it begins with."""
    kind: Kind
    engine: str
    spec: dict[str, Any]
    spec_digest: str
    checkpoint_id: str | None
    input_asset_id: str | None
    job_id: str | None
    """The rendering; its state says how it stands."""
    artifact_id: str | None
    """The signed clip."""
    asset_id: str | None
    """The footage that it was adopted as."""
    verified: str | None
    """trusted when the clip was signed and read back here; null until then."""
    poster_url: str | None = None
    media_url: str | None = None
    """Where the clip plays from, in the answer to one generation only: being given it is an event."""

    @classmethod
    def of(cls, session: Session, actor: trust.Actor, row: Generation) -> "GenerationOut":
        (shown,) = cls.all_of(session, actor, [row])
        return shown

    @classmethod
    def all_of(cls, session: Session, actor: trust.Actor, rows: Sequence[Generation]) -> "list[GenerationOut]":
        names = generations.names_of(session, actor, rows)
        return [cls(**cls._own(row), name=names[row.id], verified=(row.verdict or {}).get("state")) for row in rows]

    @classmethod
    def _own(cls, row: Generation) -> dict[str, Any]:
        return {name: getattr(row, name) for name in cls.model_fields if hasattr(row, name)}


class GenerationPage(BaseModel):
    items: list[GenerationOut]
    next_cursor: str | None


@router.get("/engines")
def list_engines(actor: CurrentActor) -> EngineList:
    """The engines that a generation may name, and what each can be asked."""
    trust.require(actor, "generation.read")
    return EngineList(items=[_engine(name) for name in ENGINES.names()])


@router.get("/generations")
def list_generations(
    session: Reader, actor: CurrentActor, parts: PartsDep, limit: Limit = 50, cursor: Cursor = None
) -> GenerationPage:
    """Generations, newest first, with the posters of those that are done."""
    page = generations.list_generations(session, actor, limit=limit, cursor=cursor)
    posters = _posters(session, actor, parts.store, page.items)
    items = [
        shown.model_copy(update={"poster_url": posters.get(shown.asset_id or "")})
        for shown in GenerationOut.all_of(session, actor, page.items)
    ]
    return GenerationPage(items=items, next_cursor=page.next_cursor)


@router.post("/generations", status_code=202)
def create_generation(
    session: Writer, actor: CurrentActor, body: GenerationIn, key: IdempotencyKey = None
) -> GenerationOut:
    """Ask for video; it is made, signed and adopted as footage in the background."""
    known = trust.once(session, actor, key, "generation.create", body.model_dump(mode="json"))
    if known is not None:
        return GenerationOut.of(session, actor, trust.load(session, actor, Generation, known))
    chosen = trust.load(session, actor, Checkpoint, body.checkpoint_id) if body.checkpoint_id else None
    spec = body.spec(_end_of_given(session, actor, body))
    generation = generations.create_generation(session, actor, spec, checkpoint=chosen)
    trust.remember(session, actor, key, "generation.create", generation.id)
    return GenerationOut.of(session, actor, generation)


@router.get("/generations/{id}")
def get_generation(session: Writer, actor: CurrentActor, parts: PartsDep, id: GenerationId) -> GenerationOut:
    """One generation, with the address to play it by when it is done; being given that is an event."""
    trust.require(actor, "generation.read")
    row = trust.load(session, actor, Generation, id)
    shown = GenerationOut.of(session, actor, row)
    if row.asset_id is None:
        return shown
    urls = viewing.stream(session, actor, parts.store, row.asset_id)
    return shown.model_copy(update={"media_url": urls.source_url or urls.proxy_url, "poster_url": urls.poster_url})


def _engine(name: str) -> EngineOut:
    try:
        limits = ENGINES.get(name).limits(None)
    except MissingExtra as missing:
        return EngineOut(name=name, kinds=[], limits=None, missing=str(missing))
    return EngineOut(name=name, kinds=sorted(limits.kinds), limits=LimitsOut.of(limits), missing="")


def _end_of_given(session: Reader, actor: trust.Actor, body: GenerationIn) -> int | None:
    if body.asset_id is None:
        return None
    trust.require(actor, "generation.create")
    return body.start_frame or trust.load(session, actor, Asset, body.asset_id).num_frames or 1


def _posters(session: Reader, actor: trust.Actor, store: Store, rows: list[Generation]) -> dict[str, str | None]:
    found = generations.adopted(session, actor, rows)
    return {asset_id: shown.poster_url for asset_id, shown in viewing.thumbnails(session, actor, store, found).items()}
