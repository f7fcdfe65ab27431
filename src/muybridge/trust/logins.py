"""Logging in: by password or by a link, and what the browser shows from then on.

A log-in is a random token in a cookie, kept as a digest, for 14 days or until it is revoked. These functions open
sessions of their own where a refusal must leave a trace: a failure that is rolled back cannot be counted.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from muybridge import db
from muybridge.errors import LimitExceeded, Unauthenticated
from muybridge.trust.actors import Actor, Role, system_actor
from muybridge.trust.events import record
from muybridge.trust.last_use import note_use
from muybridge.trust.members import actor_of
from muybridge.trust.passwords import is_password
from muybridge.trust.permissions import NotAllowed, require, require_rank
from muybridge.trust.tables import Login, LoginFailures, LoginLink, Member
from muybridge.trust.tokens import MAX_LENGTH, digest_of, is_same, new_token
from muybridge.trust.visibility import load, visible

LIFETIME: Final = timedelta(days=14)
LINK_LIFETIME: Final = timedelta(minutes=15)
MAX_FAILURES: Final = 5
"""Failed log-ins for one e-mail from one address before the next must wait."""
FAILURES_LAST: Final = timedelta(minutes=15)
"""How long failures are held against an address after the last one."""


class LoggedIn(NamedTuple):
    token: str
    """For the cookie; shown once and kept nowhere."""
    actor: Actor
    expires_at: datetime


class LoginRefused(Unauthenticated):
    code = "trust.login_refused"


class TooManyFailures(LimitExceeded):
    code = "trust.too_many_failures"


def log_in(database: db.Database, *, email: str, password: str, address: str = "", user_agent: str = "") -> LoggedIn:
    """Log a member in by password.

    Raises LoginRefused, in the same words and time whether the e-mail or the password is wrong; TooManyFailures after
    five failures for this e-mail from this address, until 15 minutes have passed since the last.
    """
    email, bucket = email.strip().lower(), _bucket(email, address)
    with database.write() as session:
        # Counted before the password is looked at: attempts sent all at once would else all be the first.
        wait_s = _count_failure(session, bucket)
        candidates = _members_of(session, email)
    if wait_s:
        raise TooManyFailures(
            "Too many log-ins failed.", remedy=f"Wait {wait_s} s, or ask for a link.", retry_after_s=wait_s
        )
    member = _whose_password(candidates, password)
    with database.write() as session:
        if member is None:
            for candidate in candidates:
                record(session, system_actor(candidate.tenant_id), "login.failed", candidate.id, address=address)
            refusal = LoginRefused("E-mail and password do not fit.", remedy="Or log in by a link from an owner.")
        else:
            # all tenants: a count of failures is nobody's.
            session.execute(delete(LoginFailures).where(LoginFailures.bucket == bucket))
            return _open_login(session, member, "password", address, user_agent)
    raise refusal


def login_link(session: Session, member: Member) -> str:
    """The token of a link that logs the member in, once, within 15 minutes. For whoever runs the installation."""
    token = new_token()
    session.add(
        LoginLink(
            tenant_id=member.tenant_id,
            member_id=member.id,
            digest=digest_of(token),
            expires_at=db.now(session) + LINK_LIFETIME,
        )
    )
    return token


def invite(session: Session, actor: Actor, member_id: str) -> str:
    """The token of a link for a member, asked for by somebody who manages members."""
    require(actor, "trust.manage")
    member = load(session, actor, Member, member_id)
    require_rank(actor, Role(member.role))
    if member.removed_at is not None:
        raise NotAllowed(f"{member.email} is a member no more.", remedy="Restore the member first.")
    record(session, actor, "link.created", member.id)
    return login_link(session, member)


def use_link(session: Session, token: str, *, address: str = "", user_agent: str = "") -> LoggedIn:
    """Log in by a link, which is then used up. Raises LoginRefused for a link that is unknown, used or too old."""
    moment = db.now(session)
    # all tenants: nobody is known yet. One UPDATE, so that two who click at once are not both let in.
    used = session.execute(
        update(LoginLink)
        .where(LoginLink.digest == digest_of(token), LoginLink.used_at.is_(None), LoginLink.expires_at > moment)
        .values(used_at=moment)
        .returning(LoginLink.member_id, LoginLink.tenant_id),
        execution_options={"synchronize_session": False},
    ).one_or_none()
    if used is None:
        raise LoginRefused("This link was used already or is too old.", remedy="Ask for a new one: muybridge serve")
    member = load(session, system_actor(used.tenant_id), Member, used.member_id)
    if member.removed_at is not None:
        raise LoginRefused("This link was used already or is too old.")
    return _open_login(session, member, "link", address, user_agent)


def log_out(session: Session, actor: Actor) -> None:
    """End the log-in by which the actor acts. Nothing to do for a key."""
    login_id = actor.via.removeprefix("login:")
    if login_id != actor.via:
        revoke_login(session, actor, login_id)


def revoke_login(session: Session, actor: Actor, login_id: str) -> None:
    """End a log-in: one's own, or with trust.manage anybody's."""
    login = load(session, actor, Login, login_id)
    if login.member_id != actor.id:
        require(actor, "trust.manage")
    if login.revoked_at is None:
        login.revoked_at = db.now(session)
        record(session, actor, "login.revoked", login.id, member_id=login.member_id)


def list_logins(session: Session, actor: Actor) -> Sequence[Login]:
    """The actor's own open log-ins, the newest first."""
    mine = select(Login).where(
        Login.member_id == actor.id, Login.revoked_at.is_(None), Login.expires_at > db.now(session)
    )
    return session.scalars(visible(mine.order_by(Login.id.desc()), actor)).all()


