"""Continuation and image to video: where things are, and how fast they go, after the frames that were given.

Positions are read by colour from still cameras, so clips are drawn without camera moves and without the screen (which
hides things on purpose: see `physics`). On the Desk nothing moves.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from muybridge.evaluation.card.asking import NEAREST_OF, Ask, Clips, num_given
from muybridge.evaluation.card.cells import PHYWORLD, Cell
from muybridge.evaluation.card.figures import Figure, mean
from muybridge.evaluation.card.floors import Memory, copy_last, memory_of
from muybridge.evaluation.metrics.psnr import METRIC as PSNR
from muybridge.simulator import judge
from muybridge.simulator.configs import RoomConfig
from muybridge.simulator.measures import Seen
from muybridge.simulator.state import SceneBatch
from muybridge.simulator.vocabulary import REGIMES

HORIZONS = (1, 8)
"""Frames after the last given one at which positions are told, beside the clip's last."""
_SCREEN = REGIMES.index("occluder")


class Methods(NamedTuple):
    """What was seen in each method's clips, and their frames where there are any."""

    seen: dict[str, Seen]
    frames: dict[str, Tensor]


def applies(cell: Cell) -> bool:
    """PhyWorld's rooms are continued under `physics`."""
    return cell.config.room not in (*PHYWORLD, "desk") and not cell.has_new_wording


def in_plain_sight(config: RoomConfig) -> RoomConfig:
    """The room under a still camera and without a screen, as far as it has other regimes."""
    regimes = tuple(regime for regime in config.regimes if regime != _SCREEN) or config.regimes
    return replace(config, is_camera_moving=False, regimes=regimes)


def score(ask: Ask, cell: Cell) -> list[Figure]:
    """Errors of continuations of two frames, and of one frame with its caption (alone, if training gave it alone)."""
    config = in_plain_sight(cell.config)
    memory = memory_of(ask, config, NEAREST_OF[ask.extent])
    figures = []
    for group, given in (("continuation", num_given(cell)), ("image_to_video", 1)):
        errors, has_words = Errors(group, given), given == 1 and not cell.num_given
        for clips in ask.batches(config):
            kept = _with_short_words(ask, clips) if has_words else clips
            if kept.words:
                made = ask.continuations(kept, given, has_words=has_words)
                errors.add(compare_methods(kept, made, memory, given), kept)
        figures += errors.figures()
    return figures


def _with_short_words(ask: Ask, clips: Clips) -> Clips:
    rows = [row for row, words in enumerate(clips.words) if ask.can_read(words)]
    if len(rows) == len(clips.words):
        return clips
    return clips._replace(
        scene=clips.scene.clips(torch.tensor(rows, dtype=torch.int64)),
        true=clips.true[rows],
        facts=[clips.facts[row] for row in rows],
        words=[clips.words[row] for row in rows],
    )


def compare_methods(clips: Clips, made: Tensor, memory: Memory, given: int) -> Methods:
    """The made clips beside the true ones and the floors."""
    frames = {
        "model": made,
        "true": clips.true,
        "copy": copy_last(clips.true, given),
        "nearest": memory.nearest_clips(clips.true[:, :given]),
    }
    seen = {name: judge.watch(each, clips.scene) for name, each in frames.items()}
    if given > 1:
        seen["inertia"] = judge.carry_on(seen["true"], given)
    return Methods(seen, frames)


class Errors:
    """Errors of every method, gathered batch by batch."""

    def __init__(self, group: str, given: int) -> None:
        self._group, self._given = group, given
        self._values: dict[str, dict[str, list[float]]] = {}

    def add(self, methods: Methods, clips: Clips) -> None:
        for name, seen in methods.seen.items():
            for figure, values in self._of(seen, clips.scene).items():
                self._values.setdefault(figure, {}).setdefault(name, []).extend(values.tolist())
        for name in ("model", "copy", "nearest"):
            likeness = [
                float(PSNR.score(made[self._given :], true[self._given :]).mean())
                for made, true in zip(methods.frames[name].numpy(), clips.true.numpy(), strict=True)
            ]
            self._values.setdefault("psnr", {}).setdefault(name, []).extend(likeness)

    def _of(self, seen: Seen, scene: SceneBatch) -> dict[str, Tensor]:
        errors = judge.seen_position_errors(seen, scene)
        last = errors.shape[1] - 1
        told = {
            f"position_error_at_{horizon}": errors[:, self._given - 1 + horizon]
            for horizon in HORIZONS
            if self._given - 1 + horizon < last
        }
        told["position_error_at_last"] = errors[:, last]
        told["velocity_error"] = judge.seen_velocity_errors(seen, scene, first_frame=self._given - 1)
        return told

    def figures(self) -> list[Figure]:
        return [figure_of(self._group, name, values) for name, values in self._values.items()]


_UNITS = {"psnr": "dB", "velocity_error": "world units/s"}


def figure_of(
    group: str, name: str, values: Mapping[str, list[float]], *, unit: str | None = None, is_signed: bool = False
) -> Figure:
    """A figure from the values of every method: `model`, `true` (the ceiling), and floors."""
    floors = {floor: each for floor, each in values.items() if floor not in ("model", "true")}
    return mean(
        group,
        name,
        values["model"],
        unit=_UNITS.get(name, "frame heights") if unit is None else unit,
        ceiling=values.get("true", ()),
        floors=floors,
        is_higher_better=name == "psnr",
        is_signed=is_signed,
    )
