"""Runs and their live curves, sample pictures, checkpoints."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from muybridge import artifacts, trust
from muybridge.api.deps import CurrentActor, Cursor, IdempotencyKey, Limit, PartsDep, Reader, Writer
from muybridge.api.errors import RESPONSES
from muybridge.api.ids import CheckpointId, RunId, pattern_of
from muybridge.artifacts import Store
from muybridge.datasets.tables import DatasetVersion
from muybridge.training import checkpoints, recipes, runs
from muybridge.training.recipe import Recipe
from muybridge.training.tables import Checkpoint, Run, RunMetric

router = APIRouter(prefix="/v1", tags=["training"], responses=RESPONSES)

# More steps than any training will take, and still an integer for every database.
MAX_STEP = 2**31 - 1


class RecipeOut(BaseModel):
    name: str
    size: str
    """nano, tiny, base, …"""
    frame_width: int
    frame_height: int
    num_frames: int
    """Frames of a training clip."""
    budget_s: float | None
    steps: int | None
    batch_clips: int

    @classmethod
    def of(cls, recipe: Recipe) -> "RecipeOut":
        model = recipe.model
        return cls(
            name=recipe.name, size=model.name, frame_width=model.frame_width, frame_height=model.height,
            num_frames=recipe.num_frames, budget_s=recipe.budget_s, steps=recipe.steps, batch_clips=recipe.batch_clips,
        )  # fmt: skip


class RecipeList(BaseModel):
    items: list[RecipeOut]


class RunIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    recipe: str = Field(max_length=100, description="The name of a recipe")
    name: str = Field(default="", max_length=200, pattern=r"^[^\x00]*$")
    version_id: str | None = Field(default=None, pattern=pattern_of("ver"))
    """Train on this frozen version's footage too."""
    parent_checkpoint_id: str | None = Field(default=None, pattern=pattern_of("ckp"))
    """Fine-tune these weights."""
    seed: int = Field(default=0, ge=0, le=runs.MAX_SEED)
    budget_s: float | None = Field(default=None, ge=1.0, le=30 * 86_400.0)


class RunOut(BaseModel):
    id: str
    created_at: datetime
    name: str
    recipe: dict[str, Any]
    version_id: str | None
    seed: int
    job_id: str | None
    """The training; its state says how the run stands."""
    parent_checkpoint_id: str | None
    code_version: str
    budget_s: float | None
    stop_requested_at: datetime | None

    @classmethod
    def of(cls, run: Run) -> "RunOut":
        return cls(**{name: getattr(run, name) for name in cls.model_fields})


class RunPage(BaseModel):
    items: list[RunOut]
    next_cursor: str | None


class SampleOut(BaseModel):
    """A picture of what the network made at a step: a row a prompt, frames from left to right."""

    step: int
    prompts: list[str]
    url: str


class CheckpointOut(BaseModel):
    id: str
    created_at: datetime
    run_id: str
    step: int
    artifact_id: str
    digest: str
    is_final: bool
    is_world_model: bool
    """Whether it can be played, scored and gone on from, and is no matrices (a LoRA) for another model."""
    card: dict[str, Any]
    config: dict[str, Any]
    recipe: str
    """The name of the recipe that made it."""
    prompts: list[str]
    """Sentences of the kind that it was taught to draw; none where every clip of its training had given frames."""
    obeys_words: bool
    """Whether it was taught to draw what words say. Where no checkpoint is named, the newest finished one of these is
    taken; where frames are given, one that learned from footage alone will do, too."""
    rooms: dict[str, str]
    """The rooms that it was shown, and what of each there was to be seen (`one body`); empty for all of it."""

    @classmethod
    def all_of(cls, session: Session, actor: trust.Actor, saved: Sequence[Checkpoint]) -> "list[CheckpointOut]":
        told = zip(saved, checkpoints.taught(session, actor, saved), strict=True)
        return [cls(**cls._own(checkpoint), **taught._asdict()) for checkpoint, taught in told]

    @classmethod
    def _own(cls, checkpoint: Checkpoint) -> dict[str, Any]:
        return {name: getattr(checkpoint, name) for name in cls.model_fields if name not in checkpoints.Taught._fields}


class CheckpointPage(BaseModel):
    items: list[CheckpointOut]
    next_cursor: str | None


class RunDetail(RunOut):
    samples: list[SampleOut]
    checkpoints: list[CheckpointOut]
    """The newest fifty, newest first."""


