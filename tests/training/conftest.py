"""A network that trains in seconds, on four clips a step."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from muybridge import artifacts, db, trust
from muybridge.catalog.tables import Asset
from muybridge.datasets import datasets, versions
from muybridge.datasets.tables import DatasetVersion
from muybridge.training import loop, recipes
from muybridge.training.recipe import Recipe, SimulatorClips
from muybridge.training.updates import CheckpointFiles, Update
from muybridge.worldmodel.config import ModelConfig

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "fixtures"))

from labelled import Studio, open_studio
from video import make_clip

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


@pytest.fixture
def studio(any_database: db.Database, tmp_path: Path) -> Studio:
    """An installation on SQLite and on PostgreSQL."""
    return open_studio(any_database, tmp_path)


@pytest.fixture
def a_version(studio: Studio) -> Callable[..., DatasetVersion]:
    """A frozen version of one real clip of two seconds, of one shot."""

    def freeze(*, purpose: str = "train", name: str = "street") -> DatasetVersion:
        clip = make_clip(studio.folder / f"{name}.mp4", num_frames=50, fps=25, size=(64, 48))
        asset_id = studio.an_asset(f"{name}.mp4", num_frames=50)
        stored = studio.store.put_file(clip)
        with studio.database.write() as session:
            asset = trust.load(session, studio.actor, Asset, asset_id)
            artifacts.load(session, studio.actor, asset.source_artifact_id).digest = stored.digest
            session.flush()
            dataset = datasets.create_dataset(session, studio.actor, name, {"asset_ids": [asset_id]})
            return versions.freeze_version(session, studio.actor, dataset, store=studio.store, purpose=purpose)

    return freeze
