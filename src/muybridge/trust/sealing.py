"""The sealer: gives committed events their number and their hash, so that readers can follow by cursor.

Only committed rows are seen, and only one sealer runs at a time (an advisory lock on PostgreSQL, the single writer on
SQLite), so a number is given in the order in which the sealer saw events committed: no reader that has seen number n
can be shown a smaller one later.
"""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Row, Select, select, text
from sqlalchemy.orm import Session

from muybridge import db
from muybridge.trust.chain import GENESIS, SEALED_COLUMNS, hash_event
from muybridge.trust.heads import write_heads
from muybridge.trust.tables import Event, EventHead

BATCH: Final = 2_000
"""Events sealed in one transaction: long enough to be cheap, short enough to let SQLite's other writers in."""
_ADVISORY_LOCK: Final = 7_261_878_002  # any number that no other lock of ours has

Sealable = Row[*tuple[Any, ...]]
"""SEALED_COLUMNS of one event."""


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


def _seal_batch(session: Session, after: str, batch: int) -> Sequence[Sealable]:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
    found = session.execute(_unsealed(after, batch)).all()
    # all tenants: the sealer serves every one of them.
    known = session.scalars(select(EventHead).where(EventHead.tenant_id.in_({event.tenant_id for event in found})))
    heads = {head.tenant_id: (head.seq, head.hash) for head in known}
    seals = []
    for event in found:
        seq, last = heads.get(event.tenant_id, (0, GENESIS))
        heads[event.tenant_id] = seq + 1, hash_event(last, event, seq + 1)
        seals.append({"id": event.id, "seq": seq + 1, "hash": heads[event.tenant_id][1]})
    for tenant_id, (seq, last) in heads.items():
        session.merge(EventHead(tenant_id=tenant_id, seq=seq, hash=last, sealed_at=db.now(session)))
    if seals:
        session.flush()
        session.connection().execute(_WRITE_SEALS[session.get_bind().dialect.name], _arguments(session, seals))
    return found


def _arguments(session: Session, seals: list[dict[str, Any]]) -> Any:
    if session.get_bind().dialect.name == "sqlite":
        return seals
    return {name: [seal[name] for seal in seals] for name in ("id", "seq", "hash")}


# all tenants: by primary key, of rows found just before. Plain SQL, since the unit of work costs more than the hashes.
_WRITE_SEALS: Final = {
    "sqlite": text("UPDATE events SET seq = :seq, hash = :hash WHERE id = :id"),
    "postgresql": text(
        "UPDATE events SET seq = seal.seq, hash = seal.hash"
        " FROM unnest(CAST(:id AS text[]), CAST(:seq AS bigint[]), CAST(:hash AS text[])) AS seal(id, seq, hash)"
        " WHERE events.id = seal.id"
    ),
}


def _unsealed(after: str, limit: int) -> Select[*tuple[Any, ...]]:
    # all tenants: the sealer serves every one of them.
    return select(*SEALED_COLUMNS).where(Event.seq.is_(None), Event.id > after).order_by(Event.id).limit(limit)
