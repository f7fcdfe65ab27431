"""Lists of many rows read one page by an index, without sorting the tenant's rows."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from muybridge import db, jobs, trust, wiring
from muybridge.catalog import assets
from muybridge.db import migrate

LISTS: dict[str, tuple[Callable[[Session, trust.Actor], Any], str]] = {
    "assets": (assets.list_assets, "ix_assets_tenant_id_id_search_name (tenant_id=?)"),
    "assets by two letters": (
        lambda s, a: assets.list_assets(s, a, query="ho"),
        "ix_assets_tenant_id_id_search_name (tenant_id=?)",
    ),
    "jobs": (jobs.list_jobs, "ix_jobs_tenant_id_id (tenant_id=?)"),
    "jobs that run": (
        lambda s, a: jobs.list_jobs(s, a, state=jobs.JobState.SUCCEEDED),
        "ix_jobs_tenant_id_id (tenant_id=?)",
    ),
    "events": (trust.list_events, "(tenant_id=? AND seq>?)"),
    "events by name": (
        lambda s, a: trust.list_events(s, a, name="asset.ready"),
        "ix_events_name (tenant_id=? AND name=? AND seq>?)",
    ),
    "events by noun": (
        lambda s, a: trust.list_events(s, a, name="rights."),
        "ix_events_name (tenant_id=? AND name=? AND seq>?)",
    ),
    "events of a subject": (
        lambda s, a: trust.list_events(s, a, subject_id=a.id),
        "ix_events_subject (tenant_id=? AND subject_id=? AND seq>?)",
    ),
    "events of an actor": (
        lambda s, a: trust.list_events(s, a, actor_id=a.id),
        "ix_events_actor (tenant_id=? AND actor_id=? AND seq>?)",
    ),
    "events behind a number": (lambda s, a: trust.events_after(s, a, 7), "(tenant_id=? AND seq>?)"),
}


@pytest.fixture
def migrated(tmp_path: Any) -> Iterator[db.Database]:
    wiring.load_tables()
    database = db.open_database(f"sqlite:///{tmp_path}/migrated.db")
    migrate.migrate(database)
    yield database
    database.dispose()


@pytest.mark.parametrize("name", LISTS)
def test_sqlite_reads_a_page_of_a_list_by_its_index(migrated: db.Database, name: str) -> None:
    ask, index = LISTS[name]
    plan = " | ".join(_plans(migrated, lambda session: ask(session, trust.system_actor("ten_1"))))
    assert index in plan
    assert "TEMP B-TREE" not in plan


def _plans(database: db.Database, ask: Callable[[Session], Any]) -> list[str]:
    """How SQLite goes about each select of `ask`."""
    asked: list[tuple[str, Any]] = []

    def keep(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", keep)
    with database.read() as session:
        ask(session)
    event.remove(database.engine, "before_cursor_execute", keep)
    selects = [(statement, parameters) for statement, parameters in asked if statement.startswith("SELECT")]
    with database.engine.connect() as connection:
        return [
            row.detail
            for statement, parameters in selects
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
