"""Batches: delivery lots of tasks, named within their project."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from muybridge import trust
from muybridge.errors import Conflict, Invalid
from muybridge.labeling.tables import Batch, Project


class BatchExists(Conflict):
    code = "labeling.batch_exists"


def create_batch(session: Session, actor: trust.Actor, project: Project, name: str) -> Batch:
    """Raises BatchExists when the project has a batch of that name."""
    trust.require(actor, "labeling.manage", project)
    if not 1 <= len(name.strip()) <= 200:
        raise Invalid("A batch's name has 1 to 200 characters.")
    # The project row is the lock, so that the look and the insert are one.
    trust.load(session, actor, Project, project.id, for_update=True)
    if batch_named(session, actor, project, name.strip()):
        raise BatchExists(f"Project {project.name!r} already has a batch {name.strip()!r}.")
    batch = Batch(tenant_id=actor.tenant_id, project_id=project.id, name=name.strip())
    session.add(batch)
    session.flush()
    trust.record(session, actor, "batch.created", batch.id, project_id=project.id, name=batch.name)
    return batch


def batch_named(session: Session, actor: trust.Actor, project: Project, name: str) -> Batch | None:
    found = select(Batch).where(Batch.project_id == project.id, Batch.name == name)
    return session.scalars(trust.visible(found, actor)).one_or_none()
