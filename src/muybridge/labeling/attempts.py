"""Attempts: the draft that survives a crash, and the one submission under an assignment."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from muybridge import db, jobs, trust
from muybridge.errors import Invalid
from muybridge.labeling import claims, gold
from muybridge.labeling.tables import Annotation, Assignment, Attempt, Ontology, Source, Task
from muybridge.labeling.tasks import check_answer

MAX_DRAFT_BYTES = 4 * 2**20


class DraftTooLarge(Invalid):
    code = "labeling.draft_too_large"


def save_draft(session: Session, actor: trust.Actor, assignment: Assignment, draft: Mapping[str, Any]) -> Assignment:
    """Keep what the person has so far, as it is (a draft need not be valid), and extend their lease."""
    trust.require(actor, "labeling.answer", assignment)
    size_bytes = len(json.dumps(draft))
    if size_bytes > MAX_DRAFT_BYTES:
        raise DraftTooLarge(f"A draft of {size_bytes} bytes is more than {MAX_DRAFT_BYTES}.")
    held = claims.heartbeat(session, actor, assignment)
    held.draft = dict(draft)
    return held


def submit_attempt(
    session: Session,
    actor: trust.Actor,
    assignment: Assignment,
    annotations: Sequence[Any],
    *,
    duration_s: float = 0.0,
    source: Source = Source.PERSON,
) -> Attempt:
    """Answer a task; the last replica's answer enqueues `labeling.resolve`.

    source: PERSON needs labeling.answer and an assignment of the actor's own; SIMULATED needs labeling.manage and
    answers under the simulated annotator's assignment. Raises InvalidAnnotations, AlreadySubmitted, LeaseLost.
    """
    is_person = source == Source.PERSON
    trust.require(actor, "labeling.answer" if is_person else "labeling.manage", assignment)
    if not 0 <= duration_s < 10**7:
        raise Invalid(f"duration_s is the seconds that the answer took, not {duration_s}.")
    if source == Source.MODEL or (not is_person and not assignment.actor_id.startswith(claims.SIMULATED_PREFIX)):
        raise claims.NotYours(f"Assignment {assignment.id} is a person's.", remedy="A model's answers are proposals.")
    held = claims.hold(session, actor, assignment, answerer=None if is_person else assignment.actor_id)
    task = trust.load(session, actor, Task, held.task_id)
    ontology = trust.load(session, actor, Ontology, task.ontology_id) if task.ontology_id else None
    checked = check_answer(task, ontology, annotations)
    attempt = Attempt(
        tenant_id=actor.tenant_id,
        task_id=task.id,
        assignment_id=held.id,
        actor_id=held.actor_id,
        source=source,
        duration_s=duration_s,
        gold_score=gold.score_answer(task, checked),
    )
    session.add(attempt)
    session.flush()
    session.add_all(annotation_row(attempt, value) for value in checked)
    held.submitted_at, held.draft = db.now(session), None
    session.flush()
    trust.record(
        session, actor, "attempt.submitted", attempt.id,
        project_id=task.project_id, task_id=task.id, source=str(source), num_annotations=len(checked),
    )  # fmt: skip
    _close_if_answered(session, actor, task)
    return attempt


def annotation_row(attempt: Attempt, value: Mapping[str, Any]) -> Annotation:
    """One checked annotation value as a row of an attempt."""
    return Annotation(
        tenant_id=attempt.tenant_id,
        attempt_id=attempt.id,
        kind=value["shape"],
        class_name=value.get("class_name"),
        value=dict(value),
        attributes=dict(value.get("attributes") or {}),
    )


def values_by_attempt(session: Session, actor: trust.Actor, attempt_ids: Sequence[str]) -> dict[str, list[Any]]:
    """Annotation values of each attempt, in the order they were given."""
    found: dict[str, list[Any]] = {attempt_id: [] for attempt_id in attempt_ids}
    for start in range(0, len(attempt_ids), 500):
        statement = select(Annotation.attempt_id, Annotation.value).where(
            Annotation.attempt_id.in_(attempt_ids[start : start + 500])
        )
        for attempt_id, value in session.execute(trust.visible(statement.order_by(Annotation.id), actor)):
            found[attempt_id].append(value)
    return found


def _close_if_answered(session: Session, actor: trust.Actor, task: Task) -> None:
    """`claims.hold` locked the task, so two last replicas cannot both miss each other."""
    statement = select(func.count(Assignment.id)).where(
        Assignment.task_id == task.id, Assignment.submitted_at.is_not(None)
    )
    if session.scalars(trust.visible(statement, actor)).one() < task.replicas:
        return
    task.is_open = False
    if task.is_gold:
        # The answer was known before anybody was asked.
        task.completed_at = db.now(session)
        return
    jobs.enqueue(session, actor, "labeling.resolve", task.id, dedupe_key=f"labeling.resolve:{task.id}")
