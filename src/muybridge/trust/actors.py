"""Who acts: a member, a key, or the system itself. A value that every command takes; it touches no row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What somebody is in a tenant; `trust.permissions` says what that allows."""

    OWNER = "owner"
    MANAGER = "manager"
    REVIEWER = "reviewer"
    ANNOTATOR = "annotator"
    CREATOR = "creator"
    VIEWER = "viewer"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, for whom, with which rights, and by which door."""

    id: str
    """`mbr_…`, `key_…` or `system`."""
    tenant_id: str
    role: Role
    grants: Mapping[str, Role] = field(default_factory=dict, hash=False)
    """Project id -> a further role within that project."""
    scopes: frozenset[str] = frozenset()
    """Permissions that a key is narrowed to; empty for no narrowing."""
    via: str = "cli"
    """`login:lgn_…`, `key:key_…`, `cli` or `job:job_…`."""


SYSTEM_ID = "system"


def system_actor(tenant_id: str, *, via: str = "system") -> Actor:
    """Muybridge itself, acting for one tenant with all rights in it."""
    return Actor(SYSTEM_ID, tenant_id, Role.OWNER, via=via)


def job_actor(tenant_id: str, actor_id: str, job_id: str) -> Actor:
    """Whoever enqueued a job, as the job acts for them.

    The right was checked when the job was enqueued, so the job has all rights in its tenant and no other.
    """
    return Actor(actor_id, tenant_id, Role.OWNER, via=f"job:{job_id}")
