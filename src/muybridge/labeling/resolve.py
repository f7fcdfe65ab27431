"""Resolving a task: its attempts become one consensus, which stands, or goes before a reviewer.

Reads and writes rows; how to agree is `labeling.consensus`'.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from muybridge import db, trust
from muybridge.errors import Conflict
from muybridge.labeling import attempts, review
from muybridge.labeling.consensus import METHODS, Answer
from muybridge.labeling.tables import Attempt, Consensus, Project, ReviewState, Source, Task, TaskKind

METHOD_OF_SHAPE = {
    "box_track": "tracks",
    "span": "spans",
    "caption": "medoid",
    "mask_track": "medoid",
    "comparison": "majority",
}
"""Classes are agreed by the project's own class_method."""
MAX_OTHERS = 2_000
"""Earlier answers of the project, newest first, from which methods learn who is reliable."""


class NothingToResolve(Conflict):
    code = "labeling.nothing_to_resolve"


def resolve_task(session: Session, actor: trust.Actor, task: Task) -> Consensus:
    """Agree on the task's attempts; below the project's threshold a review is opened, else the task is completed.

    Repeating it replaces the consensus, unless a reviewer has judged it. Called by the job that the last replica
    enqueued. Raises NothingToResolve when nobody answered.
    """
    task = trust.load(session, actor, Task, task.id, for_update=True)
    project = trust.load(session, actor, Project, task.project_id)
    found = trust.visible(select(Consensus).where(Consensus.task_id == task.id), actor)
    consensus = session.scalars(found).one_or_none()
    if consensus is not None and consensus.review_state in (ReviewState.ACCEPTED, ReviewState.FIXED):
        return consensus
    submitted = _attempts(session, actor, task)
    if not submitted:
        raise NothingToResolve(f"Nobody answered task {task.id} yet.")
    if consensus is None:
        consensus = Consensus(tenant_id=actor.tenant_id, task_id=task.id)
    _agree(session, actor, project, task, submitted, consensus)
    session.add(consensus)
    session.flush()
    if consensus.agreement < project.review_below:
        consensus.review_state = ReviewState.OPEN
        review.open_review(session, actor, task, consensus)
    else:
        consensus.review_state = ReviewState.NOT_NEEDED
        complete_task(session, actor, task, agreement=consensus.agreement)
    return consensus


def complete_task(session: Session, actor: trust.Actor, task: Task, **facts: Any) -> None:
    """The task has its answer."""
    task.is_open, task.completed_at = False, db.now(session)
    trust.record(session, actor, "task.completed", task.id, project_id=task.project_id, **facts)


def _attempts(session: Session, actor: trust.Actor, task: Task) -> list[Attempt]:
    statement = select(Attempt).where(Attempt.task_id == task.id, Attempt.source != Source.MODEL)
    return list(session.scalars(trust.visible(statement, actor).order_by(Attempt.id)))


def _agree(
    session: Session,
    actor: trust.Actor,
    project: Project,
    task: Task,
    submitted: Sequence[Attempt],
    consensus: Consensus,
) -> None:
    values = attempts.values_by_attempt(session, actor, [attempt.id for attempt in submitted])
    shapes = sorted({value["shape"] for several in values.values() for value in several})
    agreed: list[Mapping[str, Any]] = []
    agreement, facts = 1.0, dict[str, Any]()
    methods = []
    for shape in shapes:
        method = METHODS.get(METHOD_OF_SHAPE.get(shape, project.class_method))
        answers = [_answer(task.id, attempt.actor_id, values[attempt.id], shape) for attempt in submitted]
        others = _others(session, actor, project, task, shape) if shape == "class" else []
        result = method.agree(answers, others)
        agreed += result.annotations
        # A task is as sure as its least sure part.
        agreement = min(agreement, result.agreement)
        facts[shape] = {"method": method.name, "agreement": result.agreement, **result.facts}
        methods.append(method.name)
    consensus.method = "+".join(dict.fromkeys(methods)) or "nothing_seen"
    consensus.agreement = agreement
    consensus.num_attempts = len(submitted)
    consensus.sources = sorted({attempt.source for attempt in submitted})
    consensus.value = {"annotations": [dict(value) for value in agreed], "facts": facts}
    if task.kind == TaskKind.COMPARISON:
        consensus.value |= {"verdict": agreed[0]["verdict"]}


def _answer(task_id: str, answerer: str, values: Sequence[Mapping[str, Any]], shape: str) -> Answer:
    return Answer(task_id, answerer, tuple(value for value in values if value["shape"] == shape))


def _others(session: Session, actor: trust.Actor, project: Project, task: Task, shape: str) -> list[Answer]:
    """Answers to other annotation tasks of the project, gold included, newest first."""
    statement = (
        select(Attempt)
        .join(Task, Task.id == Attempt.task_id)
        .where(
            Task.project_id == project.id,
            Task.id != task.id,
            Task.kind == TaskKind.ANNOTATE,
            Attempt.assignment_id.is_not(None),
        )
        .order_by(Attempt.id.desc())
        .limit(MAX_OTHERS)
    )
    earlier = list(session.scalars(trust.visible(statement, actor)))
    values = attempts.values_by_attempt(session, actor, [attempt.id for attempt in earlier])
    return [_answer(each.task_id, each.actor_id, values[each.id], shape) for each in earlier]
