"""Bring a database to this version's tables: forward only, one process at a time, quick when nothing is to do."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from muybridge.db.rows import Row, is_made_by_hand
from muybridge.db.sessions import Database
from muybridge.errors import Conflict

SCRIPTS = Path(__file__).parent / "migrations"
_ADVISORY_LOCK = 7_261_878_001  # any number; all of Muybridge must use the same


class NewerDatabase(Conflict):
    code = "db.newer"


def migrate(database: Database) -> list[str]:
    """Apply what is missing and return the revisions applied.

    Raises NewerDatabase when a later Muybridge has already changed the tables. Safe when several processes start
    at once. Back up first (`muybridge backup`): there is no way back but restore.
    """
    config = _config()
    script = ScriptDirectory.from_config(config)
    head = script.get_current_head()
    with _alone(database) as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        if current == head:
            return []
        if current is not None and current not in {revision.revision for revision in script.walk_revisions()}:
            raise NewerDatabase(
                f"This database is at revision {current}, which this version of Muybridge does not know.",
                remedy="Install the newer Muybridge that made it, or restore an older backup.",
            )
        missing = [item.revision for item in script.iterate_revisions("head", current or "base")]
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        return missing[::-1]


def revise(database: Database, message: str) -> None:
    """Write the next migration from the difference between tables and database (for developers)."""
    config = _config()
    number = len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1
    with _alone(database) as connection:
        config.attributes["connection"] = connection
        command.revision(config, message, autogenerate=True, rev_id=f"{number:04d}")


def difference(database: Database) -> list[Any]:
    """What autogenerate would still change; empty when migrations and tables agree."""
    options = {"compare_type": True, "include_object": _is_comparable}
    with database.engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), Row.metadata))


def _is_comparable(_item: Any, name: str | None, kind: str, _is_reflected: bool, _compared: Any) -> bool:
    if name is not None and is_made_by_hand(name):
        return False
    # An index over an expression is reflected in other words than it was written in.
    return not (kind == "index" and name in _expression_indexes())


def _expression_indexes() -> set[str]:
    return {
        str(index.name)
        for table in Row.metadata.tables.values()
        for index in table.indexes
        if len(index.columns) < len(index.expressions)
    }


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def _alone(database: Database) -> Iterator[Connection]:
    """A connection in a transaction that no other migrating process shares."""
    if not database.is_sqlite:
        with database.engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
            yield connection
        return
    path = Path(database.engine.url.database or "muybridge.db")
    with (
        path.with_suffix(".migrating").open("w") as lock,
        database.engine.execution_options(sqlite_begin="IMMEDIATE").begin() as connection,
    ):
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield connection
