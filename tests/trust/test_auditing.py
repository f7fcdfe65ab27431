"""Any single change behind the triggers' back is found; a cut tail and a chain computed anew by the signed heads."""

from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from muybridge import db, trust
from muybridge.trust.chain import GENESIS, SEALED_COLUMNS, hash_event
from muybridge.trust.heads import BadHead

from .conftest import House

NUM_EVENTS = 12
SIGNER = Ed25519PrivateKey.generate()


@pytest.fixture
def long_house(any_house: House) -> House:
    """Twelve sealed events, and triggers out of the way, as for an intruder with the database's own password."""
    with any_house.database.write() as session:
        for number in range(NUM_EVENTS - 2):
            trust.record(session, any_house.owner, "asset.viewed", f"ast_{number}", start_frame=number, end_frame=9)
    trust.seal(any_house.database)
    with any_house.database.write() as session:
        on = "" if any_house.database.is_sqlite else " ON events"
        for trigger in ("events_are_kept", "events_are_sealed_once"):
            session.execute(text(f"DROP TRIGGER {trigger}{on}"))
    return any_house


def _verify(house: House, folder: Path | None = None) -> trust.ChainReport:
    with house.database.read() as session:
        return _verify_in(session, house, folder)


def _verify_in(session: Session, house: House, folder: Path | None = None) -> trust.ChainReport:
    public = SIGNER.public_key() if folder else None
    return trust.verify_chain(session, house.owner.tenant_id, heads_dir=folder, public_key=public)


def _sign(house: House, folder: Path) -> None:
    with house.database.read() as session:
        trust.write_heads(session, SIGNER, folder)


def _kinds(report: trust.ChainReport) -> list[str]:
    return [fault.kind for fault in report.faults]


def test_an_untouched_chain_is_whole(long_house: House, tmp_path: Path) -> None:
    _sign(long_house, tmp_path)
    report = _verify(long_house, tmp_path)
    assert (report.is_whole, report.num_events, report.head_seq, report.num_heads) == (True, 12, 12, 1)


MUTATIONS = st.sampled_from(
    [
        ("name", "'asset.exported'"),
        ("actor_id", "'mbr_nobody'"),
        ("via", "'cli2'"),
        ("subject_id", "'ast_other'"),
        ("facts", """'{"start_frame": 77}'"""),
        ("created_at", "'2020-01-01 00:00:00.000000'"),
        ("project_id", "'prj_x'"),
        ("hash", "'" + "f" * 64 + "'"),
        ("seq", "900"),
        ("seq", "NULL"),
        (None, ""),
    ]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mutation=MUTATIONS, seq=st.integers(1, NUM_EVENTS))
def test_any_single_change_of_a_sealed_event_is_found(
    long_house: House, mutation: tuple[str | None, str], seq: int
) -> None:
    column, value = mutation
    mine = f"tenant_id = '{long_house.owner.tenant_id}' AND seq = {seq}"
    change = f"UPDATE events SET {column} = {value} WHERE {mine}" if column else f"DELETE FROM events WHERE {mine}"
    with long_house.database.read() as session:
        session.execute(text(change))
        assert not _verify_in(session, long_house).is_whole


def test_a_report_names_the_event_that_was_altered(long_house: House) -> None:
    _change(long_house, "UPDATE events SET actor_id = 'mbr_else' WHERE seq = 7")
    assert [(fault.kind, fault.seq) for fault in _verify(long_house).faults] == [("altered", 7)]


def test_a_report_names_the_events_that_are_missing(long_house: House) -> None:
    _change(long_house, "DELETE FROM events WHERE seq IN (4, 5)")
    report = _verify(long_house)
    assert [(fault.kind, fault.seq, fault.detail) for fault in report.faults] == [
        ("missing", 4, "events 4 to 5 are missing")
    ]


def test_a_cut_tail_is_found_by_the_sealers_own_head(long_house: House) -> None:
    _change(long_house, "DELETE FROM events WHERE seq > 9")
    assert _kinds(_verify(long_house)) == ["cut"]


def test_a_cut_tail_with_its_head_moved_back_is_found_by_the_signed_heads_only(
    long_house: House, tmp_path: Path
) -> None:
    _sign(long_house, tmp_path)
    _change(long_house, "DELETE FROM events WHERE seq > 9")
    with long_house.database.write() as session:
        _move_head(session, long_house)
    assert _verify(long_house).is_whole
    assert _kinds(_verify(long_house, tmp_path)) == ["cut"]


def test_a_chain_computed_anew_is_found_by_the_signed_heads_only(long_house: House, tmp_path: Path) -> None:
    _sign(long_house, tmp_path)
    _change(long_house, "UPDATE events SET actor_id = 'mbr_else' WHERE seq = 7")
    _recompute(long_house)
    assert _verify(long_house).is_whole
    assert _kinds(_verify(long_house, tmp_path)) == ["rewritten"]


