"""Chores that one worker does for all: whoever finds one due does it, and its row says when and what came of it.

A worker that dies over a chore leaves its row begun; the chore is done again when it is next due.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from muybridge import db
from muybridge.jobs import dialects
from muybridge.jobs.retries import failure_of
from muybridge.jobs.tables import ChoreRun

log = logging.getLogger("muybridge.jobs")


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class SharedChore:
    """Housekeeping of the whole installation, done every `every_s` seconds by whichever worker comes first."""

    name: str
    every_s: float
    run: Callable[[], Mapping[str, Any]]
    """Does it and tells what came of it, as JSON values."""
    is_needed: Callable[[], bool] = _always
    """Whether there is anything to do on this machine; a worker that says no leaves the chore to others."""


@dataclass(frozen=True, slots=True)
class ChoreStanding:
    """How a chore stands by the database's clock."""

    chore: SharedChore
    last: ChoreRun | None
    """None before its first run."""
    asked_at: datetime

    @property
    def due_at(self) -> datetime | None:
        """None before its first run: at once."""
        return None if self.last is None else self.last.started_at + timedelta(seconds=self.chore.every_s)

    @property
    def is_due(self) -> bool:
        return self.due_at is None or self.due_at <= self.asked_at


def attend(database: db.Database, worker: str, chore: SharedChore) -> bool:
    """Do a chore if it is due; whether this worker did it. What goes wrong is written down, and tried when next due."""
    if not _is_due(database, chore) or not chore.is_needed():
        return False
    with database.write() as session:
        if not _claim(session, chore, worker):
            return False
    result: Mapping[str, Any] = {}
    failure = None
    try:
        result = chore.run()
    except Exception as error:  # noqa: BLE001  whatever it was, the chore's row must say so
        failure = failure_of(error)
        log.warning("chore %s: %s", chore.name, error)
    with database.write() as session:
        mine = ChoreRun.name == chore.name, ChoreRun.worker == worker
        session.execute(
            update(ChoreRun).where(*mine).values(finished_at=db.now(session), result=dict(result), failure=failure)
        )
    return True


def last_runs(session: Session) -> list[ChoreRun]:
    """The last run of each chore, by name."""
    return list(session.scalars(select(ChoreRun).order_by(ChoreRun.name)))


def standing_of(session: Session, chores: Sequence[SharedChore]) -> list[ChoreStanding]:
    """How each of these chores stands."""
    runs, asked_at = {run.name: run for run in last_runs(session)}, db.now(session)
    return [ChoreStanding(chore, runs.get(chore.name), asked_at) for chore in chores]


def _is_due(database: db.Database, chore: SharedChore) -> bool:
    # Asked in a read session first: a worker must not take SQLite's write lock to find that nothing is to do.
    with database.read() as session:
        fresh = ChoreRun.started_at > dialects.moment(session, later_s=-chore.every_s)
        return session.scalar(select(ChoreRun.name).where(ChoreRun.name == chore.name, fresh)) is None


def _claim(session: Session, chore: SharedChore, worker: str) -> bool:
    due = ChoreRun.started_at <= dialects.moment(session, later_s=-chore.every_s)
    taken = session.execute(
        update(ChoreRun)
        .where(ChoreRun.name == chore.name, due)
        .values(worker=worker, started_at=dialects.moment(session), finished_at=None, result={}, failure=None)
    )
    assert isinstance(taken, CursorResult)
    if taken.rowcount:
        return True
    if session.scalar(select(ChoreRun.name).where(ChoreRun.name == chore.name)) is not None:
        return False  # somebody was quicker
    try:
        with session.begin_nested():
            session.add(ChoreRun(name=chore.name, worker=worker, started_at=db.now(session)))
    except IntegrityError:  # PostgreSQL: somebody was quicker
        return False
    return True
