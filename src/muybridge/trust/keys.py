"""API keys: secrets for programs, shown once, kept as a digest, narrowed by scopes, ended by date or by hand."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from muybridge import db
from muybridge.errors import Invalid, Unauthenticated
from muybridge.trust.actors import Actor, Role
from muybridge.trust.events import record
from muybridge.trust.last_use import note_use
from muybridge.trust.members import grants_of
from muybridge.trust.permissions import PERMISSIONS, carried_by, require, require_rank
from muybridge.trust.tables import ApiKey
from muybridge.trust.tenants import clean_name
from muybridge.trust.tokens import MAX_LENGTH, digest_of, is_same, new_token
from muybridge.trust.visibility import load, visible

DEFAULT_PREFIX: Final = "mbk_"
_PREFIX: Final = re.compile(r"[a-z][a-z0-9]{0,14}_")


class KeyRefused(Unauthenticated):
    code = "trust.key_refused"


class NewKey(NamedTuple):
    key: ApiKey
    secret: str
    """Shown once; it cannot be had again."""


def create_key(
    session: Session,
    actor: Actor,
    name: str,
    *,
    role: Role = Role.SERVICE,
    scopes: Sequence[str] = (),
    prefix: str = DEFAULT_PREFIX,
    expires_at: datetime | None = None,
) -> NewKey:
    """Make a key. It may do what its role allows, narrowed to `scopes` if there are any.

    prefix: how the secret starts; other vendors' clients expect `key_`, `live_` or `test_`.
    Raises Invalid for an unknown scope, a past date or an odd prefix, NotAllowed for rights the actor lacks itself.
    """
    require(actor, "trust.manage")
    _check_scopes(role, scopes)
    require_rank(actor, role, scopes=scopes)
    if not _PREFIX.fullmatch(prefix):
        raise Invalid(f"{prefix!r} is no prefix for a key.", remedy="Up to 15 letters and digits, then an underscore.")
    if expires_at is not None and expires_at <= db.now(session):
        raise Invalid(
            f"The key would have expired already, at {expires_at.isoformat()}.", remedy="Give it a later end, or none."
        )
    secret = new_token(prefix)
    key = ApiKey(
        tenant_id=actor.tenant_id,
        name=clean_name(name, "key"),
        role=role.value,
        scopes=sorted(set(scopes)),
        prefix=prefix,
        hint=secret[-4:],
        digest=digest_of(secret),
        created_by=actor.id,
        expires_at=expires_at,
    )
    session.add(key)
    session.flush()
    record(session, actor, "key.created", key.id, label=key.name, role=key.role, scopes=key.scopes)
    return NewKey(key, secret)


def revoke_key(session: Session, actor: Actor, key_id: str) -> None:
    """End a key, at once and for good."""
    require(actor, "trust.manage")
    key = load(session, actor, ApiKey, key_id)
    if key.revoked_at is None:
        key.revoked_at = db.now(session)
        record(session, actor, "key.revoked", key.id, label=key.name)


def list_keys(session: Session, actor: Actor, *, cursor: str | None = None, limit: int = 50) -> db.Page[ApiKey]:
    """Every key, ended ones too, the newest first. Needs trust.manage."""
    require(actor, "trust.manage")
    return db.page(session, visible(select(ApiKey), actor), ApiKey.id, limit=limit, cursor=cursor)


def authenticate_key(database: db.Database, secret: str) -> Actor:
    """Whose key this is. Raises KeyRefused if it is unknown, expired or revoked."""
    secret = secret[:MAX_LENGTH]
    with database.read() as session:
        moment = db.now(session)
        # all tenants: the secret says whose it is.
        key = session.scalars(select(ApiKey).where(ApiKey.digest == digest_of(secret))).one_or_none()
        if key is None or not is_same(secret, key.digest):
            raise KeyRefused("This API key is unknown.", remedy="Make one: muybridge keys create NAME")
        if key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= moment):
            raise KeyRefused("This API key has ended.", remedy="Make another: muybridge keys create NAME")
        grants = grants_of(session, key.tenant_id, key.id)
    actor = Actor(key.id, key.tenant_id, Role(key.role), grants, frozenset(key.scopes), via=f"key:{key.id}")
    note_use(database, actor, key, moment)
    return actor


def _check_scopes(role: Role, scopes: Sequence[str]) -> None:
    if unknown := sorted(set(scopes) - PERMISSIONS):
        raise Invalid(f"Unknown scopes: {', '.join(unknown)}.", remedy=f"Known: {', '.join(sorted(PERMISSIONS))}.")
    carried = carried_by(role)
    if beyond := sorted(set(scopes) - carried):
        raise Invalid(
            f"The role {role} does not carry {', '.join(beyond)}.",
            remedy=f"It carries {', '.join(sorted(carried))}; or choose another role.",
        )
