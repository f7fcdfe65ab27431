import threading
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from muybridge import db, trust
from muybridge.trust import Role
from muybridge.trust.logins import LIFETIME, LoggedIn, LoginRefused, TooManyFailures
from muybridge.trust.passwords import hash_password
from muybridge.trust.tables import Login, LoginLink, Member

from .conftest import House

PASSWORD = "correct horse battery"
HASHED = hash_password(PASSWORD)


@pytest.fixture
def eve(any_house: House) -> Member:
    with any_house.database.write() as session:
        member = trust.add_member(session, any_house.owner, email="eve@ours.example", name="Eve", role=Role.ANNOTATOR)
        member.password_hash = HASHED
        return member


def _enter(
    house: House, password: str = PASSWORD, *, email: str = "eve@ours.example", address: str = "10.0.0.1"
) -> LoggedIn:
    return trust.log_in(house.database, email=email, password=password, address=address, user_agent="test")


def test_a_password_opens_a_login_and_its_token_names_the_member(any_house: House, eve: Member) -> None:
    entered = _enter(any_house, email=" EVE@ours.example")
    actor = trust.authenticate_login(any_house.database, entered.token)
    assert actor == trust.Actor(eve.id, eve.tenant_id, Role.ANNOTATOR, via=entered.actor.via)
    assert actor.via.startswith("login:lgn_")


def test_a_token_and_a_password_are_nowhere_in_the_database(house: House) -> None:
    with house.database.write() as session:
        member = trust.add_member(
            session, house.owner, email="e@ours.example", name="E", role=Role.VIEWER, password=PASSWORD
        )
        entered = trust.use_link(session, trust.login_link(session, member))
        secret = trust.create_key(session, house.owner, "robot").secret
    with house.database.read() as session:
        dump = "\n".join(session.connection().connection.driver_connection.iterdump())  # type: ignore[union-attr]
    assert [hidden in dump for hidden in (entered.token, secret, PASSWORD, member.email)] == [False, False, False, True]


def test_a_wrong_password_and_an_unknown_e_mail_get_the_same_words(any_house: House, eve: Member) -> None:
    answers = []
    for email in ("eve@ours.example", "nobody@ours.example"):
        with pytest.raises(LoginRefused) as refused:
            _enter(any_house, "wrong password", email=email)
        answers.append(str(refused.value))
    assert answers[0] == answers[1]


def test_five_failures_bar_the_door_for_that_e_mail_and_address_only(any_house: House, eve: Member) -> None:
    for _ in range(5):
        with pytest.raises(LoginRefused):
            _enter(any_house, "wrong password")
    with pytest.raises(TooManyFailures) as refused:
        _enter(any_house)
    assert 0 < refused.value.facts["retry_after_s"] <= 900
    assert _enter(any_house, address="10.0.0.2").actor.id == eve.id


def test_failures_are_forgotten_after_a_while_and_after_a_success(any_house: House, eve: Member) -> None:
    for _ in range(4):
        with pytest.raises(LoginRefused):
            _enter(any_house, "wrong password")
    _enter(any_house)
    for _ in range(5):
        with pytest.raises(LoginRefused):
            _enter(any_house, "wrong password")
    with any_house.database.write() as session:
        session.execute(text("UPDATE login_failures SET last_at = '2020-01-01 00:00:00'"))
    assert _enter(any_house).actor.id == eve.id


def test_guesses_sent_all_at_once_do_not_slip_past_the_count(any_house: House, eve: Member) -> None:
    outcomes: list[str] = []

    def guess() -> None:
        try:
            _enter(any_house, "wrong password")
        except Exception as error:  # noqa: BLE001
            outcomes.append(type(error).__name__)

    threads = [threading.Thread(target=guess) for _ in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["LoginRefused"] * 5 + ["TooManyFailures"] * 4


def test_failed_and_successful_log_ins_are_events(any_house: House, eve: Member) -> None:
    with pytest.raises(LoginRefused):
        _enter(any_house, "wrong password")
    _enter(any_house)
    trust.seal(any_house.database)
    with any_house.database.read() as session:
        events = trust.events_after(session, any_house.owner, 3)
    assert [(event.name, event.facts) for event in events] == [
        ("login.failed", {"address": "10.0.0.1"}),
        ("login.started", {"method": "password", "address": "10.0.0.1"}),
    ]


def test_a_link_works_once(any_house: House, eve: Member) -> None:
    with any_house.database.write() as session:
        token = trust.login_link(session, eve)
    with any_house.database.write() as session:
        assert trust.use_link(session, token).actor.id == eve.id
    with pytest.raises(LoginRefused), any_house.database.write() as session:
        trust.use_link(session, token)


def test_of_two_who_click_a_link_at_once_one_gets_in(any_house: House, eve: Member) -> None:
    with any_house.database.write() as session:
        token = trust.login_link(session, eve)
    outcomes: list[str] = []

    def click() -> None:
        try:
            with any_house.database.write() as session:
                trust.use_link(session, token)
            outcomes.append("in")
        except LoginRefused:
            outcomes.append("refused")

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in", "refused", "refused", "refused"]


def test_a_link_is_too_old_after_fifteen_minutes(any_house: House, eve: Member) -> None:
    with any_house.database.write() as session:
        before = db.now(session)
        token = trust.login_link(session, eve)
        session.flush()
        link = session.get_one(LoginLink, trust.tokens.digest_of(token))
        assert before <= link.expires_at - timedelta(minutes=15) <= db.now(session)
        link.expires_at -= timedelta(minutes=16)
    with pytest.raises(LoginRefused), any_house.database.write() as session:
        trust.use_link(session, token)


def test_a_login_ends_by_logging_out_by_revocation_and_by_age(any_house: House, eve: Member) -> None:
    with any_house.database.read() as session:
        before = db.now(session)
    out, revoked, aged, left = (_enter(any_house) for _ in range(4))
    with any_house.database.write() as session:
        trust.log_out(session, out.actor)
        trust.revoke_login(session, any_house.owner, revoked.actor.via.removeprefix("login:"))
        session.execute(
            update(Login)
            .where(Login.id == aged.actor.via.removeprefix("login:"))
            .values(expires_at=db.now(session) - timedelta(seconds=1))
        )
    for ended in (out, revoked, aged):
        with pytest.raises(LoginRefused):
            trust.authenticate_login(any_house.database, ended.token)
    with any_house.database.read() as session:
        assert [f"login:{login.id}" for login in trust.list_logins(session, left.actor)] == [left.actor.via]
        assert before <= left.expires_at - LIFETIME <= db.now(session)


def test_nobody_ends_anothers_login_without_the_right(any_house: House, eve: Member) -> None:
    entered = _enter(any_house)
    with any_house.database.write() as session:
        fay = trust.add_member(session, any_house.owner, email="fay@ours.example", name="Fay", role=Role.CREATOR)
        with pytest.raises(trust.permissions.NotAllowed):
            trust.revoke_login(
                session, trust.actor_of(session, fay, via="cli"), entered.actor.via.removeprefix("login:")
            )


@pytest.mark.parametrize("token", ["", "x", "é" * 300, "\udcff", "a" * 100_000])
def test_a_token_that_is_nobodys_is_refused(house: House, token: str) -> None:
    with pytest.raises(LoginRefused):
        trust.authenticate_login(house.database, token)
