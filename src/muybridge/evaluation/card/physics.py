"""Physics: PhyWorld's setups by its own measure, and the laws that a continuation keeps or breaks.

Momentum and energy through a collision, the pull of gravity, the angle of a bounce, and whether what a screen hid comes
back. Lab clips here are of one regime each, 16 frames, still camera; PhyWorld's are 32 frames, 3 of them given.
"""

from collections.abc import Iterator
from dataclasses import replace

from torch import Tensor

from muybridge.evaluation.card.asking import NEAREST_OF, Ask, num_given
from muybridge.evaluation.card.cells import PHYWORLD, Cell
from muybridge.evaluation.card.figures import Figure, share
from muybridge.evaluation.card.floors import memory_of
from muybridge.evaluation.card.motion import Methods, compare_methods, figure_of
from muybridge.evaluation.card.words import NUM_SHOWN, Shown
from muybridge.simulator import judge
from muybridge.simulator.configs import RoomConfig
from muybridge.simulator.lab import GRAVITY_PULL
from muybridge.simulator.measures import Seen
from muybridge.simulator.phyworld import GRAVITY, WORLD_SCALE
from muybridge.simulator.state import SceneBatch
from muybridge.simulator.vocabulary import REGIMES

LAB_FRAMES = 16
_SHOWN_EVERY = 4
"""Frames of PhyWorld's 32 that pictures show."""
_LAWS = {"collide": "collision", "gravity": "gravity", "bounce": "bounce", "occluder": "permanence"}
_UNITS = {
    "velocity_error": "world units/s",
    "velocity_error_in_training_length": "world units/s",
    "velocity_error_after_hit": "world units/s",
    "gravity": "world units/s²",
    "bounce_angle_error": "degrees",
}


def applies(cell: Cell) -> bool:
    """Held-out looks of the Lab obey the same laws: they are not tried again for each."""
    return cell.config.room in PHYWORLD or (cell.config.room == "lab" and cell.where == "in_distribution")


def score(ask: Ask, cell: Cell) -> tuple[list[Figure], list[Shown]]:
    """The laws of a cell. Also PhyWorld's first clips, whatever they look like."""
    values: dict[str, dict[str, list[float]]] = {}
    shown: list[Shown] = []
    for config in _setups(cell):
        memory = memory_of(ask, config, NEAREST_OF[ask.extent])
        given = num_given(cell)
        for clips in ask.batches(config):
            made = ask.continuations(clips, given)
            methods = compare_methods(clips, made, memory, given)
            _add(values, methods, clips.scene, given, cell)
            if cell.config.room in PHYWORLD:
                shown += [
                    Shown(words, clips.true[row, ::_SHOWN_EVERY], made[row, ::_SHOWN_EVERY])
                    for row, words in enumerate(clips.words)
                    if clips.first + row < NUM_SHOWN
                ]
    return [_figure(name, each) for name, each in values.items()], shown


def _setups(cell: Cell) -> Iterator[RoomConfig]:
    if cell.config.room in PHYWORLD:
        yield cell.config
        return
    for regime in _LAWS:
        number = REGIMES.index(regime)
        if number in cell.config.regimes and not (regime == "collide" and cell.config.max_objects < 2):
            num_frames = max(LAB_FRAMES, cell.config.num_frames)
            yield replace(cell.config, regimes=(number,), is_camera_moving=False, num_frames=num_frames)


def _add(
    values: dict[str, dict[str, list[float]]], methods: Methods, scene: SceneBatch, given: int, cell: Cell
) -> None:
    for method, seen in methods.seen.items():
        for name, each in laws(seen, scene, given, num_trained=cell.num_trained).items():
            values.setdefault(name, {}).setdefault(method, []).extend(each.tolist())


def laws(seen: Seen, scene: SceneBatch, given: int, *, num_trained: int) -> dict[str, Tensor]:
    """Every measure that the room's clips allow, one value a clip [B]; given: frames that were given."""
    room = scene.config.room
    found: dict[str, Tensor] = {}
    if room in PHYWORLD:
        found["velocity_error"] = judge.seen_velocity_errors(seen, scene, first_frame=given - 1)
        short = Seen(*(part[:, : max(num_trained, given + 1)] for part in seen))
        found["velocity_error_in_training_length"] = judge.seen_velocity_errors(short, scene, first_frame=given - 1)
    if room == "collision" or _is_regime(scene, "collide"):
        met = judge.collisions(seen, scene, first_frame=given)
        found |= {"momentum_drift": met.momentum_drift, "energy_drift": met.energy_drift}
        found["velocity_error_after_hit"] = met.velocity_error * WORLD_SCALE
    if room == "parabola" or _is_regime(scene, "gravity"):
        pull = judge.fall(seen, scene, first_frame=given - 1) * WORLD_SCALE
        true_pull = GRAVITY if room == "parabola" else GRAVITY_PULL * WORLD_SCALE
        found |= {"gravity": pull, "gravity_error": (pull / true_pull - 1.0).abs()}
    if _is_regime(scene, "bounce"):
        found["bounce_angle_error"] = judge.bounce_errors(seen, scene, first_frame=given)
    if _is_regime(scene, "occluder"):
        found["permanence"] = judge.reappears(seen, scene, first_frame=given)
    return found


def _is_regime(scene: SceneBatch, name: str) -> bool:
    return scene.config.room == "lab" and scene.config.regimes == (REGIMES.index(name),)


def _figure(name: str, values: dict[str, list[float]]) -> Figure:
    if name == "permanence":
        floors = {floor: each for floor, each in values.items() if floor not in ("model", "true")}
        return share("physics", name, values["model"], ceiling=values["true"], floors=floors)
    # How strongly things fall is told as it is, upwards too: neither more nor less is better, the error is.
    is_pull = name == "gravity"
    figure = figure_of("physics", name, values, unit=_UNITS.get(name, ""), is_signed=is_pull)
    return replace(figure, is_higher_better=None) if is_pull else figure
