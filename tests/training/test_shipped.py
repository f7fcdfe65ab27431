"""What comes with the package: whole, small, with its card, and adopted once."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from muybridge import artifacts
from muybridge.training import checkpoint_files, checkpoints, recipes, shipped
from muybridge.training.recipe import SimulatorClips, recipe_from_json
from muybridge.training.tables import Checkpoint, Run
from muybridge.training.updates import CheckpointFiles

from .conftest import Studio


@pytest.mark.parametrize("name", shipped.names())
def test_each_shipped_file_is_whole_small_and_tells_what_it_is(name: str) -> None:
    path = shipped.path_of(name)
    opened = checkpoint_files.open_checkpoint(path)
    assert recipe_from_json(opened.manifest["recipe"]).model == opened.model.config
    assert opened.manifest["weights"] == "int8_rows"
    assert path.stat().st_size < 1.1 * opened.model.num_parameters
    assert {"step", "seed", "parameters", "clips_seen"} <= opened.manifest["card"].keys()
    assert name in (shipped.FOLDER / f"{name}.md").read_text().splitlines()[0]


def test_all_that_is_shipped_stays_below_thirty_megabytes() -> None:
    assert sum(path.stat().st_size for path in shipped.FOLDER.iterdir()) <= 30 * 10**6


def test_a_new_tenant_is_given_what_comes_with_the_package_once(studio: Studio) -> None:
    for _ in range(2):
        with studio.database.write() as session:
            shipped.welcome(session, studio.actor, studio.store)
    with studio.database.read() as session:
        # all tenants: there is one.
        assert session.scalar(select(func.count()).select_from(Checkpoint)) == len(shipped.names())


def test_a_name_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(shipped.NothingShipped) as refused:
        shipped.path_of("huge")
    assert "nano" in refused.value.remedy


def test_who_asks_for_a_room_gets_the_newest_that_was_shown_it(studio: Studio, tmp_path: Path) -> None:
    """Rows as trainings would leave them: the newest of all was only ever given first frames of the Arcade."""
    showing = {
        "words": replace(recipes.smoke(), clips=(SimulatorClips("bakeoff"),)),
        "both": replace(recipes.smoke(), clips=(SimulatorClips("bakeoff"), SimulatorClips("lab"))),
        "footage": recipes.footage(),
        "play": replace(recipes.smoke(), clips=(SimulatorClips("arcade", num_given=1),)),
    }
    with studio.database.write() as session:
        for step, (name, recipe) in enumerate(showing.items()):
            run = Run(tenant_id=studio.actor.tenant_id, name=name, recipe=recipe.to_json(), seed=0, code_version="0")
            session.add(run)
            session.flush()
            artifacts.describe(session, studio.actor, run.id, name)
            path = tmp_path / name
            path.write_text(name)
            files = CheckpointFiles(step, path, {}, recipe.model.to_json(), is_final=True)
            checkpoints.save(session, studio.actor, run, files, studio.store.put_file(path))
    with studio.database.read() as session:
        found = {
            room: list(showing)[checkpoints.newest_final(session, studio.actor, room).step]
            for room in (None, "bakeoff", "lab", "arcade", "desk")
        }
        goes_on = checkpoints.newest_final(session, studio.actor, from_words=False)
        newest_first = checkpoints.list_checkpoints(session, studio.actor, limit=9, cursor=None).items
        told = zip(newest_first, checkpoints.taught(session, studio.actor, newest_first), strict=True)
        obedient = [list(showing)[checkpoint.step] for checkpoint, taught in told if taught.obeys_words]
    assert obedient == ["both", "words"], "who lists checkpoints can tell which one is taken"
    assert list(showing)[goes_on.step] == "footage", "what frames are given to need not draw the first"
    assert found == {None: "both", "bakeoff": "both", "lab": "both", "arcade": "play", "desk": "play"}
