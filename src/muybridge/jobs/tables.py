"""Rows of durable work: jobs, what happened to them, what their stages left behind, who is told, and chores.

The status of work lives here and nowhere else: a domain row has `job_id` and says only what exists.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from muybridge.db import Json, Row, UtcDateTime, created_at, id_column
from muybridge.trust.tables import TenantRow


class JobState(StrEnum):
    """queued -> running -> succeeded | failed | cancelled; a retry is running -> queued with a later `run_after`."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        return self in (JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED)


_QUEUED = text("state = 'queued'")
_RUNNING = text("state = 'running'")
_WAITING = text("state = 'queued' AND lock IS NOT NULL")
_RUNNING_LOCKED = text("state = 'running' AND lock IS NOT NULL")
_LIVE_DEDUPED = text("state IN ('queued', 'running') AND dedupe_key IS NOT NULL")


class Job(TenantRow):
    """One piece of background work and how it stands."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_claim", text("priority DESC"), "id", sqlite_where=_QUEUED, postgresql_where=_QUEUED),
        # Two workers may pick two jobs of one lock in the same instant; this index lets one of them through.
        Index("uq_jobs_lock", "lock", unique=True, sqlite_where=_RUNNING_LOCKED, postgresql_where=_RUNNING_LOCKED),
        Index(
            "uq_jobs_dedupe",
            "tenant_id",
            "dedupe_key",
            unique=True,
            sqlite_where=_LIVE_DEDUPED,
            postgresql_where=_LIVE_DEDUPED,
        ),
        # Who of a lock goes first, without walking the whole queue.
        Index("ix_jobs_waiting", "lock", "priority", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        # Not on `state` as a whole: SQLite would take that index for the claim and sort the queue each time.
        Index("ix_jobs_running", "lease_until", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
        Index("ix_jobs_subject_id", "subject_id"),
        Index("ix_jobs_tenant_id_id", "tenant_id", "id"),
    )

    id: Mapped[str] = id_column("job")
    created_at: Mapped[datetime] = created_at()
    name: Mapped[str] = mapped_column(String(80))
    """`<room>.<what>`, e.g. catalog.ingest; wiring.JOB_HANDLERS says who does it."""
    subject_id: Mapped[str | None] = mapped_column(String(31))
    args: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    actor_id: Mapped[str] = mapped_column(String(31))
    """Who enqueued; their right to it was checked then."""
    state: Mapped[str] = mapped_column(String(12), default=JobState.QUEUED)
    priority: Mapped[int] = mapped_column(Integer, default=0)
    """Higher goes first; equals go by age."""
    gpus: Mapped[int] = mapped_column(Integer, default=0)
    lock: Mapped[str | None] = mapped_column(String(120))
    """Of all jobs with one lock, at most one runs."""
    dedupe_key: Mapped[str | None] = mapped_column(String(120))
    """Of all jobs of a tenant with one key, at most one is queued or running."""
    run_after: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Not before this moment of the database's clock; None for at once."""
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    """How often a handler was started and did not lose its worker."""
    max_attempts: Mapped[int] = mapped_column(Integer, default=3)
    losses: Mapped[int] = mapped_column(Integer, default=0)
    """How often the worker vanished (killed, power cut) since a stage was done; counted apart, since it is no fault of
    the job's.
    """
    lease: Mapped[int] = mapped_column(Integer, default=0)
    """The fencing number: every claim raises it, and every write names the number it holds."""
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    worker: Mapped[str | None] = mapped_column(String(120))
    progress: Mapped[float] = mapped_column(default=0.0)
    """0..1."""
    note: Mapped[str] = mapped_column(String(200), default="")
    cancel_requested_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """Why the last attempt failed: {code, detail, remedy}; kept while a retry waits."""
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class JobEvent(TenantRow):
    """One change of one job: the table to read when something went wrong."""

    __tablename__ = "job_events"
    __table_args__ = (Index("ix_job_events_job_id_id", "job_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=lambda: datetime.now(UTC))
    """By the clock of whoever wrote it; the order is that of `id`."""
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"))
    kind: Mapped[str] = mapped_column(String(20))
    """enqueued, claimed, stage_done, retried, lease_expired, cancel_requested, succeeded, failed, cancelled."""
    lease: Mapped[int] = mapped_column(Integer, default=0)
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


class JobStep(TenantRow):
    """A finished stage and the result that a later attempt reads instead of working again."""

    __tablename__ = "job_steps"

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), primary_key=True)
    stage: Mapped[str] = mapped_column(String(60), primary_key=True)
    result: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    done_at: Mapped[datetime] = mapped_column(UtcDateTime, default=lambda: datetime.now(UTC))


class JobChannel(TenantRow):
    """Where the one client of a running job may connect; gone when the job ends."""

    __tablename__ = "job_channels"

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), primary_key=True)
    host: Mapped[str] = mapped_column(String(255))
    port: Mapped[int]
    secret: Mapped[str] = mapped_column(String(64))


class ChoreRun(Row):
    """The last run of a chore that one worker does for all. Housekeeping is the installation's and no tenant's."""

    __tablename__ = "chores"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    worker: Mapped[str] = mapped_column(String(120))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """None while it runs, and where its worker died over it."""
    result: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    failure: Mapped[dict[str, Any] | None] = mapped_column(Json)


class Webhook(TenantRow):
    """Events that a tenant wants told to a URL. None exists until an owner makes one: nothing leaves by itself."""

    __tablename__ = "webhooks"

    id: Mapped[str] = id_column("whk")
    created_at: Mapped[datetime] = created_at()
    url: Mapped[str] = mapped_column(Text)
    event_names: Mapped[list[str]] = mapped_column(Json)
    """Names, or `noun.*`, or `*`."""
    format: Mapped[str] = mapped_column(String(40), default="muybridge")
    """A plugin of `muybridge.webhook_formats`."""
    secret: Mapped[str] = mapped_column(String(80))
    """Key of the HMAC-SHA256 signature; the receiver has it too, so it cannot be a hash."""
    cursor: Mapped[int] = mapped_column(BigInteger, default=0)
    """`seq` of the last event that was told or passed over."""
    allows_private: Mapped[bool] = mapped_column(default=False)
    """Whether addresses of private networks may be told."""
    paused_reason: Mapped[str | None] = mapped_column(Text)
