"""Who belongs to a tenant and what they may: members, grants, keys, quotas."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from muybridge import trust
from muybridge.api.deps import CurrentActor, Cursor, Limit, Parts, PartsDep, Reader, Writer
from muybridge.api.errors import RESPONSES
from muybridge.api.ids import Moment, Text, pattern_of
from muybridge.labeling.tables import Project
from muybridge.trust.logins import LINK_LIFETIME

router = APIRouter(prefix="/v1", tags=["trust"], responses=RESPONSES)

MemberId = Annotated[str, Path(pattern=pattern_of("mbr"), description="mbr_…")]
GrantId = Annotated[str, Path(pattern=pattern_of("grt"), description="grt_…")]
KeyId = Annotated[str, Path(pattern=pattern_of("key"), description="key_…")]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MemberOut(BaseModel):
    id: str
    created_at: datetime
    name: str
    email: str
    role: trust.Role
    has_password: bool

    @classmethod
    def of(cls, member: trust.Member) -> "MemberOut":
        return cls(
            id=member.id,
            created_at=member.created_at,
            name=member.name,
            email=member.email,
            role=trust.Role(member.role),
            has_password=member.password_hash is not None,
        )


class NewMemberOut(MemberOut):
    link: str
    """Logs the new member in, once, within 15 minutes; give it to them yourself."""


class MembersOut(BaseModel):
    items: list[MemberOut]
    next_cursor: str | None


class MemberIn(Body):
    name: Text
    email: Text
    role: trust.Role


class MemberChange(Body):
    name: Text | None = None
    role: trust.Role | None = None


class LinkOut(BaseModel):
    link: str
    expires_in_s: int


class GrantOut(BaseModel):
    id: str
    created_at: datetime
    actor_id: str
    scope_id: str
    role: trust.Role
    granted_by: str

    @classmethod
    def of(cls, grant: trust.Grant) -> "GrantOut":
        return cls(
            id=grant.id,
            created_at=grant.created_at,
            actor_id=grant.actor_id,
            scope_id=grant.scope_id,
            role=trust.Role(grant.role),
            granted_by=grant.granted_by,
        )


class GrantsOut(BaseModel):
    items: list[GrantOut]
    next_cursor: str | None


class GrantIn(Body):
    actor_id: str = Field(pattern=pattern_of("mbr", "key"))
    scope_id: str = Field(pattern=pattern_of("prj"))
    role: trust.Role


class KeyOut(BaseModel):
    id: str
    created_at: datetime
    name: str
    prefix: str
    hint: str
    """The last four characters."""
    role: trust.Role
    scopes: list[str]
    created_by: str
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    """To the minute."""

    @classmethod
    def of(cls, key: trust.ApiKey) -> "KeyOut":
        return cls(
            id=key.id,
            created_at=key.created_at,
            name=key.name,
            prefix=key.prefix,
            hint=key.hint,
            role=trust.Role(key.role),
            scopes=key.scopes,
            created_by=key.created_by,
            expires_at=key.expires_at,
            revoked_at=key.revoked_at,
            last_used_at=key.last_used_at,
        )


class NewKeyOut(KeyOut):
    secret: str
    """Shown here and never again."""


class KeysOut(BaseModel):
    items: list[KeyOut]
    next_cursor: str | None


class KeyIn(Body):
    name: Text
    role: trust.Role = trust.Role.SERVICE
    scopes: list[str] = Field(default_factory=list, max_length=100)
    """Permissions to narrow the key to; empty for all that its role carries."""
    prefix: str = Field(default="mbk_", max_length=16)
    expires_at: Moment | None = None


class QuotaOut(BaseModel):
    resource: str
    limit: int | None
    used: int
    reserved: int
    window: str
    """The day or month that `used` counts; empty where use does not lapse."""


class QuotasOut(BaseModel):
    items: list[QuotaOut]
    next_cursor: str | None = None


class QuotaIn(Body):
    limit: int | None = Field(ge=0, lt=2**62)


@router.get("/members")
def list_members(session: Reader, actor: CurrentActor, cursor: Cursor = None, limit: Limit = 50) -> MembersOut:
    """Who is a member, the newest first."""
    page = trust.list_members(session, actor, cursor=cursor, limit=limit)
    return MembersOut(items=[MemberOut.of(member) for member in page.items], next_cursor=page.next_cursor)


@router.post("/members", status_code=201)
def add_member(session: Writer, actor: CurrentActor, parts: PartsDep, body: MemberIn) -> NewMemberOut:
    """Make somebody a member. They come in by the link in the answer and set a password then."""
    member = trust.add_member(session, actor, email=body.email, name=body.name, role=body.role)
    link = _link(parts, trust.invite(session, actor, member.id))
    return NewMemberOut(**MemberOut.of(member).model_dump(), link=link)


@router.patch("/members/{id}")
def update_member(session: Writer, actor: CurrentActor, id: MemberId, body: MemberChange) -> MemberOut:
    """Change a member's name or role."""
    return MemberOut.of(trust.update_member(session, actor, id, name=body.name, role=body.role))


