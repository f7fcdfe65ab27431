"""Tasks: questions about clips (or about two generations), each to be answered by `replicas` people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from muybridge import db, trust
from muybridge.catalog.tables import Asset, Shot
from muybridge.errors import Conflict, Invalid
from muybridge.labeling.projects import current_ontology
from muybridge.labeling.tables import Attempt, Batch, Ontology, Project, Task, TaskKind
from muybridge.labeling.validation import ClipBounds, validate, validate_verdict

MAX_TASKS = 10_000
MAX_REPLICAS = 1_000


class ExternalIdTaken(Conflict):
    code = "labeling.external_id_taken"


class InvalidTask(Invalid):
    code = "labeling.invalid_task"


@dataclass(frozen=True, slots=True)
class ClipSpan:
    """What a task shows: frames and pts of one asset, both half-open."""

    asset_id: str
    start_frame: int
    end_frame: int
    start_pts: int
    end_pts: int


@dataclass(frozen=True, slots=True)
class NewTask:
    """One question to ask. `clip` is None for a comparison only.

    gold: {"annotations": [...]} or {"verdict": ...} when the answer is known.
    payload: what the asker adds and every answerer may read; a comparison's is {"left", "right", "question"}.
    external_id: the asker's own name for it, unique in the project.
    """

    clip: ClipSpan | None = None
    external_id: str | None = None
    gold: Mapping[str, Any] | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    priority: int = 0


def create_tasks(
    session: Session,
    actor: trust.Actor,
    project: Project,
    asked: Sequence[NewTask],
    *,
    replicas: int = 1,
    kind: TaskKind = TaskKind.ANNOTATE,
    batch: Batch | None = None,
    is_open: bool = True,
) -> list[Task]:
    """Ask all of `asked`, or none: one event for the lot.

    is_open: False for tasks that no claim may take (a model proposes and a person decides). Raises InvalidTask,
    ExternalIdTaken (naming the first taken), InvalidAnnotations for gold that does not fit, NotFound for an asset.
    """
    trust.require(actor, "labeling.manage", project)
    if not 1 <= len(asked) <= MAX_TASKS:
        raise InvalidTask(f"Between 1 and {MAX_TASKS} tasks are made at once, not {len(asked)}.")
    if not 1 <= replicas <= MAX_REPLICAS:
        raise InvalidTask(f"A task is answered by 1 to {MAX_REPLICAS} people, not {replicas}.")
    ontology = current_ontology(session, actor, project) if kind == TaskKind.ANNOTATE else None
    _check_external_ids(session, actor, project, [entry.external_id for entry in asked if entry.external_id])
    asset_ids = _check_clips(session, actor, asked, kind)
    tasks = [
        Task(
            tenant_id=actor.tenant_id,
            project_id=project.id,
            batch_id=batch.id if batch else None,
            kind=kind,
            ontology_id=ontology.id if ontology else None,
            replicas=replicas,
            external_id=entry.external_id,
            priority=entry.priority,
            gold=_check_gold(entry, ontology),
            is_gold=entry.gold is not None,
            payload=dict(entry.payload),
            is_open=is_open,
            **_span_columns(entry.clip),
        )
        for entry in asked
    ]
    session.add_all(tasks)
    trust.place(session, actor, project.id, asset_ids)
    session.flush()
    trust.record(
        session, actor, "task.created", tasks[0].id, project_id=project.id, num_tasks=len(tasks), kind=str(kind),
        replicas=replicas, batch_id=batch.id if batch else None,
    )  # fmt: skip
    return tasks


def clips_of_shots(session: Session, actor: trust.Actor, asset_id: str) -> list[ClipSpan]:
    """An asset's shots as clips, in order of time."""
    shots = select(Shot).where(Shot.asset_id == asset_id).order_by(Shot.number)
    return [
        ClipSpan(asset_id, shot.start_frame, shot.end_frame, shot.start_pts, shot.end_pts)
        for shot in session.scalars(trust.visible(shots, actor))
    ]


def bounds_of(task: Task) -> ClipBounds | None:
    """The span that answers stay in; None for a comparison."""
    if task.start_frame is None or task.end_frame is None or task.start_pts is None or task.end_pts is None:
        return None
    return ClipBounds(task.start_frame, task.end_frame, task.start_pts, task.end_pts)


