"""How alike two answers are, in [0,1]: symmetric, 1 for equal answers. Used to measure people and to pick medoids.

Each shape has its own likeness: box tracks IoU over time, masks IoU over shared keyframes, spans IoU in frames,
captions token F1, classes equality. Things are matched greedily, best first; an unmatched thing counts 0.
Attributes are no part of it; consensus methods scale what they agree on by them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from muybridge.labeling.shapes import track_from_value, track_iou

Value = Mapping[str, Any]


def answer_similarity(
    left: Sequence[Value], right: Sequence[Value], scale: Callable[[Value, Value], float] = lambda a, b: 1.0
) -> float:
    """Mean likeness of the things of both answers, matched one to one; two empty answers are alike.

    scale: by what the likeness of a matched pair is multiplied.
    """
    matched = match_values(left, right)
    num_things = len(left) + len(right) - len(matched)
    total = sum(likeness * scale(left[i], right[j]) for i, j, likeness in matched)
    return total / num_things if num_things else 1.0


def match_values(left: Sequence[Value], right: Sequence[Value]) -> list[tuple[int, int, float]]:
    """Pairs (index left, index right, likeness > 0), best first, each index at most once."""
    pairs = sorted(
        ((value_similarity(a, b), i, j) for i, a in enumerate(left) for j, b in enumerate(right)),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    used_left: set[int] = set()
    used_right: set[int] = set()
    matched = []
    for likeness, i, j in pairs:
        if likeness > 0 and i not in used_left and j not in used_right:
            used_left.add(i)
            used_right.add(j)
            matched.append((i, j, likeness))
    return matched


def value_similarity(a: Value, b: Value) -> float:
    """Likeness of two annotations; 0 for different shapes or classes."""
    if a["shape"] != b["shape"] or a.get("class_name") != b.get("class_name"):
        return 0.0
    return _LIKENESS[a["shape"]](a, b)


def span_iou(a: Value, b: Value) -> float:
    inner = min(a["end_frame"], b["end_frame"]) - max(a["start_frame"], b["start_frame"])
    outer = max(a["end_frame"], b["end_frame"]) - min(a["start_frame"], b["start_frame"])
    return float(max(0, inner) / outer)


def token_f1(a: str, b: str) -> float:
    """F1 over the multiset of lower-case words."""
    words_a, words_b = sorted(a.lower().split()), sorted(b.lower().split())
    common = sum(min(words_a.count(word), words_b.count(word)) for word in set(words_a))
    return 2 * common / (len(words_a) + len(words_b)) if words_a or words_b else 1.0


def mask_from_runs(mask: Value) -> NDArray[np.bool_]:
    """[h,w] from uncompressed COCO runs (column-major, zeros first)."""
    height, width = mask["size"]
    values = np.arange(len(mask["counts"])) % 2 == 1
    return np.repeat(values, mask["counts"]).reshape(width, height).T


def _mask_track_iou(a: Value, b: Value) -> float:
    masks_a = {key["frame"]: key["mask"] for key in a["keyframes"]}
    masks_b = {key["frame"]: key["mask"] for key in b["keyframes"]}
    total = 0.0
    for frame in masks_a.keys() & masks_b.keys():
        if masks_a[frame]["size"] == masks_b[frame]["size"]:
            one, two = mask_from_runs(masks_a[frame]), mask_from_runs(masks_b[frame])
            union = int((one | two).sum())
            total += float((one & two).sum()) / union if union else 1.0  # two empty masks say the same
    return total / len(masks_a.keys() | masks_b.keys())


_LIKENESS: dict[str, Callable[[Value, Value], float]] = {
    "box_track": lambda a, b: track_iou(track_from_value(a), track_from_value(b)),
    "mask_track": _mask_track_iou,
    "span": span_iou,
    "class": lambda a, b: 1.0,
    "caption": lambda a, b: token_f1(a["text"], b["text"]),
    "comparison": lambda a, b: float(a["verdict"] == b["verdict"]),
}
