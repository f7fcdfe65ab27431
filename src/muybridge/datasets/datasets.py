"""Datasets: living queries with a name. What they find changes; what is frozen of them does not."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from muybridge import db, trust
from muybridge.datasets.selection import query_from_json
from muybridge.datasets.tables import Dataset, DatasetVersion
from muybridge.errors import Conflict, Invalid
from muybridge.labeling.tables import Project


class NameTaken(Conflict):
    code = "datasets.name_taken"


def create_dataset(session: Session, actor: trust.Actor, name: str, query: dict[str, Any]) -> Dataset:
    """Name a query. Raises BadQuery, NameTaken, NotFound for a project that is not there."""
    trust.require(actor, "datasets.freeze")
    if not 1 <= len(name.strip()) <= 200 or "\x00" in name:
        raise Invalid("A dataset's name has 1 to 200 characters.")
    checked = query_from_json(query)
    for project_id in checked.project_ids or ():
        trust.load(session, actor, Project, project_id)
    if dataset_named(session, actor, name.strip()):
        raise NameTaken(f"There is a dataset {name.strip()!r} already.", remedy="Freeze that one, or choose a name.")
    dataset = Dataset(tenant_id=actor.tenant_id, name=name.strip(), query=checked.as_json())
    session.add(dataset)
    session.flush()
    trust.record(session, actor, "dataset.created", dataset.id, name=dataset.name, query=dataset.query)
    return dataset


def dataset_named(session: Session, actor: trust.Actor, name: str) -> Dataset | None:
    return session.scalars(trust.visible(select(Dataset).where(Dataset.name == name), actor)).one_or_none()


def change_query(session: Session, actor: trust.Actor, dataset: Dataset, query: dict[str, Any]) -> Dataset:
    """What is frozen from now on; versions keep the query they were frozen by."""
    trust.require(actor, "datasets.freeze", dataset)
    dataset.query = query_from_json(query).as_json()
    return dataset


def list_datasets(
    session: Session, actor: trust.Actor, *, limit: int = 50, cursor: str | None = None
) -> db.Page[Dataset]:
    trust.require(actor, "datasets.read")
    return db.page(session, trust.visible(select(Dataset), actor), Dataset.id, limit=limit, cursor=cursor)


def versions_of(session: Session, actor: trust.Actor, dataset: Dataset) -> list[DatasetVersion]:
    """Newest first."""
    trust.require(actor, "datasets.read", dataset)
    statement = select(DatasetVersion).where(DatasetVersion.dataset_id == dataset.id)
    return list(session.scalars(trust.visible(statement.order_by(DatasetVersion.number.desc()), actor)))


def last_number(session: Session, actor: trust.Actor, dataset: Dataset) -> int:
    statement = select(func.max(DatasetVersion.number)).where(DatasetVersion.dataset_id == dataset.id)
    return session.scalars(trust.visible(statement, actor)).one() or 0


def count_versions(session: Session, actor: trust.Actor, dataset_ids: Sequence[str]) -> dict[str, int]:
    """How many versions each dataset of a page has."""
    counted = select(DatasetVersion.dataset_id, func.count(DatasetVersion.id)).where(
        DatasetVersion.dataset_id.in_(dataset_ids)
    )
    rows = session.execute(trust.visible(counted.group_by(DatasetVersion.dataset_id), actor))
    return dict.fromkeys(dataset_ids, 0) | dict(rows.all())
