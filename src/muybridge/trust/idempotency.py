"""A request that is sent twice is carried out once.

`once` claims the client's key within the transaction of the command: a second request with the same key waits for
the first one's commit (the primary key sees to that on PostgreSQL, the single writer on SQLite) and gets its result.
"""

import hashlib
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from muybridge import db
from muybridge.errors import Conflict, Invalid
from muybridge.trust.actors import Actor
from muybridge.trust.events import canonical_json
from muybridge.trust.tables import IdempotencyKey
from muybridge.trust.visibility import visible

KEPT = timedelta(hours=24)
"""For how long a key is remembered, as long as anybody retries."""


class KeyReused(Conflict):
    code = "trust.idempotency_key_reused"


def once(session: Session, actor: Actor, key: str | None, command: str, body: Any = None) -> str | None:
    """The id that an earlier request with this key made, or None: then carry it out and `remember` the id.

    key: what the client sent as Idempotency-Key, 1..255 characters; None for a client that sent none.
    body: the request, as JSON values. Raises KeyReused if the key came with another command or body.
    """
    if key is None:
        return None
    digest, fingerprint = _digest(actor, key), hashlib.sha256(canonical_json(body)).hexdigest()
    moment = db.now(session)
    old = visible(delete(IdempotencyKey), actor).where(
        IdempotencyKey.digest == digest, IdempotencyKey.created_at < moment - KEPT
    )
    session.execute(old, execution_options={"synchronize_session": False})
    claim = db.insert(session, IdempotencyKey).values(
        digest=digest, tenant_id=actor.tenant_id, created_at=moment, command=command, fingerprint=fingerprint
    )
    session.execute(claim.on_conflict_do_nothing())
    found = select(IdempotencyKey.command, IdempotencyKey.fingerprint, IdempotencyKey.result_id)
    row = session.execute(visible(found.where(IdempotencyKey.digest == digest), actor)).one()
    if (row.command, row.fingerprint) != (command, fingerprint):
        raise KeyReused("This Idempotency-Key was used for another request.", remedy="Use a new key for a new request.")
    result: str | None = row.result_id
    return result


def remember(session: Session, actor: Actor, key: str | None, command: str, result_id: str) -> None:
    """Keep what the request that `once` let through has made. ValueError if it did not pass `once`."""
    if key is None:
        return
    kept = session.execute(
        visible(update(IdempotencyKey), actor)
        .where(IdempotencyKey.digest == _digest(actor, key), IdempotencyKey.command == command)
        .values(result_id=result_id),
        execution_options={"synchronize_session": False},
    )
    if kept.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise ValueError("trust.remember without trust.once")


def _digest(actor: Actor, key: str) -> str:
    if not 1 <= len(key) <= 255:
        raise Invalid("An Idempotency-Key has 1 to 255 characters.")
    return hashlib.sha256("\n".join((actor.tenant_id, actor.id, key)).encode()).hexdigest()
