"""Removing bytes that no artifact names: what a rolled back transaction, a deleted asset or a killed server left.

Young bytes are left alone, since their row may be about to be committed; writing bytes that are already here makes
them young again (store.py), up to the moment of their removal. So a sweep and a put can never disagree while the rest
of a putting takes less than the age.
"""

import time
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from muybridge import db
from muybridge.artifacts.store import INCOMING, Kept, Store
from muybridge.artifacts.tables import Artifact

DAY_S = 86_400.0
MANY = 400


@dataclass(frozen=True, slots=True)
class Swept:
    num_removed: int
    freed_bytes: int


def sweep(
    database: db.Database, store: Store, *, older_than_s: float = DAY_S, also_named: Set[str] = frozenset()
) -> Swept:
    """Remove bytes that are older than `older_than_s` and that no artifact of any tenant names.

    also_named: digests that stay though no artifact names them yet, e.g. what unfinished jobs remember.
    """
    with database.read() as session:
        edge = db.now(session) - timedelta(seconds=older_than_s)
    old = (kept for kept in store.each() if kept.touched_at <= edge and kept.digest not in also_named)
    num_removed = freed_bytes = 0
    for kept in _unnamed(database, old):
        if store.remove(kept.digest, touched_by=edge):
            num_removed, freed_bytes = num_removed + 1, freed_bytes + kept.size_bytes
    _tidy_incoming(store, older_than_s)
    return Swept(num_removed, freed_bytes)


def _unnamed(database: db.Database, kept: Iterable[Kept]) -> Iterator[Kept]:
    for some in _batches(kept):
        digests = [one.digest for one in some]
        with database.read() as session:
            # all tenants: bytes are shared by digest, so they go when the last tenant lets go.
            named = set(session.scalars(select(Artifact.digest).where(Artifact.digest.in_(digests))))
        yield from (one for one in some if one.digest not in named)


def _batches(kept: Iterable[Kept]) -> Iterator[list[Kept]]:
    some: list[Kept] = []
    for one in kept:
        some.append(one)
        if len(some) == MANY:
            yield some
            some = []
    if some:
        yield some


def _tidy_incoming(store: Store, older_than_s: float) -> None:
    """Half-written files of a process that was killed; they have no digest yet."""
    if store.root is None:
        return
    edge = time.time() - older_than_s
    for path in (store.root / INCOMING).iterdir():
        if path.stat().st_mtime < edge:
            path.unlink(missing_ok=True)
