"""Which clips a checkpoint is judged on: rooms that its recipe showed, what was held out of them, what lies outside.

Held out by construction (simulator.holdouts): pairs of colour and shape, triples with direction, a fourth body, one
background a shape, turns of actions, templates of wording. Outside: PhyWorld's bands of speed and radius.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from muybridge.simulator.configs import ROOMS, Holdout, RoomConfig, room_config
from muybridge.simulator.holdouts import pair_tables
from muybridge.simulator.vocabulary import BACKGROUNDS
from muybridge.training.recipe import Recipe, SimulatorClips

Where = Literal["in_distribution", "held_out", "out_of_distribution"]
PHYWORLD = ("uniform", "collision", "parabola")
PHYWORLD_FRAMES = 32
"""As published, however short the training clips are."""
_HELD_OUT: dict[str, tuple[Holdout, ...]] = {
    "bakeoff": ("pairs",),
    "lab": ("pairs", "triples", "count", "background"),
    "arcade": ("macros",),
    "desk": ("pairs", "background"),
}
_MACRO_FRAMES = 8


@dataclass(frozen=True, slots=True)
class Cell:
    """One kind of clips. `config` says everything but the seeds."""

    config: RoomConfig
    where: Where = "in_distribution"
    num_trained: int = 16
    "Frames of the training's clips."
    has_new_wording: bool = False
    "Captions in the templates that training never reads."
    has_questions: bool = False
    num_given: int = 0
    "Frames that opened the training's clips in place of a prompt."

    @property
    def name(self) -> str:
        """`lab`, `lab · pairs`, `arcade · side-on`, `uniform · out of distribution`, `desk · never shown`."""
        room = f"{self.config.room} · side-on" if self.config.is_side_on else self.config.room
        if self.where == "in_distribution":
            return room
        if self.config.is_out_of_distribution:
            return f"{room} · out of distribution"
        if self.where == "out_of_distribution":
            return f"{room} · never shown"
        return f"{room} · {'wording' if self.has_new_wording else self.config.holdout}"


class Plan(NamedTuple):
    """cells: in distribution, held out, out of distribution, room by room. left_out: why a room is not among them."""

    cells: tuple[Cell, ...]
    left_out: tuple[str, ...]


def plan_cells(recipe: Recipe, *, has_all_rooms: bool = False) -> Plan:
    """The cells of a recipe's rooms; has_all_rooms: also of rooms that it never showed."""
    shown = {clips.room: clips for clips in recipe.clips if clips.weight > 0.0}
    cells: list[Cell] = []
    left_out = []
    for room in ROOMS:
        if room not in shown and not has_all_rooms:
            left_out.append(f"{room}: the recipe {recipe.name} never showed this room.")
            continue
        clips = shown.get(room, SimulatorClips(room))
        for view in _views_of(clips):
            cells += _cells_of(view, recipe, is_shown=room in shown)
        if room not in PHYWORLD and not clips.questions:
            left_out.append(f"Questions about {room}: the recipe {recipe.name} asked none.")
        if clips.num_given:
            left_out.append(f"Text to video of {room}: the recipe {recipe.name} opens its clips with a given frame.")
    return Plan(tuple(cells), tuple(left_out))


def _views_of(clips: SimulatorClips) -> tuple[SimulatorClips, ...]:
    """The Arcade is judged from above and from the side by themselves, where both are shown."""
    if clips.room != "arcade" or clips.changes.get("is_side_on") is not None:
        return (clips,)
    return tuple(replace(clips, changes={**clips.changes, "is_side_on": is_side_on}) for is_side_on in (False, True))


def _cells_of(clips: SimulatorClips, recipe: Recipe, *, is_shown: bool) -> Iterator[Cell]:
    is_phyworld = clips.room in PHYWORLD
    num_frames = PHYWORLD_FRAMES if is_phyworld else recipe.num_frames
    config = room_config(clips.room, **{"num_frames": num_frames, **clips.changes})
    # A room that was never shown is outside, whatever is drawn in it.
    where: Where = "in_distribution" if is_shown else "out_of_distribution"
    seen = Cell(config, where, recipe.num_frames, has_questions=clips.questions > 0, num_given=clips.num_given)
    yield seen
    if is_phyworld:
        yield replace(seen, config=replace(config, is_out_of_distribution=True), where="out_of_distribution")
        return
    if not is_shown:
        return
    for holdout in _HELD_OUT[clips.room]:
        if _can_hold_out(config, holdout):
            yield replace(seen, config=_holding_out(config, holdout), where="held_out")
    if clips.is_paraphrased:
        yield replace(seen, where="held_out", has_new_wording=True, has_questions=False)


def _holding_out(config: RoomConfig, holdout: Holdout) -> RoomConfig:
    return replace(config, holdout=holdout, max_objects=4 if holdout == "count" else config.max_objects)


def _can_hold_out(config: RoomConfig, holdout: Holdout) -> bool:
    """Whether the room, as the recipe changed it, can show this combination at all."""
    if holdout == "pairs":
        return bool(pair_tables(config)[1])
    if holdout == "count":
        return config.max_objects > 1 and len(config.colours) >= 4
    if holdout == "background":
        # Where there is but one, training saw every shape on it.
        held = any((shape + 1) % len(BACKGROUNDS) in config.backgrounds for shape in config.shapes)
        return held and len(config.backgrounds) > 1
    return config.num_frames >= _MACRO_FRAMES if holdout == "macros" else True
