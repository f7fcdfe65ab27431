"""The whole training job, in real child processes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from labelled import Studio
from sqlalchemy import select

from muybridge import artifacts, db, trust
from muybridge.catalog import rights
from muybridge.catalog.rights import AssetForbidden
from muybridge.datasets.tables import DatasetVersion
from muybridge.jobs import Job, JobState, Worker
from muybridge.training import checkpoint_files, checkpoints, runs
from muybridge.training.recipe import Recipe
from muybridge.training.tables import Checkpoint, Run, RunMetric, RunSample

pytestmark = pytest.mark.compute
Freeze = Callable[..., DatasetVersion]
MakeRecipe = Callable[..., Recipe]


@pytest.fixture
def any_database(database: db.Database) -> db.Database:
    """SQLite: the kill tests try both."""
    return database


def _start(studio: Studio, recipe: Recipe, **options: object) -> Run:
    with studio.database.write() as session:
        return runs.start_run(session, studio.actor, recipe, **options)  # type: ignore[arg-type]


def _finish(studio: Studio, run: Run) -> JobState:
    Worker(studio.database, studio.store, workdir=studio.folder / "work").run_until_idle(120)
    with studio.database.read() as session:
        job = trust.load(session, studio.actor, Job, run.job_id or "")
        assert job.failure is None, job.failure
        return JobState(job.state)


def test_a_run_on_footage_and_simulator_leaves_curve_picture_and_checkpoint(
    studio: Studio, a_version: Freeze, a_recipe: MakeRecipe
) -> None:
    run = _start(studio, a_recipe(steps=5), version=a_version())
    assert _finish(studio, run) == JobState.SUCCEEDED
    (checkpoint,) = studio.rows(Checkpoint)
    assert (checkpoint.step, checkpoint.is_final, checkpoint.config["name"]) == (5, True, "mini")
    with studio.database.read() as session:
        steps = session.scalars(select(RunMetric.step).order_by(RunMetric.step)).all()
        (sample,) = session.scalars(select(RunSample)).all()
        lineage = {node.noun for node in artifacts.ancestors(session, studio.actor, checkpoint.id)}
        names = session.scalars(select(trust.Event.name)).all()
        path = checkpoints.open_weights(session, studio.actor, checkpoint.id, studio.store, studio.folder)
    assert steps == [1, 2, 3, 4, 5]
    assert (sample.step, len(sample.prompts)) == (5, 4)
    assert {"run", "dataset version", "asset", "artifact"} <= lineage
    assert {"run.started", "asset.exported", "checkpoint.saved", "run.finished"} <= set(names)
    assert checkpoint_files.open_checkpoint(path).manifest["card"]["step"] == 5


def test_fine_tuning_begins_from_a_checkpoint_and_is_derived_from_it(studio: Studio, a_recipe: MakeRecipe) -> None:
    _finish(studio, _start(studio, a_recipe(steps=2)))
    (parent,) = studio.rows(Checkpoint)
    run = _start(studio, a_recipe(steps=1), parent=parent, name="child")
    _finish(studio, run)
    child = next(each for each in studio.rows(Checkpoint) if each.run_id == run.id)
    with studio.database.read() as session:
        assert parent.id in {node.id for node in artifacts.ancestors(session, studio.actor, child.id)}


def test_a_run_asked_to_stop_ends_with_what_it_has(studio: Studio, a_recipe: MakeRecipe) -> None:
    run = _start(studio, a_recipe(steps=100_000))
    with studio.database.write() as session:
        runs.stop_run(session, studio.actor, run.id)
    assert _finish(studio, run) == JobState.SUCCEEDED
    (checkpoint,) = studio.rows(Checkpoint)
    assert checkpoint.is_final
    assert checkpoint.step < 1000


def test_a_checkpoint_of_revoked_footage_opens_for_nobody(
    studio: Studio, a_version: Freeze, a_recipe: MakeRecipe
) -> None:
    version = a_version()
    _finish(studio, _start(studio, a_recipe(steps=1), version=version))
    (checkpoint,) = studio.rows(Checkpoint)
    (entry,) = version.rights_proof["assets"]
    with studio.database.write() as session:
        found = rights.revoke(session, studio.actor, entry["asset_id"], "consent withdrawn")
        assert [node.id for node in found.checkpoints] == [checkpoint.id]
    with studio.database.read() as session, pytest.raises(AssetForbidden):
        checkpoints.open_weights(session, studio.actor, checkpoint.id, studio.store, studio.folder)


def test_a_version_of_clips_that_are_too_short_fails_in_words(
    studio: Studio, a_version: Freeze, a_recipe: MakeRecipe
) -> None:
    model = replace(a_recipe().model, window=64)
    run = _start(studio, a_recipe(steps=1, num_frames=60, model=model), version=a_version())
    Worker(studio.database, studio.store, workdir=studio.folder / "work").run_until_idle(120)
    with studio.database.read() as session:
        job = trust.load(session, studio.actor, Job, run.job_id or "")
        assert job.state == JobState.FAILED
        assert (job.failure or {})["code"] == "training.clips_too_short"
        assert "run.failed" in session.scalars(select(trust.Event.name)).all()


def test_saved_twice_at_one_step_the_first_stands(studio: Studio, a_recipe: MakeRecipe, tmp_path: Path) -> None:
    from muybridge.training.updates import CheckpointFiles

    run = _start(studio, a_recipe())
    config = a_recipe().model.to_json()
    for content, is_final in ((b"one", False), (b"two", True)):
        stored = studio.store.put_bytes(content)
        with studio.database.write() as session:
            files = CheckpointFiles(3, tmp_path / "x", {}, config, is_final)
            checkpoints.save(session, studio.actor, run, files, stored)
    (checkpoint,) = studio.rows(Checkpoint)
    assert checkpoint.digest == studio.store.put_bytes(b"one").digest
    assert checkpoint.is_final
