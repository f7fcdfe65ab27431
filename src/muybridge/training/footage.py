"""Footage as training reads it: spans of local video files, each with its words. Light: no torch, no rows.

`jobs` makes these from a frozen dataset version; a notebook may write them by hand.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from muybridge.datasets.manifest import ManifestRow

_NUMBERS = ("no", "a", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True, slots=True)
class FootageClip:
    """Frames [start_frame, end_frame) of one file, inside one shot. `caption` may be empty: it is then only watched."""

    path: Path
    start_frame: int
    end_frame: int
    fps: float
    caption: str = ""


def clip_from_row(row: ManifestRow, path: Path) -> FootageClip:
    """A manifest's clip as training reads it; its labels become its words."""
    seconds = (row.end_pts - row.start_pts) * Fraction(row.time_base_num, row.time_base_den)
    fps = float(row.num_frames / seconds) if seconds > 0 else 24.0
    return FootageClip(path, row.start_frame, row.end_frame, fps, words_from_labels(row.annotations))


def words_from_labels(annotations: Sequence[Mapping[str, Any]]) -> str:
    """A caption if somebody wrote one, else what the labelled classes say: `a video of a car and two people`.

    Empty where nothing is labelled.
    """
    written = [str(value["text"]) for value in annotations if value.get("shape") == "caption" and value.get("text")]
    if written:
        return " ".join(written[0].lower().split())
    tracks = Counter(str(value["class_name"]) for value in annotations if value.get("class_name"))
    if not tracks:
        return ""
    things = [_count(name.lower(), number) for name, number in sorted(tracks.items())]
    listed = things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}"
    return f"a video of {listed}"


def _count(name: str, number: int) -> str:
    if number == 1:
        return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
    many = _NUMBERS[number] if number < len(_NUMBERS) else "many"
    return f"{many} {name}" if name.endswith("s") else f"{many} {name}s"
