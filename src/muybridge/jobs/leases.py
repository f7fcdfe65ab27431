"""Who has which job: claiming, renewing, giving back, and taking from those who vanished.

A lease is a number and a time. Every claim raises the number, and every write of a worker names the number it holds,
so a worker that slept through its lease can no longer change anything (fencing). Time is the database's clock only.

These statements are the worker's own and reach over all tenants; everything that people ask goes through trust.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Float,
    Update,
    and_,
    bindparam,
    delete,
    exists,
    false,
    insert,
    literal_column,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from muybridge.db import Database
from muybridge.jobs import dialects, queue
from muybridge.jobs.errors import LeaseLost
from muybridge.jobs.tables import Job, JobChannel, JobEvent, JobState

# all tenants: a worker serves every one of them; each statement here names its jobs by lease, lock or time.

MAX_LOSSES = 10
"""A job whose worker vanished this often, with no stage done in between, is what makes workers vanish."""


# Spelled out in the statement: a partial index serves only a query that is seen to name its state.
_QUEUED: ColumnElement[str] = literal_column(f"'{JobState.QUEUED}'")
_RUNNING: ColumnElement[str] = literal_column(f"'{JobState.RUNNING}'")
_NOTE = insert(JobEvent.__table__)  # type: ignore[arg-type]  # a mapped class's table is a Table


class Held(NamedTuple):
    """A job and the number of the lease under which this worker has it."""

    job_id: str
    lease: int


def has_due(session: Session, names: Sequence[str], *, free_gpus: int = 0) -> bool:
    """Whether anything might be claimed; a look that takes no lock."""
    statement = _due_statement(dialects.name_of(session))
    return session.execute(statement, {"names": list(names), "free_gpus": free_gpus}).first() is not None


def claim(
    database: Database, worker: str, names: Sequence[str], *, limit: int = 1, free_gpus: int = 0, lease_s: float = 60.0
) -> list[Job]:
    """Take up to `limit` due jobs of these names: highest priority first, then oldest; one a lock.

    One UPDATE … RETURNING. Jobs that need more GPUs than are free are left.
    """
    asked = {
        "worker": worker,
        "names": list(names),
        # A batch that needs GPUs could need more than are free together.
        "limit": 1 if free_gpus else limit,
        "free_gpus": free_gpus,
        "lease_s": lease_s,
    }
    for _ in range(5):
        try:
            with database.write() as session:
                return _claim(session, asked)
        except IntegrityError as error:
            # PostgreSQL: another worker took a job of the same lock in the same instant. Now it is visible.
            if "uq_jobs_lock" not in str(error.orig):
                raise
    return []


def _claim(session: Session, asked: dict[str, Any]) -> list[Job]:
    unsynchronized = {"synchronize_session": False, "populate_existing": True}
    taken = session.scalars(_claim_statement(dialects.name_of(session)), asked, execution_options=unsynchronized)
    jobs = sorted(taken, key=lambda job: (-job.priority, job.id))
    if jobs:
        facts = {"worker": asked["worker"]}
        told = [
            {"tenant_id": job.tenant_id, "job_id": job.id, "kind": "claimed", "lease": job.lease, "facts": facts}
            for job in jobs
        ]
        session.connection().execute(_NOTE, told)
    return jobs


@cache
def _claim_statement(dialect: str) -> Any:
    # Built once: making this statement anew took 8 of the 11 ms that a claim cost.
    running, rival = aliased(Job), aliased(Job)
    is_lock_held = exists().where(running.lock == Job.lock, running.state == _RUNNING)
    goes_before = or_(rival.priority > Job.priority, and_(rival.priority == Job.priority, rival.id < Job.id))
    has_rival = exists().where(rival.lock == Job.lock, goes_before, *_due_terms(dialect, rival))
    due = (
        select(Job.id)
        .where(*_due_terms(dialect, Job), or_(Job.lock.is_(None), and_(~is_lock_held, ~has_rival)))
        .order_by(Job.priority.desc(), Job.id)
        .limit(bindparam("limit"))
    )
    chosen = dialects.skipping_locked(due).cte("chosen").prefix_with("MATERIALIZED", dialect="postgresql")
    return (
        update(Job)
        .where(Job.id.in_(select(chosen.c.id)))
        .values(
            state=JobState.RUNNING,
            lease=Job.lease + 1,
            lease_until=dialects.clock(dialect, later_s=bindparam("lease_s", type_=Float())),
            attempts=Job.attempts + 1,
            worker=bindparam("worker"),
            started_at=dialects.clock(dialect),
            cancel_requested_at=None,
        )
        .returning(Job)
    )


@cache
def _due_statement(dialect: str) -> Any:
    return select(Job.id).where(*_due_terms(dialect, Job)).limit(1)


def _due_terms(dialect: str, job: type[Job]) -> list[ColumnElement[bool]]:
    is_time = or_(job.run_after.is_(None), job.run_after <= dialects.clock(dialect))
    is_known = job.name.in_(bindparam("names", expanding=True))
    return [job.state == _QUEUED, is_time, is_known, job.gpus <= bindparam("free_gpus")]


def renew(session: Session, held: Held, *, lease_s: float, ends_stage: bool = False) -> bool:
    """Prolong a lease within a transaction that is about to write; returns whether a cancel was asked for.

    The row stays locked until the transaction ends, so nobody can take the job in between. A stage that ends in it
    forgives the workers lost before: what gets on, however slowly, is not what kills them. Raises LeaseLost.
    """
    forgiven = {"losses": 0} if ends_stage else {}
    statement = _mine(held).values(lease_until=dialects.moment(session, later_s=lease_s), **forgiven)
    row = session.execute(statement.returning(Job.id, Job.cancel_requested_at)).one_or_none()
    if row is None:
        raise _lost(held)
    return row.cancel_requested_at is not None


class Standing(NamedTuple):
    """What a worker learns of its jobs at each beat of its heart."""

    kept: frozenset[Held]
    cancelled: frozenset[str]


def renew_all(session: Session, held: Sequence[Held], *, lease_s: float) -> Standing:
    """Prolong these leases of one worker with one statement; what is not in `kept` is lost."""
    statement = update(Job).where(_is_any_of(held)).values(lease_until=dialects.moment(session, later_s=lease_s))
    rows = session.execute(
        statement.returning(Job.id, Job.lease, Job.cancel_requested_at),
        execution_options={"synchronize_session": False},
    )
    return _standing(rows)


def look(session: Session, held: Sequence[Held]) -> Standing:
    """The same without prolonging: cheap enough for each second."""
    return _standing(session.execute(select(Job.id, Job.lease, Job.cancel_requested_at).where(_is_any_of(held))))


def _is_any_of(held: Sequence[Held]) -> ColumnElement[bool]:
    mine = (and_(Job.id == each.job_id, Job.lease == each.lease) for each in held)
    return and_(Job.state == _RUNNING, or_(false(), *mine))


def _standing(rows: Iterable[Any]) -> Standing:
    rows = list(rows)
    return Standing(
        kept=frozenset(Held(row.id, row.lease) for row in rows),
        cancelled=frozenset(row.id for row in rows if row.cancel_requested_at is not None),
    )


def write_progress(session: Session, held: Held, fraction: float, note: str) -> None:
    """Show how far a job is; silently nothing when the lease is lost, since the next write will say so."""
    _run(session, _mine(held).values(progress=fraction, note=note[:200]))


def succeed(session: Session, held: Held) -> None:
    """End a job well. Raises LeaseLost."""
    connection = session.connection()
    mine = {"held_id": held.job_id, "held_lease": held.lease}
    tenant_id = connection.execute(_succeed_statement(dialects.name_of(session)), mine).scalar()
    if tenant_id is None:
        raise _lost(held)
    told = {"tenant_id": tenant_id, "job_id": held.job_id, "kind": "succeeded", "lease": held.lease, "facts": {}}
    connection.execute(_NOTE, told)


@cache
def _succeed_statement(dialect: str) -> Any:
    jobs = Job.__table__
    mine = and_(
        jobs.c.id == bindparam("held_id"), jobs.c.lease == bindparam("held_lease"), jobs.c.state == JobState.RUNNING
    )
    ended = {"state": JobState.SUCCEEDED, "progress": 1.0, "note": "", "failure": null(), "lease_until": None}
    statement = update(Job).where(mine).values(**ended, finished_at=dialects.clock(dialect))
    return statement.returning(jobs.c.tenant_id)


def give_up(session: Session, held: Held, state: JobState, failure: dict[str, Any] | None) -> None:
    """End a job as failed or cancelled; one that was to be cancelled ends so. Raises LeaseLost."""
    job = _load_mine(session, held)
    if job.cancel_requested_at is not None:
        state, failure = JobState.CANCELLED, None
    queue.end(session, job, state, failure)


def retry(session: Session, held: Held, failure: dict[str, Any], *, after_s: float) -> bool:
    """Put a failed attempt back in the queue, to run not before `after_s` seconds; whether it will. Raises LeaseLost.

    A job that was to be cancelled ends so: the next claim would forget that it was.
    """
    job = _load_mine(session, held)
    if job.cancel_requested_at is not None:
        queue.end(session, job, JobState.CANCELLED)
        return False
    _requeue(session, held, run_after=dialects.moment(session, later_s=after_s), failure=failure)
    _note_by_id(session, held, "retried", after_s=round(after_s, 3), failure=failure)
    return True


def release(session: Session, held: Held) -> None:
    """Give a job back unfinished, as a worker does that is told to stop; it does not count as an attempt.

    A job that was to be cancelled ends so.
    """
    job = _load_mine(session, held)
    if job.cancel_requested_at is not None:
        queue.end(session, job, JobState.CANCELLED)
        return
    _requeue(session, held, attempts=Job.attempts - 1)
    _note_by_id(session, held, "released")


def workers_at_work(session: Session) -> list[str]:
    """The names of all workers that hold a job."""
    # all tenants: a worker serves every one of them.
    names = session.scalars(select(Job.worker).where(Job.state == _RUNNING).distinct())
    return [name for name in names if name]


def take_back(session: Session, *, vanished_workers: Sequence[str] = ()) -> int:
    """Queue again what workers hold whose lease ran out, or who are known to be dead; returns how many jobs.

    A job that was to be cancelled ends so. One that lost MAX_LOSSES workers fails.
    """
    has_expired = Job.lease_until < dialects.moment(session)
    gone = or_(has_expired, Job.worker.in_(vanished_workers)) if vanished_workers else has_expired
    statement = select(Job).where(Job.state == _RUNNING, gone).with_for_update(skip_locked=True)
    jobs = list(session.scalars(statement.execution_options(populate_existing=True)))
    for job in jobs:
        held = Held(job.id, job.lease)
        queue.note(session, job, "lease_expired", worker=job.worker)
        session.execute(delete(JobChannel).where(JobChannel.job_id == job.id))
        if job.cancel_requested_at is not None:
            queue.end(session, job, JobState.CANCELLED)
        elif job.losses + 1 >= MAX_LOSSES:
            detail = f"{MAX_LOSSES} workers vanished while they did this job, and no stage of it was done in between."
            remedy = "Look for what kills them: memory, a broken driver, a bad file."
            failure = {"code": "jobs.worker_lost", "detail": detail, "remedy": remedy}
            queue.end(session, job, JobState.FAILED, failure)
        else:
            _requeue(session, held, attempts=Job.attempts - 1, losses=Job.losses + 1)
    return len(jobs)


def _requeue(session: Session, held: Held, **values: Any) -> None:
    _run(session, _mine(held).values(state=JobState.QUEUED, lease_until=None, worker=None, **values))


def _load_mine(session: Session, held: Held) -> Job:
    statement = select(Job).where(Job.id == held.job_id, Job.lease == held.lease, Job.state == JobState.RUNNING)
    job = session.scalars(statement.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if job is None:
        raise _lost(held)
    return job


def _mine(held: Held) -> Update:
    return update(Job).where(Job.id == held.job_id, Job.lease == held.lease, Job.state == JobState.RUNNING)


def _run(session: Session, statement: Update) -> int:
    result = session.execute(statement, execution_options={"synchronize_session": False})
    assert isinstance(result, CursorResult)
    return result.rowcount


def _lost(held: Held) -> LeaseLost:
    return LeaseLost(
        f"Job {held.job_id} is no longer held under lease {held.lease}.", remedy="Another worker goes on with it."
    )


def _note_by_id(session: Session, held: Held, kind: str, **facts: Any) -> None:
    tenant_id = select(Job.tenant_id).where(Job.id == held.job_id).scalar_subquery()
    session.execute(
        insert(JobEvent).values(tenant_id=tenant_id, job_id=held.job_id, kind=kind, lease=held.lease, facts=facts)
    )
