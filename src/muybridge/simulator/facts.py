"""Facts: what a caption says, what a state is, and what a judge sees, in one comparable shape."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ObjectFacts:
    """One body. None means not said or not known."""

    shape: str
    colour: str
    size: str | None = None
    texture: str | None = None
    motion: str | None = None
    speed: str | None = None
    direction: str | None = None

    @property
    def name(self) -> str:
        """`red circle`: what tells bodies of one scene apart."""
        return f"{self.colour} {self.shape}"


@dataclass(frozen=True, slots=True, order=True)
class EventFact:
    """Something that happens: who (an object's name), what (vocabulary.EVENTS), and to whom or what."""

    subject: str
    verb: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a scene's caption states; objects and events in the order told."""

    objects: tuple[ObjectFacts, ...] = ()
    background: str | None = None
    events: tuple[EventFact, ...] = ()
    camera: str | None = None
    room: str = "lab"
    view: str | None = None
    "Arcade: `top-down` or `side-on`."
    things: tuple[tuple[str, int], ...] = ()
    "Arcade: how many coins, blocks, hazards there are at the start."
    counter: tuple[int, int] | None = None
    "Desk: what the counter shows first and last."
    clock: str | None = None
    "Desk: the way the hand turns."

    def as_json(self) -> dict[str, Any]:
        """JSON values only; `facts_from_json` gives it back."""
        return asdict(self)


def facts_from_json(values: dict[str, Any]) -> Facts:
    """The inverse of `Facts.as_json`, also after a round trip through JSON text."""
    counter = values.get("counter")
    return Facts(
        objects=tuple(ObjectFacts(**body) for body in values.get("objects", ())),
        background=values.get("background"),
        events=tuple(EventFact(**event) for event in values.get("events", ())),
        camera=values.get("camera"),
        room=values.get("room", "lab"),
        view=values.get("view"),
        things=tuple((str(name), int(count)) for name, count in values.get("things", ())),
        counter=(int(counter[0]), int(counter[1])) if counter else None,
        clock=values.get("clock"),
    )
