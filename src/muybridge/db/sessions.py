"""Sessions, and the only place that commits.

`read` sessions see one moment and always roll back; `write` sessions commit when the block ends well. Rows stay usable
after commit.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, func, select, text
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from sqlalchemy.orm import Session

from muybridge.db import engine as engines
from muybridge.db.rows import Row
from muybridge.errors import Unavailable

log = logging.getLogger("muybridge.db")

_SERIALIZATION_FAILURE, _DEADLOCK, _DISK_FULL = "40001", "40P01", "53100"
_AWAY = ("08", "57P", "53300")
"""How PostgreSQL's codes begin that mean a lost connection, a server that stops or starts, or no connection left."""


class DatabaseBusy(Unavailable):
    code = "db.busy"


class DatabaseAway(Unavailable):
    code = "db.away"


class StorageFull(Unavailable):
    code = "db.storage_full"


class Database:
    """One database and the sessions on it. Threads may share it; processes open their own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @property
    def url(self) -> str:
        return self.engine.url.render_as_string(hide_password=False)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees the database as it was at its first statement, and whose changes are never kept.

        Raises DatabaseAway when the database does not answer.
        """
        # SQLite reads so by itself; PostgreSQL would give each statement a moment of its own.
        bound = self.engine if self.is_sqlite else self.engine.execution_options(isolation_level="REPEATABLE READ")
        # Closing ends the transaction unkept and detaches its rows as they are; rollback() would empty them.
        with _named_faults(), Session(bound, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that commits when the block ends well and rolls back when it raises.

        Raises DatabaseBusy when other writers stood in its way (SQLite: for longer than the busy timeout), StorageFull
        when the disk is full, and nothing of the block is kept then; DatabaseAway when the database does not answer.
        """
        bound = self.engine.execution_options(sqlite_begin="IMMEDIATE")
        with _named_faults(), Session(bound, expire_on_commit=False) as session:
            try:
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                raise

    def create_all(self) -> None:
        """Make every known table at once (tests); installations migrate instead."""
        Row.metadata.create_all(self.engine)

    def dispose(self) -> None:
        self.engine.dispose()


def open_database(url: str, *, pool_size: int = 10) -> Database:
    """Open the database at `url`; see db.engine.create. Tables are made by db.migrate."""
    return Database(engines.create(url, pool_size=pool_size))


def now(session: Session) -> datetime:
    """The database's clock, in UTC: leases and expiry run on it, so that worker clocks may disagree."""
    if session.get_bind().dialect.name == "sqlite":
        stamp = session.execute(text("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")).scalar_one()
        return datetime.fromisoformat(stamp).replace(tzinfo=UTC)
    # clock_timestamp moves within a transaction; now() would stand still.
    moment: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return moment.astimezone(UTC)


def insert(session: Session, kind: type[Row]) -> Any:
    """An INSERT in the database's own dialect, which knows ON CONFLICT."""
    return (sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgres_insert)(kind)


@contextmanager
def _named_faults() -> Iterator[None]:
    """Give the faults that are nobody's defect a name; what is left is one."""
    try:
        yield
    except NoFreeConnection as error:
        raise DatabaseBusy("Every connection to the database is in use.", remedy="Try again in a moment.") from error
    except OperationalError as error:
        if (named := _named(error)) is None:
            raise
        raise named from error


def _named(error: OperationalError) -> Unavailable | None:
    message, code = str(error.orig), getattr(error.orig, "sqlstate", "")
    if "database is locked" in message or "database table is locked" in message:
        return DatabaseBusy(
            "Another writer held the database for over 30 seconds.", remedy="Try again; nothing was changed."
        )
    if code in (_DEADLOCK, _SERIALIZATION_FAILURE):
        return DatabaseBusy("Two writers stood in each other's way.", remedy="Try again; nothing was changed.")
    if code == _DISK_FULL or "disk is full" in message or "No space left" in message:
        return StorageFull("The disk that holds the database is full.", remedy="Free some space and try again.")
    # PostgreSQL's driver knows no code for a connection that was refused or broke off; SQLite's has none at all.
    if code is None or code.startswith(_AWAY):
        # Its words name hosts and users: for the log, not for whoever asked.
        log.warning("The database does not answer: %s", message)
        return DatabaseAway("The database does not answer.", remedy="Try again in a moment; the log says why.")
    return None
