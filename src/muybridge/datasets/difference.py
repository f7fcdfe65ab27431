"""What changed between two frozen versions: clips added and removed, and clips whose labels, split or right changed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from muybridge.datasets.manifest import ManifestRow

NAMED = 100
"""How many clips of each kind are named; the counts are whole."""


@dataclass(frozen=True, slots=True)
class ClipChange:
    """One clip and the fields that differ (none for added or removed clips)."""

    asset_id: str
    asset_name: str
    start_frame: int
    end_frame: int
    num_annotations_before: int
    num_annotations_after: int
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """From one version to another; the lists name the first hundred of each."""

    num_added: int
    num_removed: int
    num_changed: int
    num_same: int
    num_annotations_before: int
    num_annotations_after: int
    added: tuple[ClipChange, ...]
    removed: tuple[ClipChange, ...]
    changed: tuple[ClipChange, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def difference(before: Sequence[ManifestRow], after: Sequence[ManifestRow]) -> Difference:
    """Clips are the same clip when asset bytes and frames are."""
    old, new = ({row.key: row for row in rows} for rows in (before, after))
    added = [_change(None, new[key]) for key in sorted(new.keys() - old.keys())]
    removed = [_change(old[key], None) for key in sorted(old.keys() - new.keys())]
    both = [_change(old[key], new[key]) for key in sorted(old.keys() & new.keys())]
    changed = [change for change in both if change.fields]
    return Difference(
        num_added=len(added),
        num_removed=len(removed),
        num_changed=len(changed),
        num_same=len(both) - len(changed),
        num_annotations_before=sum(len(row.annotations) for row in before),
        num_annotations_after=sum(len(row.annotations) for row in after),
        added=tuple(added[:NAMED]),
        removed=tuple(removed[:NAMED]),
        changed=tuple(changed[:NAMED]),
    )


_COMPARED = ("annotations", "split", "licence", "rights_source", "rights_owner", "allowed_uses", "is_synthetic")


def _change(before: ManifestRow | None, after: ManifestRow | None) -> ClipChange:
    one = after or before
    if one is None:
        raise ValueError("a change needs a row on one side")
    differing = [name for name in _COMPARED if before and after and getattr(before, name) != getattr(after, name)]
    return ClipChange(
        asset_id=one.asset_id,
        asset_name=one.asset_name,
        start_frame=one.start_frame,
        end_frame=one.end_frame,
        num_annotations_before=len(before.annotations) if before else 0,
        num_annotations_after=len(after.annotations) if after else 0,
        fields=tuple(differing),
    )
