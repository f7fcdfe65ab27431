"""Clips: chosen half-open spans of an asset, in frames and in the asset's own ticks."""

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from muybridge import artifacts, trust
from muybridge.artifacts import Store
from muybridge.catalog.tables import Asset, Clip
from muybridge.errors import Conflict, Invalid
from muybridge.trust import Actor
from muybridge.units import FrameSpan

if TYPE_CHECKING:
    from muybridge.media.index import FrameIndexTable


class AssetNotReady(Conflict):
    code = "catalog.asset_not_ready"


class SpanOutside(Invalid):
    code = "catalog.span_outside"


def create_clip(session: Session, actor: Actor, asset_id: str, span: FrameSpan, index: "FrameIndexTable") -> Clip:
    """Choose frames [start, end) of an asset. Raises SpanOutside, AssetNotReady, NotFound."""
    trust.require(actor, "catalog.write")
    asset = trust.load(session, actor, Asset, asset_id)
    require_inside(asset, span)
    start_pts, end_pts = index.pts_bounds(span)
    clip = Clip(
        tenant_id=actor.tenant_id,
        asset_id=asset.id,
        start_frame=span.start,
        end_frame=span.end,
        start_pts=start_pts,
        end_pts=end_pts,
    )
    session.add(clip)
    session.flush()
    title = f"{asset.name} [{span.start}, {span.end})"
    artifacts.derive(session, actor, clip.id, [asset.id], title=title)
    trust.record(session, actor, "clip.created", clip.id, asset_id=asset.id, start_frame=span.start, end_frame=span.end)
    return clip


def list_clips(session: Session, actor: Actor, asset_id: str) -> list[Clip]:
    """The clips chosen of an asset, oldest first. Raises NotFound."""
    trust.require(actor, "catalog.read")
    trust.load(session, actor, Asset, asset_id)
    return list(session.scalars(trust.visible(select(Clip), actor).where(Clip.asset_id == asset_id).order_by(Clip.id)))


def require_inside(asset: Asset, span: FrameSpan) -> None:
    """The span lies in the asset. Raises AssetNotReady before it was described, SpanOutside."""
    if asset.num_frames is None:
        raise AssetNotReady(
            f"{asset.name} has not been described yet.", remedy="Wait for its ingest, or look why it failed."
        )
    if span.end > asset.num_frames:
        raise SpanOutside(
            f"Frames [{span.start}, {span.end}) are outside {asset.name}, which has {asset.num_frames}.",
            remedy="Frames count from 0; the end is not included.",
        )


def load_index(session: Session, actor: Actor, store: Store, asset_id: str) -> "FrameIndexTable":
    """The true time of each frame of an asset. Raises AssetNotReady, NotFound."""
    from muybridge.media.index import FrameIndexTable  # numpy; no decoder

    trust.require(actor, "catalog.read")
    asset = trust.load(session, actor, Asset, asset_id)
    if asset.index_artifact_id is None:
        raise AssetNotReady(
            f"{asset.name} has not been indexed yet.", remedy="Wait for its ingest, or look why it failed."
        )
    digest = artifacts.load(session, actor, asset.index_artifact_id).digest
    return FrameIndexTable.from_bytes(store.read(digest))