@router.delete("/members/{id}", status_code=204)
def remove_member(session: Writer, actor: CurrentActor, id: MemberId) -> None:
    """End a membership, with its log-ins, keys and grants."""
    trust.remove_member(session, actor, id)


@router.post("/members/{id}/links", status_code=201)
def invite(session: Writer, actor: CurrentActor, parts: PartsDep, id: MemberId) -> LinkOut:
    """A link that logs the member in, once: for a first visit or a forgotten password."""
    link = _link(parts, trust.invite(session, actor, id))
    return LinkOut(link=link, expires_in_s=int(LINK_LIFETIME.total_seconds()))


@router.get("/grants")
def list_grants(
    session: Reader,
    actor: CurrentActor,
    actor_id: Annotated[str | None, Query(pattern=pattern_of("mbr", "key"))] = None,
    scope_id: Annotated[str | None, Query(pattern=pattern_of("prj"))] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> GrantsOut:
    """Roles within projects; one's own only without trust.manage."""
    page = trust.list_grants(session, actor, actor_id=actor_id, scope_id=scope_id, cursor=cursor, limit=limit)
    return GrantsOut(items=[GrantOut.of(grant) for grant in page.items], next_cursor=page.next_cursor)


@router.post("/grants", status_code=201)
def give_grant(session: Writer, actor: CurrentActor, body: GrantIn) -> GrantOut:
    """Give a member or key a role within one project, or change it."""
    trust.require(actor, "trust.manage")
    trust.load(session, actor, Project, body.scope_id)
    grant = trust.give_grant(session, actor, actor_id=body.actor_id, scope_id=body.scope_id, role=body.role)
    return GrantOut.of(grant)


@router.delete("/grants/{id}", status_code=204)
def revoke_grant(session: Writer, actor: CurrentActor, id: GrantId) -> None:
    """Take a role within a project away."""
    trust.revoke_grant(session, actor, id)


@router.get("/keys")
def list_keys(session: Reader, actor: CurrentActor, cursor: Cursor = None, limit: Limit = 50) -> KeysOut:
    """API keys, ended ones too, the newest first."""
    page = trust.list_keys(session, actor, cursor=cursor, limit=limit)
    return KeysOut(items=[KeyOut.of(key) for key in page.items], next_cursor=page.next_cursor)


@router.post("/keys", status_code=201)
def create_key(session: Writer, actor: CurrentActor, body: KeyIn) -> NewKeyOut:
    """Make an API key. Its secret is in this answer and nowhere else."""
    made = trust.create_key(
        session,
        actor,
        body.name,
        role=body.role,
        scopes=body.scopes,
        prefix=body.prefix,
        expires_at=body.expires_at,
    )
    return NewKeyOut(**KeyOut.of(made.key).model_dump(), secret=made.secret)


@router.delete("/keys/{id}", status_code=204)
def revoke_key(session: Writer, actor: CurrentActor, id: KeyId) -> None:
    """End a key, at once and for good."""
    trust.revoke_key(session, actor, id)


@router.get("/quotas")
def list_quotas(session: Reader, actor: CurrentActor) -> QuotasOut:
    """Each resource with its limit and its use."""
    return QuotasOut(items=[_quota(quota) for quota in trust.list_quotas(session, actor)])


@router.put("/quotas/{resource}")
def set_limit(session: Writer, actor: CurrentActor, resource: trust.Resource, body: QuotaIn) -> QuotaOut:
    """Change how much of a resource the tenant may use; null for no limit."""
    return _quota(trust.set_limit(session, actor, resource, body.limit))


def _quota(quota: trust.Quota) -> QuotaOut:
    return QuotaOut(
        resource=quota.resource,
        limit=quota.limit_amount,
        used=quota.used,
        reserved=quota.reserved,
        window=quota.window,
    )


def _link(parts: Parts, token: str) -> str:
    return f"{parts.base_url}/login?token={token}"
