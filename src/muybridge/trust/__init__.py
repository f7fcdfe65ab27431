"""Answerability: who there is, what they may see and do, how much, and what they did.

Every command of every room begins with `require`, selects through `visible` or `load`, and ends with `record`.
"""

from muybridge.trust.actors import Actor, Role, job_actor, system_actor
from muybridge.trust.event_names import EVENT_NAMES
from muybridge.trust.events import canonical_json, record
from muybridge.trust.idempotency import once, remember
from muybridge.trust.permissions import PERMISSIONS, permissions_of, require
from muybridge.trust.quotas import refund, release, reserve, settle
from muybridge.trust.tables import (
    ApiKey,
    Event,
    Grant,
    InColumn,
    Login,
    Member,
    Placed,
    Quota,
    Tenant,
    TenantRow,
    Through,
)
from muybridge.trust.tenants import NewTenant, cli_owner, create_tenant, first_start
from muybridge.trust.visibility import load, place, visible

__all__ = [
    "EVENT_NAMES",
    "PERMISSIONS",
    "Actor",
    "ApiKey",
    "Event",
    "Grant",
    "InColumn",
    "Login",
    "Member",
    "NewTenant",
    "Placed",
    "Quota",
    "Role",
    "Tenant",
    "TenantRow",
    "Through",
    "canonical_json",
    "cli_owner",
    "create_tenant",
    "first_start",
    "job_actor",
    "load",
    "once",
    "permissions_of",
    "place",
    "record",
    "refund",
    "release",
    "remember",
    "require",
    "reserve",
    "settle",
    "system_actor",
    "visible",
]
