"""Triggers that keep the event log append-only, on SQLite and PostgreSQL.

A row of `events` can be inserted, sealed once (seq and hash, from empty), and nothing else. They stop accidents and
application faults; whoever administers the database can drop them, and `auditing.verify_chain` finds what was done.
"""

from typing import Any, Final

from sqlalchemy import Connection, Table, event

from muybridge.trust.tables import Event

_KEPT: Final = [column.name for column in Event.__table__.columns if column.name not in ("seq", "hash")]
_REFUSAL: Final = "events are append-only"


def protect_events(connection: Connection) -> None:
    """Create the triggers, or replace them. Run after every migration: rebuilding a table loses its triggers."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRES:
        connection.exec_driver_sql(statement)


@event.listens_for(Table, "after_create")
def _protect_created(target: Table, connection: Connection, **_: Any) -> None:
    # On the class, not on one table: alembic creates its own Table object of that name.
    if target.name == Event.__tablename__:
        protect_events(connection)


_SEALS_SQLITE = " AND ".join(
    ["OLD.seq IS NULL", "OLD.hash IS NULL", "NEW.seq IS NOT NULL", "NEW.hash IS NOT NULL"]
    + [f"NEW.{name} IS OLD.{name}" for name in _KEPT]
)
_SQLITE: Final = (
    "DROP TRIGGER IF EXISTS events_are_kept",
    f"""CREATE TRIGGER events_are_kept BEFORE DELETE ON events
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",
    "DROP TRIGGER IF EXISTS events_are_sealed_once",
    f"""CREATE TRIGGER events_are_sealed_once BEFORE UPDATE ON events WHEN NOT ({_SEALS_SQLITE})
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",
    # INSERT OR REPLACE deletes without firing the delete trigger.
    "DROP TRIGGER IF EXISTS events_are_not_replaced",
    f"""CREATE TRIGGER events_are_not_replaced BEFORE INSERT ON events
        WHEN EXISTS (SELECT 1 FROM events WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",
)

_SEALS_POSTGRES = " AND ".join(
    ["OLD.seq IS NULL", "OLD.hash IS NULL", "NEW.seq IS NOT NULL", "NEW.hash IS NOT NULL"]
    # json has no equality; its text is what the hash is taken over.
    + [f"NEW.{name}::text IS NOT DISTINCT FROM OLD.{name}::text" for name in _KEPT]
)
_POSTGRES: Final = (
    f"""CREATE OR REPLACE FUNCTION refuse_event_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$""",
    "DROP TRIGGER IF EXISTS events_are_kept ON events",
    """CREATE TRIGGER events_are_kept BEFORE DELETE ON events
       FOR EACH ROW EXECUTE FUNCTION refuse_event_change()""",
    "DROP TRIGGER IF EXISTS events_are_not_emptied ON events",
    """CREATE TRIGGER events_are_not_emptied BEFORE TRUNCATE ON events
       FOR EACH STATEMENT EXECUTE FUNCTION refuse_event_change()""",
    "DROP TRIGGER IF EXISTS events_are_sealed_once ON events",
    f"""CREATE TRIGGER events_are_sealed_once BEFORE UPDATE ON events
        FOR EACH ROW WHEN (NOT ({_SEALS_POSTGRES})) EXECUTE FUNCTION refuse_event_change()""",
)
