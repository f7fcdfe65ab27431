"""Wan in particular: its adapter in diffusers' own pipeline, a missing extra, and a whole run as a job."""

import importlib.util
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tiny_wan
import torch
from labelled import Studio
from sqlalchemy import select

from muybridge import artifacts, db, trust, wiring
from muybridge.catalog import rights
from muybridge.catalog.rights import AssetForbidden
from muybridge.datasets.tables import DatasetVersion
from muybridge.jobs import Job, JobState, Worker
from muybridge.plugins import MissingExtra
from muybridge.training import checkpoint_files, checkpoints, runs
from muybridge.training.adapters import BadBase
from muybridge.training.adapters.wan import ADAPTER
from muybridge.training.lora import LoraRecipe, is_lora, recipe_from_json
from muybridge.training.runs import NoRightsProof
from muybridge.training.tables import Checkpoint, Run, RunMetric, RunSample
from muybridge.worldmodel.config import BadModelConfig, ModelConfig

Freeze = Callable[..., DatasetVersion]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tiny_wan.require()
    return tiny_wan.build(tmp_path_factory.mktemp("base") / "Tiny")


@pytest.fixture
def any_database(database: db.Database) -> db.Database:
    """SQLite: nothing here depends on the dialect."""
    wiring.connect_plugins()
    return database


def a_recipe(base: Path, **changes: Any) -> LoraRecipe:
    recipe = LoraRecipe(
        "tiny", base=str(base), width=32, height=32, num_frames=5, rank=4, alpha=8.0, steps=3, batch_clips=2,
        rate=1e-2, warmup_steps=1, max_text=8, sample_steps=2, metrics_every_s=0.0, sample_every_s=1e9,
    )  # fmt: skip
    return replace(recipe, **changes)


def _start(studio: Studio, recipe: LoraRecipe, version: DatasetVersion) -> Run:
    with studio.database.write() as session:
        return runs.start_tuning(session, studio.actor, recipe, version)


def _work(studio: Studio, run: Run) -> Job:
    Worker(studio.database, studio.store, workdir=studio.folder / "work").run_until_idle(200)
    with studio.database.read() as session:
        return trust.load(session, studio.actor, Job, run.job_id or "")


def test_without_the_extra_it_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *a: None if name == "diffusers" else found(name, *a))
    with pytest.raises(MissingExtra, match=r"pip install 'muybridge\[diffusers\]'"):
        ADAPTER.describe(tmp_path)


@pytest.mark.compute
def test_two_transformers_are_refused(base: Path, tmp_path: Path) -> None:
    index = json.loads((base / "model_index.json").read_text())
    (tmp_path / "model_index.json").write_text(
        json.dumps({**index, "transformer_2": ["diffusers", "WanTransformer3DModel"]})
    )
    with pytest.raises(BadBase, match="two transformers"):
        ADAPTER.describe(tmp_path)


def test_a_recipe_survives_json(tmp_path: Path) -> None:
    recipe = a_recipe(tmp_path, budget_s=30.0)
    stored = json.loads(json.dumps(recipe.to_json()))
    assert is_lora(stored)
    assert recipe_from_json(stored) == recipe


@pytest.mark.compute
def test_a_version_that_proves_no_right_to_train_is_refused(studio: Studio, a_version: Freeze, base: Path) -> None:
    with pytest.raises(NoRightsProof, match="frozen for 'label'"):
        _start(studio, a_recipe(base), a_version(purpose="label"))
    version = a_version(name="alley")
    (entry,) = version.rights_proof["assets"]
    with studio.database.write() as session:
        rights.revoke(session, studio.actor, entry["asset_id"], "consent withdrawn")
    with pytest.raises(AssetForbidden):
        _start(studio, a_recipe(base), version)


