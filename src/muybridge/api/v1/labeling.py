"""Projects, tasks, claims and answers. Proposals and reviews have their own module."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from muybridge import trust
from muybridge.api.deps import CurrentActor, Cursor, IdempotencyKey, Limit, Reader, Writer
from muybridge.api.errors import RESPONSES
from muybridge.api.ids import JsonObject, Text, pattern_of
from muybridge.labeling import attempts, batches, claims, ontology, projects, tasks
from muybridge.labeling.tables import Assignment, Attempt, Ontology, Project, Task, TaskKind
from muybridge.labeling.tasks import MAX_REPLICAS, MAX_TASKS

router = APIRouter(prefix="/v1", tags=["labeling"], responses=RESPONSES)

MAX_FRAME = 2**31 - 1
MAX_PTS = 2**62
ProjectId = Annotated[str, Path(pattern=pattern_of("prj"), description="prj_…")]
TaskId = Annotated[str, Path(pattern=pattern_of("tsk"), description="tsk_…")]
AssignmentId = Annotated[str, Path(pattern=pattern_of("asg"), description="asg_…")]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OntologyOut(BaseModel):
    id: str
    project_id: str
    number: int
    created_at: datetime
    classes: list[dict[str, Any]]

    @classmethod
    def of(cls, row: Ontology) -> "OntologyOut":
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class ProjectIn(Strict):
    name: Text
    classes: list[JsonObject] | None = Field(default=None, description="Publishes ontology version 1")
    class_method: str = Field(default="dawid_skene", max_length=100, pattern=r"^[a-z0-9_]+$")
    review_below: float = Field(default=0.7, ge=0, le=1)
    gold_rate: float = Field(default=0.0, ge=0, le=1)


class ProjectOut(BaseModel):
    id: str
    created_at: datetime
    name: str
    ontology: OntologyOut | None
    class_method: str
    review_below: float
    gold_rate: float
    num_tasks: int
    num_completed: int
    num_open_proposals: int


class ProjectPage(BaseModel):
    items: list[ProjectOut]
    next_cursor: str | None


class OntologyIn(Strict):
    classes: list[JsonObject]


class TaskClipIn(Strict):
    asset_id: str = Field(pattern=pattern_of("ast"))
    start_frame: int = Field(ge=0, le=MAX_FRAME)
    end_frame: int = Field(ge=1, le=MAX_FRAME)
    start_pts: int = Field(ge=-MAX_PTS, le=MAX_PTS)
    end_pts: int = Field(ge=-MAX_PTS, le=MAX_PTS)


class TaskIn(Strict):
    clip: TaskClipIn | None = None
    external_id: str | None = Field(default=None, min_length=1, max_length=200, pattern=r"^[^\x00]*$")
    gold: JsonObject | None = None
    payload: JsonObject = Field(default_factory=dict)
    priority: int = Field(default=0, ge=-1000, le=1000)


class TasksIn(Strict):
    tasks: list[TaskIn] = Field(default_factory=list, max_length=MAX_TASKS)
    asset_ids: list[Annotated[str, Field(pattern=pattern_of("ast"))]] = Field(
        default_factory=list, max_length=1000, description="Ask about each shot of these"
    )
    replicas: int = Field(default=1, ge=1, le=MAX_REPLICAS)
    batch: str | None = Field(default=None, min_length=1, max_length=200, pattern=r"^[^\x00]*$")


class TaskOut(BaseModel):
    """A question. Whether it is gold is told to nobody here."""

    id: str
    created_at: datetime
    project_id: str
    batch_id: str | None
    kind: TaskKind
    asset_id: str | None
    start_frame: int | None
    end_frame: int | None
    start_pts: int | None
    end_pts: int | None
    ontology_id: str | None
    replicas: int
    external_id: str | None
    priority: int
    payload: dict[str, Any]
    completed_at: datetime | None
    num_attempts: int = 0

    @classmethod
    def of(cls, task: Task, num_attempts: int) -> "TaskOut":
        shown = {name: getattr(task, name) for name in cls.model_fields if name != "num_attempts"}
        return cls(**shown, num_attempts=num_attempts)


class TaskPage(BaseModel):
    items: list[TaskOut]
    next_cursor: str | None


class TaskList(BaseModel):
    items: list[TaskOut]


class AssignmentOut(BaseModel):
    id: str
    created_at: datetime
    lease_until: datetime
    submitted_at: datetime | None
    released_at: datetime | None
    draft: dict[str, Any] | None
    task: TaskOut
    classes: list[dict[str, Any]]
    """Of the ontology version that the task is asked under; empty for a comparison."""


class ClaimOut(BaseModel):
    assignment: AssignmentOut | None
    """None when nothing is left for you."""


class DraftIn(Strict):
    draft: JsonObject


class AnswerIn(Strict):
    annotations: list[JsonObject] = Field(max_length=10_000)
    duration_s: float = Field(default=0.0, ge=0, lt=10**7)


class AttemptOut(BaseModel):
    id: str
    created_at: datetime
    task_id: str
    assignment_id: str | None
    source: str
    duration_s: float

    @classmethod
    def of(cls, attempt: Attempt) -> "AttemptOut":
        return cls(**{name: getattr(attempt, name) for name in cls.model_fields})


@router.get("/projects")
def list_projects(session: Reader, actor: CurrentActor, limit: Limit = 50, cursor: Cursor = None) -> ProjectPage:
    """Labelling campaigns, newest first."""
    page = projects.list_projects(session, actor, limit=limit, cursor=cursor)
    return ProjectPage(items=_projects_out(session, actor, page.items), next_cursor=page.next_cursor)


@router.post("/projects", status_code=201)
def create_project(session: Writer, actor: CurrentActor, body: ProjectIn, key: IdempotencyKey = None) -> ProjectOut:
    """Begin a campaign."""
    known = trust.once(session, actor, key, "labeling.create_project", body.model_dump(mode="json"))
    if known is None:
        made = projects.create_project(session, actor, **body.model_dump())
        trust.remember(session, actor, key, "labeling.create_project", made.id)
        known = made.id
    return _projects_out(session, actor, [trust.load(session, actor, Project, known)])[0]


@router.get("/projects/{id}")
def get_project(session: Reader, actor: CurrentActor, id: ProjectId) -> ProjectOut:
    """One campaign with its present classes."""
    return _projects_out(session, actor, [_readable(session, actor, id)])[0]


@router.post("/projects/{id}/ontologies", status_code=201)
def publish_ontology(session: Writer, actor: CurrentActor, id: ProjectId, body: OntologyIn) -> OntologyOut:
    """Publish the next version of a project's classes; older tasks keep theirs."""
    project = trust.load(session, actor, Project, id)
    return OntologyOut.of(ontology.publish_ontology(session, actor, project, body.classes))


