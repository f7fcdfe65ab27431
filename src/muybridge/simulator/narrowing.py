"""What changes to a room leave of it to be seen, in words. Light: nothing is drawn.

Motions and cameras are not told: a room that is played has its own (`ghosts.begin`).
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from .configs import ROOMS
from .vocabulary import BACKGROUNDS, COLOURS, SHAPES, SIZES, TEXTURES

_NUMBERS = ("no", "one", "two", "three", "four")


def what_is_left(room: str, changes: Mapping[str, Any]) -> str:
    """`one plain body on a white background`; "" where nothing that can be seen is left out."""
    whole = asdict(ROOMS[room])
    left = {**whole, **changes}
    backgrounds = _some(BACKGROUNDS, whole["backgrounds"], left["backgrounds"])
    side = "" if left["is_side_on"] == whole["is_side_on"] else "the side" if left["is_side_on"] else "above"
    told = [_bodies(whole, left), backgrounds and f"on a {backgrounds} background", side and f"seen from {side}"]
    return " ".join(part for part in told if part)


def _bodies(whole: Mapping[str, Any], left: Mapping[str, Any]) -> str:
    of = {"sizes": SIZES, "textures": TEXTURES, "colours": COLOURS}
    looks = [_some(names, whole[field], left[field]) for field, names in of.items()]
    is_one = left["max_objects"] == 1
    shapes = _some(SHAPES if is_one else tuple(f"{shape}s" for shape in SHAPES), whole["shapes"], left["shapes"])
    counts = [(each["min_objects"], each["max_objects"]) for each in (whole, left)]
    is_as_many = counts[0] == counts[1]
    if is_as_many and not any([*looks, shapes]):
        return ""
    count = "" if is_as_many else " to ".join(dict.fromkeys(_NUMBERS[number] for number in counts[1]))
    return " ".join(part for part in (count, *looks, shapes or ("body" if is_one else "bodies")) if part)


def _some(names: tuple[str, ...], whole: tuple[int, ...], left: tuple[int, ...]) -> str:
    """The names of what is left; "" where that is all."""
    return "" if set(left) >= set(whole) else " or ".join(names[each] for each in left)
