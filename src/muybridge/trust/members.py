"""Members and their grants. Nobody gives more than they have, and a tenant never loses its last owner."""

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import select, union_all, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from muybridge import db
from muybridge.errors import Conflict, Invalid
from muybridge.trust.actors import Actor, Role
from muybridge.trust.events import record
from muybridge.trust.passwords import hash_password, is_password
from muybridge.trust.permissions import NotAllowed, carried_by, permissions_of, require, require_rank
from muybridge.trust.tables import ApiKey, Grant, Login, LoginLink, Member, Tenant
from muybridge.trust.tenants import clean_email, clean_name
from muybridge.trust.visibility import load, visible


class AlreadyMember(Conflict):
    code = "trust.already_member"


class LastOwner(Conflict):
    code = "trust.last_owner"


class WrongPassword(Invalid):
    code = "trust.wrong_password"


def grants_of(session: Session, tenant_id: str, actor_id: str) -> dict[str, Role]:
    """Project id -> the role that a member or key has within it."""
    # all tenants: this is what an Actor is made of, so there is none yet; limited to one tenant by hand.
    rows = session.execute(
        select(Grant.scope_id, Grant.role).where(Grant.tenant_id == tenant_id, Grant.actor_id == actor_id)
    )
    return {row.scope_id: Role(row.role) for row in rows}


def actor_of(session: Session, member: Member, *, via: str) -> Actor:
    """The actor that a member is."""
    grants = grants_of(session, member.tenant_id, member.id)
    return Actor(member.id, member.tenant_id, Role(member.role), grants, via=via)


def add_member(
    session: Session, actor: Actor, *, email: str, name: str, role: Role, password: str | None = None
) -> Member:
    """Make somebody a member (again); without a password they come in by link. Raises AlreadyMember."""
    require(actor, "trust.manage")
    require_rank(actor, role)
    cleaned = clean_email(email)
    found = session.scalars(visible(select(Member).where(Member.email == cleaned), actor)).one_or_none()
    if found is not None and found.removed_at is None:
        raise AlreadyMember(f"{cleaned} is a member already.", remedy="Change the member's role instead.")
    # Somebody who comes back is the same person to the event log.
    member = found or Member(tenant_id=actor.tenant_id, email=cleaned)
    member.name, member.role, member.removed_at = clean_name(name, "member"), role.value, None
    member.password_hash = hash_password(password) if password is not None else None
    try:
        with session.begin_nested():
            session.add(member)
    except IntegrityError as error:  # somebody else was quicker
        raise AlreadyMember(f"{cleaned} is a member already.", remedy="Change the member's role instead.") from error
    record(session, actor, "member.created", member.id, email=member.email, role=member.role)
    return member


def update_member(
    session: Session, actor: Actor, member_id: str, *, name: str | None = None, role: Role | None = None
) -> Member:
    """Change a member's name or role; keys from them that could more than the new role end. Raises LastOwner."""
    require(actor, "trust.manage")
    member = load(session, actor, Member, member_id, for_update=True)
    require_rank(actor, Role(member.role))
    changed: dict[str, Any] = {}
    if name is not None:
        member.name = changed["name"] = clean_name(name, "member")
    if role is not None and role != member.role:
        require_rank(actor, role)
        _keep_an_owner(session, actor, member)
        member.role = changed["role"] = role.value
        beyond = [key for key in _open_keys_of(session, actor, member) if _can_more(key, role)]
        if beyond:
            moment, changed["revoked_keys"] = db.now(session), [key.id for key in beyond]
            for key in beyond:
                key.revoked_at = moment
    if changed:
        record(session, actor, "member.updated", member.id, **changed)
    return member


def remove_member(session: Session, actor: Actor, member_id: str) -> None:
    """End a membership: its log-ins, links, grants and keys end with it, and the keys that those keys made.

    The row stays, because events name it.
    """
    require(actor, "trust.manage")
    member = load(session, actor, Member, member_id, for_update=True)
    # Whoever manages may take away: a key that is narrowed to ending memberships gives nothing that it lacks.
    require_rank(actor, Role(member.role), scopes=("trust.manage",))
    if member.removed_at is not None:
        return
    _keep_an_owner(session, actor, member)
    moment = db.now(session)
    member.removed_at = moment
    end_logins(session, actor, member)
    unused = update(LoginLink).where(LoginLink.member_id == member.id, LoginLink.used_at.is_(None))
    session.execute(visible(unused, actor).values(used_at=moment), execution_options={"synchronize_session": False})
    for key in _open_keys_of(session, actor, member):
        key.revoked_at = moment
    for grant in session.scalars(visible(select(Grant).where(Grant.actor_id == member.id), actor)):
        session.delete(grant)
    record(session, actor, "member.removed", member.id, email=member.email)


def end_logins(session: Session, actor: Actor, member: Member, *, but: str | None = None) -> None:
    """Revoke the member's log-ins, but for the one with the id `but`."""
    open_logins = update(Login).where(Login.member_id == member.id, Login.revoked_at.is_(None), Login.id != (but or ""))
    session.execute(
        visible(open_logins, actor).values(revoked_at=db.now(session)),
        execution_options={"synchronize_session": False},
    )


