import threading
from datetime import timedelta

import pytest

from muybridge import db, trust
from muybridge.errors import Invalid
from muybridge.trust.idempotency import KeyReused
from muybridge.trust.tables import IdempotencyKey

from .conftest import House


def _carry_out(house: House, key: str | None, result: str, body: object = None, command: str = "run.start") -> str:
    """What every command that takes a key does."""
    with house.database.write() as session:
        if made := trust.once(session, house.owner, key, command, body):
            return made
        trust.remember(session, house.owner, key, command, result)
        return result


def test_the_same_request_gets_the_first_result(any_house: House) -> None:
    assert _carry_out(any_house, "k", "run_1", {"seed": 1}) == "run_1"
    assert _carry_out(any_house, "k", "run_2", {"seed": 1}) == "run_1"
    assert _carry_out(any_house, "other", "run_3", {"seed": 1}) == "run_3"


def test_without_a_key_every_request_is_a_new_one(any_house: House) -> None:
    assert [_carry_out(any_house, None, result) for result in ("run_1", "run_2")] == ["run_1", "run_2"]


def test_a_key_with_another_body_or_command_is_refused(any_house: House) -> None:
    _carry_out(any_house, "k", "run_1", {"seed": 1})
    with pytest.raises(KeyReused):
        _carry_out(any_house, "k", "run_2", {"seed": 2})
    with pytest.raises(KeyReused):
        _carry_out(any_house, "k", "run_2", {"seed": 1}, command="generation.create")


def test_anothers_key_is_another_key(any_house: House) -> None:
    _carry_out(any_house, "k", "run_1")
    with any_house.database.write() as session:
        assert trust.once(session, any_house.stranger, "k", "run.start") is None


def test_a_command_that_failed_leaves_its_key_free(any_house: House) -> None:
    with any_house.database.read() as session:  # a session that is never committed
        assert trust.once(session, any_house.owner, "k", "run.start") is None
    assert _carry_out(any_house, "k", "run_2") == "run_2"


def test_the_same_request_at_once_is_carried_out_once(any_house: House) -> None:
    results: list[str] = []
    ready = threading.Barrier(4)

    def send(number: int) -> None:
        ready.wait()
        results.append(_carry_out(any_house, "k", f"run_{number}"))

    threads = [threading.Thread(target=send, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    assert len(set(results)) == 1


def test_a_key_is_forgotten_after_a_day(any_house: House) -> None:
    _carry_out(any_house, "k", "run_1")
    with any_house.database.write() as session:
        row = session.query(IdempotencyKey).one()
        row.created_at = db.now(session) - timedelta(hours=25)
    assert _carry_out(any_house, "k", "run_2") == "run_2"


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_of_no_length_or_too_much_is_refused(house: House, key: str) -> None:
    with pytest.raises(Invalid):
        _carry_out(house, key, "run_1")


def test_remembering_what_was_not_let_through_is_the_programmers_fault(house: House) -> None:
    with pytest.raises(ValueError, match="without trust"), house.database.write() as session:
        trust.remember(session, house.owner, "k", "run.start", "run_1")
