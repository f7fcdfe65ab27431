"""Datasets, their frozen versions, what differs between two, exports."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from muybridge import trust
from muybridge.api.deps import CurrentActor, Cursor, IdempotencyKey, Limit, PartsDep, Reader, Writer
from muybridge.api.errors import RESPONSES
from muybridge.api.ids import JsonObject, Text, pattern_of
from muybridge.api.v1.proposals import StartedJob
from muybridge.datasets import datasets, difference, exports, splits, versions
from muybridge.datasets.formats import EXPORTERS
from muybridge.datasets.tables import Dataset, DatasetVersion

router = APIRouter(prefix="/v1", tags=["datasets"], responses=RESPONSES)

DatasetId = Annotated[str, Path(pattern=pattern_of("dst"), description="dst_…")]
VersionId = Annotated[str, Path(pattern=pattern_of("ver"), description="ver_…")]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DatasetIn(Strict):
    name: Text
    query: JsonObject = Field(default_factory=dict)
    """{project_ids, asset_ids, labels: any | labelled | accepted, class_names, min_agreement, min_frames}"""


class DatasetOut(BaseModel):
    id: str
    created_at: datetime
    name: str
    query: dict[str, Any]
    num_versions: int


class DatasetPage(BaseModel):
    items: list[DatasetOut]
    next_cursor: str | None


class VersionIn(Strict):
    purpose: str = Field(default="train", max_length=20)
    """label, train, generate or share"""
    include_synthetic: bool = False


class VersionOut(BaseModel):
    id: str
    created_at: datetime
    dataset_id: str
    number: int
    manifest_artifact_id: str
    digest: str
    query: dict[str, Any]
    num_assets: int
    num_clips: int
    num_annotations: int
    splits: dict[str, int]
    split_rule: str
    why_empty: str
    """One sentence on the splits that hold no clip; empty where each holds one."""
    purpose: str
    includes_synthetic: bool
    rights_proof: dict[str, Any]

    @classmethod
    def of(cls, version: DatasetVersion) -> "VersionOut":
        own = {name: getattr(version, name) for name in cls.model_fields if hasattr(version, name)}
        return cls(**own, why_empty=splits.why_empty(version.split_rule, version.splits, version.num_assets))


class DatasetDetail(DatasetOut):
    versions: list[VersionOut]


class ClipChangeOut(BaseModel):
    asset_id: str
    asset_name: str
    start_frame: int
    end_frame: int
    num_annotations_before: int
    num_annotations_after: int
    fields: list[str]


class DifferenceOut(BaseModel):
    num_added: int
    num_removed: int
    num_changed: int
    num_same: int
    num_annotations_before: int
    num_annotations_after: int
    added: list[ClipChangeOut]
    removed: list[ClipChangeOut]
    changed: list[ClipChangeOut]


class ExportIn(Strict):
    format: str = Field(max_length=100)
    """One of GET /v1/export-formats"""


class FormatList(BaseModel):
    items: list[str]


@router.get("/datasets")
def list_datasets(session: Reader, actor: CurrentActor, limit: Limit = 50, cursor: Cursor = None) -> DatasetPage:
    """Living queries, newest first."""
    page = datasets.list_datasets(session, actor, limit=limit, cursor=cursor)
    return DatasetPage(items=_datasets_out(session, actor, page.items), next_cursor=page.next_cursor)


@router.post("/datasets", status_code=201)
def create_dataset(session: Writer, actor: CurrentActor, body: DatasetIn, key: IdempotencyKey = None) -> DatasetOut:
    """Name a query over labelled footage."""
    known = trust.once(session, actor, key, "datasets.create_dataset", body.model_dump(mode="json"))
    if known is None:
        known = datasets.create_dataset(session, actor, body.name, body.query).id
        trust.remember(session, actor, key, "datasets.create_dataset", known)
    return _datasets_out(session, actor, [trust.load(session, actor, Dataset, known)])[0]


@router.get("/datasets/{id}")
def get_dataset(session: Reader, actor: CurrentActor, id: DatasetId) -> DatasetDetail:
    """A dataset and its versions, newest first."""
    dataset = trust.load(session, actor, Dataset, id)
    frozen = datasets.versions_of(session, actor, dataset)
    shown = _datasets_out(session, actor, [dataset])[0].model_dump()
    return DatasetDetail(**shown, versions=[VersionOut.of(version) for version in frozen])


@router.post("/datasets/{id}/versions", status_code=201)
def freeze_version(session: Writer, actor: CurrentActor, parts: PartsDep, id: DatasetId, body: VersionIn) -> VersionOut:
    """Freeze what the query finds now; the version that holds just that is returned if there is one."""
    dataset = trust.load(session, actor, Dataset, id)
    version = versions.freeze_version(
        session,
        actor,
        dataset,
        store=parts.store,
        purpose=body.purpose,
        include_synthetic=body.include_synthetic,
    )
    return VersionOut.of(version)


@router.get("/dataset-versions/{id}")
def get_version(session: Reader, actor: CurrentActor, id: VersionId) -> VersionOut:
    """A frozen version with its rights proof."""
    version = trust.load(session, actor, DatasetVersion, id)
    trust.require(actor, "datasets.read", version)
    return VersionOut.of(version)


@router.get("/dataset-versions/{id}/difference/{other_id}")
def get_difference(
    session: Reader, actor: CurrentActor, parts: PartsDep, id: VersionId, other_id: VersionId
) -> DifferenceOut:
    """What changed from the other version to this one."""
    after = versions.load_rows(session, actor, trust.load(session, actor, DatasetVersion, id), parts.store)
    before = versions.load_rows(session, actor, trust.load(session, actor, DatasetVersion, other_id), parts.store)
    return DifferenceOut(**difference.difference(before, after).as_json())


@router.get("/export-formats")
def list_formats(actor: CurrentActor) -> FormatList:
    """The formats that a version can be written in."""
    trust.require(actor, "datasets.read")
    return FormatList(items=EXPORTERS.names())


@router.post("/dataset-versions/{id}/export", status_code=202)
def export_version(session: Writer, actor: CurrentActor, id: VersionId, body: ExportIn) -> StartedJob:
    """Write a frozen version in a format; the job's stage `write` names the artifact."""
    version = trust.load(session, actor, DatasetVersion, id)
    return StartedJob.of(exports.request_export(session, actor, version, body.format))


def _datasets_out(session: Session, actor: trust.Actor, rows: list[Dataset]) -> list[DatasetOut]:
    counts = datasets.count_versions(session, actor, [dataset.id for dataset in rows])
    kept = ("id", "created_at", "name", "query")
    return [
        DatasetOut(**{name: getattr(dataset, name) for name in kept}, num_versions=counts[dataset.id])
        for dataset in rows
    ]