def change_password(session: Session, actor: Actor, *, password: str, current: str | None = None) -> None:
    """Set the actor's own password and end its other log-ins.

    current: needed if the member has a password, unless this log-in was by a link (how one who forgot comes in).
    Raises WrongPassword.
    """
    if not actor.id.startswith("mbr_"):
        raise NotAllowed(f"{actor.id} is no member and has no password.")
    member = load(session, actor, Member, actor.id, for_update=True)
    needs_current = member.password_hash is not None and not _came_by_link(session, actor)
    if needs_current and not is_password(current or "", member.password_hash):
        raise WrongPassword("That is not your current password.", remedy="Or log in by a link and set a new one.")
    member.password_hash = hash_password(password)
    end_logins(session, actor, member, but=actor.via.removeprefix("login:"))
    record(session, actor, "member.updated", member.id, password_changed=True)


def give_grant(session: Session, actor: Actor, *, actor_id: str, scope_id: str, role: Role) -> Grant:
    """Give a member or key a role within one project, or change it. The caller has seen that the project is there."""
    require(actor, "trust.manage")
    require_rank(actor, role)
    load(session, actor, ApiKey if actor_id.startswith("key_") else Member, actor_id)
    given = db.insert(session, Grant).values(
        tenant_id=actor.tenant_id, actor_id=actor_id, scope_id=scope_id, role=role.value, granted_by=actor.id
    )
    session.execute(given.on_conflict_do_nothing())
    mine = select(Grant).where(Grant.actor_id == actor_id, Grant.scope_id == scope_id)
    grant = session.scalars(visible(mine, actor)).one()
    grant.role, grant.granted_by = role.value, actor.id
    record(session, actor, "grant.given", grant.id, actor_id=actor_id, project_id=scope_id, role=role.value)
    return grant


def revoke_grant(session: Session, actor: Actor, grant_id: str) -> None:
    """Take a role within a project away."""
    require(actor, "trust.manage")
    grant = load(session, actor, Grant, grant_id)
    session.delete(grant)
    record(session, actor, "grant.revoked", grant.id, actor_id=grant.actor_id, project_id=grant.scope_id)


def _open_keys_of(session: Session, actor: Actor, member: Member) -> list[ApiKey]:
    """The keys that came from a member, through keys that made keys (ended ones too), as far as they are open."""
    found: list[ApiKey] = []
    makers = [member.id]
    while makers:
        made = session.scalars(visible(select(ApiKey).where(ApiKey.created_by.in_(makers)), actor)).all()
        found += made
        makers = [key.id for key in made]
    return [key for key in found if key.revoked_at is None]


def _can_more(key: ApiKey, role: Role) -> bool:
    is_of_owner = key.role == Role.OWNER and role != Role.OWNER
    return is_of_owner or not carried_by(Role(key.role), key.scopes) <= carried_by(role)


def _keep_an_owner(session: Session, actor: Actor, leaving: Member) -> None:
    if leaving.role != Role.OWNER:
        return
    # Locked, so that two owners cannot remove each other at the same moment.
    owners = select(Member).where(Member.role == Role.OWNER, Member.removed_at.is_(None)).order_by(Member.id)
    left = session.scalars(visible(owners, actor).with_for_update()).all()
    if not [owner for owner in left if owner.id != leaving.id]:
        raise LastOwner(f"{leaving.email} is the last owner.", remedy="Make somebody else an owner first.")


def _came_by_link(session: Session, actor: Actor) -> bool:
    mine = select(Login.method).where(Login.id == actor.via.removeprefix("login:"))
    return session.scalar(visible(mine, actor)) == "link"


def list_members(session: Session, actor: Actor, *, cursor: str | None = None, limit: int = 50) -> db.Page[Member]:
    """Who is a member now, the newest first. Names and roles are no secret within a tenant."""
    require(actor, "trust.read")
    current = select(Member).where(Member.removed_at.is_(None))
    return db.page(session, visible(current, actor), Member.id, limit=limit, cursor=cursor)


def list_grants(
    session: Session,
    actor: Actor,
    *,
    actor_id: str | None = None,
    scope_id: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> db.Page[Grant]:
    """Roles within projects; without trust.manage one's own only."""
    require(actor, "trust.read")
    statement = select(Grant)
    if "trust.manage" not in permissions_of(actor):
        statement = statement.where(Grant.actor_id == actor.id)
    if actor_id is not None:
        statement = statement.where(Grant.actor_id == actor_id)
    if scope_id is not None:
        statement = statement.where(Grant.scope_id == scope_id)
    return db.page(session, visible(statement, actor), Grant.id, limit=limit, cursor=cursor)


class Described(NamedTuple):
    name: str
    email: str
    """Empty for a key and for the system."""
    tenant_name: str


def describe(session: Session, actor: Actor) -> Described:
    """What people call an actor and its tenant."""
    tenant = session.get_one(Tenant, actor.tenant_id)
    email = session.scalar(visible(select(Member.email).where(Member.id == actor.id), actor))
    return Described(names_of(session, actor, {actor.id}).get(actor.id, actor.id), email or "", tenant.name)


def names_of(session: Session, actor: Actor, ids: Collection[str]) -> dict[str, str]:
    """The names of members and keys of the tenant, removed ones too; ids of neither are left out."""
    members = select(Member.id, Member.name).where(Member.id.in_(ids))
    keys = select(ApiKey.id, ApiKey.name).where(ApiKey.id.in_(ids))
    return {row.id: row.name for row in session.execute(visible(union_all(members, keys), actor))}
