"""Whatever a client sends, v1 answers it or refuses it: no input that the document allows, or does not, breaks it.

A bounded number of examples for each operation, with ids of rows that are really there among them, so that requests
get past the door. More by `pytest -m slow`.
"""

import itertools
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "fixtures"))

sys.path.insert(0, str(Path(__file__).resolve().parent))

from holdings import Holdings
from operations import Operation, all_operations

from muybridge import db, trust, wiring
from muybridge.settings import Settings

OPERATIONS = [operation for operation in all_operations() if operation.path.startswith("/v1/")]
_turn = itertools.count()


@pytest.fixture(scope="module")
def v1(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("schemathesis")
    shutil.copyfile(sqlite_template, folder / "muybridge.db")
    wiring.connect_plugins()
    database = db.open_database(f"sqlite:///{folder}/muybridge.db")
    installation = wiring.Installation(
        Settings(data_dir=folder), database, wiring.open_store(Settings(data_dir=folder))
    )
    with database.write() as session:
        owner = trust.create_tenant(session, "Ours", "ada@ours.example").owner
        actor = trust.actor_of(session, owner, via="cli")
        secret = trust.create_key(session, actor, "robot", role=trust.Role.OWNER).secret
        held = Holdings(actor, "mark")
        held.fill(session)
    app = wiring.build_app(installation)
    schema = schemathesis.openapi.from_asgi("/v1/openapi.json", app)
    schema.secret, schema.held = secret, dict(held.ids)
    yield schema
    database.dispose()


QUICK = settings(max_examples=5, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
LONG = settings(QUICK, max_examples=100)
PLACES = {
    "assets": "ast",
    "projects": "prj",
    "runs": "run",
    "jobs": "job",
    "datasets": "dst",
    "generations": "gen",
    "sessions": "ses",
}
"""Where ids of rows that are there take turns with made-up ones. Not keys: deleting its own would end the test."""


def _break(v1: Any, operation: Operation, bounds: settings) -> None:
    place = operation.path.split("/")[2]

    @given(case=v1[operation.path][operation.method.upper()].as_strategy())
    @bounds
    def send(case: Any) -> None:
        if operation.path.endswith("/stream"):
            case.query = {**(case.query or {}), "for_s": 0}  # an open stream has no end to wait for
        if next(_turn) % 2 and "id" in (case.path_parameters or {}) and place in PLACES:
            case.path_parameters = {**case.path_parameters, "id": v1.held[PLACES[place]]}
        # However slow the machine: what is asked here is whether it breaks.
        case.call_and_validate(
            headers={"Authorization": f"Bearer {v1.secret}"}, checks=[not_a_server_error], timeout=120.0
        )

    send()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_no_request_breaks_the_server(v1: Any, operation: Operation) -> None:
    _break(v1, operation, QUICK)


@pytest.mark.slow
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_no_request_breaks_the_server_in_many_tries(v1: Any, operation: Operation) -> None:
    _break(v1, operation, LONG)
