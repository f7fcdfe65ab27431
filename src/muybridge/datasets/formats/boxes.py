"""Box tracks as boxes on frames, for formats that know frames only: every frame a track spans, not its keyframes alone.

(Peers that export keyframes only, or interpolate wrongly, are the most frequent complaint about video export.)
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from muybridge.datasets.manifest import ManifestRow
from muybridge.labeling.shapes import tracks_of


class FrameBox(NamedTuple):
    """One object on one frame. track: its number within the clip, from 1. box: [x, y, w, h] display pixels."""

    frame: int
    track: int
    class_name: str
    box: tuple[float, float, float, float]
    is_keyframe: bool
    is_occluded: bool


def frame_boxes(row: ManifestRow) -> Iterator[FrameBox]:
    """Every box of a clip, by track and then frame."""
    for number, track in enumerate(tracks_of(row.annotations), start=1):
        keyframes = {key.frame: key.is_occluded for key in track.keyframes}
        frames = np.arange(track.first_frame, track.last_frame + 1)
        is_occluded = False
        for frame, sides in zip(frames.tolist(), np.round(track.boxes(frames), 3).tolist(), strict=True):
            is_occluded = keyframes.get(frame, is_occluded)
            x, y, w, h = sides
            yield FrameBox(frame, number, track.class_name, (x, y, w, h), frame in keyframes, is_occluded)
