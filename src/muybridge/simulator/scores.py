"""Facts found, scored against facts wanted: each kind by itself, and all together."""

import math
from dataclasses import asdict, dataclass, fields

from .facts import EventFact, Facts, ObjectFacts


@dataclass(frozen=True, slots=True)
class FactScores:
    """Shares in [0, 1] of one clip; nan where nothing of the kind was wanted."""

    count: float
    "1 if exactly as many bodies were found as wanted."
    colour: float
    shape: float
    size: float
    texture: float
    motion: float
    direction: float
    speed: float
    binding: float
    "Share of wanted bodies of which every stated attribute is right."
    events: float
    "1 if exactly the wanted events happened."
    background: float
    camera: float
    all_facts: float
    "1 if everything above that was wanted is right."


_ATTRIBUTES = ("colour", "shape", "size", "texture", "motion", "direction", "speed")


def _agreement(found: ObjectFacts | None, wanted: ObjectFacts) -> list[tuple[str, bool]]:
    """(attribute, right) for each attribute that the wanted body states."""
    stated = [name for name in _ATTRIBUTES if getattr(wanted, name) is not None]
    return [(name, found is not None and getattr(found, name) == getattr(wanted, name)) for name in stated]


def _match(found: tuple[ObjectFacts, ...], wanted: tuple[ObjectFacts, ...]) -> list[ObjectFacts | None]:
    """For each wanted body the found one that agrees best, colour before all; each found body serves once."""
    pairs = sorted(
        (
            -4 * (body.colour == want.colour) - sum(right for _, right in _agreement(body, want)),
            place,
            number,
        )
        for place, want in enumerate(wanted)
        for number, body in enumerate(found)
    )
    chosen: list[ObjectFacts | None] = [None] * len(wanted)
    used: set[int] = set()
    for _, place, number in pairs:
        if chosen[place] is None and number not in used:
            chosen[place] = found[number]
            used.add(number)
    return chosen


def _unordered(event: EventFact) -> EventFact:
    """Who hit whom is one event, whoever is named first."""
    if event.verb == "hits" and event.target < event.subject:
        return EventFact(event.target, "hits", event.subject)
    return event


def _same(found: object, wanted: object) -> float:
    return math.nan if wanted is None else float(found == wanted)


def compare(found: Facts, wanted: Facts) -> FactScores:
    """Score what a judge (or a caption) says against what was wanted; what `wanted` leaves out is not scored."""
    matched = _match(found.objects, wanted.objects)
    agreements = [_agreement(body, want) for body, want in zip(matched, wanted.objects, strict=True)]
    shares: dict[str, float] = {}
    for name in _ATTRIBUTES:
        rights = [right for agreement in agreements for stated, right in agreement if stated == name]
        shares[name] = sum(rights) / len(rights) if rights else math.nan
    whole = [all(right for _, right in agreement) for agreement in agreements]
    shares["count"] = float(len(found.objects) == len(wanted.objects))
    shares["binding"] = sum(whole) / len(whole) if whole else math.nan
    happened, due = ({_unordered(event) for event in facts.events} for facts in (found, wanted))
    shares["events"] = float(happened == due) if due or wanted.room in ("lab", "arcade", "desk") else math.nan
    shares["background"] = _same(found.background, wanted.background)
    shares["camera"] = _same(found.camera, wanted.camera)
    others = [_same(found.view, wanted.view), _same(found.things, wanted.things or None)]
    if wanted.room == "desk":
        # A desk's caption is complete: a counter that it does not tell of should not be there.
        others += [float(found.counter == wanted.counter), float(found.clock == wanted.clock)]
    told = [share for share in (*shares.values(), *others) if not math.isnan(share)]
    return FactScores(**shares, all_facts=float(all(share == 1.0 for share in told)))


def fact_set(facts: Facts) -> frozenset[tuple[str, ...]]:
    """Every single thing that the facts state, bodies told apart by colour; two captions share what they both say."""
    stated: set[tuple[str, ...]] = {("bodies", str(len(facts.objects)))}
    for body in facts.objects:
        own = asdict(body)
        stated |= {(body.colour, name, own[name]) for name in _ATTRIBUTES if own[name] is not None}
    for event in map(_unordered, facts.events):
        stated.add(("event", event.subject, event.verb, event.target))
    others = (("background", facts.background), ("camera", facts.camera), ("view", facts.view), ("clock", facts.clock))
    stated |= {(name, value) for name, value in others if value is not None}
    stated |= {("thing", name, str(count)) for name, count in facts.things}
    if facts.counter is not None:
        stated.add(("counter", *map(str, facts.counter)))
    return frozenset(stated)


def mean_scores(scores: list[FactScores]) -> dict[str, float]:
    """The mean of every share over the clips that it was wanted in; nan where it never was."""
    means = {}
    for field in fields(FactScores):
        told = [value for score in scores if not math.isnan(value := asdict(score)[field.name])]
        means[field.name] = sum(told) / len(told) if told else math.nan
    return means
