"""Who is asking: logging in by password or link, logging out, oneself."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from muybridge import trust
from muybridge.api.deps import LOGIN_COOKIE, CurrentActor, Parts, PartsDep, Reader, Writer, check_origin
from muybridge.api.errors import RESPONSES
from muybridge.api.ids import Text, pattern_of
from muybridge.trust.logins import LIFETIME

router = APIRouter(prefix="/v1", tags=["trust"], responses=RESPONSES)

LoginId = Annotated[str, Path(pattern=pattern_of("lgn"), description="lgn_…")]
Token = Annotated[str, Field(min_length=1, max_length=200)]
Password = Annotated[str, Field(max_length=1000)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PasswordIn(Body):
    email: Text
    password: Password


class LinkIn(Body):
    token: Token


class NewPasswordIn(Body):
    password: Password
    current: Password | None = None
    """Needed if there is a password, unless this log-in was by a link."""


class TenantOut(BaseModel):
    id: str
    name: str


class MeOut(BaseModel):
    id: str
    name: str
    email: str
    """Empty for a key."""
    role: trust.Role
    tenant: TenantOut
    permissions: list[str]
    grants: dict[str, trust.Role]
    """Project id -> the role within that project."""


class LoginOut(BaseModel):
    id: str
    created_at: datetime
    method: str
    address: str
    user_agent: str
    expires_at: datetime
    last_used_at: datetime | None
    is_current: bool


class LoginsOut(BaseModel):
    items: list[LoginOut]
    next_cursor: str | None = None


@router.post("/auth/login")
def log_in(request: Request, response: Response, parts: PartsDep, body: PasswordIn) -> MeOut:
    """Log in by password; the answer sets the studio's cookie. 429 after five failures, for a while."""
    check_origin(request)
    door = _door(request)
    entered = trust.log_in(parts.database, email=body.email, password=body.password, **door)
    _set_cookie(response, parts, entered)
    with parts.database.read() as session:
        return _me(session, entered.actor)


@router.post("/auth/link")
def log_in_by_link(request: Request, response: Response, session: Writer, parts: PartsDep, body: LinkIn) -> MeOut:
    """Log in by a link's token, which is then used up."""
    check_origin(request)
    entered = trust.use_link(session, body.token, **_door(request))
    _set_cookie(response, parts, entered)
    return _me(session, entered.actor)


@router.post("/auth/logout", status_code=204)
def log_out(response: Response, session: Writer, actor: CurrentActor) -> None:
    """End this log-in and forget its cookie."""
    trust.log_out(session, actor)
    response.delete_cookie(LOGIN_COOKIE, path="/")


@router.get("/me")
def me(session: Reader, actor: CurrentActor) -> MeOut:
    """Who is asking, and what they may do."""
    return _me(session, actor)


@router.put("/me/password", status_code=204)
def change_password(session: Writer, actor: CurrentActor, body: NewPasswordIn) -> None:
    """Set one's own password; every other log-in of one's own ends."""
    trust.change_password(session, actor, password=body.password, current=body.current)


@router.get("/me/logins")
def list_logins(session: Reader, actor: CurrentActor) -> LoginsOut:
    """One's own open log-ins."""
    items = [
        LoginOut(
            id=login.id,
            created_at=login.created_at,
            method=login.method,
            address=login.address,
            user_agent=login.user_agent,
            expires_at=login.expires_at,
            last_used_at=login.last_used_at,
            is_current=actor.via == f"login:{login.id}",
        )
        for login in trust.list_logins(session, actor)
    ]
    return LoginsOut(items=items)


@router.delete("/logins/{id}", status_code=204)
def revoke_login(session: Writer, actor: CurrentActor, id: LoginId) -> None:
    """End a log-in: one's own, or anybody's for whoever manages members."""
    trust.revoke_login(session, actor, id)


def _me(session: Session, actor: trust.Actor) -> MeOut:
    who = trust.describe(session, actor)
    return MeOut(
        id=actor.id,
        name=who.name,
        email=who.email,
        role=actor.role,
        tenant=TenantOut(id=actor.tenant_id, name=who.tenant_name),
        permissions=sorted(trust.permissions_of(actor)),
        grants=dict(actor.grants),
    )


def _door(request: Request) -> dict[str, str]:
    address = request.client.host if request.client else ""
    return {"address": address, "user_agent": request.headers.get("user-agent", "")}


def _set_cookie(response: Response, parts: Parts, entered: trust.LoggedIn) -> None:
    response.set_cookie(
        LOGIN_COOKIE,
        entered.token,
        max_age=int(LIFETIME.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=parts.is_secure,
    )
