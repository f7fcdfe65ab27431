"""A few sentences of each room, for whoever must think of a first one. Light: said by the grammar, nothing is drawn."""

from .facts import EventFact, Facts, ObjectFacts
from .grammar import PHYWORLD_CAPTIONS, say


def _drifting(colour: str, shape: str, size: str, speed: str, direction: str) -> Facts:
    body = ObjectFacts(shape, colour, size, "plain", "drifts", speed, direction)
    return Facts((body,), "white", camera="still")


def _moving(colour: str, shape: str, speed: str, direction: str) -> Facts:
    return Facts((ObjectFacts(shape, colour, motion="moves", speed=speed, direction=direction),), room="bakeoff")


_DESK = Facts(
    (ObjectFacts("circle", "red", "large", "plain", "stays"), ObjectFacts("star", "blue", "large", "plain", "stays")),
    "grid",
    (EventFact("red circle", "turns", "green"),),
    room="desk",
)


def _said(*scenes: Facts) -> tuple[str, ...]:
    return tuple(say(facts) for facts in scenes)


EXAMPLES: dict[str, tuple[str, ...]] = {
    "bakeoff": _said(
        _moving("red", "circle", "slowly", "left"),
        _moving("blue", "square", "fast", "upper-right"),
        _moving("green", "triangle", "slowly", "bottom"),
    ),
    "lab": _said(
        _drifting("red", "circle", "large", "slowly", "left"),
        _drifting("yellow", "star", "medium", "fast", "upper-right"),
        _drifting("green", "triangle", "large", "steadily", "bottom"),
    ),
    "desk": _said(_DESK),
    **{room: (caption,) for room, caption in PHYWORLD_CAPTIONS.items()},
}
"""By room, such as every recipe of it shows; the Arcade has none: what a maze looks like is in no sentence."""
