"""What `muybridge doctor` says of the chores that workers share."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from muybridge import db, jobs, wiring
from muybridge.cli.local import Local
from muybridge.errors import Unavailable
from muybridge.jobs import chores
from muybridge.jobs.tables import ChoreRun

from .conftest import Ran


@pytest.fixture
def attend(local: Local) -> Callable[..., None]:
    """Have a worker do a chore, some hours ago."""

    def do(name: str, *, run: Callable[[], Any] | None = None, hours_ago: float = 0.0) -> None:
        (chore,) = (chore for chore in wiring.shared_chores(local.installation) if chore.name == name)
        database = local.installation.database
        assert chores.attend(database, "a worker", jobs.SharedChore(name, chore.every_s, run or chore.run))
        with database.write() as session:
            then = db.now(session) - timedelta(hours=hours_ago)
            session.execute(update(ChoreRun).where(ChoreRun.name == name).values(started_at=then))

    return do


def test_it_says_when_each_chore_ran_and_whether_it_is_due(
    muybridge: Callable[..., Ran], attend: Callable[..., None]
) -> None:
    attend("artifacts.sweep", hours_ago=4)
    attend("catalog.give_up_unbegun", hours_ago=3)
    ran = muybridge("doctor")
    assert ran.code == 0
    assert "artifacts.sweep ran 4 h ago, due again in 120 min" in ran.out
    assert "catalog.give_up_unbegun ran 3 h ago, due now" in ran.out
    assert "catalog.discard_stale has not run yet, nothing to do" in ran.out

    told = {chore["name"]: chore for chore in muybridge("doctor", "--json").json["chores"]}
    assert {name: (chore["is_due"], chore["is_needed"]) for name, chore in told.items()} == {
        "artifacts.sweep": (False, True),
        "catalog.discard_stale": (True, False),
        "catalog.give_up_unbegun": (True, True),
    }
    sweep = told["artifacts.sweep"]
    assert (sweep["worker"], sweep["every_s"], sweep["failure"]) == ("a worker", 6 * 3600.0, None)
    assert sweep["result"]["num_removed"] == 0
    assert sweep["started_at"] < sweep["finished_at"] < sweep["due_at"]


def test_a_chore_that_failed_is_wrong_and_says_what_helps(
    muybridge: Callable[..., Ran], attend: Callable[..., None]
) -> None:
    def fail() -> dict[str, Any]:
        raise Unavailable("The store is away.", remedy="Bring it back.")

    attend("artifacts.sweep", run=fail)
    ran = muybridge("doctor", "--json")
    (finding,) = (each for each in ran.json["findings"] if each["state"] == "wrong")
    assert ran.code == 1
    assert finding["detail"].endswith("ago and failed: The store is away.")
    assert finding["remedy"] == "Bring it back."
