from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from muybridge import db, trust
from muybridge.jobs import Job, JobEvent, JobState, LeaseLost, cancel, enqueue, leases
from muybridge.jobs.leases import Held

NAMES = ["test.work"]


def put(database: db.Database, actor: trust.Actor, **options: object) -> str:
    with database.write() as session:
        return enqueue(session, actor, "test.work", None, **options).id  # type: ignore[arg-type]


def claim(database: db.Database, worker: str = "w1", **options: object) -> list[str]:
    return [job.id for job in leases.claim(database, worker, NAMES, **options)]  # type: ignore[arg-type]


def expire(database: db.Database, job_id: str) -> None:
    with database.write() as session:
        past = db.now(session) - timedelta(seconds=1)
        session.execute(update(Job).where(Job.id == job_id).values(lease_until=past))


def kinds(database: db.Database, job_id: str) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(JobEvent.kind).where(JobEvent.job_id == job_id).order_by(JobEvent.id)))


def test_a_claim_takes_the_oldest_job_and_says_so(
    any_database: db.Database, actor: trust.Actor, job_of: Callable[[str], Job]
) -> None:
    first, second = put(any_database, actor), put(any_database, actor)
    assert claim(any_database) == [first]
    job = job_of(first)
    assert (job.state, job.lease, job.attempts, job.worker) == ("running", 1, 1, "w1")
    assert job.lease_until is not None
    assert job.started_at is not None
    assert timedelta(seconds=55) < job.lease_until - job.started_at < timedelta(seconds=65)
    assert kinds(any_database, first) == ["enqueued", "claimed"]
    assert claim(any_database) == [second]
    assert claim(any_database) == []


def test_a_higher_priority_goes_first(any_database: db.Database, actor: trust.Actor) -> None:
    low, high, middle = (put(any_database, actor, priority=priority) for priority in (0, 9, 5))
    assert claim(any_database, limit=3) == [high, middle, low]


def test_a_job_waits_for_its_time(any_database: db.Database, actor: trust.Actor) -> None:
    with any_database.read() as session:
        soon = db.now(session) + timedelta(hours=1)
        before = db.now(session) - timedelta(seconds=1)
    put(any_database, actor, run_after=soon)
    due = put(any_database, actor, run_after=before)
    assert claim(any_database, limit=9) == [due]


def test_a_job_that_needs_gpus_is_left_by_a_worker_without(any_database: db.Database, actor: trust.Actor) -> None:
    job = put(any_database, actor, gpus=2)
    assert claim(any_database, free_gpus=1) == []
    assert claim(any_database, free_gpus=2) == [job]


def test_jobs_of_another_name_are_left(any_database: db.Database, actor: trust.Actor) -> None:
    put(any_database, actor)
    assert leases.claim(any_database, "w1", ["test.other"]) == []


def test_of_one_lock_one_job_runs_at_a_time(any_database: db.Database, actor: trust.Actor) -> None:
    first, second = put(any_database, actor, lock="gpu"), put(any_database, actor, lock="gpu")
    free = put(any_database, actor)
    assert claim(any_database, limit=9) == [first, free]
    assert claim(any_database, limit=9) == []
    with any_database.write() as session:
        leases.succeed(session, Held(first, 1))
    assert claim(any_database, limit=9) == [second]


def test_a_dedupe_key_gives_back_the_job_that_is_on_its_way(any_database: db.Database, actor: trust.Actor) -> None:
    first = put(any_database, actor, dedupe_key="once")
    assert put(any_database, actor, dedupe_key="once") == first
    claim(any_database)
    assert put(any_database, actor, dedupe_key="once") == first
    with any_database.write() as session:
        leases.succeed(session, Held(first, 1))
    assert put(any_database, actor, dedupe_key="once") != first


def test_a_dedupe_key_is_each_tenants_own(any_database: db.Database, actor: trust.Actor) -> None:
    with any_database.write() as session:
        other = trust.system_actor(trust.create_tenant(session, "Other", "owner@example.com").tenant.id)
    assert put(any_database, actor, dedupe_key="once") != put(any_database, other, dedupe_key="once")


def test_a_stale_lease_is_refused(any_database: db.Database, actor: trust.Actor) -> None:
    job = put(any_database, actor)
    claim(any_database, "slow")
    expire(any_database, job)
    with any_database.write() as session:
        assert leases.take_back(session) == 1
    assert claim(any_database, "quick") == [job]
    for act in (leases.succeed, lambda s, h: leases.renew(s, h, lease_s=60)):
        with pytest.raises(LeaseLost), any_database.write() as session:
            act(session, Held(job, 1))
    with any_database.write() as session:
        leases.succeed(session, Held(job, 2))
    assert kinds(any_database, job) == ["enqueued", "claimed", "lease_expired", "claimed", "succeeded"]


