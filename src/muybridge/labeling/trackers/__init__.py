"""The socket for trackers: a shot of footage in, box tracks out. What they find are proposals, never labels.

A tracker knows a file and its frame index, no row. Built-ins are named in `wiring`, others come by the entry point
group `muybridge.trackers`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from muybridge.labeling.shapes import Keyframe
from muybridge.plugins import Registry
from muybridge.units import FrameSpan

if TYPE_CHECKING:
    from muybridge.media.index import FrameIndexTable


@dataclass(frozen=True, slots=True)
class FoundTrack:
    """One thing followed through a shot.

    keyframes: rising frames of the asset within the shot, boxes in display pixels; linear between them.
    """

    keyframes: tuple[Keyframe, ...]
    confidence: float
    """How sure the tracker is that it is one thing, in [0, 1], by its own measure."""
    class_name: str | None = None
    """None when the tracker knows no classes; the proposal is then offered as the ontology's first box class."""


class Tracker(Protocol):
    def track(self, path: Path, index: "FrameIndexTable", span: FrameSpan) -> list[FoundTrack]:
        """Follow what moves in frames [span.start, span.end) of one file.

        Picklable and pure, so that a job can run it in a child process.
        """
        ...


trackers: Registry[Tracker] = Registry("tracker", "muybridge.trackers")