@router.get("/projects/{id}/tasks")
def list_tasks(
    session: Reader,
    actor: CurrentActor,
    id: ProjectId,
    batch_id: Annotated[str | None, Query(pattern=pattern_of("bat"))] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> TaskPage:
    """A project's questions, newest first."""
    project = trust.load(session, actor, Project, id)
    page = tasks.list_tasks(session, actor, project, batch_id=batch_id, limit=limit, cursor=cursor)
    return TaskPage(items=tasks_out(session, actor, page.items), next_cursor=page.next_cursor)


@router.post("/projects/{id}/tasks", status_code=201)
def create_tasks(session: Writer, actor: CurrentActor, id: ProjectId, body: TasksIn) -> TaskList:
    """Ask about clips, or about every shot of whole assets: all of them, or none.

    A request that may be sent twice gives its tasks an `external_id`; the second is refused then.
    """
    project = trust.load(session, actor, Project, id)
    trust.require(actor, "labeling.manage", project)
    asked = [_asked(entry) for entry in body.tasks]
    for asset_id in body.asset_ids:
        asked += [tasks.NewTask(clip) for clip in tasks.clips_of_shots(session, actor, asset_id)]
    batch = None
    if body.batch:
        batch = batches.batch_named(session, actor, project, body.batch)
        batch = batch or batches.create_batch(session, actor, project, body.batch)
    kind = TaskKind.COMPARISON if asked and all(each.clip is None for each in asked) else TaskKind.ANNOTATE
    made = tasks.create_tasks(session, actor, project, asked, replicas=body.replicas, kind=kind, batch=batch)
    return TaskList(items=tasks_out(session, actor, made))


@router.get("/tasks/{id}")
def get_task(session: Reader, actor: CurrentActor, id: TaskId) -> TaskOut:
    """One question."""
    task = trust.load(session, actor, Task, id)
    trust.require(actor, "labeling.read", task)
    return tasks_out(session, actor, [task])[0]


@router.post("/projects/{id}/claim")
def claim(session: Writer, actor: CurrentActor, id: ProjectId) -> ClaimOut:
    """Get the next task to answer, leased to you for 15 minutes; drafts extend the lease."""
    project = trust.load(session, actor, Project, id)
    assignment = claims.claim_next(session, actor, project)
    return ClaimOut(assignment=_assignment_out(session, actor, assignment) if assignment else None)


@router.get("/assignments/{id}")
def get_assignment(session: Reader, actor: CurrentActor, id: AssignmentId) -> AssignmentOut:
    """Your hold on a task, with your draft."""
    return _assignment_out(session, actor, _own(session, actor, id))


@router.put("/assignments/{id}/draft")
def save_draft(session: Writer, actor: CurrentActor, id: AssignmentId, body: DraftIn) -> AssignmentOut:
    """Keep what you have so far."""
    held = attempts.save_draft(session, actor, _own(session, actor, id), body.draft)
    return _assignment_out(session, actor, held)


@router.post("/assignments/{id}/submit", status_code=201)
def submit(session: Writer, actor: CurrentActor, id: AssignmentId, body: AnswerIn) -> AttemptOut:
    """Answer the task."""
    assignment = _own(session, actor, id)
    return AttemptOut.of(
        attempts.submit_attempt(session, actor, assignment, body.annotations, duration_s=body.duration_s)
    )


@router.post("/assignments/{id}/release")
def release(session: Writer, actor: CurrentActor, id: AssignmentId) -> AssignmentOut:
    """Give the task back without an answer."""
    return _assignment_out(session, actor, claims.release(session, actor, _own(session, actor, id)))


def _asked(entry: TaskIn) -> tasks.NewTask:
    clip = tasks.ClipSpan(**entry.clip.model_dump()) if entry.clip else None
    return tasks.NewTask(clip, entry.external_id, entry.gold, entry.payload, entry.priority)


def _readable(session: Session, actor: trust.Actor, project_id: str) -> Project:
    project = trust.load(session, actor, Project, project_id)
    trust.require(actor, "labeling.read", project)
    return project


def _own(session: Session, actor: trust.Actor, assignment_id: str) -> Assignment:
    """An assignment of the actor's; anybody else's is refused, draft and all."""
    assignment = trust.load(session, actor, Assignment, assignment_id)
    trust.require(actor, "labeling.answer", assignment)
    if assignment.actor_id != actor.id:
        raise claims.NotYours(f"Assignment {assignment.id} is held by somebody else.", remedy="Claim your own.")
    return assignment


def _projects_out(session: Session, actor: trust.Actor, rows: list[Project]) -> list[ProjectOut]:
    counts = projects.count_projects(session, actor, [project.id for project in rows])
    shown = []
    for project in rows:
        current = trust.load(session, actor, Ontology, project.ontology_id) if project.ontology_id else None
        count = counts[project.id]
        shown.append(
            ProjectOut(
                id=project.id,
                created_at=project.created_at,
                name=project.name,
                ontology=OntologyOut.of(current) if current else None,
                class_method=project.class_method,
                review_below=project.review_below,
                gold_rate=project.gold_rate,
                num_tasks=count.num_tasks,
                num_completed=count.num_completed,
                num_open_proposals=count.num_open_proposals,
            )
        )
    return shown


def tasks_out(session: Session, actor: trust.Actor, rows: list[Task]) -> list[TaskOut]:
    answered = tasks.count_attempts(session, actor, [task.id for task in rows])
    return [TaskOut.of(task, answered[task.id]) for task in rows]


def _assignment_out(session: Session, actor: trust.Actor, assignment: Assignment) -> AssignmentOut:
    task = trust.load(session, actor, Task, assignment.task_id)
    asked_under = trust.load(session, actor, Ontology, task.ontology_id) if task.ontology_id else None
    kept = ("id", "created_at", "lease_until", "submitted_at", "released_at", "draft")
    return AssignmentOut(
        **{name: getattr(assignment, name) for name in kept},
        task=tasks_out(session, actor, [task])[0],
        classes=asked_under.classes if asked_under else [],
    )
