"""Facts: what a caption says, what a state is, and what a judge sees, in one comparable shape."""

from dataclasses import asdict, dataclass, field
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
    """Something that happens: who (an object's name), what, and to whom or what."""

    subject: str
    verb: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a scene's caption states; objects and events in the order told."""

    objects: tuple[ObjectFacts, ...]
    background: str | None = None
    events: tuple[EventFact, ...] = field(default=())
    camera: str | None = None
    room: str = "lab"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
