"""What comes with the package: whole, small, with its card, and adopted once."""

import pytest
from sqlalchemy import func, select

from muybridge.training import checkpoint_files, shipped
from muybridge.training.tables import Checkpoint

from .conftest import Studio


@pytest.mark.parametrize("size", shipped.sizes())
def test_each_shipped_file_is_whole_small_and_tells_what_it_is(size: str) -> None:
    path = shipped.path_of(size)
    opened = checkpoint_files.open_checkpoint(path)
    assert opened.model.config.name == size
    assert opened.manifest["weights"] == "int8_rows"
    assert path.stat().st_size < 1.1 * opened.model.num_parameters
    assert {"step", "seed", "parameters", "clips_seen"} <= opened.manifest["card"].keys()
    assert size in (shipped.FOLDER / "CARD.md").read_text()


def test_all_that_is_shipped_stays_below_thirty_megabytes() -> None:
    assert sum(path.stat().st_size for path in shipped.FOLDER.iterdir()) <= 30 * 10**6


def test_a_new_tenant_is_given_what_comes_with_the_package_once(studio: Studio) -> None:
    for _ in range(2):
        with studio.database.write() as session:
            shipped.welcome(session, studio.actor, studio.store)
    with studio.database.read() as session:
        # all tenants: there is one.
        assert session.scalar(select(func.count()).select_from(Checkpoint)) == len(shipped.sizes())


def test_a_size_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(shipped.NothingShipped) as refused:
        shipped.path_of("huge")
    assert "nano" in refused.value.remedy
