"""The built-in tracker: offers whatever moves, without knowing what it is and without a network.

Reads frames small, finds what differs from the background (`foreground`), joins it over time (`association`), and
keeps the keyframes that linear interpolation needs. It sees no thing that never moves, takes things that touch for
one, and follows shadows: proposals for a person to judge, never labels.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from muybridge.labeling.shapes import Keyframe
from muybridge.labeling.trackers import FoundTrack
from muybridge.labeling.trackers.association import Thread, Threads
from muybridge.labeling.trackers.foreground import moving_blobs
from muybridge.media import FrameReader
from muybridge.units import FrameSpan

if TYPE_CHECKING:
    from muybridge.media import FrameIndexTable

_LARGEST_SIDE = 320
_WINDOW = 384
"""Frames that share a background; also what is held in memory (60 MB at 320 x 180)."""
_PATIENCE_S, _LEAST_S = 0.4, 0.4
_MOST_TRACKS = 24
_SMOOTHING = 5
_TELLING_SHARE = 0.01


class MotionTracker:
    """least_confidence: tracks below are not offered."""

    def __init__(self, least_confidence: float = 0.25) -> None:
        self.least_confidence = least_confidence

    def track(self, path: Path, index: "FrameIndexTable", span: FrameSpan) -> list[FoundTrack]:
        """See Tracker. The surest first, at most 24 a shot."""
        with FrameReader(path, index) as reader:
            display = reader.orientation.display_width, reader.orientation.display_height
        size = _small(*display)
        fps = _frames_a_second(index, span)
        threads = Threads(patience=max(2, round(_PATIENCE_S * fps)))
        frame = span.start
        for window in _windows(path, index, span, size):
            for blobs in moving_blobs(window):
                threads.add(frame, blobs)
                frame += 1
        least = max(3, round(_LEAST_S * fps))
        scale = np.array([display[0] / size[0], display[1] / size[1]] * 2)
        found = [_offer(thread, index, scale) for thread in threads.close() if len(thread.frames) >= least]
        sure = [track for track in found if track.confidence >= self.least_confidence]
        return sorted(sure, key=lambda track: -track.confidence)[:_MOST_TRACKS]


tracker = MotionTracker()


def _small(width: int, height: int) -> tuple[int, int]:
    scale = min(1.0, _LARGEST_SIDE / max(width, height))
    return max(16, round(width * scale)), max(16, round(height * scale))


def _frames_a_second(index: "FrameIndexTable", span: FrameSpan) -> float:
    start_pts, end_pts = index.pts_bounds(span)
    return span.num_frames / float((end_pts - start_pts) * index.time_base)


def _windows(
    path: Path, index: "FrameIndexTable", span: FrameSpan, size: tuple[int, int]
) -> Iterator[NDArray[np.uint8]]:
    with FrameReader(path, index, size=size, interpolation="AREA") as reader:
        frames = reader.frames(span)
        while held := list(islice(frames, _WINDOW)):
            yield np.stack(held)


def _offer(thread: Thread, index: "FrameIndexTable", scale: NDArray[np.float64]) -> FoundTrack:
    frames = np.arange(thread.frames[0], thread.frames[-1] + 1)
    seen = np.array([blob.box for blob in thread.blobs], dtype=np.float64)
    boxes = np.stack([np.interp(frames, thread.frames, seen[:, i]) for i in range(4)], axis=1)
    boxes = _smoothed(boxes) * scale
    keyframes = tuple(_keyframe(int(frames[k]), boxes[k], index) for k in keyframes_needed(boxes))
    return FoundTrack(keyframes, confidence_of(thread))


def _keyframe(frame: int, box: NDArray[np.float64], index: "FrameIndexTable") -> Keyframe:
    x, y, width, height = (round(float(value), 2) for value in box)
    return Keyframe(frame, int(index.pts[frame]), (x, y, width, height))


def _smoothed(boxes_T4: NDArray[np.float64]) -> NDArray[np.float64]:
    """A running median: blobs flicker by a limb or a shadow from frame to frame."""
    half = _SMOOTHING // 2
    padded = np.pad(boxes_T4, ((half, half), (0, 0)), mode="edge")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, _SMOOTHING, axis=0), axis=-1))


def keyframes_needed(boxes_T4: NDArray[np.float64], *, tolerance: float = 0.06) -> list[int]:
    """Rows from which linear interpolation rebuilds all others (Ramer 1972; Douglas & Peucker 1973).

    tolerance: allowed error of any edge, as a share of the box's mean side at that row; at least 2 pixels.
    """
    allowed = np.maximum(2.0, tolerance * boxes_T4[:, 2:].mean(axis=1))
    kept, open_spans = {0, len(boxes_T4) - 1}, [(0, len(boxes_T4) - 1)]
    while open_spans:
        first, last = open_spans.pop()
        if last - first < 2:
            continue
        share = np.linspace(0, 1, last - first + 1)[:, None]
        straight = boxes_T4[first] * (1 - share) + boxes_T4[last] * share
        error = np.abs(straight - boxes_T4[first : last + 1]).max(axis=1) / allowed[first : last + 1]
        worst = int(error.argmax())
        if error[worst] > 1:
            kept.add(first + worst)
            open_spans += [(first, first + worst), (first + worst, last)]
    return sorted(kept)


def confidence_of(thread: Thread) -> float:
    """How thing-like a track is, in (0, 1): seen in most of its frames, where expected, standing out, going somewhere.

    A product of shares; it ranks proposals and promises no probability.
    """
    count = len(thread.frames)
    presence = count / (thread.frames[-1] - thread.frames[0] + 1)
    steadiness = 0.4 + 0.6 * thread.fit / max(1, count - 1)
    prominence = min(1.0, float(np.mean([blob.strength for blob in thread.blobs])) / 2) ** 0.5
    size = min(1.0, float(np.median([blob.share for blob in thread.blobs])) / _TELLING_SHARE) ** 0.25
    endurance = 1 - np.exp(-count / 15)
    boxes = np.array([blob.box for blob in thread.blobs])
    journey = np.ptp(boxes[:, :2] + boxes[:, 2:] / 2, axis=0)
    travel = 0.5 + 0.5 * min(1.0, float(np.hypot(*journey) / np.hypot(*np.median(boxes[:, 2:], axis=0))))
    return float(np.clip(presence * steadiness * prominence * size * endurance * travel, 0.01, 0.99))
