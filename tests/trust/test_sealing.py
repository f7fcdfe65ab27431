"""Events get their number after the commit, so no reader misses one, whatever the order of commits."""

import threading
from functools import partial

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from muybridge import db, trust

from .conftest import House


def _seqs(house: House, actor: trust.Actor) -> list[int | None]:
    with house.database.read() as session:
        return [event.seq for event in trust.events_after(session, actor, 0)]


def test_readers_see_nothing_before_the_seal(any_house: House) -> None:
    assert _seqs(any_house, any_house.owner) == []
    assert trust.seal(any_house.database) == 4
    assert _seqs(any_house, any_house.owner) == [1, 2]
    assert _seqs(any_house, any_house.stranger) == [1, 2]


def test_sealing_again_changes_nothing(any_house: House) -> None:
    trust.seal(any_house.database)
    assert trust.seal(any_house.database) == 0
    assert _seqs(any_house, any_house.owner) == [1, 2]


def test_batches_carry_the_chain_on(any_house: House) -> None:
    with any_house.database.write() as session:
        for number in range(11):
            trust.record(session, any_house.owner, "asset.created", f"ast_{number}")
    assert trust.seal(any_house.database, batch=3) == 15
    with any_house.database.read() as session:
        report = trust.verify_chain(session, any_house.owner.tenant_id)
        assert (report.is_whole, report.num_events, report.head_seq) == (True, 13, 13)


@pytest.mark.postgres
def test_no_reader_misses_an_event_when_two_transactions_commit_in_reverse_order(postgres_url: str) -> None:
    database = db.open_database(postgres_url)
    with database.write() as session:
        actor = trust.system_actor(trust.create_tenant(session, "Ours", "ada@ours.example").tenant.id)
    trust.seal(database)
    seen, cursor = _follow(database, actor, 2)
    with database.write() as first:
        trust.record(first, actor, "asset.created", "ast_first")
        first.flush()  # the earlier id is inserted, and its transaction stays open
        with database.write() as second:
            trust.record(second, actor, "asset.created", "ast_second")
        trust.seal(database)
        seen, cursor = _follow(database, actor, cursor)
        assert seen == ["ast_second"]
    trust.seal(database)
    seen, _ = _follow(database, actor, cursor)
    assert seen == ["ast_first"]
    database.dispose()


def test_no_reader_misses_an_event_when_ids_commit_in_reverse_order(any_house: House) -> None:
    # SQLite has one writer, so transactions cannot overlap there; ids minted early can still commit late.
    early = trust.Event(
        tenant_id=any_house.owner.tenant_id, name="asset.created", actor_id="system", via="x", subject_id="ast_early",
        facts={},
    )  # fmt: skip
    early.id = "evt_01000000000000000000000000"
    trust.seal(any_house.database)
    with any_house.database.write() as session:
        trust.record(session, any_house.owner, "asset.created", "ast_late")
    trust.seal(any_house.database)
    seen, cursor = _follow(any_house.database, any_house.owner, 2)
    with any_house.database.write() as session:
        session.add(early)
    trust.seal(any_house.database)
    assert seen == ["ast_late"]
    assert _follow(any_house.database, any_house.owner, cursor) == (["ast_early"], 4)


def test_many_writers_sealers_and_a_reader_agree_on_every_event(any_house: House) -> None:
    stop = threading.Event()
    errors: list[Exception] = []
    run = partial(trust.seal_until, any_house.database, stop, interval_s=0.01, on_error=errors.append)
    sealers = [threading.Thread(target=run) for _ in range(2)]
    writers = [threading.Thread(target=_write, args=(any_house, number)) for number in range(4)]
    for thread in sealers + writers:
        thread.start()
    seen: list[str] = []
    cursor = 0
    while any(writer.is_alive() for writer in writers):
        found, cursor = _follow(any_house.database, any_house.owner, cursor)
        seen += found
    stop.set()
    for thread in sealers:
        thread.join()
    found, cursor = _follow(any_house.database, any_house.owner, cursor)
    seen += found
    assert errors == []
    assert sorted(seen[2:]) == sorted(f"ast_{number}_{turn}" for number in range(4) for turn in range(25))
    assert cursor == 102
    with any_house.database.read() as session:
        assert trust.verify_chain(session, any_house.owner.tenant_id).is_whole


def _write(house: House, number: int) -> None:
    for turn in range(25):
        with house.database.write() as session:
            trust.record(session, house.owner, "asset.created", f"ast_{number}_{turn}")


def _follow(database: db.Database, actor: trust.Actor, cursor: int) -> tuple[list[str], int]:
    with database.read() as session:
        events = trust.events_after(session, actor, cursor)
    return [event.subject_id for event in events], events[-1].seq or 0 if events else cursor


@pytest.fixture
def sealed(any_house: House) -> House:
    trust.seal(any_house.database)
    return any_house


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE events SET name = 'asset.deleted'",
        "UPDATE events SET facts = '{}'",
        "UPDATE events SET seq = seq + 100",
        "UPDATE events SET seq = NULL, hash = NULL",
        "DELETE FROM events",
        "INSERT INTO events SELECT * FROM events",
    ],
)
def test_the_database_refuses_to_change_a_sealed_event(sealed: House, change: str) -> None:
    with pytest.raises(DBAPIError), sealed.database.write() as session:
        session.execute(text(change))


def test_the_database_refuses_to_change_an_event_while_it_is_sealed(any_house: House) -> None:
    with pytest.raises(DBAPIError, match="append-only"), any_house.database.write() as session:
        session.execute(text("UPDATE events SET seq = 1, hash = 'x', name = 'asset.deleted'"))


def test_sqlite_refuses_to_replace_an_event(house: House) -> None:
    with pytest.raises(DBAPIError, match="append-only"), house.database.write() as session:
        session.execute(text("INSERT OR REPLACE INTO events SELECT * FROM events"))


@pytest.mark.postgres
def test_postgres_refuses_to_empty_the_log(postgres_url: str) -> None:
    database = db.open_database(postgres_url)
    with pytest.raises(DBAPIError, match="append-only"), database.write() as session:
        session.execute(text("TRUNCATE events"))
    database.dispose()


def test_protecting_twice_is_the_same_as_once(any_house: House) -> None:
    with any_house.database.write() as session:
        trust.protect_events(session.connection())
        trust.protect_events(session.connection())
    with pytest.raises(DBAPIError), any_house.database.write() as session:
        session.execute(text("DELETE FROM events"))
    with any_house.database.read() as session:
        assert len(session.scalars(trust.visible(select(trust.Event), any_house.owner)).all()) == 2
