"""The jobs of labelling: `labeling.resolve` agrees on an answered task, `labeling.propose` runs a tracker."""

from muybridge import jobs, trust
from muybridge.labeling import resolve
from muybridge.labeling.tables import Task


@jobs.handler("labeling.resolve", stages=("agree",))
def resolve_task(job: jobs.JobContext, task_id: str) -> None:
    """One consensus of a task's attempts, standing or before a reviewer."""
    if "agree" in job.steps:
        return
    with job.transaction("agree") as session:
        task = trust.load(session, job.actor, Task, task_id)
        consensus = resolve.resolve_task(session, job.actor, task)
        job.steps["agree"] = {"consensus_id": consensus.id, "agreement": consensus.agreement}