def authenticate_login(database: db.Database, token: str) -> Actor:
    """Whose cookie this is. Raises LoginRefused if it is unknown, expired or revoked, or its member removed."""
    token = token[:MAX_LENGTH]
    with database.read() as session:
        moment = db.now(session)
        # all tenants: the token says whose it is.
        found = session.execute(
            select(Login, Member).join(Member, Member.id == Login.member_id).where(Login.digest == digest_of(token))
        ).one_or_none()
        if found is None or not _is_open(login := found[0], member := found[1], token, moment):
            raise LoginRefused("You are not logged in any more.", remedy="Log in again.")
        actor = actor_of(session, member, via=f"login:{login.id}")
    note_use(database, actor, login, moment)
    return actor


def _is_open(login: Login, member: Member, token: str, moment: datetime) -> bool:
    is_current = login.revoked_at is None and login.expires_at > moment and member.removed_at is None
    return is_same(token, login.digest) and is_current


def _open_login(session: Session, member: Member, method: str, address: str, user_agent: str) -> LoggedIn:
    token, expires_at = new_token(), db.now(session) + LIFETIME
    login = Login(
        tenant_id=member.tenant_id,
        member_id=member.id,
        digest=digest_of(token),
        method=method,
        address=address[:100],
        user_agent=user_agent[:300],
        expires_at=expires_at,
    )
    session.add(login)
    session.flush()
    actor = actor_of(session, member, via=f"login:{login.id}")
    record(session, actor, "login.started", login.id, method=method, address=address[:100])
    return LoggedIn(token, actor, expires_at)


def _members_of(session: Session, email: str) -> Sequence[Member]:
    # all tenants: nobody is known yet, and one e-mail may be a member of several.
    named = select(Member).where(Member.email == email, Member.removed_at.is_(None)).order_by(Member.id)
    return session.scalars(named).all()


def _whose_password(candidates: Sequence[Member], password: str) -> Member | None:
    if not candidates:
        is_password(password, None)
    return next((member for member in candidates if is_password(password, member.password_hash)), None)


def _bucket(email: str, address: str) -> str:
    return hashlib.sha256(f"{email.strip().lower()}\n{address}".encode(errors="replace")).hexdigest()


def _count_failure(session: Session, bucket: str) -> int:
    """Count an attempt as failed until it succeeds; return the seconds to wait, 0 if it may go on."""
    moment = db.now(session)
    # all tenants: a count of failures is nobody's. Old ones go, so that the table stays small.
    session.execute(delete(LoginFailures).where(LoginFailures.last_at < moment - FAILURES_LAST))
    first = db.insert(session, LoginFailures).values(bucket=bucket, count=1, last_at=moment)
    again = {"count": LoginFailures.count + 1}
    count, last_at = session.execute(
        first.on_conflict_do_update(index_elements=["bucket"], set_=again).returning(
            LoginFailures.count, LoginFailures.last_at
        )
    ).one()
    if count > MAX_FAILURES:
        return max(1, int((last_at + FAILURES_LAST - moment).total_seconds()))
    session.execute(update(LoginFailures).where(LoginFailures.bucket == bucket).values(last_at=moment))
    return 0