def check_answer(task: Task, ontology: Ontology | None, annotations: Sequence[Any]) -> list[dict[str, Any]]:
    """The answer in full form, or InvalidAnnotations."""
    if task.kind == TaskKind.COMPARISON or ontology is None:
        return validate_verdict(annotations)
    return validate(ontology.classes, annotations, bounds_of(task))


def list_tasks(
    session: Session,
    actor: trust.Actor,
    project: Project,
    *,
    batch_id: str | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> db.Page[Task]:
    trust.require(actor, "labeling.read", project)
    statement = select(Task).where(Task.project_id == project.id)
    if batch_id is not None:
        statement = statement.where(Task.batch_id == batch_id)
    return db.page(session, trust.visible(statement, actor), Task.id, limit=limit, cursor=cursor)


def count_attempts(session: Session, actor: trust.Actor, task_ids: Sequence[str]) -> dict[str, int]:
    """How many answers each task of a page has."""
    counted = select(Attempt.task_id, func.count(Attempt.id)).where(Attempt.task_id.in_(task_ids))
    rows = session.execute(trust.visible(counted.group_by(Attempt.task_id), actor))
    return dict.fromkeys(task_ids, 0) | dict(rows.all())


def _span_columns(clip: ClipSpan | None) -> dict[str, Any]:
    if clip is None:
        return {}
    return {name: getattr(clip, name) for name in ("asset_id", "start_frame", "end_frame", "start_pts", "end_pts")}


def _check_external_ids(session: Session, actor: trust.Actor, project: Project, names: list[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if not 1 <= len(name) <= 200 or "\x00" in name:
            raise InvalidTask("An external_id has 1 to 200 characters.")
        if name in seen:
            raise ExternalIdTaken(f"external_id {name!r} is there twice in this request.", external_id=name)
        seen.add(name)
    if not names:
        return
    # The project row is the lock: two requests with one external_id would both find it free.
    trust.load(session, actor, Project, project.id, for_update=True)
    for start in range(0, len(names), 500):
        some = names[start : start + 500]
        statement = select(Task.external_id).where(Task.project_id == project.id, Task.external_id.in_(some))
        taken = session.scalars(trust.visible(statement, actor)).first()
        if taken:
            raise ExternalIdTaken(
                f"Project {project.name!r} already has a task with external_id {taken!r}.",
                remedy="Use another external_id, or read the task that is there.",
                external_id=taken,
            )


def _check_clips(session: Session, actor: trust.Actor, asked: Sequence[NewTask], kind: TaskKind) -> list[str]:
    clips = [entry.clip for entry in asked]
    if kind == TaskKind.COMPARISON:
        if any(clips):
            raise InvalidTask("A comparison has no clip; its payload names left and right.")
        return []
    assets: dict[str, Asset] = {}
    for clip in clips:
        if clip is None:
            raise InvalidTask("A task of kind annotate needs a clip.")
        if clip.asset_id not in assets:
            assets[clip.asset_id] = trust.load(session, actor, Asset, clip.asset_id)
        _check_clip(assets[clip.asset_id], clip)
    return list(assets)


def _check_clip(asset: Asset, clip: ClipSpan) -> None:
    if not asset.is_ready or asset.num_frames is None:
        raise InvalidTask(f"Asset {asset.name!r} is not ready to be labelled.", remedy="Wait for its ingest to end.")
    if not 0 <= clip.start_frame < clip.end_frame <= asset.num_frames or not clip.start_pts < clip.end_pts:
        raise InvalidTask(
            f"Frames [{clip.start_frame}, {clip.end_frame}) do not lie in asset {asset.name!r}, "
            f"which has {asset.num_frames}."
        )


def _check_gold(entry: NewTask, ontology: Ontology | None) -> dict[str, Any] | None:
    if entry.gold is None:
        return None
    if ontology is None:
        verdict = {"shape": "comparison", "verdict": entry.gold.get("verdict")}
        return {"verdict": validate_verdict([verdict])[0]["verdict"]}
    known = entry.gold.get("annotations")
    if not isinstance(known, list) or entry.clip is None:
        raise InvalidTask('Gold for a clip is {"annotations": [...]}.')
    clip = entry.clip
    bounds = ClipBounds(clip.start_frame, clip.end_frame, clip.start_pts, clip.end_pts)
    return {"annotations": validate(ontology.classes, known, bounds)}
