from collections.abc import Callable

import pytest
from labelled import Studio

from muybridge import artifacts, db, trust
from muybridge.catalog import rights
from muybridge.catalog.rights import AssetForbidden
from muybridge.datasets.tables import DatasetVersion
from muybridge.jobs import Job, JobState
from muybridge.training import runs
from muybridge.training.recipe import Recipe, recipe_from_json
from muybridge.training.runs import BadRun, NoRightsProof, RunEnded
from muybridge.training.tables import Run
from muybridge.trust.permissions import NotAllowed

Freeze = Callable[..., DatasetVersion]
MakeRecipe = Callable[..., Recipe]


@pytest.fixture
def any_database(database: db.Database) -> db.Database:
    """SQLite: nothing here depends on the dialect."""
    return database


def _start(studio: Studio, recipe: Recipe, **options: object) -> Run:
    with studio.database.write() as session:
        return runs.start_run(session, studio.actor, recipe, **options)  # type: ignore[arg-type]


def test_a_run_keeps_its_recipe_and_seed_and_waits_in_the_queue(studio: Studio, a_recipe: MakeRecipe) -> None:
    run = _start(studio, a_recipe(), seed=7, budget_s=30.0, name="first light")
    assert (run.name, run.seed, run.budget_s, run.version_id) == ("first light", 7, 30.0, None)
    assert recipe_from_json(run.recipe) == a_recipe(budget_s=30.0)
    with studio.database.read() as session:
        job = trust.load(session, studio.actor, Job, run.job_id or "")
        assert (job.name, job.subject_id, job.state) == ("training.train", run.id, JobState.QUEUED)


def test_a_run_comes_from_its_version_and_that_from_its_footage(
    studio: Studio, a_version: Freeze, a_recipe: MakeRecipe
) -> None:
    version = a_version()
    run = _start(studio, a_recipe(), version=version)
    with studio.database.read() as session:
        nouns = {node.noun for node in artifacts.ancestors(session, studio.actor, run.id)}
    assert {"dataset version", "asset"} <= nouns


def test_a_version_frozen_for_something_else_is_refused(
    studio: Studio, a_version: Freeze, a_recipe: MakeRecipe
) -> None:
    version = a_version(purpose="label")
    with pytest.raises(NoRightsProof, match="frozen for 'label'"):
        _start(studio, a_recipe(), version=version)


def test_a_version_without_its_proof_is_refused(studio: Studio, a_version: Freeze, a_recipe: MakeRecipe) -> None:
    version = a_version()
    version.rights_proof = {}
    with pytest.raises(NoRightsProof):
        _start(studio, a_recipe(), version=version)


def test_rights_revoked_since_freezing_are_asked_again(studio: Studio, a_version: Freeze, a_recipe: MakeRecipe) -> None:
    version = a_version()
    (entry,) = version.rights_proof["assets"]
    with studio.database.write() as session:
        rights.revoke(session, studio.actor, entry["asset_id"], "the owner asked")
    with pytest.raises(AssetForbidden, match=r"street\.mp4"):
        _start(studio, a_recipe(), version=version)


def test_who_may_not_train_is_told_so(studio: Studio, a_recipe: MakeRecipe) -> None:
    viewer = trust.Actor("mbr_x", studio.actor.tenant_id, trust.Role.VIEWER)
    with studio.database.write() as session, pytest.raises(NotAllowed):
        runs.start_run(session, viewer, a_recipe())


@pytest.mark.parametrize(("wrong", "says"), [({"seed": -1}, "Seed -1"), ({"budget_s": 0.0}, "budget of 0 seconds")])
def test_an_impossible_run_is_refused(studio: Studio, a_recipe: MakeRecipe, wrong: dict[str, float], says: str) -> None:
    with pytest.raises(BadRun, match=says):
        _start(studio, a_recipe(), **wrong)


def test_nothing_to_learn_from_is_refused(studio: Studio, a_recipe: MakeRecipe) -> None:
    with pytest.raises(BadRun, match="no room, and no version"):
        _start(studio, a_recipe(clips=()))


def test_stopping_is_noted_once_and_an_ended_run_cannot_be_stopped(studio: Studio, a_recipe: MakeRecipe) -> None:
    run = _start(studio, a_recipe())
    with studio.database.write() as session:
        first = runs.stop_run(session, studio.actor, run.id).stop_requested_at
    with studio.database.write() as session:
        assert runs.stop_run(session, studio.actor, run.id).stop_requested_at == first
        trust.load(session, studio.actor, Job, run.job_id or "").state = JobState.SUCCEEDED
    with studio.database.write() as session, pytest.raises(RunEnded):
        runs.stop_run(session, studio.actor, run.id)


def test_the_code_version_names_the_commit() -> None:
    assert runs.code_version().startswith("0.")
