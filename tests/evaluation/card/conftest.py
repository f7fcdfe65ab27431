"""A network that has learned nothing, asked about every room."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from muybridge.evaluation.card.asking import Ask
from muybridge.simulator.configs import ROOMS
from muybridge.training import loop
from muybridge.training.recipe import Recipe, SimulatorClips
from muybridge.worldmodel.config import ModelConfig
from muybridge.worldmodel.net import WorldModel
from muybridge.worldmodel.sampler import Sampler
from muybridge.worldmodel.text import learn_tokenizer

MINI = ModelConfig("mini", width=32, layers=2, heads=2, vocab_size=600, window=8, max_text=160)
WITH_QUESTIONS = ("lab", "arcade", "desk")


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture
def a_recipe() -> Callable[..., Recipe]:
    def make(*rooms: str, num_given: int = 0, model: Mapping[str, Any] = {}, **changes: Any) -> Recipe:
        clips = tuple(
            SimulatorClips(
                room,
                num_given=num_given,
                questions=int(room in WITH_QUESTIONS),
                is_paraphrased=room == "lab",
                changes=changes,
            )
            for room in rooms or ROOMS
        )
        config = replace(MINI, **model)
        part = 0.5 if config.latents else 0.0
        return Recipe("mini", config, clips, num_frames=8, steps=1, batch_clips=2, warmup_steps=1, codec_part=part)

    return make


@pytest.fixture
def untrained(a_recipe: Callable[..., Recipe], tmp_path: Path) -> Callable[..., Path]:
    """The file of a checkpoint that has seen nothing."""

    def make(*rooms: str, **changes: Any) -> Path:
        start = loop.start_in(tmp_path)
        return loop.Trainer(a_recipe(*rooms, **changes), 0, (), start, tmp_path).save(is_final=True).path

    return make


@pytest.fixture
def ask() -> Ask:
    torch.manual_seed(0)
    tokenizer = learn_tokenizer(["a red circle moves slowly to the left"] * 2, MINI.vocab_size)
    return Ask(Sampler(WorldModel(MINI).eval(), tokenizer), "dev", 6, extent="quick")
