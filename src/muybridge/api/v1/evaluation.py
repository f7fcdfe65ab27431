"""Evaluations of checkpoints: asking for one, its figures, pictures and report."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from muybridge import artifacts, trust
from muybridge.api.deps import CurrentActor, Cursor, IdempotencyKey, Limit, PartsDep, Reader, Writer
from muybridge.api.errors import RESPONSES
from muybridge.api.ids import pattern_of
from muybridge.artifacts import Artifact, Store
from muybridge.datasets.tables import DatasetVersion
from muybridge.evaluation import evaluations
from muybridge.evaluation.card.figures import Extent
from muybridge.evaluation.evaluations import On
from muybridge.evaluation.tables import Evaluation
from muybridge.training.tables import Checkpoint

router = APIRouter(prefix="/v1", tags=["evaluation"], responses=RESPONSES)

EvaluationId = Annotated[str, Path(pattern=pattern_of("evl"), description="evl_…")]


class EvaluationIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    checkpoint_id: str = Field(pattern=pattern_of("ckp"))
    kind: On = "all"
    """Score on the simulator's unseen clips, on held-out footage, or on both."""
    version_id: str | None = Field(default=None, pattern=pattern_of("ver"))
    """Whose held-out clips; default: of the version that the checkpoint was trained on."""
    split: str = Field(default="test", max_length=20, pattern=r"^\w+$")
    n: int = Field(default=evaluations.USUAL_CLIPS, ge=1, le=evaluations.MAX_CLIPS)
    """Simulated clips to score on, in each cell of the card."""
    has_all_rooms: bool = False
    """Also score in rooms that the checkpoint's recipe never showed."""
    extent: Extent = "usual"
    """How far roll-outs go and how many training clips are remembered."""
    seed: int = Field(default=0, ge=0, lt=2**31)


class EvaluationOut(BaseModel):
    id: str
    created_at: datetime
    kind: On
    checkpoint_id: str
    version_id: str | None
    settings: dict[str, Any]
    job_id: str | None
    """The scoring; its state says how it stands."""
    metrics: dict[str, Any] | None
    report_artifact_id: str | None

    @classmethod
    def of(cls, row: Evaluation) -> "EvaluationOut":
        own = {name: getattr(row, name) for name in cls.model_fields if hasattr(row, name)}
        return cls(**own, kind=evaluations.kind_of(row))


class EvaluationPage(BaseModel):
    items: list[EvaluationOut]
    next_cursor: str | None


class EvaluationDetail(EvaluationOut):
    report_url: str | None
    pictures: dict[str, str]
    """Addresses of strips of frames by name: `<number>/true`, `<number>/model`, `<number>/copy`, `<number>/flow`.

    None where some of the footage that they show was revoked, is gone or is not yours to see.
    """


@router.get("/evaluations")
def list_evaluations(session: Reader, actor: CurrentActor, limit: Limit = 50, cursor: Cursor = None) -> EvaluationPage:
    """Evaluations, newest first."""
    page = evaluations.list_evaluations(session, actor, limit=limit, cursor=cursor)
    return EvaluationPage(items=[EvaluationOut.of(row) for row in page.items], next_cursor=page.next_cursor)


@router.post("/evaluations", status_code=202)
def start_evaluation(
    session: Writer, actor: CurrentActor, body: EvaluationIn, key: IdempotencyKey = None
) -> EvaluationOut:
    """Score a checkpoint in the background."""
    known = trust.once(session, actor, key, "evaluation.start", body.model_dump(mode="json"))
    if known is not None:
        return EvaluationOut.of(trust.load(session, actor, Evaluation, known))
    started = evaluations.start_evaluation(
        session,
        actor,
        trust.load(session, actor, Checkpoint, body.checkpoint_id),
        on=body.kind,
        version=trust.load(session, actor, DatasetVersion, body.version_id) if body.version_id else None,
        split=body.split,
        n=body.n,
        seed=body.seed,
        has_all_rooms=body.has_all_rooms,
        extent=body.extent,
    )
    trust.remember(session, actor, key, "evaluation.start", started.id)
    return EvaluationOut.of(started)


@router.get("/evaluations/{id}")
def get_evaluation(session: Writer, actor: CurrentActor, parts: PartsDep, id: EvaluationId) -> EvaluationDetail:
    """One evaluation with its pictures and report; being given pictures of footage is an event."""
    trust.require(actor, "evaluation.read")
    row = trust.load(session, actor, Evaluation, id)
    drawn = evaluations.pictures_of(session, actor, row)
    report = artifacts.load(session, actor, row.report_artifact_id) if row.report_artifact_id else None
    return EvaluationDetail(
        **EvaluationOut.of(row).model_dump(),
        report_url=_url(parts.store, actor, report) if report else None,
        pictures={name: _url(parts.store, actor, picture) for name, picture in drawn.items()},
    )


def _url(store: Store, actor: trust.Actor, artifact: Artifact) -> str:
    return store.url(
        artifact.digest,
        tenant_id=artifact.tenant_id,
        media_type=artifact.media_type,
        filename=artifact.filename,
        actor_id=actor.id,
    )
