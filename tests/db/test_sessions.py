from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import MetaData, select, text
from sqlalchemy.orm import Mapped

from muybridge import db
from muybridge.errors import Unavailable


class Apart(db.Row):
    """Rows of these tests, kept out of the tables that migrations must know."""

    __abstract__ = True
    metadata = MetaData()


class Pebble(Apart):
    __tablename__ = "test_pebbles"
    id: Mapped[str] = db.id_column("evt")
    created_at: Mapped[datetime] = db.created_at()
    weight: Mapped[int]


@pytest.fixture
def pebbles(any_database: db.Database) -> db.Database:
    Pebble.__table__.create(any_database.engine, checkfirst=True)  # type: ignore[attr-defined]
    return any_database


def test_a_write_session_commits_when_its_block_ends_well(pebbles: db.Database) -> None:
    with pebbles.write() as session:
        session.add(Pebble(weight=3))
    with pebbles.read() as session:
        assert session.scalars(select(Pebble.weight)).all() == [3]


def test_a_write_session_keeps_nothing_of_a_block_that_raises(pebbles: db.Database) -> None:
    with pytest.raises(ZeroDivisionError):
        _add_and_fail(pebbles)
    with pebbles.read() as session:
        assert session.scalars(select(Pebble.weight)).all() == []


def test_a_read_session_never_keeps_changes(pebbles: db.Database) -> None:
    with pebbles.read() as session:
        session.add(Pebble(weight=3))
        session.flush()
    with pebbles.read() as session:
        assert session.scalars(select(Pebble.weight)).all() == []


def test_a_read_session_sees_one_moment(pebbles: db.Database) -> None:
    weights = select(Pebble.weight)
    with pebbles.read() as session:
        assert session.scalars(weights).all() == []
        with pebbles.write() as other:
            other.add(Pebble(weight=3))
        assert session.scalars(weights).all() == []
    with pebbles.read() as session:
        assert session.scalars(weights).all() == [3]


@pytest.mark.parametrize("how", ["read", "write"])
def test_a_database_that_cannot_be_reached_is_away(how: str) -> None:
    nowhere = db.open_database("postgresql+psycopg://somebody:secret@127.0.0.1:1/nothing")
    with pytest.raises(db.DatabaseAway) as told, getattr(nowhere, how)() as session:
        session.execute(select(1))
    assert "somebody" not in str(told.value)


@pytest.mark.postgres
@pytest.mark.parametrize("how", ["read", "write"])
def test_a_connection_that_breaks_off_is_a_database_that_is_away(how: str, postgres_url: str) -> None:
    database = db.open_database(postgres_url)
    with pytest.raises(db.DatabaseAway), getattr(database, how)() as session:
        session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    with getattr(database, how)() as session:
        assert session.execute(select(1)).scalar_one() == 1
    database.dispose()


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("sqlstate", "named"),
    [
        ("40P01", db.DatabaseBusy),
        ("40001", db.DatabaseBusy),
        ("53100", db.StorageFull),
        ("53300", db.DatabaseAway),
        ("57P01", db.DatabaseAway),
    ],
)
def test_what_postgres_says_of_its_own_state_has_a_name(
    sqlstate: str, named: type[Unavailable], postgres_url: str
) -> None:
    database = db.open_database(postgres_url)
    with pytest.raises(named), database.write() as session:
        session.execute(text(f"DO $$ BEGIN RAISE SQLSTATE '{sqlstate}'; END $$"))
    database.dispose()


def test_times_come_back_aware_and_equal(pebbles: db.Database) -> None:
    moment = datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC)
    with pebbles.write() as session:
        session.add(Pebble(weight=1, created_at=moment))
    with pebbles.read() as session:
        assert session.scalars(select(Pebble.created_at)).one() == moment


def test_the_databases_clock_is_utc_and_close_to_ours(pebbles: db.Database) -> None:
    with pebbles.read() as session:
        assert abs(db.now(session) - datetime.now(UTC)) < timedelta(seconds=5)


def test_pages_walk_every_row_once(pebbles: db.Database) -> None:
    with pebbles.write() as session:
        for weight in range(7):
            session.add(Pebble(weight=weight))
            session.flush()
    seen: list[int] = []
    cursor = None
    with pebbles.read() as session:
        for _ in range(3):
            page = db.page(session, select(Pebble), Pebble.id, limit=3, cursor=cursor)
            seen += [pebble.weight for pebble in page.items]
            cursor = page.next_cursor
    assert seen == [6, 5, 4, 3, 2, 1, 0]
    assert cursor is None


def test_sqlite_runs_in_wal_with_foreign_keys(database: db.Database) -> None:
    with database.read() as session:
        assert session.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert session.execute(text("PRAGMA foreign_keys")).scalar_one() == 1


def _add_and_fail(pebbles: db.Database) -> None:
    with pebbles.write() as session:
        session.add(Pebble(weight=3))
        session.flush()
        _ = 1 / 0
