"""Which frames to train on: windows of fixed length within a manifest's clips. Training decodes them itself."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from muybridge.datasets.manifest import ManifestRow
from muybridge.errors import Invalid


@dataclass(frozen=True, slots=True)
class Window:
    """Frames start, start + every, ... (num_frames of them) of one asset's source bytes; all within one clip."""

    asset_digest: str
    start_frame: int
    num_frames: int
    every: int
    row: ManifestRow

    @property
    def frames(self) -> range:
        return range(self.start_frame, self.start_frame + self.num_frames * self.every, self.every)


def clips_of(rows: Iterable[ManifestRow], split: str) -> list[ManifestRow]:
    return [row for row in rows if row.split == split]


def windows(
    rows: Iterable[ManifestRow], *, split: str, num_frames: int, every: int = 1, step: int | None = None
) -> Iterator[Window]:
    """Windows of `num_frames` frames, one out of `every`, beginning each `step` frames (default: end to end).

    A clip shorter than one window gives none; count the clips if that matters.
    """
    if min(num_frames, every, 1 if step is None else step) < 1:
        raise Invalid(f"num_frames={num_frames}, every={every} and step={step} are counts from 1.")
    reach = (num_frames - 1) * every + 1
    for row in clips_of(rows, split):
        for start in range(row.start_frame, row.end_frame - reach + 1, step or reach):
            yield Window(row.asset_digest, start, num_frames, every, row)
