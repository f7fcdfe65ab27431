"""The job of datasets: `datasets.export` writes a frozen version in a format."""

from collections.abc import Sequence
from pathlib import Path

from muybridge import artifacts, jobs, trust
from muybridge.catalog import clips, rights
from muybridge.datasets import exports
from muybridge.datasets.formats import EXPORTERS, ExportSource, write_export
from muybridge.datasets.tables import DatasetVersion


@jobs.handler(exports.JOB, stages=("write",))
def export(job: jobs.JobContext, version_id: str) -> None:
    """Write the export in a child process and keep it by digest; done twice, it is the same bytes."""
    if "write" in job.steps:
        return
    exporter = EXPORTERS.get(job.args["format"])
    source = _source(job, version_id)
    target = job.workdir / f"export{exporter.suffix}"
    for _ in job.run(write_export, exporter, source, target):
        job.progress(0.9, "written")
    stored = job.store.put_file(target)
    with job.transaction("write") as session:
        version = trust.load(session, job.actor, DatasetVersion, version_id)
        artifact = exports.keep_export(session, job.actor, version, exporter, stored)
        job.steps["write"] = {"artifact_id": artifact.id, "digest": stored.digest}


def _source(job: jobs.JobContext, version_id: str) -> ExportSource:
    """What is written; rights are asked once more before any of it is read."""
    with job.transaction() as session:
        version = trust.load(session, job.actor, DatasetVersion, version_id)
        rights.require_past(session, job.actor, version.id)
        manifest = artifacts.load(session, job.actor, version.manifest_artifact_id)
        title = exports.title_of(session, job.actor, version)
        pts: dict[str, Sequence[int]] = {
            entry["asset_id"]: clips.load_index(session, job.actor, job.store, entry["asset_id"]).pts.tolist()
            for entry in version.rights_proof["assets"]
        }
    path: Path = job.store.fetch(manifest.digest, job.workdir / "manifest.parquet")
    return ExportSource(path, title, manifest.digest, pts)
