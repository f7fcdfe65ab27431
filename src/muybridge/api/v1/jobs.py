"""Background work: how it stands, its story, calling it off."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel

from muybridge import jobs
from muybridge.api.deps import CurrentActor, Cursor, Limit, Reader, Writer
from muybridge.api.errors import RESPONSES
from muybridge.api.ids import pattern_of
from muybridge.jobs import Job, JobEvent, JobState

router = APIRouter(prefix="/v1", tags=["jobs"], responses=RESPONSES)

ANY_ID = "^[a-z]{2,4}_[0-7][0-9a-hjkmnp-tv-z]{25}$"
JobId = Annotated[str, Path(pattern=pattern_of("job"), description="job_…")]


class JobFailure(BaseModel):
    """Why the last attempt failed."""

    code: str
    detail: str
    remedy: str


class JobOut(BaseModel):
    id: str
    created_at: datetime
    name: str
    subject_id: str | None
    """What it works on."""
    state: JobState
    progress: float
    """0..1"""
    note: str
    priority: int
    attempts: int
    max_attempts: int
    run_after: datetime | None
    """A retry waits until then."""
    cancel_requested_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    failure: JobFailure | None

    @classmethod
    def of(cls, job: Job) -> "JobOut":
        shown = {name: getattr(job, name) for name in cls.model_fields if name != "failure"}
        failure = job.failure and JobFailure(**{name: job.failure.get(name, "") for name in JobFailure.model_fields})
        return cls(**shown, failure=failure or None)


class JobPage(BaseModel):
    items: list[JobOut]
    next_cursor: str | None


class JobEventOut(BaseModel):
    """One change of a job."""

    at: datetime
    kind: str
    lease: int
    facts: dict[str, Any]

    @classmethod
    def of(cls, event: JobEvent) -> "JobEventOut":
        return cls(at=event.at, kind=event.kind, lease=event.lease, facts=event.facts)


class JobDetail(JobOut):
    events: list[JobEventOut]


@router.get("/jobs")
def list_jobs(
    session: Reader,
    actor: CurrentActor,
    state: JobState | None = None,
    subject_id: Annotated[str | None, Query(pattern=ANY_ID)] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> JobPage:
    """Jobs, newest first."""
    page = jobs.list_jobs(session, actor, state=state, subject_id=subject_id, limit=limit, cursor=cursor)
    return JobPage(items=[JobOut.of(job) for job in page.items], next_cursor=page.next_cursor)


@router.get("/jobs/{id}")
def get_job(session: Reader, actor: CurrentActor, id: JobId) -> JobDetail:
    """One job with its story."""
    job = jobs.load_job(session, actor, id)
    story = [JobEventOut.of(event) for event in jobs.story_of(session, actor, job)]
    return JobDetail(**JobOut.of(job).model_dump(), events=story)


@router.post("/jobs/{id}/cancel")
def cancel_job(session: Writer, actor: CurrentActor, id: JobId) -> JobOut:
    """Call a job off: at once while it is queued, within seconds while it runs."""
    return JobOut.of(jobs.cancel(session, actor, id))
