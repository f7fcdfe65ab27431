"""Asking for an export of a frozen version; the job that writes it is `datasets.export`."""

from sqlalchemy.orm import Session

from muybridge import artifacts, jobs, trust
from muybridge.artifacts import Artifact, Stored
from muybridge.catalog import rights, viewing
from muybridge.datasets.formats import EXPORTERS, Exporter
from muybridge.datasets.tables import Dataset, DatasetVersion

JOB = "datasets.export"


def request_export(session: Session, actor: trust.Actor, version: DatasetVersion, format: str) -> jobs.Job:
    """Put an export in the queue; one format of a version is written once at a time.

    Raises UnknownPlugin naming the formats, AssetForbidden when footage of the version has been revoked.
    """
    trust.require(actor, "datasets.export", version)
    EXPORTERS.get(format)
    rights.require_past(session, actor, version.id)
    return jobs.enqueue(
        session, actor, JOB, version.id, args={"format": format}, dedupe_key=f"{JOB}:{version.id}:{format}"
    )


def title_of(session: Session, actor: trust.Actor, version: DatasetVersion) -> str:
    return f"{trust.load(session, actor, Dataset, version.dataset_id).name} v{version.number}"


def keep_export(
    session: Session, actor: trust.Actor, version: DatasetVersion, exporter: Exporter, stored: Stored
) -> Artifact:
    """The stored bytes become an artifact that came from the version; what left, and of which footage, is an event.

    Raises AssetForbidden when footage was revoked while they were written.
    """
    rights.require_past(session, actor, version.id)
    filename = f"{title_of(session, actor, version)}{exporter.suffix}"
    artifact = artifacts.put(
        session, actor, stored, kind="export", media_type=exporter.media_type, filename=filename,
        derived_from=[version.id], facts={"format": exporter.name, "version_id": version.id},
    )  # fmt: skip
    asset_ids = [entry["asset_id"] for entry in version.rights_proof["assets"]]
    trust.record(session, actor, "version.exported", version.id, format=exporter.name, artifact_id=artifact.id)
    viewing.record_export(session, actor, artifact.id, asset_ids, version_id=version.id, format=exporter.name)
    return artifact
