from datetime import timedelta

import pytest

from muybridge import db, trust
from muybridge.errors import Invalid, NotFound
from muybridge.trust import Role
from muybridge.trust.keys import KeyRefused
from muybridge.trust.permissions import NotAllowed

from .conftest import House


def test_a_key_names_its_tenant_role_and_scopes(any_house: House) -> None:
    with any_house.database.write() as session:
        made = trust.create_key(
            session, any_house.owner, "robot", role=Role.CREATOR, scopes=["catalog.read"], prefix="live_"
        )
        trust.give_grant(session, any_house.owner, actor_id=made.key.id, scope_id="prj_1", role=Role.ANNOTATOR)
    actor = trust.authenticate_key(any_house.database, made.secret)
    assert actor == trust.Actor(
        made.key.id,
        any_house.owner.tenant_id,
        Role.CREATOR,
        {"prj_1": Role.ANNOTATOR},
        frozenset({"catalog.read"}),
        via=f"key:{made.key.id}",
    )
    assert made.secret.startswith("live_")
    assert made.key.hint == made.secret[-4:]


def test_a_key_says_when_it_was_last_used_to_the_minute(any_house: House) -> None:
    with any_house.database.write() as session:
        made = trust.create_key(session, any_house.owner, "robot")
        before = db.now(session)
    for _ in range(2):
        trust.authenticate_key(any_house.database, made.secret)
    with any_house.database.read() as session:
        (key,) = trust.list_keys(session, any_house.owner).items
        assert key.last_used_at is not None
        assert before <= key.last_used_at <= db.now(session)


def test_a_revoked_key_and_an_expired_one_are_refused(any_house: House) -> None:
    with any_house.database.write() as session:
        revoked = trust.create_key(session, any_house.owner, "one")
        expired = trust.create_key(session, any_house.owner, "two", expires_at=db.now(session) + timedelta(hours=1))
        expired.key.expires_at = db.now(session)
        trust.revoke_key(session, any_house.owner, revoked.key.id)
    for made in (revoked, expired):
        with pytest.raises(KeyRefused, match="has ended"):
            trust.authenticate_key(any_house.database, made.secret)


def test_an_unknown_key_is_refused(house: House) -> None:
    for secret in ("", "mbk_" + "0" * 64, "\udcff", "x" * 100_000):
        with pytest.raises(KeyRefused, match="unknown"):
            trust.authenticate_key(house.database, secret)


@pytest.mark.parametrize(
    "wrong",
    [
        {"scopes": ["catalog.fly"]},
        {"role": Role.ANNOTATOR, "scopes": ["training.run"]},
        {"prefix": "Live-"},
        {"prefix": ""},
        {"name": " "},
    ],
)
def test_a_key_that_makes_no_sense_is_refused(house: House, wrong: dict[str, object]) -> None:
    with pytest.raises(Invalid), house.database.write() as session:
        trust.create_key(session, house.owner, **{"name": "robot", **wrong})  # type: ignore[arg-type]


def test_a_date_in_the_past_is_refused(house: House) -> None:
    with pytest.raises(Invalid, match="expired already"), house.database.write() as session:
        trust.create_key(session, house.owner, "robot", expires_at=db.now(session))


def test_nobody_makes_a_key_that_can_more_than_themselves(house: House) -> None:
    narrow = trust.Actor("key_1", house.owner.tenant_id, Role.MANAGER, scopes=frozenset({"trust.manage"}))
    with pytest.raises(NotAllowed, match="role service could"), house.database.write() as session:
        trust.create_key(session, narrow, "robot")
    with pytest.raises(NotAllowed, match="Only an owner"), house.database.write() as session:
        trust.create_key(session, trust.Actor("mbr_1", house.owner.tenant_id, Role.MANAGER), "r", role=Role.OWNER)


def test_another_tenants_keys_are_neither_listed_nor_revoked(house: House) -> None:
    with house.database.write() as session:
        made = trust.create_key(session, house.owner, "robot")
        with pytest.raises(NotFound):
            trust.revoke_key(session, house.stranger, made.key.id)
        assert trust.list_keys(session, house.stranger).items == []
