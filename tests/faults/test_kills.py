"""Every job survives the SIGKILL of its worker at every stage, with one result."""

import shutil
from pathlib import Path

import pytest

import faults
from muybridge import wiring

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]
HANDLERS = sorted(wiring.JOB_HANDLERS)
ON_POSTGRES = HANDLERS[:4]
"""The default lane tries a handful on PostgreSQL; `make test-full` all."""


def kill_and_compare(url: str, reference_url: str, folder: Path, handler: str, kills: list[faults.Kill]) -> None:
    clean = faults.play(faults.open_arena(reference_url, _made(folder / "clean")), handler, [])
    killed = faults.play(faults.open_arena(url, _made(folder / "killed")), handler, kills)
    assert killed == clean, "a run that was killed left other rows than one that was not"


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def second_url(tmp_path: Path, sqlite_template: Path) -> str:
    path = tmp_path / "reference.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.mark.parametrize("handler", HANDLERS)
def test_every_handler_has_a_scenario(handler: str) -> None:
    assert handler in faults.load_scenarios(), (
        f"write tests/faults/scenarios_{handler.partition('.')[0]}.py with @scenario({handler!r}); "
        f"its stages are {faults.stages_of(handler)}"
    )


def test_every_scenario_has_a_handler() -> None:
    assert sorted(faults.load_scenarios()) == HANDLERS


@pytest.mark.parametrize("handler", HANDLERS)
def test_a_job_killed_at_each_stage_in_turn_has_one_result(
    handler: str, sqlite_url: str, second_url: str, tmp_path: Path
) -> None:
    kill_and_compare(sqlite_url, second_url, tmp_path, handler, faults.one_kill_a_stage(handler))


@pytest.mark.postgres
@pytest.mark.parametrize("handler", ON_POSTGRES)
def test_the_same_on_postgres(handler: str, postgres_url: str, second_url: str, tmp_path: Path) -> None:
    kill_and_compare(postgres_url, second_url, tmp_path, handler, faults.one_kill_a_stage(handler))


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("handler", HANDLERS)
def test_a_job_killed_before_and_after_every_commit_has_one_result(
    handler: str, database_url: str, second_url: str, tmp_path: Path
) -> None:
    kill_and_compare(database_url, second_url, tmp_path, handler, faults.all_kills(handler))
