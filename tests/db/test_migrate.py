import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import inspect, text

from muybridge import db, wiring
from muybridge.db import migrate


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_database(any_empty_url: str) -> Iterator[db.Database]:
    opened = db.open_database(any_empty_url)
    yield opened
    opened.dispose()


@pytest.fixture
def any_empty_url(request: pytest.FixtureRequest) -> str:
    kind = request.node.callspec.params["empty_database"]
    if kind == "sqlite":
        return f"sqlite:///{request.getfixturevalue('tmp_path')}/empty.db"
    url: str = request.getfixturevalue("postgres_url")
    emptied = db.open_database(url)
    with emptied.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    emptied.dispose()
    return url


def test_migrations_and_tables_agree(empty_database: db.Database) -> None:
    wiring.load_tables()
    assert migrate.migrate(empty_database) != []
    # Tables of other rooms' tests live in the same metadata; their names begin with test_.
    assert [change for change in migrate.difference(empty_database) if "test_" not in repr(change)] == []


def test_a_second_start_has_nothing_to_do(empty_database: db.Database) -> None:
    migrate.migrate(empty_database)
    assert migrate.migrate(empty_database) == []


def test_two_processes_that_start_at_once_migrate_once(empty_database: db.Database) -> None:
    applied: list[list[str]] = []
    starts = [threading.Thread(target=lambda: applied.append(migrate.migrate(empty_database))) for _ in range(2)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert sorted(map(bool, applied)) == [False, True]
    assert "assets" in inspect(empty_database.engine).get_table_names()


def test_a_database_of_a_newer_version_is_left_alone(empty_database: db.Database) -> None:
    migrate.migrate(empty_database)
    with empty_database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(migrate.NewerDatabase, match="9999"):
        migrate.migrate(empty_database)
