"""Questions about scenes whose answers are true by state, one canonical word or two each.

Yes-or-no questions are asked so that both answers come equally often; of the others, frequent answers are thinned,
so that knowing the question without the video does not pay (tests/simulator/test_questions.py measures how little).
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .desk import CLOCK_SLOT, COUNTER_SLOT
from .facts import ObjectFacts
from .grammar import NUMBERS
from .holdouts import HELD_OUT_PAIRS
from .seeds import SPLITS
from .state import SceneBatch
from .tellings import arcade_events, desk_events, lab_bodies, lab_events
from .vocabulary import ACTIONS, COIN, COLOURS, COUNTER, HAND, OCCLUDER, SHAPES, TURNS

KINDS = (
    "existence",
    "count",
    "colour",
    "shape",
    "direction",
    "faster",
    "relation",
    "hit",
    "first",
    "where",
    "bounces",
    "action",
    "coins",
    "taken",
    "counter",
    "clock",
    "change",
)
QUADRANTS = ("top left", "top right", "bottom left", "bottom right")


@dataclass(frozen=True, slots=True)
class QA:
    """A question and its one right answer."""

    kind: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class _Clip:
    """One clip's state in plain Python, and its own dice."""

    scene: SceneBatch
    row: int
    dice: random.Random
    bodies: list[tuple[int, ObjectFacts]]

    def position(self, slot: int, frame: int) -> list[float]:
        place: list[float] = self.scene.position_BTO2[self.row, frame, slot].tolist()
        return place

    def pace(self, slot: int) -> float:
        return float(self.scene.velocity_BTO2[self.row, 0, slot].norm())


def _yes(truth: bool) -> str:
    return "yes" if truth else "no"


def _existence(clip: _Clip) -> Iterator[QA]:
    """A body that is there, or one that could have been."""
    here = {(body.shape, body.colour) for _, body in clip.bodies}
    if clip.dice.random() < 0.5:
        shape, colour = clip.dice.choice(sorted(here))
    else:
        config = clip.scene.config
        seen = [
            (SHAPES[shape], COLOURS[colour])
            for shape in config.shapes
            for colour in config.colours
            if (shape, colour) not in HELD_OUT_PAIRS and (SHAPES[shape], COLOURS[colour]) not in here
        ]
        shape, colour = clip.dice.choice(seen)
    yield QA("existence", f"is there a {colour} {shape}?", _yes((shape, colour) in here))


def _count(clip: _Clip) -> Iterator[QA]:
    yield QA("count", "how many things are there?", NUMBERS[len(clip.bodies)])


def _colour(clip: _Clip) -> Iterator[QA]:
    shapes = [body.shape for _, body in clip.bodies]
    alone = [body for _, body in clip.bodies if shapes.count(body.shape) == 1]
    if alone:
        body = clip.dice.choice(alone)
        yield QA("colour", f"what colour is the {body.shape}?", body.colour)


def _shape(clip: _Clip) -> Iterator[QA]:
    _, body = clip.dice.choice(clip.bodies)
    yield QA("shape", f"what shape is the {body.colour} thing?", body.shape)


def _direction(clip: _Clip) -> Iterator[QA]:
    moving = [body for _, body in clip.bodies if body.motion == "drifts" and body.direction]
    if moving:
        body = clip.dice.choice(moving)
        yield QA("direction", f"which way does the {body.name} drift at first?", body.direction or "")


def _faster(clip: _Clip) -> Iterator[QA]:
    if len(clip.bodies) < 2:
        return
    pair = clip.dice.sample(clip.bodies, 2)
    paces = [clip.pace(slot) for slot, _ in pair]
    # Slower than 5 % of a frame a second apart cannot be told by eye.
    if abs(paces[0] - paces[1]) > 0.05:
        quick = pair[0] if paces[0] > paces[1] else pair[1]
        question = f"which is faster at first, the {pair[0][1].name} or the {pair[1][1].name}?"
        yield QA("faster", question, quick[1].name)


