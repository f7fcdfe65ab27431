"""What every route may ask for: a session, who is acting, the parts of this installation, paging.

A `Writer` commits before the reply is sent (scope="function"), so a client that saw 2xx can rely on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Header, Query
from sqlalchemy.orm import Session
from starlette.requests import HTTPConnection

from muybridge import db, trust
from muybridge.artifacts import Store
from muybridge.errors import Forbidden, Unauthenticated

LOGIN_COOKIE = "muybridge_login"


@dataclass(frozen=True, slots=True)
class Parts:
    """What `wiring` gives the doors; one per server."""

    database: db.Database
    store: Store
    base_url: str
    data_dir: Path
    max_upload_bytes: int
    allow_private_webhooks: bool = False

    @property
    def is_secure(self) -> bool:
        return self.base_url.startswith("https://")


class CrossSiteRequest(Forbidden):
    code = "api.cross_site_request"


def parts_of(connection: HTTPConnection) -> Parts:
    parts: Parts = connection.app.state.parts
    return parts


PartsDep = Annotated[Parts, Depends(parts_of)]


def read_session(parts: PartsDep) -> Iterator[Session]:
    with parts.database.read() as session:
        yield session


def write_session(parts: PartsDep) -> Iterator[Session]:
    with parts.database.write() as session:
        yield session


Reader = Annotated[Session, Depends(read_session, scope="function")]
Writer = Annotated[Session, Depends(write_session, scope="function")]


def current_actor(connection: HTTPConnection, parts: PartsDep) -> trust.Actor:
    """Who is asking: a bearer key, or the studio's cookie.

    Raises Unauthenticated, and CrossSiteRequest when a cookie comes from another site with a changing request or with
    a WebSocket (which browsers let any page open).
    """
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return trust.authenticate_key(parts.database, token.strip())
    cookie = connection.cookies.get(LOGIN_COOKIE)
    if not cookie:
        raise Unauthenticated("Nobody is logged in.", remedy="Log in, or send an API key: Authorization: Bearer …")
    if connection.scope.get("method") not in ("GET", "HEAD", "OPTIONS"):
        check_origin(connection)
    return trust.authenticate_login(parts.database, cookie)


def check_origin(connection: HTTPConnection) -> None:
    """Refuse what a browser sends on behalf of another site."""
    origin = connection.headers.get("origin")
    if origin is None:
        # Browsers send Origin with every changing request; other programs hold no cookie of a victim.
        return
    if urlsplit(origin).netloc != connection.headers.get("host", ""):
        raise CrossSiteRequest(f"{origin} may not act here.", remedy="Use the studio at its own address.")


CurrentActor = Annotated[trust.Actor, Depends(current_actor)]
Limit = Annotated[int, Query(ge=1, le=db.MAX_LIMIT, description="How many items a page holds")]
Cursor = Annotated[str | None, Query(max_length=200, description="next_cursor of the page before")]
IdempotencyKey = Annotated[
    str | None,
    # Named outright: routes call the parameter `key`, and FastAPI would read a header of that name.
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="Send the same key again to get the first answer, not a twin",
    ),
]
