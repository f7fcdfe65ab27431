"""Proposals: what a model offers. They are no labels until a person accepts or adjusts them, and never "agreed".

Each asset's shots become tasks that no claim may take; a person's decision is an attempt on such a task, by value.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from muybridge import db, jobs, trust
from muybridge.catalog.tables import Asset
from muybridge.errors import Conflict, Invalid
from muybridge.labeling import attempts
from muybridge.labeling.projects import current_ontology
from muybridge.labeling.resolve import complete_task
from muybridge.labeling.shapes import BoxTrack, value_from_track
from muybridge.labeling.tables import Attempt, Ontology, Project, Proposal, ProposalState, Source, Task
from muybridge.labeling.tasks import ClipSpan, NewTask, check_answer, create_tasks
from muybridge.labeling.trackers import FoundTrack, trackers

Decision = Literal["accept", "adjust", "reject"]
MOTION = "motion"
"""The built-in tracker."""


class AlreadyDecided(Conflict):
    code = "labeling.already_decided"


class NoBoxClass(Conflict):
    code = "labeling.no_box_class"


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing a tracker found in a clip. value: a box_track; confidence in [0,1], by the tracker's own measure."""

    confidence: float
    value: dict[str, Any]


def request_proposals(
    session: Session,
    actor: trust.Actor,
    project: Project,
    *,
    asset_ids: Sequence[str] | None = None,
    tracker: str = MOTION,
) -> list[jobs.Job]:
    """Have a tracker look at these assets (default: all that are ready), one job an asset."""
    trust.require(actor, "labeling.manage", project)
    box_class(current_ontology(session, actor, project))
    if tracker not in trackers:
        trackers.get(tracker)  # raises, naming those there are; a known one is heavy and loads in the worker only
    if asset_ids is None:
        ready = select(Asset).where(Asset.is_ready.is_(True)).order_by(Asset.id)
        assets = list(session.scalars(trust.visible(ready, actor)))
    else:
        assets = [trust.load(session, actor, Asset, asset_id) for asset_id in dict.fromkeys(asset_ids)]
    for asset in assets:
        if not asset.is_ready:
            raise Invalid(f"Asset {asset.name!r} is not ready.", remedy="Wait for its ingest to end.")
    return [
        jobs.enqueue(
            session, actor, "labeling.propose", asset.id,
            args={"project_id": project.id, "tracker": tracker},
            dedupe_key=f"labeling.propose:{project.id}:{asset.id}:{tracker}",
        )
        for asset in assets
    ]  # fmt: skip


def box_class(ontology: Ontology) -> str:
    """The class that boxes of an unknowing tracker are offered as: the first that is drawn as a box."""
    for entry in ontology.classes:
        if "box" in entry["shapes"]:
            return str(entry["name"])
    raise NoBoxClass(
        "No class of this ontology is drawn as a box, so a tracker has nothing to offer.",
        remedy="Publish a version with a class of shape box.",
    )


def tasks_for_proposals(
    session: Session, actor: trust.Actor, project: Project, clips: Sequence[ClipSpan]
) -> list[Task]:
    """One closed task a clip, made on first need, in the order of the clips."""
    names = [f"proposals:{clip.asset_id}:{clip.start_frame}-{clip.end_frame}" for clip in clips]
    statement = select(Task).where(Task.project_id == project.id, Task.external_id.in_(names))
    known = {task.external_id: task for task in session.scalars(trust.visible(statement, actor))}
    missing = [
        NewTask(clip, name, payload={"origin": "proposals"})
        for clip, name in zip(clips, names, strict=True)
        if name not in known
    ]
    if missing:
        made = create_tasks(session, actor, project, missing, is_open=False)
        known |= {task.external_id: task for task in made}
    return [known[name] for name in names]


def import_proposals(
    session: Session, actor: trust.Actor, task: Task, offers: Sequence[Offer], *, tracker: str
) -> list[Proposal]:
    """Store what a tracker offers for a task's clip, in place of its earlier offers nobody decided.

    Always source=model and open. Raises InvalidAnnotations for an offer that does not fit the ontology.
    """
    trust.require(actor, "labeling.manage", task)
    ontology = trust.load(session, actor, Ontology, task.ontology_id or "")
    checked = check_answer(task, ontology, [offer.value for offer in offers])
    stale = delete(Proposal).where(
        Proposal.task_id == task.id, Proposal.tracker == tracker, Proposal.state == ProposalState.OPEN
    )
    session.execute(trust.visible(stale, actor), execution_options={"synchronize_session": False})
    proposals = [
        Proposal(
            tenant_id=actor.tenant_id,
            project_id=task.project_id,
            task_id=task.id,
            asset_id=task.asset_id,
            tracker=tracker,
            confidence=min(1.0, max(0.0, offer.confidence)),
            value=value,
        )
        for offer, value in zip(offers, checked, strict=True)
    ]
    session.add_all(proposals)
    session.flush()
    return proposals


