"""How much of each resource a tenant may use. A reservation is one conditional UPDATE, so two cannot share the rest.

Reserve before the work, settle with what it really took, or release. What lapses (a day's generations and frames of
play) starts again with the first reservation of the next window, on the database's clock.
"""

from typing import Final, Literal

from sqlalchemy import case, or_, select, update
from sqlalchemy.orm import Session

from muybridge import db
from muybridge.errors import Invalid, LimitExceeded
from muybridge.trust.actors import Actor
from muybridge.trust.events import record
from muybridge.trust.permissions import require
from muybridge.trust.tables import Quota
from muybridge.trust.visibility import visible

Resource = Literal["storage_bytes", "generations", "play_frames"]
WINDOWS: Final[dict[str, str]] = {"storage_bytes": "", "generations": "%Y-%m-%d", "play_frames": "%Y-%m-%d"}
"""How the window of each resource is spelled; empty: use never lapses."""


class QuotaExceeded(LimitExceeded):
    code = "trust.quota_exceeded"


def open_quotas(session: Session, tenant_id: str) -> None:
    """Rows for a new tenant, without limits."""
    session.add_all(Quota(id=f"{tenant_id}:{resource}", tenant_id=tenant_id, resource=resource) for resource in WINDOWS)


def reserve(session: Session, actor: Actor, resource: Resource, amount: int) -> None:
    """Promise `amount` of a resource to work that is about to begin. Raises QuotaExceeded when too little is left."""
    if amount < 0:
        raise ValueError(f"cannot reserve {amount} of {resource}")
    window = _window(session, resource)
    used = case((Quota.window == window, Quota.used), else_=0)
    fits = or_(Quota.limit_amount.is_(None), used + Quota.reserved + amount <= Quota.limit_amount)
    taken = session.execute(
        visible(update(Quota).where(Quota.resource == resource, fits), actor).values(
            used=used, window=window, reserved=Quota.reserved + amount
        ),
        execution_options={"synchronize_session": False},
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise _exceeded(session, actor, resource, amount)


def reserve_up_to(session: Session, actor: Actor, resource: Resource, amount: int) -> int:
    """Reserve `amount`, or what is left of it, and say how much that is. Raises QuotaExceeded when nothing is left."""
    row = session.scalars(
        visible(select(Quota).where(Quota.resource == resource), actor)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    used = row.used if row.window == _window(session, resource) else 0
    left = amount if row.limit_amount is None else min(amount, row.limit_amount - used - row.reserved)
    reserve(session, actor, resource, max(1, left))
    return max(1, left)


def settle(session: Session, actor: Actor, resource: Resource, amount: int, *, actual: int | None = None) -> None:
    """End a reservation of `amount`; `actual` (default: all of it) was really used. Never refused: it has happened."""
    spent = amount if actual is None else actual
    _change(session, actor, resource, reserved=-amount, used=spent)


def release(session: Session, actor: Actor, resource: Resource, amount: int) -> None:
    """End a reservation of which nothing was used."""
    _change(session, actor, resource, reserved=-amount, used=0)


def refund(session: Session, actor: Actor, resource: Resource, amount: int) -> None:
    """Give back what was settled and is used no more (bytes of a deleted artifact)."""
    _change(session, actor, resource, reserved=0, used=-amount)


def set_limit(session: Session, actor: Actor, resource: Resource, limit: int | None) -> Quota:
    """Change how much the tenant may use; None for no limit. Needs trust.manage."""
    require(actor, "trust.manage")
    if resource not in WINDOWS or (limit is not None and not 0 <= limit < 1 << 62):
        raise Invalid(f"{limit} is no limit for {resource!r}.", remedy=f"Resources: {', '.join(WINDOWS)}.")
    row = session.scalars(visible(select(Quota).where(Quota.resource == resource), actor)).one()
    row.limit_amount = limit
    record(session, actor, "quota.changed", actor.tenant_id, resource=resource, limit=limit)
    return row


def list_quotas(session: Session, actor: Actor) -> list[Quota]:
    """Every resource with its limit, use and reservations."""
    require(actor, "trust.read")
    counted = select(Quota).where(Quota.resource.in_(WINDOWS)).order_by(Quota.resource)
    return list(session.scalars(visible(counted, actor)))


def _change(session: Session, actor: Actor, resource: Resource, *, reserved: int, used: int) -> None:
    new_reserved, new_used = Quota.reserved + reserved, Quota.used + used
    session.execute(
        visible(update(Quota).where(Quota.resource == resource), actor).values(
            # Never below nothing: a refund of what an earlier window counted has nothing to take from.
            reserved=case((new_reserved < 0, 0), else_=new_reserved),
            used=case((new_used < 0, 0), else_=new_used),
        ),
        execution_options={"synchronize_session": False},
    )


def _window(session: Session, resource: Resource) -> str:
    return db.now(session).strftime(WINDOWS[resource]) if WINDOWS[resource] else ""


def _exceeded(session: Session, actor: Actor, resource: Resource, amount: int) -> QuotaExceeded:
    row = session.scalars(visible(select(Quota).where(Quota.resource == resource), actor)).one()
    return QuotaExceeded(
        f"{amount} {resource} asked for, but {row.used + row.reserved} of {row.limit_amount} are taken.",
        remedy="Wait for the next window, free some, or ask an owner to raise the limit.",
        resource=resource,
        limit=row.limit_amount,
        used=row.used,
        reserved=row.reserved,
    )
