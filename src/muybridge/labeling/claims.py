"""Claims: handing a task to one person for a while, never to more than `replicas` at once, under any load.

A task row is the lock of its assignments: a claim holds it while it counts, on PostgreSQL by SKIP LOCKED (claimers
pass each other), on SQLite by the single writer. Leases run on the database's clock; an expired one keeps its draft
and its owner may take it up again while there is room.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from muybridge import db, trust
from muybridge.errors import Conflict, Forbidden
from muybridge.labeling.tables import Assignment, Project, Task

LEASE_S = 900.0
SIMULATED_PREFIX = "simulated:"
"""How the names of simulated annotators begin, in every row; no member or key is called so."""


class LeaseLost(Conflict):
    code = "labeling.lease_lost"


class NotYours(Forbidden):
    code = "labeling.not_yours"


class TaskTaken(Conflict):
    code = "labeling.task_taken"


class AlreadySubmitted(Conflict):
    code = "labeling.already_submitted"


def claim_next(
    session: Session, actor: trust.Actor, project: Project, *, lease_s: float = LEASE_S, answerer: str | None = None
) -> Assignment | None:
    """Lease the next task to the actor: an unfinished one of theirs first, then a new one; None when nothing is left.

    New tasks come by priority, then age; gold is mixed in at the project's rate; released ones come last. Nobody
    gets a task twice. answerer: who answers if not the actor (a simulated annotator's name; needs labeling.manage).
    """
    trust.require(actor, "labeling.answer" if answerer is None else "labeling.manage", project)
    if answerer is not None and not answerer.startswith(SIMULATED_PREFIX):
        raise NotYours(f"{answerer!r} is a person; people claim for themselves.")
    who = answerer or actor.id
    moment = db.now(session)
    until = moment + timedelta(seconds=lease_s)
    if held := _unfinished(session, actor, project, who, moment):
        held.lease_until = until
        return held
    # The system's own chance: whoever could foresee the coin would be careful on gold alone.
    wants_gold = secrets.SystemRandom().random() < project.gold_rate
    for is_gold in (True, False) if wants_gold else (False, True):
        if task := _lock_free_task(session, actor, project, who, moment, is_gold=is_gold):
            assignment = Assignment(
                tenant_id=actor.tenant_id, project_id=project.id, task_id=task.id, actor_id=who, lease_until=until
            )
            session.add(assignment)
            session.flush()
            return assignment
    return _take_up_released(session, actor, project, who, moment, until)


def claim_task(session: Session, actor: trust.Actor, task: Task, *, lease_s: float = LEASE_S) -> Assignment:
    """Lease this very task to the actor, or extend the hold they have on it.

    Raises AlreadySubmitted if they have answered it, TaskTaken if as many hold it as are asked.
    """
    trust.require(actor, "labeling.answer", task)
    task = trust.load(session, actor, Task, task.id, for_update=True)
    moment = db.now(session)
    own = select(Assignment).where(Assignment.task_id == task.id, Assignment.actor_id == actor.id)
    if held := session.scalars(trust.visible(own, actor)).one_or_none():
        return heartbeat(session, actor, held, lease_s=lease_s)
    if task.completed_at is not None or _num_taken(session, actor, task, moment) >= task.replicas:
        raise TaskTaken(f"Task {task.id} has as many answers as were asked for.", remedy="Claim the next one.")
    assignment = Assignment(
        tenant_id=actor.tenant_id,
        project_id=task.project_id,
        task_id=task.id,
        actor_id=actor.id,
        lease_until=moment + timedelta(seconds=lease_s),
    )
    session.add(assignment)
    session.flush()
    return assignment


def heartbeat(session: Session, actor: trust.Actor, assignment: Assignment, *, lease_s: float = LEASE_S) -> Assignment:
    """Extend a lease that still holds, or take it up again while there is room. Raises LeaseLost."""
    assignment = hold(session, actor, assignment)
    assignment.lease_until = db.now(session) + timedelta(seconds=lease_s)
    return assignment


def release(session: Session, actor: trust.Actor, assignment: Assignment) -> Assignment:
    """Give a task back without an answer; the draft stays with the assignment."""
    assignment = _load_own(session, actor, assignment)
    if assignment.released_at is None:
        assignment.released_at = db.now(session)
        trust.record(
            session, actor, "assignment.released", assignment.id,
            project_id=assignment.project_id, task_id=assignment.task_id,
        )  # fmt: skip
    return assignment


def hold(session: Session, actor: trust.Actor, assignment: Assignment, *, answerer: str | None = None) -> Assignment:
    """The assignment, locked, if the actor may still answer under it.

    An expired lease holds on while the task has room. Raises NotYours, AlreadySubmitted, LeaseLost.
    """
    task = trust.load(session, actor, Task, assignment.task_id, for_update=True)
    assignment = _load_own(session, actor, assignment, answerer=answerer)
    moment = db.now(session)
    is_live = assignment.released_at is None and assignment.lease_until > moment
    if not is_live and _num_taken(session, actor, task, moment, besides=assignment.id) >= task.replicas:
        raise LeaseLost(
            f"Your hold on task {task.id} ran out and somebody else has it now.",
            remedy="Claim another task; your draft is kept with the assignment.",
        )
    assignment.released_at = None
    return assignment


def _load_own(
    session: Session, actor: trust.Actor, assignment: Assignment, *, answerer: str | None = None
) -> Assignment:
    fresh = trust.load(session, actor, Assignment, assignment.id, for_update=True)
    if fresh.actor_id != (answerer or actor.id):
        raise NotYours(f"Assignment {fresh.id} is held by somebody else.", remedy="Claim a task of your own.")
    if fresh.submitted_at is not None:
        raise AlreadySubmitted(f"Assignment {fresh.id} was already submitted.", remedy="Claim the next task.")
    return fresh


def _unfinished(
    session: Session, actor: trust.Actor, project: Project, who: str, moment: datetime
) -> Assignment | None:
    statement = select(Assignment).where(
        Assignment.project_id == project.id,
        Assignment.actor_id == who,
        Assignment.submitted_at.is_(None),
        Assignment.released_at.is_(None),
    )
    for mine in session.scalars(trust.visible(statement, actor).order_by(Assignment.id)).all():
        if mine.lease_until > moment or _lock_if_room(session, actor, mine.task_id, moment, besides=mine.id):
            return mine
    return None


def _lock_free_task(
    session: Session, actor: trust.Actor, project: Project, who: str, moment: datetime, *, is_gold: bool
) -> Task | None:
    """A task with room that `who` never had, locked. Waits for other claimers only when all others are passed."""
    passed: list[str] = []
    for skip_locked in (True, False):
        while True:
            savepoint = session.begin_nested()
            free = _free_tasks(actor, project, who, moment, is_gold=is_gold).where(Task.id.not_in(passed)).limit(1)
            task = session.scalars(free.with_for_update(skip_locked=skip_locked)).first()
            if task is None:
                savepoint.rollback()
                break
            # The statement counted by its own snapshot, which may be older than the lock: count again under it.
            if _num_taken(session, actor, task, moment) < task.replicas:
                savepoint.commit()
                return task
            passed.append(task.id)
            savepoint.rollback()  # Lets go of the full task: who waits for one must not hold another.
    return None


def _lock_if_room(
    session: Session, actor: trust.Actor, task_id: str, moment: datetime, *, besides: str | None = None
) -> Task | None:
    """The task, locked and with room; else None and no lock: who waits for one task must not hold another."""
    savepoint = session.begin_nested()
    task = trust.load(session, actor, Task, task_id, for_update=True)
    if task.is_open and _num_taken(session, actor, task, moment, besides=besides) < task.replicas:
        savepoint.commit()
        return task
    savepoint.rollback()
    return None


def _free_tasks(actor: trust.Actor, project: Project, who: str, moment: datetime, *, is_gold: bool) -> Select[Task]:
    mine = select(Assignment.id).where(Assignment.task_id == Task.id, Assignment.actor_id == who)
    taken = _taken(moment).where(Assignment.task_id == Task.id).correlate(Task).scalar_subquery()
    statement = select(Task).where(
        Task.project_id == project.id,
        Task.is_open.is_(True),
        Task.is_gold.is_(is_gold),
        ~mine.correlate(Task).exists(),
        taken < Task.replicas,
    )
    return trust.visible(statement, actor).order_by(Task.priority.desc(), Task.id)


def _taken(moment: datetime) -> Select[int]:
    """How many answers a task has or may still get from live holds."""
    is_live = (Assignment.lease_until > moment) & Assignment.released_at.is_(None)
    return select(func.count(Assignment.id)).where(or_(Assignment.submitted_at.is_not(None), is_live))


def _num_taken(
    session: Session, actor: trust.Actor, task: Task, moment: datetime, *, besides: str | None = None
) -> int:
    statement = _taken(moment).where(Assignment.task_id == task.id)
    if besides is not None:
        statement = statement.where(Assignment.id != besides)
    return session.scalars(trust.visible(statement, actor)).one()


def _take_up_released(
    session: Session, actor: trust.Actor, project: Project, who: str, moment: datetime, until: datetime
) -> Assignment | None:
    statement = select(Assignment).where(
        Assignment.project_id == project.id,
        Assignment.actor_id == who,
        Assignment.submitted_at.is_(None),
        Assignment.released_at.is_not(None),
    )
    for mine in session.scalars(trust.visible(statement, actor).order_by(Assignment.released_at)).all():
        if _lock_if_room(session, actor, mine.task_id, moment, besides=mine.id):
            mine.released_at, mine.lease_until = None, until
            return mine
    return None