def import_tracks(
    session: Session,
    actor: trust.Actor,
    project: Project,
    asset_id: str,
    shots: Sequence[ClipSpan],
    found: Sequence[Sequence[FoundTrack]],
    *,
    tracker: str,
) -> int:
    """Store what a tracker found in each shot as open proposals; returns how many. One event for the asset.

    A shot in which it found nothing asks nobody anything: no task is made of it.
    """
    moving = [(shot, tracks) for shot, tracks in zip(shots, found, strict=True) if tracks]
    asked = tasks_for_proposals(session, actor, project, [shot for shot, _ in moving])
    num_proposals = 0
    for task, (_, tracks) in zip(asked, moving, strict=True):
        ontology = trust.load(session, actor, Ontology, task.ontology_id or "")
        offers = [_offer(track, box_class(ontology)) for track in tracks]
        num_proposals += len(import_proposals(session, actor, task, offers, tracker=tracker))
    trust.record(
        session, actor, "proposal.created", asset_id,
        project_id=project.id, tracker=tracker, num_proposals=num_proposals,
    )  # fmt: skip
    return num_proposals


def _offer(track: FoundTrack, default_class: str) -> Offer:
    return Offer(track.confidence, value_from_track(BoxTrack(track.class_name or default_class, track.keyframes)))


def decide_proposal(
    session: Session,
    actor: trust.Actor,
    proposal: Proposal,
    decision: Decision,
    *,
    value: dict[str, Any] | None = None,
    class_name: str | None = None,
) -> Proposal:
    """A person takes the shape as it is (naming its class), puts `value` in its place, or refuses it.

    Accepting or adjusting makes an attempt of source person with the annotation by value. Raises AlreadyDecided.
    """
    trust.require(actor, "labeling.answer", proposal)
    if decision not in get_args(Decision):
        raise Invalid(f"{decision!r} is none of {', '.join(get_args(Decision))}.")
    if (decision == "adjust") != (value is not None):
        raise Invalid("An adjustment brings a value, and only an adjustment does.")
    task = trust.load(session, actor, Task, proposal.task_id, for_update=True)
    proposal = trust.load(session, actor, Proposal, proposal.id, for_update=True)
    if proposal.state != ProposalState.OPEN:
        raise AlreadyDecided(f"Proposal {proposal.id} was decided already: {proposal.state}.")
    if decision != "reject":
        kept = dict(value or proposal.value) | ({"class_name": class_name} if class_name else {})
        proposal.annotation_id = _annotate(session, actor, task, kept)
    proposal.state = _STATES[decision]
    proposal.decided_by, proposal.decided_at = actor.id, db.now(session)
    session.flush()
    trust.record(
        session, actor, "proposal.decided", proposal.id,
        project_id=proposal.project_id, asset_id=proposal.asset_id, decision=decision,
    )  # fmt: skip
    _complete_if_decided(session, actor, task)
    return proposal


def reopen_proposal(
    session: Session, actor: trust.Actor, proposal: Proposal, *, decided_by: str | None = None
) -> Proposal:
    """Take one's own decision back (a reviewer: anybody's). What was annotated stays on record and is used no more.

    decided_by: only if the decision is this actor's. Raises AlreadyDecided if it is another's.
    """
    trust.require(actor, "labeling.answer", proposal)
    task = trust.load(session, actor, Task, proposal.task_id, for_update=True)
    proposal = trust.load(session, actor, Proposal, proposal.id, for_update=True)
    if proposal.state == ProposalState.OPEN:
        return proposal
    if decided_by is not None and proposal.decided_by != decided_by:
        raise AlreadyDecided(f"Proposal {proposal.id} was decided by another: {proposal.state}.")
    if proposal.decided_by != actor.id:
        trust.require(actor, "labeling.review", proposal)
    proposal.state, proposal.decided_by, proposal.decided_at = ProposalState.OPEN, None, None
    proposal.annotation_id, task.completed_at = None, None
    trust.record(
        session, actor, "proposal.decided", proposal.id,
        project_id=proposal.project_id, asset_id=proposal.asset_id, decision="reopen",
    )  # fmt: skip
    return proposal


def list_proposals(
    session: Session,
    actor: trust.Actor,
    project: Project,
    *,
    state: ProposalState | None = None,
    asset_id: str | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> db.Page[Proposal]:
    """Oldest first: the order in which a person works through them."""
    trust.require(actor, "labeling.read", project)
    statement = select(Proposal).where(Proposal.project_id == project.id)
    if state is not None:
        statement = statement.where(Proposal.state == state)
    if asset_id is not None:
        statement = statement.where(Proposal.asset_id == asset_id)
    return db.page(
        session, trust.visible(statement, actor), Proposal.id, limit=limit, cursor=cursor, newest_first=False
    )


def _annotate(session: Session, actor: trust.Actor, task: Task, value: dict[str, Any]) -> str:
    ontology = trust.load(session, actor, Ontology, task.ontology_id or "")
    (checked,) = check_answer(task, ontology, [value])
    attempt = Attempt(
        tenant_id=actor.tenant_id, task_id=task.id, actor_id=actor.id, source=Source.PERSON, duration_s=0.0
    )
    session.add(attempt)
    session.flush()
    annotation = attempts.annotation_row(attempt, checked)
    session.add(annotation)
    session.flush()
    return annotation.id


def _complete_if_decided(session: Session, actor: trust.Actor, task: Task) -> None:
    still_open = select(func.count(Proposal.id)).where(
        Proposal.task_id == task.id, Proposal.state == ProposalState.OPEN
    )
    if session.scalars(trust.visible(still_open, actor)).one() == 0:
        complete_task(session, actor, task, decided_by="person")


_STATES: dict[Decision, ProposalState] = {
    "accept": ProposalState.ACCEPTED,
    "adjust": ProposalState.ADJUSTED,
    "reject": ProposalState.REJECTED,
}
