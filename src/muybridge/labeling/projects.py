"""Projects: a labelling campaign, its settings and its present ontology version."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from muybridge import db, trust
from muybridge.errors import Conflict, Invalid
from muybridge.labeling.consensus import METHODS
from muybridge.labeling.ontology import publish_ontology
from muybridge.labeling.tables import Ontology, Project, Proposal, ProposalState, Task


class NoOntology(Conflict):
    code = "labeling.no_ontology"


def create_project(
    session: Session,
    actor: trust.Actor,
    name: str,
    *,
    classes: Sequence[Any] | None = None,
    class_method: str = "dawid_skene",
    review_below: float = 0.7,
    gold_rate: float = 0.0,
) -> Project:
    """Begin a campaign; with `classes`, publish them as ontology version 1.

    class_method: a consensus method that takes classes. review_below: agreement under which a person judges the
    consensus. gold_rate: share of claims that are gold.
    """
    trust.require(actor, "labeling.manage")
    if not 1 <= len(name.strip()) <= 200 or "\x00" in name:
        raise Invalid("A project's name has 1 to 200 characters.")
    for field, share in (("review_below", review_below), ("gold_rate", gold_rate)):
        if not 0 <= share <= 1:
            raise Invalid(f"{field} is a share from 0 to 1, not {share}.")
    if "class" not in METHODS.get(class_method).shapes:
        raise Invalid(
            f"Consensus method {class_method!r} cannot agree on classes.", remedy="Choose dawid_skene or majority."
        )
    project = Project(
        tenant_id=actor.tenant_id,
        name=name.strip(),
        class_method=class_method,
        review_below=review_below,
        gold_rate=gold_rate,
    )
    session.add(project)
    session.flush()
    trust.record(session, actor, "project.created", project.id, project_id=project.id, name=project.name)
    if classes is not None:
        publish_ontology(session, actor, project, classes)
    return project


def current_ontology(session: Session, actor: trust.Actor, project: Project) -> Ontology:
    """The version that new tasks are asked under. Raises NoOntology before the first is published."""
    if project.ontology_id is None:
        raise NoOntology(
            f"Project {project.name!r} has no ontology yet.",
            remedy=f"Publish its classes: POST /v1/projects/{project.id}/ontologies.",
        )
    return trust.load(session, actor, Ontology, project.ontology_id)


@dataclass(frozen=True, slots=True)
class Counts:
    """How much of a project there is to do."""

    num_tasks: int = 0
    num_completed: int = 0
    num_open_proposals: int = 0


def count_projects(session: Session, actor: trust.Actor, project_ids: Sequence[str]) -> dict[str, Counts]:
    """Counts of each project of a page."""
    of_tasks = select(Task.project_id, func.count(Task.id), func.count(Task.completed_at))
    tasks = session.execute(
        trust.visible(of_tasks.where(Task.project_id.in_(project_ids)).group_by(Task.project_id), actor)
    )
    of_proposals = select(Proposal.project_id, func.count(Proposal.id)).where(
        Proposal.project_id.in_(project_ids), Proposal.state == ProposalState.OPEN
    )
    rows = session.execute(trust.visible(of_proposals.group_by(Proposal.project_id), actor))
    num_open = dict(rows.all())
    counted = {project_id: (asked, completed) for project_id, asked, completed in tasks}
    return {each: Counts(*counted.get(each, (0, 0)), num_open.get(each, 0)) for each in project_ids}


def list_projects(
    session: Session, actor: trust.Actor, *, limit: int = 50, cursor: str | None = None
) -> db.Page[Project]:
    trust.require(actor, "labeling.read")
    return db.page(session, trust.visible(select(Project), actor), Project.id, limit=limit, cursor=cursor)
