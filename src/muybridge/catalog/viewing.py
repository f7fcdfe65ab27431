"""Looking at footage, which is an act: each URL, frame and view is given to somebody, and written down.

A signed URL counts as streamed (or downloaded) when it is given, since from then on its holder can.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from muybridge import trust
from muybridge.artifacts import Artifact, Store
from muybridge.catalog import assets, clips, rights
from muybridge.catalog.rights import AssetForbidden
from muybridge.catalog.tables import Asset
from muybridge.trust import Actor
from muybridge.units import FrameSpan


@dataclass(frozen=True, slots=True)
class MediaUrls:
    """Addresses of an asset's pictures, good for an hour; None for what there is not, or is not yours."""

    source_url: str | None
    proxy_url: str | None
    poster_url: str | None
    filmstrip_url: str | None
    filmstrip: dict[str, Any] = field(default_factory=dict)
    """{columns, rows, tile_width, tile_height, frames}; empty without a filmstrip."""


def stream(session: Session, actor: Actor, store: Store, asset_id: str) -> MediaUrls:
    """Addresses to play an asset by; recorded as asset.streamed. Raises NotFound, AssetForbidden when revoked.

    The source itself is given to whoever may download it, and to anyone when it is what a browser plays.
    """
    asset = _viewable(session, actor, asset_id)
    held = assets.load_artifacts(session, actor, asset)
    may_have_source = "proxy" not in held or "catalog.download" in trust.permissions_of(actor)
    urls = {
        what: _url(store, actor, asset, artifact)
        for what, artifact in held.items()
        if what != "index" and (what != "source" or may_have_source)
    }
    trust.record(session, actor, "asset.streamed", asset.id, name=asset.name, given=sorted(urls))
    return MediaUrls(
        source_url=urls.get("source"),
        proxy_url=urls.get("proxy"),
        poster_url=urls.get("poster"),
        filmstrip_url=urls.get("filmstrip"),
        filmstrip=held["filmstrip"].facts if "filmstrip" in held else {},
    )


@dataclass(frozen=True, slots=True)
class Thumbnails:
    """What a grid shows of an asset."""

    poster_url: str | None
    filmstrip_url: str | None
    filmstrip: dict[str, Any]


def thumbnails(session: Session, actor: Actor, store: Store, found: list[Asset]) -> dict[str, Thumbnails]:
    """Poster and filmstrip addresses of a page of assets, for the catalogue's grid; by asset id.

    A grid of posters is no viewing of footage: nothing is recorded until somebody opens an asset. Footage that the
    actor could not open is shown without.
    """
    hidden = hidden_from(session, actor, [asset.id for asset in found])
    viewable = [asset for asset in found if asset.id not in hidden]
    wanted = {value for asset in viewable for value in (asset.poster_artifact_id, asset.filmstrip_artifact_id) if value}
    rows = {
        row.id: row for row in session.scalars(trust.visible(select(Artifact), actor).where(Artifact.id.in_(wanted)))
    }

    def shown(asset: Asset) -> Thumbnails:
        poster, filmstrip = rows.get(asset.poster_artifact_id or ""), rows.get(asset.filmstrip_artifact_id or "")
        return Thumbnails(
            poster_url=_url(store, actor, asset, poster) if poster else None,
            filmstrip_url=_url(store, actor, asset, filmstrip) if filmstrip else None,
            filmstrip=filmstrip.facts if filmstrip else {},
        )

    return {asset.id: shown(asset) for asset in found}


def download(session: Session, actor: Actor, store: Store, asset_id: str) -> str:
    """An address to take the original file by; recorded as asset.downloaded. Raises NotFound, AssetForbidden."""
    trust.require(actor, "catalog.download")
    asset = _viewable(session, actor, asset_id)
    source = assets.load_artifacts(session, actor, asset)["source"]
    trust.record(session, actor, "asset.downloaded", asset.id, name=asset.name, size_bytes=source.size_bytes)
    return _url(store, actor, asset, source, is_download=True)


def look(session: Session, actor: Actor, asset_id: str, span: FrameSpan) -> Asset:
    """Let the actor look at frames [start, end), and write it down. Raises NotFound, SpanOutside, AssetForbidden."""
    return _seen(session, actor, _viewable(session, actor, asset_id), span)


def record_view(session: Session, actor: Actor, asset_id: str, span: FrameSpan) -> Asset:
    """Write down that the actor looked at frames [start, end). Raises NotFound, SpanOutside.

    Of revoked footage, too: who still plays it by an address that was given before is who has to be known.
    """
    return _seen(session, actor, assets.load_asset(session, actor, asset_id), span)


def record_export(session: Session, actor: Actor, subject_id: str, asset_ids: list[str], **facts: Any) -> None:
    """Write down that footage left as part of an export; one event names them all."""
    trust.record(session, actor, "asset.exported", subject_id, asset_ids=asset_ids, **facts)


def hidden_from(session: Session, actor: Actor, asset_ids: Sequence[str]) -> set[str]:
    """Which of these assets the actor may not look at: revoked footage is for those who answer for rights."""
    if "catalog.rights" in trust.permissions_of(actor):
        return set()
    return rights.revoked_among(session, actor, asset_ids)


def _viewable(session: Session, actor: Actor, asset_id: str) -> Asset:
    """The asset, if it may be looked at."""
    asset = assets.load_asset(session, actor, asset_id)
    if hidden_from(session, actor, [asset.id]):
        raise AssetForbidden(
            f"The right to show {asset.name} was revoked.",
            remedy="Ask whoever answers for its rights.",
            assets=[{"id": asset.id, "name": asset.name, "reason": "revoked"}],
        )
    return asset


def _seen(session: Session, actor: Actor, asset: Asset, span: FrameSpan) -> Asset:
    clips.require_inside(asset, span)
    trust.record(session, actor, "asset.viewed", asset.id, name=asset.name, start_frame=span.start, end_frame=span.end)
    return asset


def _url(store: Store, actor: Actor, asset: Asset, artifact: Artifact, *, is_download: bool = False) -> str:
    return store.url(
        artifact.digest,
        tenant_id=asset.tenant_id,
        media_type=artifact.media_type,
        filename=artifact.filename,
        actor_id=actor.id,
        is_download=is_download,
    )
