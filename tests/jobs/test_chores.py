"""Chores that one worker does for all workers of a database."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from muybridge import db, jobs
from muybridge.errors import Unavailable
from muybridge.jobs import SharedChore, Worker, chores
from muybridge.jobs.tables import ChoreRun


def run_of(database: db.Database) -> ChoreRun:
    with database.read() as session:
        (run,) = jobs.last_runs(session)
        return run


def has_finished(database: db.Database) -> bool:
    with database.read() as session:
        return any(run.finished_at for run in jobs.last_runs(session))


def test_of_many_workers_one_does_a_chore_and_writes_down_what_came_of_it(any_database: db.Database) -> None:
    done: list[str] = []
    start = threading.Barrier(8)
    chore = SharedChore("house.sweep", 3600.0, lambda: {"num_removed": len(done)})

    def work(name: str) -> None:
        start.wait()
        if chores.attend(any_database, name, chore):
            done.append(name)

    workers = [threading.Thread(target=work, args=(f"worker {number}",)) for number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    run = run_of(any_database)
    assert done == [run.worker]
    assert (run.name, run.result, run.failure) == ("house.sweep", {"num_removed": 0}, None)
    assert run.finished_at is not None
    assert run.finished_at >= run.started_at


def test_a_chore_is_done_again_when_it_is_due_though_its_worker_died_over_it(any_database: db.Database) -> None:
    chore = SharedChore("house.sweep", 3600.0, dict)
    with any_database.write() as session:
        session.add(ChoreRun(name="house.sweep", worker="dead", started_at=db.now(session) - timedelta(minutes=59)))
    assert not chores.attend(any_database, "second", chore)
    with any_database.write() as session:
        session.execute(update(ChoreRun).values(started_at=db.now(session) - timedelta(minutes=61)))
    assert chores.attend(any_database, "second", chore)
    assert run_of(any_database).worker == "second"


def test_what_goes_wrong_is_written_down_and_ends_nothing(any_database: db.Database) -> None:
    def fail() -> dict[str, int]:
        raise Unavailable("The store is away.", remedy="Bring it back.")

    assert chores.attend(any_database, "first", SharedChore("house.sweep", 3600.0, fail))
    failure = run_of(any_database).failure or {}
    assert (failure["detail"], failure["remedy"]) == ("The store is away.", "Bring it back.")


def test_a_worker_that_has_nothing_to_do_leaves_the_chore_to_others(any_database: db.Database) -> None:
    idle = SharedChore("house.spool", 3600.0, dict, is_needed=lambda: False)
    assert not chores.attend(any_database, "without a spool", idle)
    assert chores.attend(any_database, "with the spool", SharedChore("house.spool", 3600.0, dict))


@pytest.mark.usefixtures("actor")
def test_a_worker_does_its_chores_beside_its_jobs(
    any_database: db.Database, make_worker: Callable[..., Worker]
) -> None:
    stop = threading.Event()
    worker = make_worker(shared_chores=[SharedChore("house.sweep", 3600.0, lambda: {"num_removed": 2})])
    running = threading.Thread(target=worker.run_until, args=(stop,))
    running.start()
    try:
        # A worker that stops waits for a chore for a while only.
        deadline = time.monotonic() + 60
        while not has_finished(any_database) and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        stop.set()
        running.join()
    run = run_of(any_database)
    assert (run.worker, run.result) == (worker.name, {"num_removed": 2})
