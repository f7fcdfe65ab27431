"""The sealer: gives committed events their number and their hash, so that readers can follow by cursor.

Only committed rows are seen, and only one sealer runs at a time (an advisory lock on PostgreSQL, the single writer on
SQLite), so a number is given in the order in which the sealer saw events committed: no reader that has seen number n
can be shown a smaller one later.
"""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Select, select, text, update
from sqlalchemy.orm import Session

from muybridge import db
from muybridge.trust.chain import GENESIS, hash_event
from muybridge.trust.heads import write_heads
from muybridge.trust.tables import Event, EventHead

BATCH: Final = 2_000
"""Events sealed in one transaction: long enough to be cheap, short enough to let SQLite's other writers in."""
_ADVISORY_LOCK: Final = 7_261_878_002  # any number that no other lock of ours has


def seal(database: db.Database, *, batch: int = BATCH) -> int:
    """Seal every event that is committed now, of every tenant; return how many."""
    sealed, after = 0, ""
    while _has_unsealed(database, after):
        with database.write() as session:
            found = _seal_batch(session, after, batch)
        if not found:
            break
        # From where we stopped: looking from the start would pass over every row just sealed, each time again.
        sealed, after = sealed + len(found), found[-1].id
    return sealed


def seal_until(
    database: db.Database,
    stop: threading.Event,
    *,
    interval_s: float = 0.5,
    signer: Ed25519PrivateKey | None = None,
    heads_dir: Path | None = None,
    heads_every_s: float = 60.0,
    on_error: Callable[[Exception], None],
) -> None:
    """Seal every `interval_s` until `stop` is set, then once more; sign the heads now and then, and at the end.

    Run it in a thread of its own. An error (the database is away) is given to `on_error`, and the next round tries
    again: nothing is lost, events only wait.
    """
    rounds = max(1, round(heads_every_s / interval_s))
    number, is_last = 0, False
    while not is_last:
        is_last = stop.wait(interval_s)
        number += 1
        try:
            seal(database)
            if signer and heads_dir and (is_last or number % rounds == 0):
                with database.read() as session:
                    write_heads(session, signer, heads_dir)
        except Exception as error:  # noqa: BLE001  # the loop must outlive any fault of one round
            on_error(error)


def _has_unsealed(database: db.Database, after: str) -> bool:
    # Asked in a read session first: an idle sealer must not take SQLite's write lock twice a second.
    with database.read() as session:
        return session.scalar(_unsealed(after, 1)) is not None


def _seal_batch(session: Session, after: str, batch: int) -> Sequence[Event]:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
    found = session.scalars(_unsealed(after, batch)).all()
    tenants = {event.tenant_id for event in found}
    # all tenants: the sealer serves every one of them.
    heads = {
        head.tenant_id: head for head in session.scalars(select(EventHead).where(EventHead.tenant_id.in_(tenants)))
    }
    moment = db.now(session)
    seals = []
    for event in found:
        head = heads.get(event.tenant_id)
        if head is None:
            head = heads[event.tenant_id] = EventHead(tenant_id=event.tenant_id, seq=0, hash=GENESIS)
            session.add(head)
        head.seq, head.hash, head.sealed_at = head.seq + 1, hash_event(head.hash, event, head.seq + 1), moment
        seals.append({"id": event.id, "seq": head.seq, "hash": head.hash})
    if seals:
        # all tenants: by primary key, of the rows found above.
        session.execute(update(Event), seals)
    return found


def _unsealed(after: str, limit: int) -> Select[Event]:
    # all tenants: the sealer serves every one of them.
    return select(Event).where(Event.seq.is_(None), Event.id > after).order_by(Event.id).limit(limit)