def test_a_head_that_was_tampered_with_is_told(long_house: House, tmp_path: Path) -> None:
    _sign(long_house, tmp_path)
    path = tmp_path / f"{long_house.owner.tenant_id}.jsonl"
    path.write_text(path.read_text().replace('"seq": 12', '"seq": 11'))
    report = _verify(long_house, tmp_path)
    assert [fault.detail for fault in report.faults] == [
        f"{path.name}, line 1: not a head signed by this installation."
    ]


def test_a_torn_line_does_not_spoil_the_next_head(long_house: House, tmp_path: Path) -> None:
    path = tmp_path / f"{long_house.owner.tenant_id}.jsonl"
    path.write_text('{"hash": "ab')
    _sign(long_house, tmp_path)
    report = _verify(long_house, tmp_path)
    assert (_kinds(report), report.num_heads) == (["bad_head"], 1)


def test_heads_are_written_only_when_the_chain_has_moved(long_house: House, tmp_path: Path) -> None:
    with long_house.database.read() as session:
        assert len(trust.write_heads(session, SIGNER, tmp_path)) == 2
        assert trust.write_heads(session, SIGNER, tmp_path) == []


def test_a_chain_that_goes_back_or_was_computed_anew_is_not_signed_again(long_house: House, tmp_path: Path) -> None:
    _sign(long_house, tmp_path)
    path = tmp_path / f"{long_house.owner.tenant_id}.jsonl"
    signed = path.read_text()
    _change(long_house, "UPDATE events SET actor_id = 'mbr_else' WHERE seq = 7")
    _recompute(long_house)
    for seq in (12, 11):
        _change(long_house, f"UPDATE event_heads SET seq = {seq} WHERE seq > 0")
        with pytest.raises(BadHead, match=f"{long_house.owner.tenant_id} at number {seq}"):
            _sign(long_house, tmp_path)
    assert path.read_text() == signed


def test_a_chain_that_cannot_be_signed_does_not_keep_the_others_from_it(long_house: House, tmp_path: Path) -> None:
    _sign(long_house, tmp_path)
    _change(long_house, "UPDATE event_heads SET seq = 11 WHERE seq > 0")
    with long_house.database.write() as session:
        trust.record(session, long_house.stranger, "asset.viewed", "ast_1", start_frame=0, end_frame=9)
    trust.seal(long_house.database)
    with pytest.raises(BadHead):
        _sign(long_house, tmp_path)
    with long_house.database.read() as session:
        theirs = trust.verify_chain(
            session, long_house.stranger.tenant_id, heads_dir=tmp_path, public_key=SIGNER.public_key()
        )
    assert (theirs.is_whole, theirs.num_heads) == (True, 2)


def test_of_two_heads_of_one_number_the_first_is_the_word(long_house: House, tmp_path: Path) -> None:
    _sign(long_house, tmp_path / "first")
    _change(long_house, "UPDATE events SET actor_id = 'mbr_else' WHERE seq = 7")
    _recompute(long_house)
    _sign(long_house, tmp_path / "second")
    first, second = (tmp_path / folder / f"{long_house.owner.tenant_id}.jsonl" for folder in ("first", "second"))
    first.write_text(first.read_text() + second.read_text())
    assert _kinds(_verify(long_house, tmp_path / "first")) == ["rewritten"]


def test_one_tenants_change_leaves_the_others_chain_whole(long_house: House) -> None:
    _change(long_house, "DELETE FROM events WHERE seq = 3")
    with long_house.database.read() as session:
        assert trust.verify_chain(session, long_house.stranger.tenant_id).is_whole


def test_the_signing_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "heads.pem"
    first, second = trust.load_signer(path), trust.load_signer(path)
    assert first.public_key() == second.public_key()
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["heads.pem"]


def _change(house: House, statement: str) -> None:
    with house.database.write() as session:
        session.execute(text(f"{statement} AND tenant_id = '{house.owner.tenant_id}'"))


def _recompute(house: House) -> None:
    """Do what an intruder with time would do: give every event a fitting hash again."""
    mine = {"tenant": house.owner.tenant_id}
    with house.database.write() as session:
        statement = trust.visible(_all_columns(), house.owner)
        last = GENESIS
        for row in session.execute(statement).all():
            last = hash_event(last, row, row.seq)
            session.execute(text("UPDATE events SET hash = :hash WHERE id = :id"), {"hash": last, "id": row.id})
        session.execute(text("UPDATE event_heads SET hash = :hash WHERE tenant_id = :tenant"), {"hash": last, **mine})


def _all_columns() -> Any:

    return select(trust.Event.seq, *SEALED_COLUMNS).order_by(trust.Event.seq)


def _move_head(session: Session, house: House) -> None:
    newest = "SELECT {} FROM events WHERE tenant_id = :tenant ORDER BY seq DESC LIMIT 1"
    session.execute(
        text(
            f"UPDATE event_heads SET seq = ({newest.format('seq')}), hash = ({newest.format('hash')})"
            " WHERE tenant_id = :tenant"
        ),
        {"tenant": house.owner.tenant_id},
    )


def test_verifying_needs_no_key(database: db.Database) -> None:
    with database.read() as session:
        assert trust.verify_chain(session, "ten_none").is_whole
