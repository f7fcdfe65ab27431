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
        rows, columns = mask_HW.nonzero()
        if not len(rows):
            return [0, 0, 0, 0]
        x, y = int(columns.min()), int(rows.min())
        return [x, y, int(columns.max()) + 1 - x, int(rows.max()) + 1 - y]


def frame_masks(row: ManifestRow, *, num_box_tracks: int) -> Iterator[FrameMask]:
    """Every mask of a clip, by track and then frame."""
    tracks = [value for value in row.annotations if value["shape"] == "mask_track"]
    for number, track in enumerate(tracks, start=num_box_tracks + 1):
        for key in track["keyframes"]:
            yield FrameMask(key["frame"], number, track["class_name"], key["mask"]["size"], key["mask"]["counts"])
