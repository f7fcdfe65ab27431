"""Telling a tenant's own systems what happened: signed POSTs of sealed events, by cursor.

There is no webhook until an owner or manager makes one, so nothing leaves by itself, and it is told to private
networks only where whoever runs the installation says so. Delivery is at least once and in order: the
cursor moves in a transaction after the receiver said 2xx, and each POST carries its event's id, by which a receiver
tells a repetition. posting.py decides where a POST may go.
"""

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from muybridge import db, trust
from muybridge.db import Database
from muybridge.jobs import queue
from muybridge.jobs.context import JobContext
from muybridge.jobs.errors import BadWebhook
from muybridge.jobs.handlers import handler
from muybridge.jobs.posting import Payload, is_private, post
from muybridge.jobs.tables import Job, JobState, Webhook
from muybridge.plugins import Registry
from muybridge.trust import Actor, Event

BATCH = 100
MAX_ATTEMPTS = 8
MAX_URL_LENGTH = 2000


class EventFacts(NamedTuple):
    """An event as a format sees it."""

    id: str
    seq: int
    name: str
    subject_id: str
    actor_id: str
    created_at: str
    facts: Mapping[str, Any]


Format = Callable[[EventFacts, Mapping[str, str]], Payload | None]
"""`(event, {"webhook_id", "secret"}) -> Payload`, or None for an event that this format has nothing to say about."""

FORMATS: Registry[Format] = Registry("webhook format", "muybridge.webhook_formats")


def muybridge_format(event: EventFacts, webhook: Mapping[str, str]) -> Payload:
    """Our own format: the event as JSON, `X-Muybridge-Signature: t=<unix s>,v1=<hex hmac-sha256 of "t.body">`."""
    body = json.dumps(event._asdict(), sort_keys=True, ensure_ascii=False).encode()
    stamp = str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "X-Muybridge-Delivery": event.id,
        "X-Muybridge-Event": event.name,
        "X-Muybridge-Signature": f"t={stamp},v1={sign(webhook['secret'], stamp, body)}",
    }
    return Payload(body, headers)


def sign(secret: str, stamp: str, body: bytes) -> str:
    """Hex HMAC-SHA256 of `stamp.body`, which a receiver computes to know that we sent it."""
    return hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()


FORMATS.put("muybridge", muybridge_format)


def create_webhook(
    session: Session,
    actor: Actor,
    url: str,
    event_names: list[str],
    *,
    format: str = "muybridge",
    allows_private: bool = False,
) -> Webhook:
    """Subscribe a URL to events from now on. Needs trust.manage. Raises BadWebhook, NoSuchPlugin for the format.

    allows_private: whether addresses of private networks may be told; the caller has seen that this is meant.
    """
    trust.require(actor, "trust.manage")
    _check_url(url, allows_private=allows_private)
    if not event_names:
        raise BadWebhook("A webhook needs events to tell.", remedy="Names, `noun.*` or `*`.")
    if unknown := [name for name in event_names if not _is_known(name)]:
        raise BadWebhook(f"There are no events {', '.join(unknown)}.", remedy="Names, `noun.*` or `*`.")
    FORMATS.get(format)
    webhook = Webhook(
        tenant_id=actor.tenant_id,
        url=url,
        event_names=event_names,
        format=format,
        secret=f"whsec_{secrets.token_urlsafe(32)}",
        cursor=_last_seq(session, actor),
        allows_private=allows_private,
    )
    session.add(webhook)
    session.flush()
    trust.record(session, actor, "webhook.created", webhook.id, url=url, event_names=event_names)
    return webhook


def list_webhooks(session: Session, actor: Actor, *, cursor: str | None = None, limit: int = 50) -> db.Page[Webhook]:
    """The tenant's webhooks, the newest first. Needs trust.manage."""
    trust.require(actor, "trust.manage")
    return db.page(session, trust.visible(select(Webhook), actor), Webhook.id, limit=limit, cursor=cursor)


def load_webhook(session: Session, actor: Actor, webhook_id: str) -> Webhook:
    """The webhook of that id. Needs trust.manage. Raises NotFound."""
    trust.require(actor, "trust.manage")
    return trust.load(session, actor, Webhook, webhook_id)


def num_waiting(session: Session, webhook: Webhook) -> int:
    """How many sealed events the webhook asked for and has not been told."""
    after = select(func.count()).select_from(Event).where(Event.seq > webhook.cursor)
    named = _named(webhook.event_names)
    if named is not None:
        after = after.where(named)
    return session.scalar(trust.visible(after, trust.system_actor(webhook.tenant_id))) or 0


def resume_webhook(session: Session, actor: Actor, webhook_id: str) -> Webhook:
    """Try again where a paused webhook stopped. Raises NotFound."""
    webhook = load_webhook(session, actor, webhook_id)
    if webhook.paused_reason is not None:
        webhook.paused_reason = None
        trust.record(session, actor, "webhook.resumed", webhook.id, url=webhook.url)
    return webhook


