"""Scoring of cuts against known transitions.

A cut counts if it falls within two frames of a hard cut, or from two before a gradual change to two after it; each
transition can be hit once, and what hits nothing is a false alarm.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

TOLERANCE = 2


class Transition(NamedTuple):
    start: int
    end: int
    """First frame of the new shot for a hard cut (start = end), else the frames of the change."""


class Score(NamedTuple):
    precision: float
    recall: float
    f1: float
    missed: list[Transition]
    false: list[int]


def transitions(path: Path) -> list[Transition]:
    labels = json.loads(path.read_text())
    hard = [Transition(frame, frame) for frame in labels.get("cuts", [])]
    return hard + [Transition(entry["start"], entry["end"]) for entry in labels.get("transitions", [])]


def score(cuts: Sequence[int], known: Sequence[Transition]) -> Score:
    left, false = list(known), []
    for cut in cuts:
        hit = next((t for t in left if t.start - TOLERANCE <= cut <= t.end + TOLERANCE), None)
        if hit is None:
            false.append(cut)
        else:
            left.remove(hit)
    hits = len(known) - len(left)
    precision, recall = hits / max(1, len(cuts)), hits / len(known)
    f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    return Score(precision, recall, f1, left, false)
