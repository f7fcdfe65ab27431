"""The hash of an event: sha256 over the hash before it and the event's own canonical JSON.

    hash(1) = sha256("0" * 64 + "\\n" + canonical_json(event 1))
    hash(n) = sha256(hash(n - 1) + "\\n" + canonical_json(event n))

The event is `{actor_id, created_at, facts, id, name, project_id, seq, subject_id, tenant_id, via}`, `created_at` in
ISO 8601 with microseconds and +00:00; canonical JSON is `events.canonical_json`. Anybody can compute it without us.
"""

import hashlib
from datetime import UTC
from typing import Any, Final

from sqlalchemy import Row

from muybridge.trust.events import canonical_json
from muybridge.trust.tables import Event

GENESIS: Final = "0" * 64
"""What stands before the first event of every tenant."""

SEALED_COLUMNS: Final = (
    Event.id,
    Event.tenant_id,
    Event.created_at,
    Event.name,
    Event.actor_id,
    Event.via,
    Event.subject_id,
    Event.project_id,
    Event.facts,
)
"""What a hash is taken over, beside the number."""


def hash_event(previous: str, event: Event | Row[*tuple[Any, ...]], seq: int) -> str:
    """The hash that seals `event` (a row, or its SEALED_COLUMNS) as number `seq` behind the hash `previous`."""
    body = {
        "id": event.id,
        "tenant_id": event.tenant_id,
        "seq": seq,
        "created_at": event.created_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "name": event.name,
        "actor_id": event.actor_id,
        "via": event.via,
        "subject_id": event.subject_id,
        "project_id": event.project_id,
        "facts": event.facts,
    }
    return hashlib.sha256(previous.encode() + b"\n" + canonical_json(body)).hexdigest()
