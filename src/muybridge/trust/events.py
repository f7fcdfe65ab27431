"""What happened: recording it in the transaction of the fact, and reading what is sealed.

An event is inserted without number or hash; `sealing` gives it both after the commit. Readers see sealed rows only,
by cursor, so that no row can appear behind a reader's back.
"""

import json
from typing import Any, Final, cast

from sqlalchemy import Select, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from muybridge.db import Page, cursor_of, page
from muybridge.trust.actors import Actor
from muybridge.trust.event_names import EVENT_NAMES, READING
from muybridge.trust.permissions import permissions_of, require
from muybridge.trust.tables import Event, EventHead
from muybridge.trust.visibility import visible

# Kept: json.dumps makes a new encoder for each call with options, and the sealer makes one call an event.
_ENCODER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def record(session: Session, actor: Actor, name: str, subject_id: str, /, **facts: Any) -> Event:
    """Write down what the actor did, in the caller's transaction. One event for a bulk command, not one a row.

    facts: JSON values; `project_id`, if given, says whom it concerns among confined members.
    ValueError for a name that is not in `event_names` or facts that are not JSON.
    """
    if name not in EVENT_NAMES:
        raise ValueError(f"unknown event {name!r}; add it to trust.event_names.EVENT_NAMES")
    canonical_json(facts)
    event = Event(
        tenant_id=actor.tenant_id,
        name=name,
        actor_id=actor.id,
        via=actor.via,
        subject_id=subject_id,
        project_id=facts.get("project_id"),
        facts=facts,
    )
    session.add(event)
    return event


def canonical_json(value: Any) -> bytes:
    """The one spelling of a JSON value: sorted keys, no spaces, ASCII, no NaN. ValueError if it is not JSON."""
    try:
        return _ENCODER.encode(value).encode()
    except TypeError as error:
        raise ValueError(f"not a JSON value: {error}") from error


_PRIVATE: Final = ("grant.%", "key.%", "link.%", "login.%", "member.%", "quota.%", "tenant.%", "webhook.%")
"""Events about people, their rights and addresses that are told: for those who may audit, and for whoever acted."""


def list_events(
    session: Session,
    actor: Actor,
    *,
    subject_id: str | None = None,
    name: str | None = None,
    actor_id: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Event]:
    """Sealed events, the newest first. Raises BadCursor.

    name: whole (`rights.revoked`), or up to its dot (`rights.`) for all of that noun.
    """
    statement = _readable(actor)
    for column, wanted in ((Event.subject_id, subject_id), (Event.actor_id, actor_id)):
        if wanted is not None:
            statement = statement.where(column == wanted)
    key = cast(InstrumentedAttribute[int], Event.seq)

    def paged(statement: Select[Event]) -> Page[Event]:
        return page(session, visible(statement, actor), key, limit=limit, cursor=cursor)

    if name is None:
        return paged(statement)
    # Each name by its index: asked for several at once, SQLite walks the log.
    names = [each for each in EVENT_NAMES if each.startswith(name)] if name.endswith(".") else [name]
    return _newest([paged(statement.where(Event.name == each)) for each in names], limit)


def _newest(pages: list[Page[Event]], limit: int) -> Page[Event]:
    found = sorted((event for each in pages for event in each.items), key=lambda event: event.seq or 0, reverse=True)
    has_more = len(found) > limit or any(each.next_cursor for each in pages)
    items = found[:limit]
    return Page(items, cursor_of(items[-1].seq or 0) if has_more else None)


def events_after(session: Session, actor: Actor, seq: int, *, limit: int = 200) -> list[Event]:
    """Sealed events behind number `seq`, the oldest first: what a follower asks for again and again."""
    statement = _readable(actor).where(Event.seq > seq).order_by(Event.seq).limit(limit)
    return list(session.scalars(visible(statement, actor)))


def last_seq(session: Session, actor: Actor) -> int:
    """The number of the tenant's newest sealed event; 0 before the first."""
    head = session.get(EventHead, actor.tenant_id)
    return head.seq if head else 0


def _readable(actor: Actor) -> Select[Event]:
    """Sealed events, without what only those who audit may read: others' rights, and who looked at what."""
    require(actor, "trust.read")
    statement = select(Event).where(Event.seq.is_not(None))
    if "trust.audit" in permissions_of(actor):
        return statement
    private = or_(Event.name.in_(READING), *(Event.name.like(pattern) for pattern in _PRIVATE))
    return statement.where(or_(Event.actor_id == actor.id, not_(private)))