def lose_worker(database: db.Database, job_id: str) -> None:
    """Its lease runs out, and the job is taken back."""
    expire(database, job_id)
    with database.write() as session:
        leases.take_back(session)


def test_a_lost_worker_does_not_use_up_attempts(
    any_database: db.Database, actor: trust.Actor, job_of: Callable[[str], Job]
) -> None:
    job = put(any_database, actor, max_attempts=1)
    for _ in range(leases.MAX_LOSSES - 1):
        assert claim(any_database) == [job]
        lose_worker(any_database, job)
    assert (job_of(job).state, job_of(job).attempts) == ("queued", 0)
    claim(any_database)
    lose_worker(any_database, job)
    failed = job_of(job)
    assert failed.state == "failed"
    assert failed.failure is not None
    assert failed.failure["code"] == "jobs.worker_lost"


def test_a_stage_that_is_done_forgives_the_workers_lost_before(
    any_database: db.Database, actor: trust.Actor, job_of: Callable[[str], Job]
) -> None:
    job = put(any_database, actor)
    for number in range(leases.MAX_LOSSES + 2):
        assert claim(any_database) == [job]
        with any_database.write() as session:
            leases.renew(session, Held(job, number + 1), lease_s=30.0, ends_stage=number % 3 == 2)
        lose_worker(any_database, job)
    assert (job_of(job).state, job_of(job).losses) == ("queued", 1)


def test_a_dead_workers_jobs_are_taken_back_before_the_lease_ends(
    any_database: db.Database, actor: trust.Actor, job_of: Callable[[str], Job]
) -> None:
    job = put(any_database, actor)
    claim(any_database, "dead")
    with any_database.write() as session:
        assert leases.take_back(session, vanished_workers=["other"]) == 0
        assert leases.take_back(session, vanished_workers=["dead"]) == 1
    assert job_of(job).state == JobState.QUEUED


def test_renewing_prolongs_each_lease_of_a_worker_and_learns_of_cancels(
    any_database: db.Database, actor: trust.Actor
) -> None:
    first, second = put(any_database, actor), put(any_database, actor)
    claim(any_database, "w1", limit=2)
    with any_database.write() as session:
        cancel(session, actor, second)
    with any_database.write() as session:
        standing = leases.renew_all(session, [Held(first, 1), Held(second, 1), Held(first, 7)], lease_s=600)
    assert standing.kept == {Held(first, 1), Held(second, 1)}
    assert standing.cancelled == {second}
    with any_database.read() as session:
        assert leases.look(session, [Held(first, 1), Held(second, 1)]) == standing
        assert leases.look(session, []).kept == frozenset()


def test_a_released_job_is_claimed_again_without_counting(
    any_database: db.Database, actor: trust.Actor, job_of: Callable[[str], Job]
) -> None:
    job = put(any_database, actor)
    claim(any_database)
    with any_database.write() as session:
        leases.release(session, Held(job, 1))
    assert (job_of(job).state, job_of(job).attempts) == ("queued", 0)
    assert claim(any_database) == [job]


FAILURE = {"code": "test.away"}


def lose_its_last_worker(session: Session, held: Held) -> None:
    lost = {"losses": leases.MAX_LOSSES - 1, "lease_until": db.now(session) - timedelta(seconds=1)}
    session.execute(update(Job).where(Job.id == held.job_id).values(lost))
    leases.take_back(session)


@pytest.mark.parametrize(
    "end_attempt",
    [
        leases.release,
        lambda session, held: leases.retry(session, held, FAILURE, after_s=0),
        lambda session, held: leases.give_up(session, held, JobState.FAILED, FAILURE),
        lose_its_last_worker,
    ],
    ids=["given back", "failed", "failed for good", "lost its last worker"],
)
def test_a_job_that_was_to_be_cancelled_ends_so_however_its_attempt_ends(
    any_database: db.Database,
    actor: trust.Actor,
    job_of: Callable[[str], Job],
    end_attempt: Callable[[Session, Held], object],
) -> None:
    job = put(any_database, actor)
    claim(any_database)
    with any_database.write() as session:
        cancel(session, actor, job)
    with any_database.write() as session:
        end_attempt(session, Held(job, 1))
    assert (job_of(job).state, job_of(job).failure) == ("cancelled", None)
    assert kinds(any_database, job)[-1] == "cancelled"
    assert claim(any_database) == []
