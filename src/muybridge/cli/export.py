"""`muybridge export`: a frozen dataset version as a file in a format others read."""

import shutil
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select

from muybridge import jobs, trust
from muybridge.artifacts import Artifact
from muybridge.cli import waiting
from muybridge.cli.console import AsJson, bars, out, print_json, speaking_errors
from muybridge.cli.local import local_owner
from muybridge.datasets import exports
from muybridge.datasets.tables import DatasetVersion

app = typer.Typer()


@app.command()
def export(
    version_id: Annotated[str, typer.Argument(help="ver_…")],
    file_format: Annotated[str, typer.Option("--format", help="jsonl, coco or mot")] = "jsonl",
    to: Annotated[Path | None, typer.Option(help="Where to write; default: its own name, here")] = None,
    as_json: AsJson = False,
) -> None:
    """Write a frozen version in a format. The same version gives the same bytes tomorrow."""
    with speaking_errors(as_json), local_owner() as local, bars() as progress:
        installation, owner = local
        with installation.database.write() as session:
            version = trust.load(session, owner, DatasetVersion, version_id)
            job_id = exports.request_export(session, owner, version, file_format).id
        waiting.wait_for_success(local, job_id, progress, "export")
        with installation.database.read() as session:
            step = select(jobs.JobStep).where(jobs.JobStep.job_id == job_id)
            written = session.scalars(trust.visible(step, owner)).one()
            artifact = trust.load(session, owner, Artifact, written.result["artifact_id"])
        target = to or Path(artifact.filename)
        shutil.copyfile(installation.store.path_of(artifact.digest, installation.settings.data_dir / "work"), target)
    shown = {"path": str(target), "format": file_format, "digest": artifact.digest, "size_bytes": artifact.size_bytes}
    if as_json:
        print_json(shown)
    else:
        out.print(f"{target}: {artifact.size_bytes:,} bytes, sha256 {artifact.digest}")
