"""The process that does jobs: claims them, keeps their leases alive, and decides what becomes of a failed one.

One thread claims, one a slot does jobs, one is the heart (leases, progress, cancels), one keeps house (vanished
workers, sealing events, webhooks), one does chores for all workers. The heart has its own, so that slow housekeeping
never costs a lease; and a sweep of a large store holds no sealing up.
"""

import contextlib
import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import func, select

from muybridge.artifacts import Store
from muybridge.db import Database
from muybridge.errors import Unavailable
from muybridge.jobs import chores, identity, leases, webhooks
from muybridge.jobs.chores import SharedChore
from muybridge.jobs.context import Boundary, JobContext
from muybridge.jobs.errors import JobCancelled, LeaseLost
from muybridge.jobs.executors import Executor
from muybridge.jobs.executors.local import LocalExecutor
from muybridge.jobs.handlers import HANDLERS, Handler
from muybridge.jobs.retries import HOPELESS, Backoff, failure_of
from muybridge.jobs.tables import Job, JobState
from muybridge.plugins import Registry
from muybridge.trust import sealing

log = logging.getLogger("muybridge.jobs")

_BEAT_S = 1.0
_LOOK_S = 30.0
"""How often a worker looks whether a chore for all is due."""
_LEAVE_S = 5.0
"""How long a worker that stops waits for such a chore; every one may be cut anywhere."""


class WorkerStopping(Unavailable):
    """This worker was told to stop; the job goes back to the queue."""

    code = "jobs.worker_stopping"


@dataclass(frozen=True, slots=True)
class Chore:
    """Something a worker does beside jobs, each `every_s` seconds: sealing events, telling webhooks."""

    every_s: float
    run: Callable[[], object]


