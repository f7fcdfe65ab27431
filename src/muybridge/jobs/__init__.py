"""Work that survives a crash: jobs with leases and fencing, the worker that does them, executors, channels, webhooks.

@jobs.handler("catalog.ingest", stages=("describe", "proxy"))
def ingest(job: jobs.JobContext, asset_id: str) -> None:
    if "describe" not in job.steps:
        (facts,) = job.run(media.probe, path)
        with job.transaction("describe") as session:
            ...
"""

from muybridge.jobs.chores import ChoreStanding, SharedChore, last_runs, standing_of
from muybridge.jobs.context import JobContext
from muybridge.jobs.errors import ChildDied, ChildFailed, JobCancelled, LeaseLost
from muybridge.jobs.handlers import HANDLERS, Handler, handler
from muybridge.jobs.queue import cancel, enqueue, list_jobs, load_job, remembered_digests, story_of
from muybridge.jobs.tables import Job, JobEvent, JobState, JobStep
from muybridge.jobs.worker import Worker

__all__ = [
    "HANDLERS",
    "ChildDied",
    "ChildFailed",
    "ChoreStanding",
    "Handler",
    "Job",
    "JobCancelled",
    "JobContext",
    "JobEvent",
    "JobState",
    "JobStep",
    "LeaseLost",
    "SharedChore",
    "Worker",
    "cancel",
    "enqueue",
    "handler",
    "last_runs",
    "list_jobs",
    "load_job",
    "remembered_digests",
    "standing_of",
    "story_of",
]
