"""The socket for shot detectors: footage in, shots out.

A detector knows a file and its frame index, no row. Built-ins are named in `wiring`, others come by the entry point
group `muybridge.shot_detectors`; all must pass tests/catalog/detectors/test_conformance.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from muybridge.plugins import Registry
from muybridge.units import FrameSpan

if TYPE_CHECKING:
    from muybridge.media.index import FrameIndexTable


@dataclass(frozen=True, slots=True)
class DetectedShot:
    """Frames between two cuts."""

    span: FrameSpan
    confidence: float
    """How sure the detector is of the cut at the shot's start, in [0, 1]; 1 for the first shot."""


class ShotDetector(Protocol):
    def detect(self, path: Path, index: "FrameIndexTable") -> list[DetectedShot]:
        """The shots of one file, in order: half-open spans that cover [0, num_frames) without gaps.

        Picklable and pure, so that a job can run it in a child process. A gradual change is cut in its middle.
        """
        ...


detectors: Registry[ShotDetector] = Registry("shot detector", "muybridge.shot_detectors")


def shots_from_cuts(cuts: Sequence[tuple[int, float]], num_frames: int) -> list[DetectedShot]:
    """Shots between cuts; a cut is (first frame of the new shot, confidence), rising and within (0, num_frames)."""
    starts = [(0, 1.0), *cuts]
    ends = [start for start, _ in cuts] + [num_frames]
    return [
        DetectedShot(FrameSpan(start, end), confidence) for (start, confidence), end in zip(starts, ends, strict=True)
    ]
