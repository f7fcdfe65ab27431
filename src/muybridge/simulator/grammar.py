"""The words of the Playground: facts to sentences, through templates and a lexicon of synonyms (back: `reading`).

A template fixes an order, punctuation and one synonym for each word; whatever the template, the sentence parses to
the facts it was made from. Templates from `NUM_TRAIN_TEMPLATES` on are held out: training never reads them.
"""

from dataclasses import dataclass

from .facts import EventFact, Facts, ObjectFacts
from .vocabulary import TURNS

NUMBERS = ("no", "one", "two", "three", "four")
PHYWORLD_CAPTIONS = {
    "uniform": "a red ball in uniform motion",
    "collision": "a red ball meets a blue ball",
    "parabola": "a red ball in free flight",
}

SYNONYMS: dict[str, tuple[str, ...]] = {
    "small": ("little", "tiny"),
    "medium": ("mid-sized", "middling"),
    "large": ("big", "huge"),
    "striped": ("stripy", "banded"),
    "drifts": ("glides", "floats", "travels"),
    "falls": ("drops", "tumbles"),
    "orbits": ("circles around", "revolves"),
    "stays": ("rests", "stands still", "waits"),
    "slowly": ("gently", "lazily"),
    "steadily": ("evenly", "calmly"),
    "fast": ("quickly", "swiftly"),
    "to the": ("toward the", "heading"),
    "hits": ("bumps into", "collides with"),
    "bounces off": ("rebounds from", "springs back from"),
    "passes behind": ("goes behind", "slips behind"),
    "turns": ("changes to", "switches to"),
    "becomes": ("morphs into", "changes into"),
    "takes": ("collects", "picks up"),
    "pushes": ("shoves", "nudges"),
    "touches": ("runs into", "meets"),
    "on a": ("over a", "in front of a", "against a"),
    "the camera": ("the view", "the shot"),
    "counter goes": ("number runs", "counter counts"),
}
"""Canonical phrase to other ways of saying it. Every one parses; templates choose by place."""


@dataclass(frozen=True, slots=True)
class Template:
    """One way of telling a scene."""

    wording: int = 0
    "0 is canonical; k > 0 takes the k-th synonym, wrapping around."
    is_background_first: bool = True
    object_joiner: str = ", "
    clause_joiner: str = "; "
    end: str = ""

    def word(self, phrase: str) -> str:
        others = SYNONYMS.get(phrase)
        return others[(self.wording - 1) % len(others)] if others and self.wording else phrase


TEMPLATES = (
    Template(),
    Template(1),
    Template(0, is_background_first=False, clause_joiner=". ", end="."),
    Template(1, is_background_first=False, object_joiner=" and "),
    Template(0, object_joiner=" and ", clause_joiner=". ", end="."),
    Template(2, object_joiner="; "),
    Template(0, is_background_first=False, object_joiner=" and ", clause_joiner=", "),
    Template(2, object_joiner=" and ", clause_joiner=". ", end="."),
    # Held out: of all templates, only these say `against a … background`.
    Template(3),
    Template(3, is_background_first=False, clause_joiner=". ", end="."),
    Template(3, object_joiner=" and ", clause_joiner=", "),
    Template(3, object_joiner="; ", clause_joiner=". ", end="."),
)
NUM_TRAIN_TEMPLATES = 8


def _object_clause(body: ObjectFacts, template: Template) -> str:
    words = [body.size and template.word(body.size), body.texture == "striped" and template.word("striped")]
    words += [body.colour, body.shape, body.motion and template.word(body.motion)]
    words += [body.speed and template.word(body.speed)]
    if body.direction in TURNS:
        words.append(body.direction)
    elif body.direction:
        words.append(f"{template.word('to the')} {body.direction}")
    said = " ".join(word for word in words if word)
    return f"{'an' if said[0] in 'aeiou' else 'a'} {said}"


_EVENT_OBJECTS = {"turns": "{}", "becomes": "a {}", "takes": "a {}"}


def say_event(event: EventFact, template: Template = TEMPLATES[0]) -> str:
    """One event as a clause: `the red star turns blue`."""
    target = _EVENT_OBJECTS.get(event.verb, "the {}").format(event.target)
    return f"the {event.subject} {template.word(event.verb)} {target}"


def _thing_clause(name: str, count: int) -> str:
    return f"{NUMBERS[count]} {name}{'' if count == 1 else 's'}"


def say(facts: Facts, template: Template = TEMPLATES[0]) -> str:
    """The facts as one caption."""
    if facts.room in PHYWORLD_CAPTIONS:
        return PHYWORLD_CAPTIONS[facts.room]
    bodies = [_object_clause(body, template) for body in facts.objects]
    if facts.room == "arcade":
        bodies = [f"{facts.view} arcade", f"a {facts.objects[0].colour} player"]
        bodies += [_thing_clause(name, count) for name, count in facts.things]
    clauses = [say_event(event, template) for event in facts.events]
    if facts.counter:
        clauses.append(f"a {template.word('counter goes')} from {facts.counter[0]} to {facts.counter[1]}")
    if facts.clock:
        clauses.append(f"a clock hand rotates {facts.clock}")
    if facts.camera and facts.camera != "still":
        verb, _, way = facts.camera.partition("-")
        clauses.append(f"{template.word('the camera')} {verb}s {way}")
    scene = template.object_joiner.join(bodies)
    if facts.background:
        ground = f"{template.word('on a')} {facts.background} background"
        scene_parts = [ground, scene] if template.is_background_first else [scene, ground]
        scene = ", ".join(part for part in scene_parts if part)
    return template.clause_joiner.join([scene, *clauses] if scene else clauses) + template.end
