"""What each role may do: one table, read by people and by `require`.

A grant adds, within one project, the labelling rights of the granted role; it never adds rights elsewhere. A key's
scopes only ever narrow. Annotators, reviewers and creators are *confined*: of labelling rows they see what lies in the
projects granted to them, and annotators and reviewers see no other footage either (see `visibility`).
"""

from collections.abc import Collection
from typing import Final

from muybridge.db import Row
from muybridge.errors import Forbidden, NotFound
from muybridge.trust.actors import Actor, Role
from muybridge.trust.tables import InColumn, TenantRow
from muybridge.units import ID_PREFIXES

ROLES_BY_LETTER: Final = dict(zip("omracvs", Role, strict=True))

# o owner, m manager, r reviewer, a annotator, c creator, v viewer, s service
ALLOWED: Final = {
    "artifacts.read": "om.c.v.s",
    "catalog.read": "om.r.a.c.v.s",
    "catalog.write": "om.c.s",
    "catalog.rights": "om.s",
    "catalog.download": "om.c.s",
    "labeling.read": "om.r.a.c.v.s",
    "labeling.manage": "om.s",
    "labeling.answer": "om.r.a.s",
    "labeling.review": "om.r.s",
    "datasets.read": "om.r.c.v.s",
    "datasets.freeze": "om.s",
    "datasets.export": "om.s",
    "training.read": "om.r.c.v.s",
    "training.run": "om.s",
    "generation.read": "om.r.c.v.s",
    "generation.create": "om.c.s",
    "evaluation.read": "om.r.c.v.s",
    "evaluation.run": "om.s",
    "jobs.read": "om.r.c.v.s",
    "jobs.cancel": "om.c.s",
    "trust.read": "om.r.a.c.v.s",
    "trust.manage": "om",
    "trust.audit": "om",
}
PERMISSIONS: Final = frozenset(ALLOWED)
ROLE_PERMISSIONS: Final = {
    role: frozenset(name for name, letters in ALLOWED.items() if letter in letters)
    for letter, role in ROLES_BY_LETTER.items()
}
CONFINED: Final = frozenset({Role.ANNOTATOR, Role.REVIEWER, Role.CREATOR})
"""Roles that see labelling rows of granted projects only."""
SEES_ALL_FOOTAGE: Final = frozenset(Role) - {Role.ANNOTATOR, Role.REVIEWER}
"""Roles that need the whole catalogue for their work; creators bring footage in and start from it."""


class NotAllowed(Forbidden):
    code = "trust.not_allowed"


def permissions_of(actor: Actor, scope_id: str | None = None) -> frozenset[str]:
    """All that an actor may do: everywhere, or within the project `scope_id`."""
    allowed = ROLE_PERMISSIONS[actor.role]
    if scope_id is not None and (granted := actor.grants.get(scope_id)):
        allowed |= {name for name in ROLE_PERMISSIONS[granted] if name.startswith("labeling.")}
    return allowed & actor.scopes if actor.scopes else allowed


def is_confined(actor: Actor) -> bool:
    """Whether the actor sees only what lies in the projects granted to it."""
    return actor.role in CONFINED


def require(actor: Actor, permission: str, subject: Row | None = None) -> None:
    """The first line of every command: the actor may do this (to this subject), or an error says why not.

    Raises NotFound when the subject is another tenant's or lies in a project that a confined actor was not granted,
    NotAllowed when the actor's role, grants and key do not carry the permission. ValueError for an unknown one.
    """
    if permission not in PERMISSIONS:
        raise ValueError(f"unknown permission {permission!r}; add it to trust.permissions.ALLOWED")
    scope_id = _scope_of(actor, subject)
    if permission not in permissions_of(actor, scope_id):
        narrowed = " (this key is narrowed to other scopes)" if permission in ROLE_PERMISSIONS[actor.role] else ""
        raise NotAllowed(
            f"{actor.id} may not {permission}{narrowed}.",
            remedy=f"Ask an owner or manager for a role that carries {permission}.",
            permission=permission,
        )


def require_rank(actor: Actor, role: Role, *, scopes: Collection[str] = ()) -> None:
    """The actor may give a role (narrowed to `scopes`, if there are any), or change who has it: none beyond its own.

    Raises NotAllowed.
    """
    if role == Role.OWNER and actor.role != Role.OWNER:
        raise NotAllowed("Only an owner can make, change, invite or remove an owner.", remedy="Ask an owner.")
    if lacking := sorted(carried_by(role, scopes) - permissions_of(actor)):
        raise NotAllowed(
            f"The role {role} could {', '.join(lacking)}, which {actor.id} may not.",
            remedy="Choose a lesser role; a key can be narrowed by scopes.",
        )


def carried_by(role: Role, scopes: Collection[str] = ()) -> frozenset[str]:
    """What a role may do, narrowed to `scopes` if there are any."""
    return ROLE_PERMISSIONS[role].intersection(scopes or PERMISSIONS)


def _scope_of(actor: Actor, subject: Row | None) -> str | None:
    if subject is None:
        return None
    identifier = str(getattr(subject, "id", ""))
    if getattr(subject, "tenant_id", actor.tenant_id) != actor.tenant_id:
        raise no_such(type(subject), identifier)
    column = scope_column(type(subject))
    scope_id = getattr(subject, column) if column else None
    if column and is_confined(actor) and scope_id not in actor.grants:
        raise no_such(type(subject), identifier)
    return scope_id


def scope_column(kind: type[Row]) -> str | None:
    """The attribute of `kind` that holds a project's id, if it has one of its own."""
    if not issubclass(kind, TenantRow):
        return None
    if isinstance(kind.scope, InColumn):
        return kind.scope.column
    return "project_id" if kind.scope is None and hasattr(kind, "project_id") else None


def no_such(kind: type[Row], identifier: str) -> NotFound:
    """The one answer to an id that does not exist and to one that is not yours: they must not differ."""
    noun = ID_PREFIXES.get(identifier.partition("_")[0]) or kind.__name__.lower()
    return NotFound(f"There is no {noun} {identifier}.", remedy="Check the id; it may belong to somebody else.")