class MetricOut(BaseModel):
    step: int
    created_at: datetime
    values: dict[str, float]

    @classmethod
    def of(cls, metric: RunMetric) -> "MetricOut":
        return cls(step=metric.step, created_at=metric.created_at, values=metric.values)


class MetricList(BaseModel):
    items: list[MetricOut]


@router.get("/recipes")
def list_recipes(actor: CurrentActor) -> RecipeList:
    """The recipes that a run may name."""
    trust.require(actor, "training.read")
    return RecipeList(items=[RecipeOut.of(make()) for make in recipes.RECIPES.values()])


@router.get("/runs")
def list_runs(session: Reader, actor: CurrentActor, limit: Limit = 50, cursor: Cursor = None) -> RunPage:
    """Trainings, newest first."""
    page = runs.list_runs(session, actor, limit=limit, cursor=cursor)
    return RunPage(items=[RunOut.of(run) for run in page.items], next_cursor=page.next_cursor)


@router.post("/runs", status_code=202)
def start_run(session: Writer, actor: CurrentActor, body: RunIn, key: IdempotencyKey = None) -> RunOut:
    """Begin a training in the background."""
    known = trust.once(session, actor, key, "training.start_run", body.model_dump(mode="json"))
    if known is not None:
        return RunOut.of(trust.load(session, actor, Run, known))
    version = trust.load(session, actor, DatasetVersion, body.version_id) if body.version_id else None
    origin = body.parent_checkpoint_id
    run = runs.start_run(
        session,
        actor,
        recipes.recipe(body.recipe),
        version=version,
        seed=body.seed,
        parent=trust.load(session, actor, Checkpoint, origin) if origin else None,
        budget_s=body.budget_s,
        name=body.name,
    )
    trust.remember(session, actor, key, "training.start_run", run.id)
    return RunOut.of(run)


@router.get("/runs/{id}")
def get_run(session: Reader, actor: CurrentActor, parts: PartsDep, id: RunId) -> RunDetail:
    """A training with its sample pictures and newest checkpoints."""
    trust.require(actor, "training.read")
    run = trust.load(session, actor, Run, id)
    saved = checkpoints.list_checkpoints(session, actor, limit=50, cursor=None, run_id=run.id)
    samples = [
        SampleOut(
            step=sample.step,
            prompts=sample.prompts,
            url=_picture_url(parts.store, actor, artifacts.load(session, actor, sample.artifact_id)),
        )
        for sample in runs.list_samples(session, actor, run.id)
    ]
    shown = RunOut.of(run).model_dump()
    return RunDetail(**shown, samples=samples, checkpoints=CheckpointOut.all_of(session, actor, saved.items))


@router.get("/runs/{id}/metrics")
def list_metrics(
    session: Reader,
    actor: CurrentActor,
    id: RunId,
    after_step: Annotated[int, Query(ge=-1, le=MAX_STEP)] = -1,
) -> MetricList:
    """What a training measured after a step, in order, at most 2 000 at a time; ask again after the last."""
    measured = runs.list_metrics(session, actor, id, after_step=after_step)
    return MetricList(items=[MetricOut.of(metric) for metric in measured])


@router.post("/runs/{id}/stop")
def stop_run(session: Writer, actor: CurrentActor, id: RunId) -> RunOut:
    """Ask a training to save and end now."""
    return RunOut.of(runs.stop_run(session, actor, id))


@router.get("/checkpoints")
def list_checkpoints(session: Reader, actor: CurrentActor, limit: Limit = 50, cursor: Cursor = None) -> CheckpointPage:
    """Checkpoints of all runs, newest first."""
    page = checkpoints.list_checkpoints(session, actor, limit=limit, cursor=cursor)
    return CheckpointPage(items=CheckpointOut.all_of(session, actor, page.items), next_cursor=page.next_cursor)


@router.get("/checkpoints/{id}")
def get_checkpoint(session: Reader, actor: CurrentActor, id: CheckpointId) -> CheckpointOut:
    """One checkpoint with its card."""
    trust.require(actor, "training.read")
    (shown,) = CheckpointOut.all_of(session, actor, [trust.load(session, actor, Checkpoint, id)])
    return shown


def _picture_url(store: Store, actor: trust.Actor, picture: artifacts.Artifact) -> str:
    return store.url(
        picture.digest,
        tenant_id=picture.tenant_id,
        media_type=picture.media_type,
        filename=picture.filename,
        actor_id=actor.id,
    )
