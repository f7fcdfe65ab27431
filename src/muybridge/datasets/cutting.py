"""Cutting selected clips to their splits: rows of a manifest with true pts and labels that end where the piece does."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from muybridge import trust
from muybridge.artifacts import Store
from muybridge.catalog import clips
from muybridge.catalog.tables import Asset, Rights
from muybridge.datasets.manifest import ManifestRow
from muybridge.datasets.selection import SelectedClip
from muybridge.datasets.splits import ClipKey, Piece, SplitPlan
from muybridge.labeling.shapes import cut_track, track_from_value, value_from_track


def clip_key(clip: SelectedClip, digests: Mapping[str, str]) -> ClipKey:
    return ClipKey(digests[clip.asset.id], clip.start_frame, clip.end_frame)


def rows_of(
    session: Session,
    actor: trust.Actor,
    selected: Sequence[SelectedClip],
    plan: SplitPlan,
    digests: Mapping[str, str],
    held: Mapping[str, Rights],
    store: Store,
) -> list[ManifestRow]:
    """A row for each piece of each clip.

    digests: source bytes by asset id; held: rights by asset id. The store is read only where a clip has to be cut.
    """
    pieces: dict[ClipKey, list[Piece]] = {}
    for piece in plan.pieces:
        pieces.setdefault(piece.clip, []).append(piece)
    times = _Times(session, actor, store)
    return [
        _row(clip, piece, digests[clip.asset.id], held[clip.asset.id], times)
        for clip in selected
        for piece in pieces.get(clip_key(clip, digests), ())
    ]


class _Times:
    """True pts by frame, read from an asset's index only when a clip has to be cut."""

    def __init__(self, session: Session, actor: trust.Actor, store: Store) -> None:
        self._session, self._actor, self._store = session, actor, store
        self._pts: dict[str, list[int]] = {}

    def of(self, asset: Asset) -> list[int]:
        """Pts of each frame, and the end of the last."""
        if asset.id not in self._pts:
            index = clips.load_index(self._session, self._actor, self._store, asset.id)
            self._pts[asset.id] = [*index.pts.tolist(), index.end_pts]
        return self._pts[asset.id]


def _row(clip: SelectedClip, piece: Piece, digest: str, held: Rights, times: _Times) -> ManifestRow:
    start_pts, end_pts, annotations = clip.start_pts, clip.end_pts, clip.annotations
    if (piece.start_frame, piece.end_frame) != (clip.start_frame, clip.end_frame):
        pts = times.of(clip.asset)
        start_pts, end_pts = pts[piece.start_frame], pts[piece.end_frame]
        annotations = [cut for value in annotations if (cut := _cut_value(value, piece, pts))]
    asset = clip.asset
    return ManifestRow(
        asset_id=asset.id,
        asset_digest=digest,
        asset_name=asset.name,
        start_frame=piece.start_frame,
        end_frame=piece.end_frame,
        start_pts=start_pts,
        end_pts=end_pts,
        time_base_num=asset.time_base_num or 0,
        time_base_den=asset.time_base_den or 1,
        display_width=asset.display_width or 0,
        display_height=asset.display_height or 0,
        split=piece.split,
        licence=held.licence,
        rights_source=held.source,
        rights_owner=held.owner,
        allowed_uses=tuple(sorted(held.allowed_uses)),
        is_synthetic=held.is_synthetic,
        annotations=tuple(annotations),
    )


def _cut_value(value: dict[str, Any], piece: Piece, pts: Sequence[int]) -> dict[str, Any] | None:
    """The part of an annotation that lies in the piece; classes and captions hold of any part."""
    start, end = piece.start_frame, piece.end_frame
    match value["shape"]:
        case "box_track":
            track = cut_track(track_from_value(value), start, end, pts)
            return {**value, **value_from_track(track)} if track else None
        case "mask_track":
            inside = [key for key in value["keyframes"] if start <= key["frame"] < end]
            return {**value, "keyframes": inside} if inside else None
        case "span":
            first, last = max(start, value["start_frame"]), min(end, value["end_frame"])
            edges = {"start_frame": first, "end_frame": last, "start_pts": pts[first], "end_pts": pts[last]}
            return {**value, **edges} if first < last else None
    return value
