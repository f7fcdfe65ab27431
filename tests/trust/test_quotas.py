import threading

import pytest
from sqlalchemy import select, text

from muybridge import trust
from muybridge.errors import Invalid
from muybridge.trust import Quota, Role
from muybridge.trust.permissions import NotAllowed
from muybridge.trust.quotas import QuotaExceeded

from .conftest import House


def _state(house: House, resource: str) -> tuple[int, int]:
    with house.database.read() as session:
        row = session.scalars(trust.visible(select(Quota).where(Quota.resource == resource), house.owner)).one()
        return row.used, row.reserved


@pytest.fixture
def limited(any_house: House) -> House:
    with any_house.database.write() as session:
        trust.set_limit(session, any_house.owner, "storage_bytes", 100)
        trust.set_limit(session, any_house.owner, "generations", 3)
    return any_house


def test_what_is_reserved_counts_until_it_is_settled_or_released(limited: House) -> None:
    with limited.database.write() as session:
        trust.reserve(session, limited.owner, "storage_bytes", 60)
        trust.reserve(session, limited.owner, "storage_bytes", 40)
        with pytest.raises(QuotaExceeded):
            trust.reserve(session, limited.owner, "storage_bytes", 1)
        trust.settle(session, limited.owner, "storage_bytes", 60, actual=50)
        trust.release(session, limited.owner, "storage_bytes", 40)
    assert _state(limited, "storage_bytes") == (50, 0)
    with limited.database.write() as session:
        trust.reserve(session, limited.owner, "storage_bytes", 50)
        trust.refund(session, limited.owner, "storage_bytes", 999)
    assert _state(limited, "storage_bytes") == (0, 50)


def test_a_refusal_says_what_is_taken_and_changes_nothing(limited: House) -> None:
    with limited.database.write() as session, pytest.raises(QuotaExceeded) as refused:
        trust.reserve(session, limited.owner, "storage_bytes", 101)
    assert refused.value.detail == "101 storage_bytes asked for, but 0 of 100 are taken."
    assert _state(limited, "storage_bytes") == (0, 0)


def test_without_a_limit_anything_goes(any_house: House) -> None:
    with any_house.database.write() as session:
        trust.reserve(session, any_house.owner, "play_frames", 1 << 50)
    assert _state(any_house, "play_frames") == (0, 1 << 50)


def test_yesterdays_generations_do_not_count_today(limited: House) -> None:
    with limited.database.write() as session:
        trust.reserve(session, limited.owner, "generations", 3)
        trust.settle(session, limited.owner, "generations", 3)
        with pytest.raises(QuotaExceeded):
            trust.reserve(session, limited.owner, "generations", 1)
        session.execute(text("UPDATE quotas SET \"window\" = '2020-01-01' WHERE resource = 'generations'"))
        trust.reserve(session, limited.owner, "generations", 2)
    assert _state(limited, "generations") == (0, 2)


def test_reservations_at_once_never_pass_the_limit(limited: House) -> None:
    outcomes: list[bool] = []

    def reserve() -> None:
        for _ in range(5):
            try:
                with limited.database.write() as session:
                    trust.reserve(session, limited.owner, "storage_bytes", 7)
                outcomes.append(True)
            except QuotaExceeded:
                outcomes.append(False)

    threads = [threading.Thread(target=reserve) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (outcomes.count(True), len(outcomes)) == (14, 20)
    assert _state(limited, "storage_bytes") == (0, 98)


def test_one_tenants_use_is_not_anothers(limited: House) -> None:
    with limited.database.write() as session:
        trust.reserve(session, limited.owner, "storage_bytes", 100)
        trust.reserve(session, limited.stranger, "storage_bytes", 1000)


def test_only_who_manages_changes_a_limit_and_only_sensibly(house: House) -> None:
    with house.database.write() as session:
        with pytest.raises(NotAllowed):
            trust.set_limit(session, trust.Actor("mbr_1", house.owner.tenant_id, Role.SERVICE), "generations", 9)
        with pytest.raises(Invalid):
            trust.set_limit(session, house.owner, "generations", -1)
