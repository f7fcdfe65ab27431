"""Which rows an actor can see: its tenant's, and if it is confined, those of the projects granted to it.

Every select, update and delete of tenant rows passes `visible`; a single row by id comes from `load`. Another
tenant's row and a row that does not exist give the same answer.
"""

from collections.abc import Iterator
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, CompoundSelect, Delete, Select, Table, Update, and_, false, or_, select
from sqlalchemy.orm import Session, with_loader_criteria
from sqlalchemy.sql import visitors

from muybridge import db
from muybridge.trust.actors import Actor
from muybridge.trust.permissions import SEES_ALL_FOOTAGE, is_confined, no_such, scope_column
from muybridge.trust.tables import Event, Placed, ScopeContent, TenantRow, Through

S = TypeVar("S", bound=Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]] | Update | Delete)
R = TypeVar("R", bound=TenantRow)


def visible(statement: S, actor: Actor) -> S:
    """The statement, limited to rows that the actor can see: wherever it names a tenant row, joins, aliases and
    subqueries included. A union is passed whole: what limits its parts is lost when they are joined.

    ValueError if it names no tenant row, or names a tenant's table without its class: that is a fault of the caller.
    """
    kinds = list(_tenant_rows(statement))
    if not kinds:
        raise ValueError("trust.visible got a statement without a tenant row")
    limits = (with_loader_criteria(kind, criterion(kind, actor), include_aliases=True) for kind in kinds)
    return cast(S, statement.options(*limits))


def load(session: Session, actor: Actor, kind: type[R], identifier: str, *, for_update: bool = False) -> R:
    """The row of that id. Raises NotFound, in the same words, if there is none or it is not the actor's to see."""
    statement = visible(select(kind).where(kind.id == identifier), actor)  # type: ignore[attr-defined]  # rows have ids
    if for_update:
        # populate_existing: a row that this session already holds may be older than the lock.
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(statement).one_or_none()
    if row is None:
        raise no_such(kind, identifier)
    return row


def place(session: Session, actor: Actor, scope_id: str, subject_ids: list[str]) -> None:
    """Put things of a lower room into a project, so that its confined members see them (footage that tasks show)."""
    # Sorted: two that place the same things wait for each other, in one order.
    placed = [
        {"tenant_id": actor.tenant_id, "scope_id": scope_id, "subject_id": subject_id}
        for subject_id in sorted(set(subject_ids))
    ]
    if placed:
        session.execute(db.insert(session, ScopeContent).on_conflict_do_nothing(), placed)


def criterion(kind: type[TenantRow], actor: Actor) -> ColumnElement[bool]:
    """What holds of the rows of one class that the actor can see."""
    mine = kind.tenant_id == actor.tenant_id
    scoped = _within_grants(kind, actor) if is_confined(actor) else None
    return mine if scoped is None else and_(mine, scoped)


def _within_grants(kind: type[TenantRow], actor: Actor) -> ColumnElement[bool] | None:
    granted = list(actor.grants)
    if kind is Event:
        return or_(Event.actor_id == actor.id, Event.project_id.in_(granted) if granted else false())
    if column := scope_column(kind):
        return getattr(kind, column).in_(granted) if granted else false()
    match kind.scope:
        case Through(column=column, target=target):
            inner = _within_grants(target, actor)
            key = getattr(kind, column)
            return None if inner is None else key.in_(select(target.id).where(inner))  # type: ignore[attr-defined]
        case Placed(column=column) if actor.role not in SEES_ALL_FOOTAGE:
            # all tenants: limited to the actor's by hand; this is what `visible` itself is made of.
            held = select(ScopeContent.subject_id).where(
                ScopeContent.tenant_id == actor.tenant_id, ScopeContent.scope_id.in_(granted)
            )
            return getattr(kind, column).in_(held)  # type: ignore[no-any-return]
    return None


def _tenant_rows(statement: Any) -> Iterator[type[TenantRow]]:
    """Each tenant row class that the statement names. ValueError for a tenant's table that is named bare."""
    named: dict[type[TenantRow], None] = {}
    bare: set[str] = set()
    for element in visitors.iterate(statement):
        entity = element._annotations.get("parententity")
        if entity is not None and issubclass(entity.mapper.class_, TenantRow):
            named[entity.mapper.class_] = None
        elif isinstance(element, Table):
            bare.add(element.name)
    # A column names its class, and its table beside it without one; a table alone would escape the criteria.
    bare -= {kind.__tablename__ for kind in named}
    if not bare:
        yield from named
        return
    tables = {mapper.class_.__tablename__ for mapper in TenantRow.registry.mappers if _is_tenant_row(mapper.class_)}
    if escaping := bare & tables:
        raise ValueError(f"trust.visible got bare tables {sorted(escaping)}; name their classes")
    yield from named


def _is_tenant_row(kind: type[Any]) -> bool:
    return issubclass(kind, TenantRow)
