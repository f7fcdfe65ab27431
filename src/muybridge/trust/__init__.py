"""Answerability: who there is, what they may see and do, how much, and what they did.

Every command of every room begins with `require`, selects through `visible` or `load`, and ends with `record`.
"""

from muybridge.trust.actors import Actor, Role, job_actor, system_actor
from muybridge.trust.append_only import protect_events
from muybridge.trust.auditing import ChainFault, ChainReport, verify_chain
from muybridge.trust.event_names import EVENT_NAMES
from muybridge.trust.events import canonical_json, events_after, last_seq, list_events, record
from muybridge.trust.heads import load_signer, write_heads
from muybridge.trust.idempotency import once, remember
from muybridge.trust.keys import NewKey, authenticate_key, create_key, list_keys, revoke_key
from muybridge.trust.logins import (
    LoggedIn,
    authenticate_login,
    invite,
    list_logins,
    log_in,
    log_out,
    login_link,
    revoke_login,
    use_link,
)
from muybridge.trust.members import (
    actor_of,
    add_member,
    change_password,
    describe,
    give_grant,
    list_grants,
    list_members,
    names_of,
    remove_member,
    revoke_grant,
    update_member,
)
from muybridge.trust.permissions import PERMISSIONS, permissions_of, require
from muybridge.trust.planning import explain_tenants
from muybridge.trust.quotas import Resource, list_quotas, refund, release, reserve, reserve_up_to, set_limit, settle
from muybridge.trust.sealing import seal, seal_until
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
from muybridge.trust.viewers import Viewer, Visit, list_visits, who_saw
from muybridge.trust.visibility import load, place, visible

__all__ = [
    "EVENT_NAMES",
    "PERMISSIONS",
    "Actor",
    "ApiKey",
    "ChainFault",
    "ChainReport",
    "Event",
    "Grant",
    "InColumn",
    "LoggedIn",
    "Login",
    "Member",
    "NewKey",
    "NewTenant",
    "Placed",
    "Quota",
    "Resource",
    "Role",
    "Tenant",
    "TenantRow",
    "Through",
    "Viewer",
    "Visit",
    "actor_of",
    "add_member",
    "authenticate_key",
    "authenticate_login",
    "canonical_json",
    "change_password",
    "cli_owner",
    "create_key",
    "create_tenant",
    "describe",
    "events_after",
    "explain_tenants",
    "first_start",
    "give_grant",
    "invite",
    "job_actor",
    "last_seq",
    "list_events",
    "list_grants",
    "list_keys",
    "list_logins",
    "list_members",
    "list_quotas",
    "list_visits",
    "load",
    "load_signer",
    "log_in",
    "log_out",
    "login_link",
    "names_of",
    "once",
    "permissions_of",
    "place",
    "protect_events",
    "record",
    "refund",
    "release",
    "remember",
    "remove_member",
    "require",
    "reserve",
    "reserve_up_to",
    "revoke_grant",
    "revoke_key",
    "revoke_login",
    "seal",
    "seal_until",
    "set_limit",
    "settle",
    "system_actor",
    "update_member",
    "use_link",
    "verify_chain",
    "visible",
    "who_saw",
    "write_heads",
]