def delete_webhook(session: Session, actor: Actor, webhook_id: str) -> None:
    """Tell an address nothing more. Raises NotFound."""
    webhook = load_webhook(session, actor, webhook_id)
    session.delete(webhook)
    trust.record(session, actor, "webhook.deleted", webhook.id, url=webhook.url)


def enqueue_deliveries(database: Database) -> int:
    """Make a delivery job for each webhook that has events to be told; the worker's chore. Returns how many."""
    with database.read() as session:
        # all tenants: the worker tells every tenant's webhooks.
        open_webhooks = session.scalars(select(Webhook).where(Webhook.paused_reason.is_(None))).all()
        waiting = [webhook for webhook in open_webhooks if _next_events(session, webhook, limit=1)]
    for webhook in waiting:
        with database.write() as session:
            # all tenants: one of those found above.
            current = session.get(Webhook, webhook.id, with_for_update=True)
            if current is None or current.paused_reason is not None or not _next_events(session, current, limit=1):
                continue  # deleted, paused or told since the look
            key = f"webhook:{webhook.id}"
            system = trust.system_actor(webhook.tenant_id)
            queue.enqueue(session, system, "jobs.deliver", webhook.id, dedupe_key=key, max_attempts=MAX_ATTEMPTS)
    return len(waiting)


def _pause(session: Session, actor: Actor, job: Job) -> None:
    """A receiver that refused every attempt is left in peace until somebody resumes the webhook."""
    if job.state != JobState.FAILED:
        return  # called off, which takes no right to manage webhooks: the next look makes a new delivery
    # all tenants: the webhook whose delivery this job is.
    webhook = session.get(Webhook, job.subject_id)
    if webhook is not None:
        webhook.paused_reason = (job.failure or {}).get("detail", "Delivery failed.")
        trust.record(session, actor, "webhook.paused", webhook.id, url=webhook.url, reason=webhook.paused_reason)


@handler("jobs.deliver", stages=("deliver",), on_end=_pause)
def deliver(job: JobContext, webhook_id: str) -> None:
    """Tell one webhook its next events, in order; the cursor moves after each that was taken."""
    while True:
        with job.transaction() as session:
            # all tenants: the webhook whose delivery this job is.
            webhook = session.get(Webhook, webhook_id)
            if webhook is None:
                return
            events = _next_events(session, webhook, limit=BATCH)
        for event in events:
            payload = FORMATS.get(webhook.format)(event, {"webhook_id": webhook.id, "secret": webhook.secret})
            if payload is not None and _matches(event.name, webhook.event_names):
                post(webhook.url, payload, allows_private=webhook.allows_private)
            is_last = event is events[-1] and len(events) < BATCH
            with job.transaction("deliver" if is_last else None) as session:
                # all tenants: the webhook whose delivery this job is.
                kept = session.get(Webhook, webhook_id)
                if kept is None:
                    return
                kept.cursor = event.seq
        if len(events) < BATCH:
            return


def _next_events(session: Session, webhook: Webhook, *, limit: int) -> list[EventFacts]:
    """Sealed events after the cursor; the first of them that match, with those between left out."""
    after = select(Event).where(Event.seq > webhook.cursor).order_by(Event.seq)
    named = _named(webhook.event_names)
    if named is not None:
        after = after.where(named)
    found = session.scalars(trust.visible(after, trust.system_actor(webhook.tenant_id)).limit(limit))
    return [
        EventFacts(
            id=event.id,
            seq=event.seq or 0,
            name=event.name,
            subject_id=event.subject_id,
            actor_id=event.actor_id,
            created_at=event.created_at.isoformat(),
            facts=event.facts,
        )
        for event in found
    ]


def _named(patterns: list[str]) -> Any:
    if "*" in patterns:
        return None
    known = [name for name in trust.EVENT_NAMES if _matches(name, patterns)]
    return Event.name.in_(known)


def _matches(name: str, patterns: list[str]) -> bool:
    return any(pattern in ("*", name, f"{name.partition('.')[0]}.*") for pattern in patterns)


def _check_url(url: str, *, allows_private: bool) -> None:
    """Raises BadWebhook for what can never be told; where a name leads is seen anew at each delivery."""
    wrong = BadWebhook(f"{url[:200]!r} is not an address that can be told.", remedy="Use https://host/path.")
    if not (url.isascii() and url.isprintable() and " " not in url and len(url) <= MAX_URL_LENGTH):
        raise wrong
    try:
        parts = urlsplit(url)
        has_port = parts.port is None or parts.port > 0
    except ValueError as error:
        raise wrong from error
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None or not has_port:
        raise wrong
    if not allows_private and is_private(parts.hostname):
        raise BadWebhook(
            f"{parts.hostname} is not of the public Internet.", remedy="Ask whoever runs this installation to allow it."
        )


def _is_known(pattern: str) -> bool:
    return any(_matches(name, [pattern]) for name in trust.EVENT_NAMES)


def _last_seq(session: Session, actor: Actor) -> int:
    last = select(Event.seq).where(Event.seq.is_not(None)).order_by(Event.seq.desc()).limit(1)
    return session.scalar(trust.visible(last, actor)) or 0