def _relation(clip: _Clip) -> Iterator[QA]:
    if len(clip.bodies) < 2:
        return
    (first, one), (second, other) = clip.dice.sample(clip.bodies, 2)
    word, axis = clip.dice.choice((("left of", 0), ("above", 1)))
    when, frame = clip.dice.choice((("at first", 0), ("at the end", -1)))
    gap = clip.position(first, frame)[axis] - clip.position(second, frame)[axis]
    if abs(gap) > 0.05:
        yield QA("relation", f"is the {one.name} {word} the {other.name} {when}?", _yes(gap < 0))


def _hit(clip: _Clip) -> Iterator[QA]:
    if len(clip.bodies) < 2:
        return
    met = {(event.subject, event.target) for _, event in lab_events(_only(clip))[0] if event.verb == "hits"}
    names = [body.name for _, body in clip.bodies]
    # Collisions are made so that the first two meet; ask about others as often, or `yes` would be a safe bet.
    pair = clip.dice.sample(names, 2)
    truth = (pair[0], pair[1]) in met or (pair[1], pair[0]) in met
    yield QA("hit", f"does the {pair[0]} hit the {pair[1]}?", _yes(truth))


def _first(clip: _Clip) -> Iterator[QA]:
    events = lab_events(_only(clip))[0]
    if len(events) > 1 and events[0][0] < events[1][0] and events[0][1].verb != events[1][1].verb:
        verbs = sorted(("a hit", "a bounce"))
        answer = "a hit" if events[0][1].verb == "hits" else "a bounce"
        yield QA("first", f"which comes first, {verbs[0]} or {verbs[1]}?", answer)


def _where(clip: _Clip) -> Iterator[QA]:
    """Prediction: a drifting body's quadrant four frames after the clip's end, if it is still in the frame then."""
    scene = clip.scene
    if lab_events(_only(clip))[0] or bool((scene.role_BO[clip.row] == OCCLUDER).any()):
        return
    drifting = [(slot, body) for slot, body in clip.bodies if body.motion == "drifts"]
    if not drifting:
        return
    slot, body = clip.dice.choice(drifting)
    x, y = (
        place + speed * 4 / scene.config.fps
        for place, speed in zip(clip.position(slot, -1), scene.velocity_BTO2[clip.row, -1, slot].tolist(), strict=True)
    )
    # Only asked where a small error of position would not change the answer.
    if 0 < x < scene.config.aspect and 0 < y < 1 and min(abs(x - scene.config.aspect / 2), abs(y - 0.5)) > 0.03:
        quadrant = QUADRANTS[2 * (y > 0.5) + (x > scene.config.aspect / 2)]
        yield QA("where", f"where will the {body.name} be four frames after the end?", quadrant)


def _bounces(clip: _Clip) -> Iterator[QA]:
    slot, body = clip.dice.choice(clip.bodies)
    count = int(clip.scene.bounces_BTO4[clip.row, : max(1, clip.scene.num_frames - 2), slot].any(-1).sum())
    if clip.scene.bounces_BTO4[clip.row].any() and count < 3:
        yield QA("bounces", f"how many times does the {body.name} bounce?", NUMBERS[count])


def _only(clip: _Clip) -> SceneBatch:
    return clip.scene.clips(slice(clip.row, clip.row + 1))


def _action(clip: _Clip) -> Iterator[QA]:
    frame = clip.dice.randrange(1, clip.scene.num_frames)
    taken = ACTIONS[int(clip.scene.action_BT[clip.row, frame])]
    yield QA("action", f"which action led to frame {frame + 1}?", taken)


def _coins(clip: _Clip) -> Iterator[QA]:
    coins = clip.scene.role_BO[clip.row] == COIN
    left = int((clip.scene.present_BTO[clip.row, -1] & coins).sum())
    yield QA("coins", "how many coins are left at the end?", NUMBERS[left])


