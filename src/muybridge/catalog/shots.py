"""Shots: the frames between detected cuts. Finding them is a detector's work (catalog/detectors), keeping them ours."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from muybridge import db, trust
from muybridge.catalog.detectors import DetectedShot
from muybridge.catalog.tables import Asset, Shot
from muybridge.trust import Actor

if TYPE_CHECKING:
    from muybridge.media import FrameIndexTable

ACCURATE, FAST = "transnetv2", "histogram"
LONG_FRAMES = 3000
"""Beyond this the accurate detector would take minutes of CPU; the fast one is the default then."""


def default_detector(num_frames: int) -> str:
    """Which detector ingest uses when nobody chose one."""
    return ACCURATE if num_frames <= LONG_FRAMES else FAST


def replace_shots(
    session: Session,
    actor: Actor,
    asset: Asset,
    found: Sequence[DetectedShot],
    index: "FrameIndexTable",
    *,
    detector: str,
) -> list[Shot]:
    """Make `found` the asset's shots, numbered in order; what was there before is gone."""
    trust.require(actor, "catalog.write", asset)
    session.execute(trust.visible(delete(Shot), actor).where(Shot.asset_id == asset.id))
    rows = []
    for number, shot in enumerate(found):
        start_pts, end_pts = index.pts_bounds(shot.span)
        rows.append(
            Shot(
                tenant_id=asset.tenant_id,
                asset_id=asset.id,
                number=number,
                start_frame=shot.span.start,
                end_frame=shot.span.end,
                start_pts=start_pts,
                end_pts=end_pts,
                detector=detector,
                confidence=shot.confidence,
            )
        )
    session.add_all(rows)
    session.flush()
    return rows


def list_shots(
    session: Session, actor: Actor, asset_id: str, *, limit: int = db.MAX_LIMIT, cursor: str | None = None
) -> db.Page[Shot]:
    """The asset's shots in order of time; empty before its ingest has found them. Raises NotFound."""
    trust.require(actor, "catalog.read")
    trust.load(session, actor, Asset, asset_id)
    statement = trust.visible(select(Shot), actor).where(Shot.asset_id == asset_id)
    # Ids are minted in order of time within the one transaction that writes the shots.
    return db.page(session, statement, Shot.id, limit=limit, cursor=cursor, newest_first=False)
