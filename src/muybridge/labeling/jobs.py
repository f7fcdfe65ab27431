"""The jobs of labelling: `labeling.resolve` agrees on an answered task, `labeling.propose` runs a tracker."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from muybridge import artifacts, jobs, trust
from muybridge.catalog import clips
from muybridge.catalog.tables import Asset
from muybridge.labeling import proposals, resolve
from muybridge.labeling.tables import Project, Task
from muybridge.labeling.tasks import ClipSpan, clips_of_shots
from muybridge.labeling.trackers import FoundTrack, Tracker, trackers
from muybridge.units import FrameSpan

if TYPE_CHECKING:
    from muybridge.media.index import FrameIndexTable


@jobs.handler("labeling.resolve", stages=("agree",))
def resolve_task(job: jobs.JobContext, task_id: str) -> None:
    """One consensus of a task's attempts, standing or before a reviewer."""
    if "agree" in job.steps:
        return
    with job.transaction("agree") as session:
        task = trust.load(session, job.actor, Task, task_id)
        consensus = resolve.resolve_task(session, job.actor, task)
        job.steps["agree"] = {"consensus_id": consensus.id, "agreement": consensus.agreement}


@jobs.handler("labeling.propose", stages=("propose",))
def propose(job: jobs.JobContext, asset_id: str) -> None:
    """Look through an asset's shots in a child process; what is found becomes open proposals of one project."""
    if "propose" in job.steps:
        return
    tracker = trackers.get(job.args["tracker"])
    shots, index, source = _footage(job, asset_id)
    spans = [FrameSpan(shot.start_frame, shot.end_frame) for shot in shots]
    found: list[list[FoundTrack]] = []
    for tracks in job.run(track_shots, tracker, source, index, spans):
        found.append(tracks)
        job.progress(0.98 * len(found) / len(spans), f"shot {len(found)} of {len(spans)}")
    with job.transaction("propose") as session:
        project = trust.load(session, job.actor, Project, job.args["project_id"])
        job.steps["propose"] = {
            "num_proposals": proposals.import_tracks(
                session, job.actor, project, asset_id, shots, found, tracker=job.args["tracker"]
            )
        }


def track_shots(
    tracker: Tracker, path: Path, index: "FrameIndexTable", spans: Sequence[FrameSpan]
) -> Iterator[list[FoundTrack]]:
    """Run in a child process: what a tracker finds in each shot, in turn."""
    for span in spans:
        yield tracker.track(path, index, span)


def _footage(job: jobs.JobContext, asset_id: str) -> tuple[list[ClipSpan], "FrameIndexTable", Path]:
    with job.transaction() as session:
        asset = trust.load(session, job.actor, Asset, asset_id)
        shots = clips_of_shots(session, job.actor, asset_id)
        index = clips.load_index(session, job.actor, job.store, asset_id)
        digest = artifacts.load(session, job.actor, asset.source_artifact_id).digest
    return shots, index, job.store.path_of(digest, job.workdir)
