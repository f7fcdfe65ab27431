"""Every job survives the SIGKILL of its worker at any stage, with one result."""

import shutil
from pathlib import Path

import pytest

import faults
from muybridge import wiring

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]
HANDLERS = sorted(wiring.JOB_HANDLERS)
ON_POSTGRES = ("catalog.ingest", "datasets.export", "generation.play", "jobs.deliver", "labeling.resolve")
"""The default lane tries a handful on PostgreSQL; `make test-full` all."""


class Clean:
    """What runs that nothing killed leave behind; one a handler."""

    def __init__(self, folder: Path, template: Path) -> None:
        self._folder, self._template = folder, template
        self._rows: dict[str, dict[str, int]] = {}

    def rows(self, handler: str) -> dict[str, int]:
        """Rows by table after a clean run."""
        if handler not in self._rows:
            folder = self._folder / handler
            folder.mkdir()
            shutil.copyfile(self._template, folder / "muybridge.db")
            arena = faults.open_arena(f"sqlite:///{folder / 'muybridge.db'}", folder)
            self._rows[handler] = faults.play(arena, handler, [])
        return self._rows[handler]


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Clean:
    return Clean(tmp_path_factory.mktemp("clean"), sqlite_template)


def kill_and_compare(url: str, folder: Path, clean: Clean, handler: str, kills: list[faults.Kill]) -> None:
    killed = faults.play(faults.open_arena(url, folder), handler, kills)
    assert killed == clean.rows(handler), "a run that was killed left other rows than one that was not"


@pytest.mark.parametrize("handler", HANDLERS)
def test_every_handler_has_a_scenario(handler: str) -> None:
    assert handler in faults.load_scenarios(), (
        f"write tests/faults/scenarios_{handler.partition('.')[0]}.py with @scenario({handler!r}); "
        f"its stages are {faults.stages_of(handler)}"
    )


def test_every_scenario_has_a_handler() -> None:
    assert sorted(faults.load_scenarios()) == HANDLERS


@pytest.mark.parametrize("handler", HANDLERS)
def test_a_job_killed_at_its_stages_in_turn_has_one_result(
    handler: str, sqlite_url: str, clean: Clean, tmp_path: Path
) -> None:
    kill_and_compare(sqlite_url, tmp_path, clean, handler, faults.one_kill_a_stage(handler))


@pytest.mark.postgres
@pytest.mark.parametrize("handler", ON_POSTGRES)
def test_the_same_on_postgres(handler: str, postgres_url: str, clean: Clean, tmp_path: Path) -> None:
    kill_and_compare(postgres_url, tmp_path, clean, handler, faults.one_kill_a_stage(handler))


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("handler", HANDLERS)
def test_a_job_killed_before_and_after_every_commit_has_one_result(
    handler: str, database_url: str, clean: Clean, tmp_path: Path
) -> None:
    kill_and_compare(database_url, tmp_path, clean, handler, faults.all_kills(handler))
