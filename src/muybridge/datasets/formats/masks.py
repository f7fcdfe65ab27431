"""Mask tracks as masks on frames: keyframes alone, since between two masks nobody said anything."""

from collections.abc import Iterator
from typing import NamedTuple

from muybridge.datasets.manifest import ManifestRow
from muybridge.labeling.consensus.similarity import mask_from_runs


class FrameMask(NamedTuple):
    """One object on one frame. track: its number within the clip, after those of the boxes."""

    frame: int
    track: int
    class_name: str
    size: list[int]
    """[h, w]."""
    counts: list[int]
    """Uncompressed COCO run lengths: column-major, starting with zeros."""

    @property
    def area(self) -> int:
        return sum(self.counts[1::2])

    @property
    def box(self) -> list[int]:
        """[x, y, w, h] around its pixels; all 0 where there are none, as pycocotools has it."""
        mask_HW = mask_from_runs({"size": self.size, "counts": self.counts})
        if not mask_HW.any():
            return [0, 0, 0, 0]
        columns, rows = mask_HW.any(axis=0).nonzero()[0], mask_HW.any(axis=1).nonzero()[0]
        x, y = int(columns[0]), int(rows[0])
        return [x, y, int(columns[-1]) + 1 - x, int(rows[-1]) + 1 - y]


def frame_masks(row: ManifestRow, *, num_box_tracks: int) -> Iterator[FrameMask]:
    """Every mask of a clip, by track and then frame."""
    tracks = [value for value in row.annotations if value["shape"] == "mask_track"]
    for number, track in enumerate(tracks, start=num_box_tracks + 1):
        for key in track["keyframes"]:
            yield FrameMask(key["frame"], number, track["class_name"], key["mask"]["size"], key["mask"]["counts"])
