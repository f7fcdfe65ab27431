"""Opening a database: SQLite beside the data, or PostgreSQL for a team. The same code runs on both."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from muybridge.errors import Invalid

BUSY_TIMEOUT_MS = 30_000


class UnsupportedDatabase(Invalid):
    code = "db.unsupported"


def create(url: str, *, pool_size: int = 10) -> Engine:
    """An engine for `sqlite:///path` or `postgresql+psycopg://…`. Raises UnsupportedDatabase for anything else."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise UnsupportedDatabase(f"{url!r} is not a database URL.", remedy=_REMEDY) from error
    match parsed.get_backend_name():
        case "sqlite":
            return _create_sqlite(parsed, pool_size)
        case "postgresql":
            return create_engine(
                parsed.set(drivername="postgresql+psycopg"), pool_size=pool_size, max_overflow=30, pool_pre_ping=True
            )
    raise UnsupportedDatabase(f"{parsed.get_backend_name()!r} databases are not supported.", remedy=_REMEDY)


_REMEDY = "Use sqlite:///path/to/file.db or postgresql+psycopg://user:password@host/database."


def _create_sqlite(url: URL, pool_size: int) -> Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, pool_size=pool_size, max_overflow=30, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})

    @event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _record: Any) -> None:
        # The driver must not open transactions by itself: sessions say BEGIN or BEGIN IMMEDIATE.
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        # IMMEDIATE: a deferred reader that turns writer is refused at once, whatever the busy timeout.
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine
