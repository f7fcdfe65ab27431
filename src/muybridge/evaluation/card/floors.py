"""Floors: what a method scores that knows nothing of the world.

The nearest clip of the training split (among some thousand) is PhyWorld's case-based check: a network that only recalls
what it saw does no better. Nearness is by the pixels of the given frames, or by facts where words are what is given.
"""

from collections import Counter
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d

from muybridge.evaluation.card.asking import Ask
from muybridge.simulator import captions, judge, questions, render, scenes
from muybridge.simulator.configs import RoomConfig
from muybridge.simulator.facts import Facts
from muybridge.simulator.holdouts import MAX_TRAIN_OBJECTS

_POOLED = 16
_CHUNK = 256


def copy_last(true_BTHW3: Tensor, num_given: int) -> Tensor:
    """The last given frame, repeated."""
    frames = true_BTHW3.clone()
    frames[:, num_given:] = true_BTHW3[:, num_given - 1 : num_given]
    return frames


class Memory:
    """Clips of the training split of one room, as one might remember them."""

    def __init__(self, ask: Ask, config: RoomConfig, size: int) -> None:
        self._ask, self._config, self._size = ask, config, size

    def facts(self, row: int) -> Facts:
        """What a remembered clip's caption states."""
        return _facts_of(self._config, self._size)[row][0]

    def nearest_facts(self, wanted: Facts) -> Facts:
        """The remembered facts that share most with those wanted (by the share of what both state)."""
        asked = judge.fact_set(wanted)
        known = _facts_of(self._config, self._size)
        return max(known, key=lambda each: len(asked & each[1]) / len(asked | each[1]))[0]

    def nearest_rows(self, given_BGHW3: Tensor) -> Tensor:
        """Which remembered clips begin most like these frames: int64 [B]."""
        known = _looks_of(self._config, self._size, given_BGHW3.shape[1], *self._ask.size)
        return torch.cdist(_look(given_BGHW3), known).argmin(1)

    def nearest_clips(self, given_BGHW3: Tensor) -> Tensor:
        """The remembered clips that begin most like these frames, whole."""
        rows = self.nearest_rows(given_BGHW3)
        return self._ask.draw(scenes.sample(self._config.room, "train", rows, self._config))


def memory_of(ask: Ask, config: RoomConfig, size: int) -> Memory:
    """Of the room as training saw it, whatever `config` holds out."""
    return Memory(ask, _as_trained(config), size)


def _as_trained(config: RoomConfig) -> RoomConfig:
    most = min(MAX_TRAIN_OBJECTS, config.max_objects)
    return replace(config, holdout="seen", is_out_of_distribution=False, max_objects=most)


@lru_cache(maxsize=16)
def _facts_of(config: RoomConfig, size: int) -> list[tuple[Facts, frozenset[tuple[str, ...]]]]:
    told = captions.facts_of(scenes.sample(config.room, "train", range(size), config))
    return [(facts, judge.fact_set(facts)) for facts in told]


@lru_cache(maxsize=16)
def _looks_of(config: RoomConfig, size: int, num_frames: int, height: int, width: int) -> Tensor:
    """How the remembered clips begin."""
    looks = []
    for first in range(0, size, _CHUNK):
        scene = scenes.sample(config.room, "train", range(first, min(size, first + _CHUNK)), config)
        looks.append(_look(render.render(scene, height=height, width=width, frames=(0, num_frames))))
    return torch.cat(looks)


def _look(frames_BTHW3: Tensor) -> Tensor:
    """Frames made small and flat: float32 [B, features]."""
    batch, time = frames_BTHW3.shape[:2]
    planes = frames_BTHW3.flatten(0, 1).permute(0, 3, 1, 2).to(torch.float32)
    return adaptive_avg_pool2d(planes, _POOLED).reshape(batch, time * 3 * _POOLED**2)


class Blind(NamedTuple):
    """Answers by the kind of question alone."""

    answers: dict[str, str]

    def answer(self, kind: str) -> str:
        return self.answers.get(kind, "")


def learn_blind(config: RoomConfig, size: int) -> Blind:
    """The most frequent answer to each kind of question about the training split."""
    counts: dict[str, Counter[str]] = {}
    config = _as_trained(config)
    for asked in questions.questions(scenes.sample(config.room, "train", range(size), config)):
        for each in asked:
            counts.setdefault(each.kind, Counter())[each.answer] += 1
    return Blind({kind: count.most_common(1)[0][0] for kind, count in counts.items()})
