"""What an annotation is made of, by value: the JSON shapes and the box track's geometry.

Pure and light: no rows, no pixels. Validation against an ontology is `labeling.ontology`'s.
Boxes are [x, y, w, h] in display pixels; T = frames, K = keyframes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

KIND_OF_SHAPE = {"box": "box_track", "mask": "mask_track", "span": "span", "class": "class", "caption": "caption"}
"""Ontology shape -> the `shape` that annotation values carry."""
VERDICTS = ("left", "right", "tie", "both_bad")


class Keyframe(NamedTuple):
    """A frame where a person or model fixed the box."""

    frame: int
    pts: int
    box: tuple[float, float, float, float]
    is_occluded: bool = False


@dataclass(frozen=True, slots=True)
class BoxTrack:
    """One object over time: linear between keyframes, present from the first to the last, inclusive."""

    class_name: str
    keyframes: tuple[Keyframe, ...]
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def first_frame(self) -> int:
        return self.keyframes[0].frame

    @property
    def last_frame(self) -> int:
        return self.keyframes[-1].frame

    def boxes(self, frames_T: NDArray[np.int64]) -> NDArray[np.float64]:
        """[T,4] boxes at these frames; NaN where the object is not there."""
        at_K = np.array([key.frame for key in self.keyframes], np.float64)
        boxes_K4 = np.array([key.box for key in self.keyframes], np.float64)
        columns = [np.interp(frames_T, at_K, boxes_K4[:, i], left=np.nan, right=np.nan) for i in range(4)]
        return np.stack(columns, axis=1)

    def is_occluded_at(self, frame: int) -> bool:
        """What the last keyframe at or before `frame` says."""
        state = self.keyframes[0].is_occluded
        for key in self.keyframes:
            if key.frame > frame:
                break
            state = key.is_occluded
        return state


def track_from_value(value: Mapping[str, Any]) -> BoxTrack:
    """Read a valid `box_track` value."""
    return BoxTrack(
        class_name=value["class_name"],
        keyframes=tuple(
            Keyframe(key["frame"], key["pts"], _box(key["box"]), bool(key.get("is_occluded", False)))
            for key in value["keyframes"]
        ),
        attributes=dict(value.get("attributes") or {}),
    )


def value_from_track(track: BoxTrack) -> dict[str, Any]:
    return {
        "shape": "box_track",
        "class_name": track.class_name,
        "attributes": dict(track.attributes),
        "keyframes": [
            {"frame": key.frame, "pts": key.pts, "box": list(key.box), "is_occluded": key.is_occluded}
            for key in track.keyframes
        ],
    }


def tracks_of(values: Sequence[Mapping[str, Any]]) -> list[BoxTrack]:
    return [track_from_value(value) for value in values if value["shape"] == "box_track"]


def frame_iou(a_T4: NDArray[np.float64], b_T4: NDArray[np.float64]) -> NDArray[np.float64]:
    """[T] intersection over union of boxes, 0 where either is NaN (not there)."""
    left_top = np.maximum(a_T4[:, :2], b_T4[:, :2])
    right_bottom = np.minimum(a_T4[:, :2] + a_T4[:, 2:], b_T4[:, :2] + b_T4[:, 2:])
    inner = np.clip(right_bottom - left_top, 0, None).prod(axis=1)
    union = a_T4[:, 2] * a_T4[:, 3] + b_T4[:, 2] * b_T4[:, 3] - inner
    iou = np.divide(inner, union, out=np.zeros_like(inner), where=union > 0)
    within: NDArray[np.float64] = np.clip(np.nan_to_num(iou), 0.0, 1.0)
    return within


def track_iou(a: BoxTrack, b: BoxTrack) -> float:
    """IoU over time in [0,1]: mean over the frames where either is there; a frame with one of them counts 0."""
    start, end = min(a.first_frame, b.first_frame), max(a.last_frame, b.last_frame) + 1
    shared_start, shared_end = max(a.first_frame, b.first_frame), min(a.last_frame, b.last_frame) + 1
    if shared_start >= shared_end:
        return 0.0
    frames_T = np.arange(shared_start, shared_end)
    return float(frame_iou(a.boxes(frames_T), b.boxes(frames_T)).sum() / (end - start))


def cut_track(track: BoxTrack, start_frame: int, end_frame: int, pts_of: Sequence[int]) -> BoxTrack | None:
    """The part of a track inside frames [start, end), with interpolated keyframes at the edges; None if outside.

    pts_of: the asset's pts by frame, so that edges are exact on variable frame rates too.
    """
    first, last = max(track.first_frame, start_frame), min(track.last_frame, end_frame - 1)
    if first > last:
        return None
    kept = {key.frame: key for key in track.keyframes if first <= key.frame <= last}
    for edge in (first, last):
        if edge not in kept:
            x, y, w, h = (float(v) for v in track.boxes(np.array([edge]))[0])
            kept[edge] = Keyframe(edge, int(pts_of[edge]), (x, y, w, h), track.is_occluded_at(edge))
    return BoxTrack(track.class_name, tuple(kept[frame] for frame in sorted(kept)), track.attributes)


def _box(numbers: Sequence[float]) -> tuple[float, float, float, float]:
    x, y, w, h = (float(number) for number in numbers)
    return x, y, w, h
