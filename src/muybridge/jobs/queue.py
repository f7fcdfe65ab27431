"""Putting work in the queue and taking it back; leases.py says who gets it."""

import json
import re
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from muybridge import db, trust
from muybridge.jobs.errors import AlreadyFinished
from muybridge.jobs.handlers import HANDLERS
from muybridge.jobs.tables import Job, JobEvent, JobState, JobStep
from muybridge.trust import Actor
from muybridge.units import new_id

LIVE = (JobState.QUEUED, JobState.RUNNING)
_DIGEST: Final = re.compile(r"\b[0-9a-f]{64}\b")


def enqueue(
    session: Session,
    actor: Actor,
    name: str,
    subject_id: str | None,
    *,
    args: dict[str, Any] | None = None,
    dedupe_key: str | None = None,
    lock: str | None = None,
    gpus: int = 0,
    priority: int = 0,
    run_after: datetime | None = None,
    max_attempts: int = 3,
) -> Job:
    """Put a job in the queue, in the caller's transaction: it exists if and only if that commits.

    The caller has checked what the actor may do; the job will act as that actor.
    dedupe_key: while a job of this tenant with the same key is queued or running, that one is returned instead.
    lock: of all jobs with one lock at most one runs at a time. priority: higher first. args: JSON values.
    """
    if dedupe_key is not None and (twin := _live_twin(session, actor, dedupe_key)):
        return twin
    job = Job(
        id=new_id("job"),
        tenant_id=actor.tenant_id,
        name=name,
        subject_id=subject_id,
        args=args or {},
        actor_id=actor.id,
        state=JobState.QUEUED,
        dedupe_key=dedupe_key,
        lock=lock,
        gpus=gpus,
        priority=priority,
        run_after=run_after,
        max_attempts=max_attempts,
    )
    if dedupe_key is None:
        _insert(session, job)
        return job
    try:
        with session.begin_nested():
            _insert(session, job)
    except IntegrityError:
        # Another transaction committed a job with this key between the look and the insert (PostgreSQL only).
        twin = _live_twin(session, actor, dedupe_key)
        if twin is None:
            raise
        return twin
    return job


def _insert(session: Session, job: Job) -> None:
    session.add(job)
    session.flush()
    note(session, job, "enqueued", name=job.name)
    session.flush()


def cancel(session: Session, actor: Actor, job_id: str) -> Job:
    """Cancel a queued job at once; ask a running one to stop (its child process is killed within seconds).

    Raises AlreadyFinished for a job that has ended.
    """
    trust.require(actor, "jobs.cancel")
    job = trust.load(session, actor, Job, job_id, for_update=True)
    if job.state == JobState.QUEUED:
        end(session, job, JobState.CANCELLED)
    elif job.state == JobState.RUNNING:
        if job.cancel_requested_at is None:
            job.cancel_requested_at = db.now(session)
            note(session, job, "cancel_requested", by=actor.id)
    else:
        raise AlreadyFinished(f"Job {job.id} has already {job.state}.", remedy="There is nothing left to cancel.")
    session.flush()
    return job


def list_jobs(
    session: Session,
    actor: Actor,
    *,
    state: JobState | None = None,
    subject_id: str | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> db.Page[Job]:
    """Jobs of the actor's tenant, newest first."""
    trust.require(actor, "jobs.read")
    statement = trust.visible(select(Job), actor)
    if state is not None:
        statement = statement.where(Job.state == state)
    if subject_id is not None:
        statement = statement.where(Job.subject_id == subject_id)
    return db.page(session, statement, Job.id, limit=limit, cursor=cursor)


def load_job(session: Session, actor: Actor, job_id: str) -> Job:
    """The job of that id. Raises NotFound."""
    trust.require(actor, "jobs.read")
    return trust.load(session, actor, Job, job_id)


def story_of(session: Session, actor: Actor, job: Job, *, limit: int = 500) -> list[JobEvent]:
    """What happened to a job, oldest first; of a very long story the last `limit` changes."""
    trust.require(actor, "jobs.read", job)
    changes = select(JobEvent).where(JobEvent.job_id == job.id).order_by(JobEvent.id.desc()).limit(limit)
    return list(session.scalars(trust.visible(changes, actor)))[::-1]


def end(session: Session, job: Job, state: JobState, failure: dict[str, Any] | None = None) -> None:
    """Put a job that did not succeed into its last state, and let its handler settle what it must."""
    job.state = state
    job.failure = failure
    job.finished_at = db.now(session)
    job.lease_until = None
    note(session, job, state, **({"failure": failure} if failure else {}))
    trust.record(session, actor_of(job), f"job.{state}", job.id, name=job.name, subject_id=job.subject_id)
    if job.name in HANDLERS and (hook := HANDLERS.get(job.name).on_end):
        hook(session, actor_of(job), job)
    session.flush()


def note(session: Session, job: Job, kind: str, **facts: Any) -> None:
    """Write one line of the job's story."""
    session.add(JobEvent(tenant_id=job.tenant_id, job_id=job.id, kind=str(kind), lease=job.lease, facts=facts))


def actor_of(job: Job) -> Actor:
    """Whoever enqueued the job, acting now through it."""
    return trust.job_actor(job.tenant_id, job.actor_id, job.id)


def _live_twin(session: Session, actor: Actor, dedupe_key: str) -> Job | None:
    twins = select(Job).where(Job.dedupe_key == dedupe_key, Job.state.in_(LIVE))
    return session.scalars(trust.visible(twins, actor).where(Job.tenant_id == actor.tenant_id)).first()


def remembered_digests(session: Session) -> set[str]:
    """Digests that stages of unfinished jobs left for later ones: bytes that a sweep must leave."""
    # all tenants: a sweep is of the whole installation.
    kept = select(JobStep.result).join(Job, Job.id == JobStep.job_id).where(Job.state.in_(LIVE))
    return {found for result in session.scalars(kept) for found in _DIGEST.findall(json.dumps(result))}
