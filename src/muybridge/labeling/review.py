"""Review: a person's verdict on a consensus that was not sure enough: accept, fix or reject."""

from collections.abc import Sequence
from typing import Any, Literal, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from muybridge import db, trust
from muybridge.errors import Conflict, Invalid
from muybridge.labeling.tables import Consensus, Ontology, Project, Review, ReviewState, Task
from muybridge.labeling.tasks import check_answer

Decision = Literal["accept", "fix", "reject"]


class AlreadyDecided(Conflict):
    code = "labeling.already_decided"


def open_review(session: Session, actor: trust.Actor, task: Task, consensus: Consensus) -> Review:
    """Put a consensus before a reviewer; a task has one open review at most. Called by labeling.resolve."""
    statement = select(Review).where(Review.task_id == task.id, Review.decided_at.is_(None))
    review = session.scalars(trust.visible(statement, actor)).one_or_none()
    if review is not None:
        review.agreement = consensus.agreement
        return review
    review = Review(
        tenant_id=actor.tenant_id,
        project_id=task.project_id,
        task_id=task.id,
        consensus_id=consensus.id,
        agreement=consensus.agreement,
    )
    session.add(review)
    session.flush()
    trust.record(
        session, actor, "review.opened", review.id,
        project_id=task.project_id, task_id=task.id, agreement=consensus.agreement,
    )  # fmt: skip
    return review


def decide_review(
    session: Session,
    actor: trust.Actor,
    review: Review,
    decision: Decision,
    *,
    annotations: Sequence[Any] | None = None,
    note: str = "",
) -> Review:
    """Judge a consensus.

    accept: it stands. fix: `annotations` stand in its place. reject: one more person is asked, and it is agreed anew.
    Raises AlreadyDecided, Invalid, InvalidAnnotations.
    """
    trust.require(actor, "labeling.review", review)
    if decision not in get_args(Decision):
        raise Invalid(f"{decision!r} is none of {', '.join(get_args(Decision))}.")
    if (decision == "fix") != (annotations is not None):
        raise Invalid("A fix brings annotations, and only a fix does.")
    task = trust.load(session, actor, Task, review.task_id, for_update=True)
    review = trust.load(session, actor, Review, review.id, for_update=True)
    if review.decided_at is not None:
        raise AlreadyDecided(f"Review {review.id} was decided already: {review.decision}.")
    consensus = trust.load(session, actor, Consensus, review.consensus_id, for_update=True)
    if annotations is not None:
        ontology = trust.load(session, actor, Ontology, task.ontology_id) if task.ontology_id else None
        checked = check_answer(task, ontology, annotations)
        review.value = {"annotations": checked}
        consensus.value = {"annotations": checked} | ({} if ontology else {"verdict": checked[0]["verdict"]})
    moment = db.now(session)
    review.decision, review.decided_by, review.decided_at, review.note = decision, actor.id, moment, note[:10_000]
    consensus.review_state = _STATES[decision]
    if decision == "reject":
        task.replicas, task.is_open, task.completed_at = task.replicas + 1, True, None
    else:
        task.completed_at = moment
        trust.record(
            session, actor, "task.completed", task.id, project_id=task.project_id, agreement=consensus.agreement
        )
    trust.record(
        session, actor, "review.decided", review.id,
        project_id=review.project_id, task_id=task.id, decision=decision,
    )  # fmt: skip
    return review


def list_reviews(
    session: Session,
    actor: trust.Actor,
    project: Project,
    *,
    is_open: bool = True,
    limit: int = 50,
    cursor: str | None = None,
) -> db.Page[Review]:
    trust.require(actor, "labeling.read", project)
    statement = select(Review).where(Review.project_id == project.id)
    statement = statement.where(Review.decided_at.is_(None) if is_open else Review.decided_at.is_not(None))
    return db.page(session, trust.visible(statement, actor), Review.id, limit=limit, cursor=cursor)


_STATES: dict[Decision, ReviewState] = {
    "accept": ReviewState.ACCEPTED,
    "fix": ReviewState.FIXED,
    "reject": ReviewState.REJECTED,
}
