"""Waiting for jobs on the command line: a worker where none runs, progress, and the reason of a failure."""

import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.progress import Progress

from muybridge import db, jobs, trust
from muybridge.cli.local import Local
from muybridge.cli.serve import WORKER_LOG, start_worker, stop_worker
from muybridge.cli.worker import is_worker_running
from muybridge.errors import Unavailable
from muybridge.settings import Settings

POLL_S = 0.25
UNFINISHED = (jobs.JobState.QUEUED, jobs.JobState.RUNNING)


Keeper = Callable[[], None]
"""Sees to it that a worker is on the data folder; called at every look. Raises WorkerEnded."""


class JobFailed(Unavailable):
    code = "cli.job_failed"


class WorkerEnded(Unavailable):
    code = "cli.worker_ended"


@contextmanager
def some_worker(settings: Settings) -> Iterator[Keeper]:
    """Use the worker on this data folder; where none is, or it leaves, run one until the block ends."""
    child: subprocess.Popen[bytes] | None = None

    def keep() -> None:
        nonlocal child
        code = 0 if child is None else child.poll()
        if code:
            raise WorkerEnded(
                f"The worker of this command ended with code {code}.",
                remedy=f"Its last words are in {settings.data_dir.resolve() / WORKER_LOG}; nothing done was lost.",
            )
        # A child that still runs may be too young to be seen on the folder.
        if code is not None and not is_worker_running(settings.data_dir):
            child = start_worker(settings.data_dir, is_quiet=True)

    try:
        keep()
        yield keep
    finally:
        if child is not None:
            stop_worker(child)


def wait(
    database: db.Database, actor: trust.Actor, job_ids: Sequence[str], progress: Progress, title: str, keep: Keeper
) -> list[jobs.Job]:
    """Show the jobs' progress until all have ended, and return them as they ended. Raises WorkerEnded."""
    bar = progress.add_task(title, total=len(job_ids), note="")
    while True:
        with database.read() as session:
            found = [trust.load(session, actor, jobs.Job, job_id) for job_id in job_ids]
        waiting = [job for job in found if job.state in UNFINISHED]
        note = next((job.note for job in waiting if job.note), "")
        done = len(found) - len(waiting) + sum(job.progress for job in waiting)
        progress.update(bar, completed=done, note=note)
        if not waiting:
            return found
        keep()
        time.sleep(POLL_S)


def require_success(ended: Sequence[jobs.Job], *, remedy: str = "") -> None:
    """Raises JobFailed with the reason of the first that did not succeed."""
    for job in ended:
        if job.state != jobs.JobState.SUCCEEDED:
            failure = job.failure or {}
            detail = failure.get("detail") or f"it was {job.state}"
            raise JobFailed(
                f"The job {job.name} {job.id} did not succeed: {detail}", remedy=failure.get("remedy") or remedy
            )


def wait_for_success(local: Local, job_id: str | None, progress: Progress, title: str) -> None:
    """See one job to its good end, by a worker of this command where none runs. Raises JobFailed, WorkerEnded."""
    installation, owner = local
    job_ids = [job_id] if job_id else []
    with some_worker(installation.settings) as keep:
        require_success(wait(installation.database, owner, job_ids, progress, title, keep))