class Worker:
    """Does the jobs of one database until told to stop."""

    def __init__(
        self,
        database: Database,
        store: Store,
        *,
        workdir: Path,
        handlers: Registry[Handler] = HANDLERS,
        executor: Executor | None = None,
        slots: int = 1,
        gpus: int = 0,
        lease_s: float = 60.0,
        poll_s: float = 0.2,
        backoff: Backoff | None = None,
        shared_chores: Sequence[SharedChore] = (),
        live: frozenset[str] = frozenset(),
        live_slots: int = 0,
        on_boundary: Boundary | None = None,
    ) -> None:
        """live: names of jobs that somebody sits and waits before, for as long as they last. They have slots of their
        own, so that they neither wait for other work nor hold it up."""
        self.name = identity.new_worker_name()
        self._database = database
        self._store = store
        self._workdir = workdir
        self._handlers = handlers
        self._executor = executor or LocalExecutor()
        self._slots = slots
        self._live, self._live_slots = live, live_slots if live else 0
        self._gpus = gpus
        self._lease_s = lease_s
        self._poll_s = poll_s
        self._backoff = backoff or Backoff()
        self._chores = (
            Chore(min(10.0, lease_s / 3), self.take_back),
            Chore(0.5, lambda: sealing.seal(database)),
            Chore(1.0, lambda: webhooks.enqueue_deliveries(database)),
        )
        self._shared_chores = tuple(
            Chore(_LOOK_S, partial(chores.attend, database, self.name, chore)) for chore in shared_chores
        )
        self._on_boundary = on_boundary
        self._running: dict[leases.Held, tuple[JobContext, int]] = {}
        self._lock = threading.Lock()
        self._wake = threading.Event()

    def run_until(self, stop: threading.Event, *, grace_s: float = 5.0) -> None:
        """Do jobs until `stop` is set; then give running ones `grace_s` to end, and give back those that do not."""
        with self._threads() as slots:
            while not stop.is_set():
                self._wake.clear()
                try:
                    has_claimed = self._fill(slots)
                except Exception:
                    log.exception("no job could be claimed; trying again")
                    has_claimed = stop.wait(1.0)
                if not has_claimed:
                    self._wake.wait(self._poll_s)
            self._end_running(grace_s)

    def run_until_idle(self, timeout_s: float | None = None) -> None:
        """Do jobs until none is queued or running, retries that wait their turn included.

        Raises TimeoutError if that takes longer than `timeout_s`.
        """
        deadline = time.monotonic() + timeout_s if timeout_s is not None else None
        with self._threads() as slots:
            while True:
                self._wake.clear()
                if self._fill(slots):
                    continue
                if not self._running and self._is_idle():
                    return
                if deadline is not None and time.monotonic() > deadline:
                    self._end_running(0.0)
                    raise TimeoutError(f"jobs were still under way after {timeout_s} s")
                self._wake.wait(0.05)

    def take_back(self) -> int:
        """Queue again the jobs of workers that vanished; returns how many."""
        with self._database.read() as session:
            names = leases.workers_at_work(session)
        if not names:
            return 0
        dead = [name for name in names if name != self.name and identity.is_known_dead(name)]
        with self._database.write() as session:
            return leases.take_back(session, vanished_workers=dead)

    @contextlib.contextmanager
    def _threads(self) -> Iterator[ThreadPoolExecutor]:
        self._tidy_workdir()
        self.take_back()
        done = threading.Event()
        helpers = [
            threading.Thread(target=self._beat, args=(done,), name="jobs-heart", daemon=True),
            threading.Thread(target=self._keep_house, args=(done, self._chores), name="jobs-house", daemon=True),
        ]
        shared = threading.Thread(
            target=self._keep_house, args=(done, self._shared_chores), name="jobs-shared-chores", daemon=True
        )
        for helper in (*helpers, shared):
            helper.start()
        slots = ThreadPoolExecutor(self._slots + self._live_slots, thread_name_prefix="jobs-slot")
        try:
            yield slots
        finally:
            self._executor.close()
            slots.shutdown(wait=True)
            done.set()
            for helper in helpers:
                helper.join()
            shared.join(_LEAVE_S)

    def _fill(self, slots: ThreadPoolExecutor) -> bool:
        """Claim as many jobs as there are free slots; whether any was claimed."""
        names = self._handlers.names()
        has_live = self._fill_from(slots, [name for name in names if name in self._live], self._live_slots)
        return self._fill_from(slots, [name for name in names if name not in self._live], self._slots) or has_live

    def _fill_from(self, slots: ThreadPoolExecutor, names: list[str], num_slots: int) -> bool:
        with self._lock:
            free = num_slots - sum(context.name in names for context, _ in self._running.values())
            free_gpus = self._gpus - sum(gpus for _, gpus in self._running.values())
        if free <= 0 or not names:
            return False
        with self._database.read() as session:
            if not leases.has_due(session, names, free_gpus=free_gpus):
                return False
        jobs = leases.claim(self._database, self.name, names, limit=free, free_gpus=free_gpus, lease_s=self._lease_s)
        for job in jobs:
            context = self._context(job)
            with self._lock:
                self._running[context.held] = (context, job.gpus)
            slots.submit(self._do, job, context)
        return bool(jobs)

    def _context(self, job: Job) -> JobContext:
        return JobContext(
            job,
            database=self._database,
            store=self._store,
            executor=self._executor,
            workdir=self._workdir / job.id,
            lease_s=self._lease_s,
            on_boundary=self._on_boundary,
        )

    def _do(self, job: Job, context: JobContext) -> None:
        try:
            handler = self._handlers.get(job.name)
            context.open(handler.stages)
            handler(context, job.subject_id)
            with self._database.write() as session:
                leases.succeed(session, context.held)
                context.channel.withdraw(session)
            shutil.rmtree(context.workdir, ignore_errors=True)
        except BaseException as error:  # noqa: BLE001  whatever it was, the job's row must say so
            self._settle(job, context, error)
        finally:
            with self._lock:
                self._running.pop(context.held, None)
            self._wake.set()

    def _settle(self, job: Job, context: JobContext, error: BaseException) -> None:
        """Say in the database what became of an attempt that did not end well."""
        if isinstance(error, LeaseLost):
            log.warning("%s", error)
            return
        try:
            with self._database.write() as session:
                context.channel.withdraw(session)
                if isinstance(error, WorkerStopping):
                    leases.release(session, context.held)
                elif isinstance(error, JobCancelled):
                    leases.give_up(session, context.held, JobState.CANCELLED, None)
                elif isinstance(error, HOPELESS) or job.attempts >= job.max_attempts:
                    leases.give_up(session, context.held, JobState.FAILED, failure_of(error))
                else:
                    after_s = self._backoff.seconds(job.attempts)
                    if leases.retry(session, context.held, failure_of(error), after_s=after_s):
                        log.warning("%s %s: %s (again in %.1f s)", job.name, job.id, error, after_s)
                        return
        except Exception:
            # The heart forgets the job now, so its lease runs out and another attempt is made.
            log.exception("%s %s could not be settled", job.name, job.id)
            return
        if not isinstance(error, WorkerStopping):
            shutil.rmtree(context.workdir, ignore_errors=True)
            log.warning("%s %s ended: %s", job.name, job.id, error)

    def _end_running(self, grace_s: float) -> None:
        deadline = time.monotonic() + grace_s
        while self._running and time.monotonic() < deadline:
            time.sleep(0.02)
        with self._lock:
            contexts = [context for context, _ in self._running.values()]
        for context in contexts:
            context.stop(WorkerStopping("The worker is stopping.", remedy="The job goes on with the next one."))

    def _beat(self, done: threading.Event) -> None:
        """Keep leases alive and carry progress and cancels, once a second while there is work."""
        renewed_at = time.monotonic()
        while not done.wait(min(_BEAT_S, self._lease_s / 3)):
            with self._lock:
                contexts = [context for context, _ in self._running.values()]
            if not contexts:
                renewed_at = time.monotonic()
                continue
            try:
                must_renew = time.monotonic() - renewed_at > self._lease_s / 3
                self._beat_once(contexts, must_renew=must_renew)
                renewed_at = time.monotonic() if must_renew else renewed_at
            except Exception:
                log.exception("the heart missed a beat")

    def _beat_once(self, contexts: list[JobContext], *, must_renew: bool) -> None:
        reported = [(context, progress) for context in contexts if (progress := context.take_progress())]
        if must_renew or reported:
            with self._database.write() as session:
                standing = leases.renew_all(session, [context.held for context in contexts], lease_s=self._lease_s)
                for context, (fraction, note) in reported:
                    leases.write_progress(session, context.held, fraction, note)
        else:
            with self._database.read() as session:
                standing = leases.look(session, [context.held for context in contexts])
        with self._lock:
            for context in contexts:
                if context.held in self._running:
                    context.learn(standing)

    def _keep_house(self, done: threading.Event, own: Sequence[Chore]) -> None:
        due = [0.0] * len(own)
        while not done.wait(0.1):
            for index, chore in enumerate(own):
                if time.monotonic() < due[index] or done.is_set():
                    continue
                try:
                    chore.run()
                except Exception:
                    log.exception("a chore failed; it is tried again")
                due[index] = time.monotonic() + chore.every_s

    def _is_idle(self) -> bool:
        # all tenants: a worker serves every one of them.
        live = select(func.count()).where(Job.state.in_((JobState.QUEUED, JobState.RUNNING)))
        with self._database.read() as session:
            return session.scalar(live.where(Job.name.in_(self._handlers.names()))) == 0

    def _tidy_workdir(self) -> None:
        """Remove the folders of jobs that have ended since their worker vanished."""
        if not self._workdir.is_dir():
            return
        folders = {folder.name: folder for folder in self._workdir.iterdir() if folder.name.startswith("job_")}
        with self._database.read() as session:
            # all tenants: a worker serves every one of them.
            live = select(Job.id).where(Job.state.in_((JobState.QUEUED, JobState.RUNNING)))
            kept = set(session.scalars(live))
        for name in folders.keys() - kept:
            shutil.rmtree(folders[name], ignore_errors=True)
