"""What a handler may ask of the worker that runs it, and nothing else."""

import threading
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from muybridge.artifacts import Store
from muybridge.db import Database
from muybridge.errors import MuybridgeError
from muybridge.jobs import leases, queue
from muybridge.jobs.channels import JobDoor
from muybridge.jobs.errors import JobCancelled, LeaseLost
from muybridge.jobs.executors import Executor
from muybridge.jobs.leases import Held
from muybridge.jobs.tables import Job, JobEvent, JobStep

Boundary = Callable[[str, str, str], None]
"""Called as (job name, stage, "before" | "after") around each stage's commit; kill tests strike there."""


class Steps(MutableMapping[str, dict[str, Any]]):
    """Results of finished stages. Only the stage whose transaction is open can be set; it is kept by its commit."""

    def __init__(self, done: dict[str, dict[str, Any]]) -> None:
        self._done = done
        self._stage: str | None = None
        self._result: dict[str, Any] = {}

    def __getitem__(self, stage: str) -> dict[str, Any]:
        return self._done[stage]

    def __setitem__(self, stage: str, result: dict[str, Any]) -> None:
        if stage != self._stage:
            raise ValueError(f"set steps[{stage!r}] inside job.transaction({stage!r})")
        self._result = result

    def __delitem__(self, stage: str) -> None:
        raise ValueError("a finished stage stays finished")

    def __iter__(self) -> Iterator[str]:
        return iter(self._done)

    def __len__(self) -> int:
        return len(self._done)


class JobContext:
    """One attempt at one job.

    A handler is idempotent: a stage that is in `steps` was committed by an earlier attempt and is not done again.
    """

    def __init__(
        self,
        job: Job,
        *,
        database: Database,
        store: Store,
        executor: Executor,
        workdir: Path,
        lease_s: float,
        on_boundary: Boundary | None = None,
    ) -> None:
        self.id = job.id
        self.name = job.name
        self.args: dict[str, Any] = dict(job.args)
        self.actor = queue.actor_of(job)
        """Who enqueued, acting now `via` this job."""
        self.store = store
        self.workdir = workdir
        """A folder of this job's own, kept between attempts on this machine, removed when the job ends."""
        self.held = Held(job.id, job.lease)
        self.channel = JobDoor(job.id, job.tenant_id, self.transaction)
        self.stages: tuple[str, ...] = ()
        self._database = database
        self._executor = executor
        self._lease_s = lease_s
        self._on_boundary = on_boundary
        self._stop: MuybridgeError | None = None
        self._progress: tuple[float, str] | None = None
        self._lock = threading.Lock()
        with database.read() as session:
            # all tenants: of the one job that this context is.
            found = session.execute(select(JobStep.stage, JobStep.result).where(JobStep.job_id == job.id))
            self.steps = Steps({row.stage: row.result for row in found})

    def run(self, function: Callable[..., Any], *args: Any) -> Iterator[Any]:
        """Run a pure function or generator in a child process; yield what it yields, or its one result.

        Function, arguments and updates must be picklable; arrays are fine. Errors come back as they were raised.
        Closing the iterator early closes the generator over there. A cancelled job's child is killed.
        """
        return self._executor.run(function, args, check=self.check)

    @contextmanager
    def transaction(self, stage: str | None = None) -> Iterator[Session]:
        """A write session that first renews this job's lease; with `stage`, commits the stage as done.

        Raises LeaseLost when another worker has the job, JobCancelled when it shall stop; nothing is kept then.
        """
        if stage is not None and stage not in self.stages:
            raise ValueError(f"{self.name} has no stage {stage!r}; its handler declares {self.stages}")
        self.check()
        with self._database.write() as session:
            if leases.renew(session, self.held, lease_s=self._lease_s, ends_stage=stage is not None):
                raise _cancelled(self.id)
            self.steps._stage, self.steps._result = stage, {}
            try:
                yield session
                if stage is not None:
                    self._finish_stage(session, stage)
            finally:
                self.steps._stage = None
        if stage is not None:
            self.steps._done[stage] = self.steps._result
            self._at_boundary(stage, "after")

    def progress(self, fraction: float, note: str = "") -> None:
        """Say how far the job is, 0..1; cheap to call often, written about once a second."""
        with self._lock:
            self._progress = (min(max(fraction, 0.0), 1.0), note)

    def cancelled(self) -> bool:
        """Whether the job shall stop, because somebody asked or because another worker has it."""
        return self._stop is not None

    def check(self) -> None:
        """Raise JobCancelled or LeaseLost if the job shall stop."""
        if self._stop is not None:
            raise self._stop

    # What follows is the worker's side.

    def open(self, stages: tuple[str, ...]) -> None:
        """Make the folder and read what earlier attempts left; `stages` are those that the handler declares."""
        self.stages = stages
        self.workdir.mkdir(parents=True, exist_ok=True)
        with self._database.read() as session:
            # all tenants: of this job only.
            found = session.execute(select(JobStep.stage, JobStep.result).where(JobStep.job_id == self.id))
            self.steps = Steps({row.stage: row.result for row in found})

    def stop(self, reason: MuybridgeError) -> None:
        """Make the next `check` raise; called from the worker's heart."""
        self._stop = self._stop or reason

    def learn(self, standing: leases.Standing) -> None:
        """Take note of what the database says of this job."""
        if self.held not in standing.kept:
            self.stop(LeaseLost(f"Job {self.id} was taken from this worker.", remedy="Another worker goes on with it."))
        elif self.id in standing.cancelled:
            self.stop(_cancelled(self.id))

    def take_progress(self) -> tuple[float, str] | None:
        """What was reported since the last call."""
        with self._lock:
            reported, self._progress = self._progress, None
        return reported

    def _finish_stage(self, session: Session, stage: str) -> None:
        result = self.steps._result
        tenant_id = self.actor.tenant_id
        session.merge(JobStep(tenant_id=tenant_id, job_id=self.id, stage=stage, result=result))
        facts = {"stage": stage}
        session.add(
            JobEvent(tenant_id=tenant_id, job_id=self.id, kind="stage_done", lease=self.held.lease, facts=facts)
        )
        session.flush()
        self._at_boundary(stage, "before")

    def _at_boundary(self, stage: str, moment: str) -> None:
        if self._on_boundary is not None:
            self._on_boundary(self.name, stage, moment)


def _cancelled(job_id: str) -> JobCancelled:
    return JobCancelled(f"Job {job_id} was cancelled.")