def _taken(clip: _Clip) -> Iterator[QA]:
    verbs = {event.verb for _, event in arcade_events(_only(clip))[0]}
    yield QA("taken", "does the player take a coin?", _yes("takes" in verbs))


def _counter(clip: _Clip) -> Iterator[QA]:
    if int(clip.scene.role_BO[clip.row, COUNTER_SLOT]) == COUNTER:
        when, frame = clip.dice.choice((("at first", 0), ("at the end", -1)))
        yield QA(
            "counter",
            f"what does the counter show {when}?",
            str(int(clip.scene.value_BTO[clip.row, frame, COUNTER_SLOT])),
        )


def _clock(clip: _Clip) -> Iterator[QA]:
    if int(clip.scene.role_BO[clip.row, CLOCK_SLOT]) == HAND:
        turn = TURNS[int(clip.scene.direction_BO[clip.row, CLOCK_SLOT]) - 8]
        yield QA("clock", "which way does the clock hand rotate?", turn)


def _change(clip: _Clip) -> Iterator[QA]:
    for _, event in desk_events(_only(clip))[0][:1]:
        asked = "which colour does the {} turn?" if event.verb == "turns" else "what does the {} become?"
        yield QA("change", asked.format(event.subject), event.target)


_Asker = Callable[[_Clip], Iterator[QA]]
_LOOKS: tuple[_Asker, ...] = (_existence, _count, _colour, _shape)
_ASKERS: dict[str, tuple[_Asker, ...]] = {
    "bakeoff": (_colour, _shape, _existence),
    "lab": (*_LOOKS, _direction, _faster, _relation, _hit, _first, _where, _bounces),
    "arcade": (_action, _coins, _taken),
    "desk": (*_LOOKS, _relation, _counter, _clock, _change),
}

_KEPT: dict[tuple[str, str], dict[str, float]] = {
    ("lab", "count"): {"one": 0.60, "two": 0.52},
    ("lab", "direction"): {
        "left": 0.33,
        "right": 0.36,
        "lower-right": 0.78,
        "upper-left": 0.80,
        "bottom": 0.85,
        "lower-left": 0.90,
        "upper-right": 0.90,
    },
    ("lab", "hit"): {"no": 0.345},
    ("lab", "first"): {"a bounce": 0.56},
    ("lab", "where"): {"top left": 0.72, "bottom left": 0.76, "bottom right": 0.83},
    ("lab", "bounces"): {"one": 0.075},
    ("arcade", "action"): {"left": 0.36, "right": 0.37, "up": 0.49, "down": 0.91},
    ("arcade", "coins"): {"one": 0.11, "two": 0.11, "three": 0.155},
    ("arcade", "taken"): {"no": 0.245},
    ("desk", "counter"): {"9": 0.47, "0": 0.57, "6": 0.74, "3": 0.76, "1": 0.80, "4": 0.81, "5": 0.85, "7": 0.86},
}
"""By (room, kind): the share kept of answers that come more often than the rarest (measured on 3,000 train clips)."""


def questions(scene: SceneBatch, *, seed: int = 0, per_clip: int | None = None) -> list[list[QA]]:
    """Questions about every clip; the same seed asks a clip the same, in any batch.

    per_clip: keep at most so many, drawn evenly over kinds; by default every kind that applies, once.
    """
    told = lab_bodies(scene)
    asked = []
    for row, index in enumerate(scene.indices_B.tolist()):
        dice = random.Random(f"{seed} {SPLITS.index(scene.split)} {scene.config.room} {index}")
        clip = _Clip(scene, row, dice, told[row])
        found = [qa for ask in _ASKERS.get(scene.config.room, ()) for qa in ask(clip)]
        found = [qa for qa in found if dice.random() < _KEPT.get((scene.config.room, qa.kind), {}).get(qa.answer, 1.0)]
        if per_clip is not None and len(found) > per_clip:
            found = dice.sample(found, per_clip)
        asked.append(found)
    return asked
