"""Read captions back into facts: clause by clause, synonyms first made canonical, so that any template parses."""

import re

from muybridge.errors import Invalid

from .facts import EventFact, Facts, ObjectFacts
from .grammar import NUMBERS, PHYWORLD_CAPTIONS, SYNONYMS
from .vocabulary import BACKGROUNDS, COLOURS, DIRECTIONS, MOTIONS, SHAPES, SIZES, SPEEDS, TEXTURES, TURNS


class CaptionError(Invalid):
    """A caption is not a sentence of the grammar."""

    code = "simulator.caption"


_CANONICAL = {other: phrase for phrase, others in SYNONYMS.items() for other in others}
_OTHER_WORDS = re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, _CANONICAL), key=len, reverse=True)) + r")\b")


def _any(words: tuple[str, ...]) -> str:
    return "(?:" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + ")"


_NAME = rf"(?:{_any(COLOURS)} {_any(SHAPES)})"
_CLAUSES = {
    "background": re.compile(rf"on an? (?P<background>{_any(BACKGROUNDS)}) background"),
    "camera": re.compile(r"the camera (?P<verb>pan|zoom)s (?P<way>left|right|in|out)"),
    "object": re.compile(
        rf"an? (?:(?P<size>{_any(SIZES)}) )?(?:(?P<texture>{_any(TEXTURES)}) )?"
        rf"(?P<colour>{_any(COLOURS)}) (?P<shape>{_any(SHAPES)})"
        rf"(?: (?P<motion>{_any(MOTIONS)})(?: (?P<speed>{_any(SPEEDS)}))?"
        rf"(?: (?:to the (?P<direction>{_any(DIRECTIONS)})|(?P<turn>{_any(TURNS)})))?)?"
    ),
    "event": re.compile(
        rf"the (?P<subject>{_NAME}|player) "
        rf"(?:(?P<verb>hits|pushes|touches|passes behind) the (?P<what>{_NAME}|block|hazard|screen)"
        rf"|(?P<bounces>bounces off) the (?P<wall>left wall|right wall|top wall|bottom wall)"
        rf"|(?P<turns>turns) (?P<colour>{_any(COLOURS)})"
        rf"|(?P<becomes>becomes) an? (?P<shape>{_any(SHAPES)})|(?P<takes>takes) a coin)"
    ),
    "view": re.compile(r"(?P<view>top-down|side-on) arcade"),
    "player": re.compile(rf"an? (?P<colour>{_any(COLOURS)}) player"),
    "thing": re.compile(rf"(?P<count>{_any(NUMBERS)}) (?P<name>coin|block|hazard)s?"),
    "counter": re.compile(r"a counter goes from (?P<first>\d) to (?P<last>\d)"),
    "clock": re.compile(rf"a clock hand rotates (?P<turn>{_any(TURNS)})"),
}
_BREAK = re.compile(r"\s*[,;.]\s*|\s+and\s+")


def _canonical_clauses(caption: str) -> list[str]:
    text = re.sub(r"\s+", " ", caption.lower()).strip()
    clauses = [clause for clause in _BREAK.split(text) if clause]
    return [_OTHER_WORDS.sub(lambda match: _CANONICAL[match[0]], clause) for clause in clauses]


class _Reading:
    """Facts gathered clause by clause."""

    def __init__(self) -> None:
        self.objects: list[ObjectFacts] = []
        self.events: list[EventFact] = []
        self.things: list[tuple[str, int]] = []
        self.background: str | None = None
        self.camera: str | None = None
        self.view: str | None = None
        self.counter: tuple[int, int] | None = None
        self.clock: str | None = None

    def take(self, kind: str, part: dict[str, str | None]) -> None:
        """Add what a clause of this kind says."""
        if kind == "object":
            direction = part["direction"] or part["turn"]
            texture = part["texture"] or ("plain" if part["size"] else None)
            self.objects.append(
                ObjectFacts(
                    part["shape"] or "",
                    part["colour"] or "",
                    part["size"],
                    texture,
                    part["motion"],
                    part["speed"],
                    direction,
                )
            )
        elif kind == "event":
            self.events.append(_event(part))
        elif kind == "thing":
            self.things.append((part["name"] or "", NUMBERS.index(part["count"] or "")))
        elif kind == "player":
            self.objects.append(ObjectFacts("circle", part["colour"] or ""))
        elif kind == "background":
            self.background = part["background"]
        elif kind == "camera":
            self.camera = f"{part['verb']}-{part['way']}"
        elif kind == "view":
            self.view = part["view"]
        elif kind == "counter":
            self.counter = (int(part["first"] or 0), int(part["last"] or 0))
        elif kind == "clock":
            self.clock = part["turn"]

    def room(self) -> str:
        """The room whose grammar the clauses belong to."""
        if self.view:
            return "arcade"
        if self.counter or self.clock or any(event.verb in ("turns", "becomes") for event in self.events):
            return "desk"
        return "bakeoff" if self.objects and self.objects[0].motion == "moves" else "lab"

    def facts(self) -> Facts:
        room = self.room()
        return Facts(
            objects=tuple(self.objects),
            background=self.background,
            events=tuple(self.events),
            camera=self.camera or ("still" if room == "lab" else None),
            room=room,
            view=self.view,
            things=tuple(self.things),
            counter=self.counter,
            clock=self.clock,
        )


def _event(part: dict[str, str | None]) -> EventFact:
    verb = part["verb"] or part["bounces"] or part["turns"] or part["becomes"] or part["takes"] or ""
    target = part["what"] or part["wall"] or part["colour"] or part["shape"] or "coin"
    return EventFact(part["subject"] or "", verb, target)


def parse(caption: str) -> Facts:
    """The facts that a caption states, in any template or mix of them. Raises CaptionError for anything else."""
    for room, fixed in PHYWORLD_CAPTIONS.items():
        if caption.strip().lower() == fixed:
            colours = ("red", "blue") if room == "collision" else ("red",)
            return Facts(tuple(ObjectFacts("circle", colour) for colour in colours), room=room)
    reading = _Reading()
    clauses = _canonical_clauses(caption)
    if not clauses:
        raise CaptionError(
            "A caption is empty.", remedy="Say what is in the scene, as `a red circle drifts slowly to the left`."
        )
    for clause in clauses:
        for kind, pattern in _CLAUSES.items():
            if match := pattern.fullmatch(clause):
                reading.take(kind, match.groupdict())
                break
        else:
            raise CaptionError(
                f"{clause!r} is not a clause of the Playground's grammar.",
                remedy="Say it as `a small red circle drifts slowly to the left; the red circle hits the blue star`.",
            )
    return reading.facts()
