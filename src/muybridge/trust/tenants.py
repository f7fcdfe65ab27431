"""Tenants and the first start: a tenant comes with its owner and its quotas."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from muybridge.errors import Conflict, Invalid
from muybridge.trust.actors import Actor, Role, system_actor
from muybridge.trust.events import record
from muybridge.trust.quotas import open_quotas
from muybridge.trust.tables import Member, Tenant
from muybridge.trust.visibility import visible

LOCAL_EMAIL = "owner@localhost"


class NotSetUp(Conflict):
    code = "trust.not_set_up"


class NewTenant(NamedTuple):
    tenant: Tenant
    owner: Member


def create_tenant(
    session: Session, name: str, owner_email: str, *, owner_name: str = "", password_hash: str | None = None
) -> NewTenant:
    """Set up a tenant, its owner and its quotas. The caller is the installation itself, not a member."""
    tenant = Tenant(name=clean_name(name, "tenant"))
    session.add(tenant)
    session.flush()
    owner = Member(
        tenant_id=tenant.id,
        email=clean_email(owner_email),
        name=owner_name or owner_email.partition("@")[0],
        role=Role.OWNER.value,
        password_hash=password_hash,
    )
    session.add(owner)
    open_quotas(session, tenant.id)
    session.flush()
    actor = system_actor(tenant.id)
    record(session, actor, "tenant.created", tenant.id, name=tenant.name)
    record(session, actor, "member.created", owner.id, email=owner.email, role=owner.role)
    return NewTenant(tenant, owner)


def first_start(session: Session, *, name: str = "Studio", email: str = LOCAL_EMAIL) -> NewTenant:
    """The installation's first tenant and its owner, made now if this is the first start."""
    tenant = session.scalars(select(Tenant).order_by(Tenant.id).limit(1)).first()
    if tenant is None:
        return create_tenant(session, name, email, owner_name="Owner")
    return NewTenant(tenant, _owner_of(session, tenant))


def cli_owner(session: Session) -> Actor:
    """Whoever can read the data folder: the owner of the first tenant. Raises NotSetUp before the first start."""
    tenant = session.scalars(select(Tenant).order_by(Tenant.id).limit(1)).first()
    if tenant is None:
        raise NotSetUp("This data folder has no tenant yet.", remedy="Start it once: muybridge serve")
    return Actor(_owner_of(session, tenant).id, tenant.id, Role.OWNER, via="cli")


def _owner_of(session: Session, tenant: Tenant) -> Member:
    owners = select(Member).where(Member.role == Role.OWNER, Member.removed_at.is_(None)).order_by(Member.id)
    return session.scalars(visible(owners, system_actor(tenant.id)).limit(1)).one()


def clean_email(email: str) -> str:
    """Lower case, with one `@` and no blanks. Raises Invalid."""
    cleaned = email.strip().lower()
    name, at, host = cleaned.partition("@")
    if not (name and at and host) or "@" in host or any(c.isspace() or not c.isprintable() for c in cleaned):
        raise Invalid(f"{email!r} is not an e-mail address.")
    if len(cleaned) > 254:
        raise Invalid("An e-mail address has 254 characters at most.")
    return cleaned


def clean_name(name: str, noun: str) -> str:
    """Without blanks around it, 1 to 200 characters. Raises Invalid."""
    cleaned = name.strip()
    if not 1 <= len(cleaned) <= 200 or "\x00" in cleaned:
        raise Invalid(f"A {noun}'s name has 1 to 200 characters.")
    return cleaned
