"""Scoring one stage of the card over its cells, as a generator for a child process: Progress, then one Stage.

A stage is what a killed job goes on from; its groups share the clips that they need.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from muybridge.evaluation import pictures
from muybridge.evaluation.card import actions, cells, codec, cost, long, motion, physics, play, reading, words
from muybridge.evaluation.card.asking import Ask
from muybridge.evaluation.card.cells import Cell, Plan
from muybridge.evaluation.card.figures import Extent, Figure
from muybridge.evaluation.card.words import Shown
from muybridge.training import checkpoint_files
from muybridge.training.checkpoint_files import OpenCheckpoint
from muybridge.training.recipe import recipe_from_json
from muybridge.worldmodel.sampler import Sampler, Sampling

StageName = Literal["words", "reading", "motion", "physics", "long", "actions", "play", "codec", "cost"]
STAGES: tuple[StageName, ...] = ("words", "reading", "motion", "physics", "long", "actions", "play", "codec", "cost")


@dataclass(frozen=True, slots=True)
class Request:
    """What to score of which file; n clips a cell."""

    weights: Path
    split: str = "test"
    n: int = 64
    seed: int = 0
    extent: Extent = "usual"
    has_all_rooms: bool = False
    sampling: Sampling = field(default_factory=Sampling)


@dataclass(frozen=True, slots=True)
class Progress:
    fraction: float
    note: str


@dataclass(frozen=True, slots=True)
class Stage:
    """What a stage measured. figures: by cell, as JSON. shown: true and made clips of the gallery as PNG strips."""

    figures: dict[str, list[dict[str, Any]]]
    shown: tuple[tuple[str, str, bytes, bytes], ...] = ()
    """(cell, prompt, true strip, made strip)."""
    facts: dict[str, Any] = field(default_factory=dict)


_Scorer = Callable[[Ask, Cell], tuple[list[Figure], list[Shown]]]


def _plain(score: Callable[[Ask, Cell], list[Figure]]) -> _Scorer:
    """A group that has no clips to show."""

    def scored(ask: Ask, cell: Cell) -> tuple[list[Figure], list[Shown]]:
        return score(ask, cell), []

    return scored


_GROUPS: dict[str, tuple[Callable[[Cell], bool], _Scorer]] = {
    "words": (words.applies, words.score),
    "reading": (reading.applies, _plain(reading.score)),
    "motion": (motion.applies, _plain(motion.score)),
    "physics": (physics.applies, physics.score),
    "long": (long.applies, _plain(long.score)),
    "actions": (actions.applies, _plain(actions.score)),
    "play": (play.applies, _plain(play.score)),
    "codec": (codec.applies, _plain(codec.score)),
}


def score_stage(request: Request, name: StageName) -> Iterator[Progress | Stage]:
    """Score one stage of one checkpoint file. Raises CheckpointAltered, NotACheckpoint, BadRecipe."""
    yield Progress(0.0, "opening the checkpoint")
    opened = checkpoint_files.open_checkpoint(request.weights)
    sampler = Sampler(opened.model, opened.tokenizer)
    ask = Ask(sampler, request.split, request.n, request.seed, request.sampling, request.extent)
    plan = plan_of(opened, has_all_rooms=request.has_all_rooms)
    if name == "cost":
        yield Stage({}, facts={"cost": cost.score(ask, request.weights), "plan": _told(plan)})
        return
    applies, score = _GROUPS[name]
    chosen = [cell for cell in plan.cells if applies(cell)]
    figures: dict[str, list[dict[str, Any]]] = {}
    shown: list[tuple[str, str, bytes, bytes]] = []
    for number, cell in enumerate(chosen):
        yield Progress(number / len(chosen), f"{name}: {cell.name}, {number + 1} of {len(chosen)}")
        found, clips = score(ask, cell)
        figures[cell.name] = [figure.to_json() for figure in found]
        if cell.where == "in_distribution":
            shown += [(cell.name, clip.prompt, _strip(clip.true), _strip(clip.made)) for clip in clips]
    yield Progress(1.0, "")
    yield Stage(figures, tuple(shown))


def plan_of(opened: OpenCheckpoint, *, has_all_rooms: bool) -> Plan:
    """The cells of a checkpoint, by the recipe that its file carries."""
    return cells.plan_cells(recipe_from_json(opened.manifest["recipe"]), has_all_rooms=has_all_rooms)


def _told(plan: Plan) -> dict[str, Any]:
    return {
        "cells": [
            {
                "name": cell.name,
                "room": cell.config.room,
                "where": cell.where,
                "num_frames": cell.config.num_frames,
                "fps": cell.config.fps,
            }
            for cell in plan.cells
        ],
        "left_out": list(plan.left_out),
    }


def _strip(clip: Any) -> bytes:
    return pictures.png(pictures.strip(clip.numpy()))
