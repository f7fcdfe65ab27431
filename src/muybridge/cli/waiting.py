"""Waiting for jobs on the command line: a worker where none runs, progress, and the reason of a failure."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.progress import Progress

from muybridge import db, jobs, trust
from muybridge.cli.serve import start_worker, stop_worker
from muybridge.cli.worker import is_worker_running
from muybridge.errors import Unavailable
from muybridge.settings import Settings

POLL_S = 0.25
UNFINISHED = (jobs.JobState.QUEUED, jobs.JobState.RUNNING)


class JobFailed(Unavailable):
    code = "cli.job_failed"


@contextmanager
def some_worker(settings: Settings) -> Iterator[None]:
    """Use the worker on this data folder, or run one for as long as the block lasts."""
    if is_worker_running(settings.data_dir):
        yield
        return
    child = start_worker(settings.data_dir, is_quiet=True)
    try:
        yield
    finally:
        stop_worker(child)


def wait(
    database: db.Database, actor: trust.Actor, job_ids: Sequence[str], progress: Progress, title: str
) -> list[jobs.Job]:
    """Show the jobs' progress until all have ended, and return them as they ended."""
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
