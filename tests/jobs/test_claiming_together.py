"""Many processes on one queue: no job is done twice, none is left."""

import multiprocessing
import os
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from muybridge import db, trust
from muybridge.jobs import Job, JobEvent, JobState, leases
from muybridge.jobs.leases import Held
from muybridge.units import new_id

NAME = "test.work"


def claim_and_finish(url: str, batch: int, done: Any) -> None:
    database = db.open_database(url, pool_size=1)
    mine: list[str] = []
    while jobs := leases.claim(database, f"w{os.getpid()}", [NAME], limit=batch):
        for job in jobs:
            with database.write() as session:
                leases.succeed(session, Held(job.id, job.lease))
            mine.append(job.id)
    done.put(mine)


def finish_all(url: str, actor: trust.Actor, *, jobs: int, processes: int, batch: int, locks: int = 0) -> list[str]:
    """Every job id, once for each time that a process finished it."""
    database = db.open_database(url)
    rows = [
        {
            "id": new_id("job"),
            "tenant_id": actor.tenant_id,
            "name": NAME,
            "actor_id": actor.id,
            "lock": f"lock {number % locks}" if locks else None,
        }
        for number in range(jobs)
    ]
    with database.write() as session:
        session.execute(insert(Job), rows)
    # fork: the test's module cannot be imported by name in a fresh interpreter, and nothing is open in these children.
    context = multiprocessing.get_context("fork")
    done = context.Queue()
    database.dispose()
    workers = [context.Process(target=claim_and_finish, args=(url, batch, done)) for _ in range(processes)]
    for worker in workers:
        worker.start()
    finished = [job_id for _ in workers for job_id in done.get(timeout=250)]
    for worker in workers:
        worker.join()
    with database.read() as session:
        states = Counter(dict(session.execute(select(Job.state, func.count()).group_by(Job.state)).all()))
        claims = session.scalar(select(func.count()).where(JobEvent.kind == "claimed"))
    database.dispose()
    assert states == {JobState.SUCCEEDED: jobs}
    assert claims == jobs
    return finished


@pytest.mark.parametrize("batch", [1, 7])
def test_four_processes_do_each_job_once(database_url: str, actor: trust.Actor, batch: int) -> None:
    finished = finish_all(database_url, actor, jobs=120, processes=4, batch=batch)
    assert len(finished) == len(set(finished)) == 120


def test_locks_hold_between_processes(database_url: str, actor: trust.Actor) -> None:
    """The index `uq_jobs_lock` refuses a second runner of one lock, so every claim here was alone with its lock."""
    finished = finish_all(database_url, actor, jobs=60, processes=3, batch=2, locks=5)
    assert len(finished) == len(set(finished)) == 60


@pytest.mark.slow
def test_six_processes_do_three_thousand_jobs_once_each(database_url: str, actor: trust.Actor) -> None:
    finished = finish_all(database_url, actor, jobs=3_000, processes=6, batch=1)
    assert len(finished) == len(set(finished)) == 3_000
