"""Boxes of successive frames joined into tracks: who is who, by place and speed.

Pure geometry. A track expects its box where its speed takes it (alpha-beta filter) and takes the detection that fits
best there, greedily over all pairs; one that finds nothing coasts a while before it ends. Boxes are (x, y, w, h).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from muybridge.labeling.trackers.foreground import Blob

_SPEED_GAIN = 0.4
_GATE = 0.7
"""How far a centre may be from where it is expected, in diagonals of the larger box."""
_SLACK_PX = 4.0
_SIZE_RATIO = 6.0


@dataclass(slots=True)
class Thread:
    """One thing so far: its detections by frame."""

    frames: list[int] = field(default_factory=list)
    blobs: list[Blob] = field(default_factory=list)
    speed: NDArray[np.float64] = field(default_factory=lambda: np.zeros(2))
    fit: float = 0.0
    """Sum of IoU between what was expected and what was found."""

    def expected(self, frame: int) -> NDArray[np.float64]:
        """The box at `frame` if it goes on as it went; its size stays."""
        box = np.array(self.blobs[-1].box, dtype=np.float64)
        box[:2] += self.speed * (frame - self.frames[-1])
        return box

    def take(self, frame: int, blob: Blob) -> None:
        if self.blobs:
            expected = self.expected(frame)
            self.fit += iou(expected, np.array(blob.box))
            elapsed = frame - self.frames[-1]
            moved = centre(np.array(blob.box)) - centre(np.array(self.blobs[-1].box))
            self.speed = (1 - _SPEED_GAIN) * self.speed + _SPEED_GAIN * moved / elapsed
        self.frames.append(frame)
        self.blobs.append(blob)


class Threads:
    """Feed it every frame's blobs in order, then read `finished`. patience: frames that a track may go unseen."""

    def __init__(self, *, patience: int) -> None:
        self._patience = patience
        self._open: list[Thread] = []
        self.finished: list[Thread] = []

    def add(self, frame: int, blobs: Sequence[Blob]) -> None:
        free = set(range(len(blobs)))
        waiting = set(range(len(self._open)))
        for _, thread, blob in self._pairs(frame, blobs):
            if thread in waiting and blob in free:
                self._open[thread].take(frame, blobs[blob])
                waiting.discard(thread)
                free.discard(blob)
        for blob in sorted(free):
            fresh = Thread()
            fresh.take(frame, blobs[blob])
            self._open.append(fresh)
        self._close_those_unseen_since(frame - self._patience)

    def close(self) -> list[Thread]:
        """No more frames: every track, by its first frame."""
        self.finished += self._open
        self._open = []
        return sorted(self.finished, key=lambda thread: thread.frames[0])

    def _pairs(self, frame: int, blobs: Sequence[Blob]) -> list[tuple[float, int, int]]:
        scored = [
            (score, t, b)
            for t, thread in enumerate(self._open)
            for b, blob in enumerate(blobs)
            if (score := _likeness(thread.expected(frame), np.array(blob.box))) > 0
        ]
        return sorted(scored, reverse=True)

    def _close_those_unseen_since(self, frame: int) -> None:
        self.finished += [thread for thread in self._open if thread.frames[-1] < frame]
        self._open = [thread for thread in self._open if thread.frames[-1] >= frame]


def _likeness(expected: NDArray[np.float64], found: NDArray[np.float64]) -> float:
    """Overlap plus nearness, or 0 beyond the gate."""
    areas = expected[2] * expected[3], found[2] * found[3]
    if max(areas) > _SIZE_RATIO * min(areas):
        return 0.0
    reach = _GATE * max(np.hypot(*expected[2:]), np.hypot(*found[2:])) + _SLACK_PX
    distance = float(np.hypot(*(centre(expected) - centre(found))))
    return 0.0 if distance > reach else iou(expected, found) + 0.5 * (1 - distance / reach) + 1e-6


def iou(left: NDArray[np.float64], right: NDArray[np.float64]) -> float:
    """Intersection over union of two boxes."""
    top_left = np.maximum(left[:2], right[:2])
    bottom_right = np.minimum(left[:2] + left[2:], right[:2] + right[2:])
    inner = float(np.prod(np.clip(bottom_right - top_left, 0, None)))
    return inner / (float(left[2] * left[3] + right[2] * right[3]) - inner + 1e-9)


def centre(box: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(box[:2] + box[2:] / 2)