@pytest.mark.compute
def test_a_run_leaves_curve_picture_and_matrices_that_diffusers_loads(
    studio: Studio, a_version: Freeze, base: Path
) -> None:
    version = a_version()
    run = _start(studio, a_recipe(base), version)
    job = _work(studio, run)
    assert (job.state, job.failure) == (JobState.SUCCEEDED, None)
    (checkpoint,) = studio.rows(Checkpoint)
    assert (checkpoint.step, checkpoint.is_final, checkpoint.config["kind"]) == (3, True, "lora")
    with studio.database.read() as session:
        steps = session.scalars(select(RunMetric.step).order_by(RunMetric.step)).all()
        (sample,) = session.scalars(select(RunSample)).all()
        lineage = artifacts.ancestors(session, studio.actor, checkpoint.id)
        kept = artifacts.load(session, studio.actor, checkpoint.artifact_id)
        path = checkpoints.open_weights(session, studio.actor, checkpoint.id, studio.store, studio.folder)
    assert steps == [1, 2, 3]
    assert sample.step == 3
    assert kept.kind == "lora"
    assert {"run", "dataset version", "asset", "artifact"} <= {node.noun for node in lineage}
    (weighed,) = [node for node in lineage if node.facts.get("kind") == "base_model"]
    _, manifest = checkpoint_files.read_tensors(path)
    assert manifest["base"] == {"name": "Tiny", "digest": weighed.facts["digest"]}
    assert manifest["version"] == {"id": version.id, "number": version.number, "digest": version.digest}
    with pytest.raises(BadModelConfig, match="of kind lora, not a world model"):
        ModelConfig.from_json(checkpoint.config)
    with studio.database.read() as session, pytest.raises(checkpoints.NoCheckpoint):
        checkpoints.newest_final(session, studio.actor)
    _require_loads_and_changes(base, path, studio.folder)


def _require_loads_and_changes(base: Path, stored: Path, folder: Path) -> None:
    """diffusers' own loader takes every matrix at the right scale, and what the pipeline makes is another."""
    from diffusers import WanPipeline
    from diffusers.utils import logging

    file = folder / "lora.safetensors"
    file.write_bytes(stored.read_bytes())
    pipeline = WanPipeline.from_pretrained(base, local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    logging.disable_progress_bar()

    def make() -> torch.Tensor:
        chance = torch.Generator().manual_seed(0)
        shape: dict[str, Any] = {"height": 32, "width": 32, "num_frames": 5, "max_sequence_length": 8}
        made = pipeline("a red car", num_inference_steps=2, generator=chance, output_type="latent", **shape)
        frames: torch.Tensor = made.frames
        return frames

    before = make()
    pipeline.load_lora_weights(str(file))
    shape = pipeline.transformer.peft_config["default_0"]
    assert (shape.r, shape.lora_alpha) == (4, 8.0)
    tensors, _ = checkpoint_files.read_tensors(stored)
    loaded = dict(pipeline.transformer.named_parameters())
    for name, tensor in tensors.items():
        inside = name.removeprefix("transformer.").replace(".weight", ".default_0.weight")
        assert torch.equal(loaded[inside], tensor)
    after = make()
    assert not torch.allclose(before, after, atol=1e-3)
    pipeline.unload_lora_weights()
    assert torch.equal(make(), before)


@pytest.mark.compute
def test_a_base_model_that_changed_under_a_run_is_refused(studio: Studio, a_version: Freeze, tmp_path: Path) -> None:
    tiny_wan.require()
    base = tiny_wan.build(tmp_path / "Other")
    run = _start(studio, a_recipe(base), a_version())
    with studio.database.write() as session:
        stored = studio.store.put_bytes(b"{}")
        first = artifacts.put(
            session, studio.actor, stored, kind="base_model", media_type="application/json", filename="Other"
        )
        artifacts.derive(session, studio.actor, run.id, [first.id])
    job = _work(studio, run)
    assert job.state == JobState.FAILED
    assert (job.failure or {})["code"] == "training.base_altered"
