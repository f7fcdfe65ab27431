"""A network that trains in seconds, on four clips a step."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from muybridge.training import loop, recipes
from muybridge.training.recipes import Recipe, SimulatorClips
from muybridge.training.updates import CheckpointFiles, Update
from muybridge.worldmodel.config import ModelConfig

MINI = ModelConfig("mini", width=32, layers=2, heads=2, vocab_size=400, window=6, max_text=32)


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture
def a_recipe() -> Callable[..., Recipe]:
    def make(**changes: Any) -> Recipe:
        recipe = Recipe(
            name="mini",
            model=MINI,
            clips=(SimulatorClips("bakeoff"),),
            num_frames=4,
            steps=6,
            batch_clips=4,
            warmup_steps=2,
            metrics_every_s=0.0,
            sample_every_s=1e9,
        )
        return replace(recipe, **changes)

    return make


@pytest.fixture
def train(tmp_path: Path) -> Callable[..., list[Update]]:
    def run(
        recipe: Recipe, *, folder: str = "work", seed: int = 0, footage: Any = (), start: Any = None
    ) -> list[Update]:
        workdir = tmp_path / folder
        workdir.mkdir(exist_ok=True)
        return list(loop.train(recipe, seed, footage, start or loop.start_in(workdir), workdir))

    return run


@pytest.fixture
def trained(train: Callable[..., list[Update]], a_recipe: Callable[..., Recipe]) -> CheckpointFiles:
    """The final checkpoint of a short training."""
    last = train(a_recipe())[-1]
    assert isinstance(last, CheckpointFiles)
    return last


@pytest.fixture
def every_recipe() -> Iterator[Recipe]:
    return (make() for make in recipes.RECIPES.values())
