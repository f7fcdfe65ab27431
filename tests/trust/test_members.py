import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from muybridge import db, trust
from muybridge.errors import Invalid, NotFound
from muybridge.trust import Member, Role
from muybridge.trust.logins import LoginRefused
from muybridge.trust.members import AlreadyMember, LastOwner, WrongPassword
from muybridge.trust.permissions import NotAllowed
from muybridge.trust.tenants import NotSetUp

from .conftest import House


def _add(house: House, email: str = "eve@ours.example", role: Role = Role.ANNOTATOR) -> Member:
    with house.database.write() as session:
        return trust.add_member(session, house.owner, email=email, name="Eve", role=role)


def _actor(house: House, member: Member) -> trust.Actor:
    with house.database.read() as session:
        return trust.actor_of(session, member, via="cli")


def test_the_first_start_makes_a_tenant_with_its_owner_once(database: db.Database) -> None:
    with database.write() as session:
        with pytest.raises(NotSetUp):
            trust.cli_owner(session)
        first = trust.first_start(session)
        again = trust.first_start(session)
        owner = trust.cli_owner(session)
    assert (first.tenant.id, first.owner.id) == (again.tenant.id, again.owner.id)
    assert owner == trust.Actor(first.owner.id, first.tenant.id, Role.OWNER, via="cli")


def test_an_e_mail_is_unique_within_a_tenant_and_says_nothing_of_others(any_house: House) -> None:
    _add(any_house)
    with pytest.raises(AlreadyMember):
        _add(any_house, " EVE@ours.example ")
    with any_house.database.write() as session:
        trust.add_member(session, any_house.stranger, email="eve@ours.example", name="Eve", role=Role.VIEWER)


@pytest.mark.parametrize("email", ["", "eve", "@ours", "eve@", "a b@c", "a@b@c", "a\x00@b", "e" * 250 + "@b.example"])
def test_what_is_no_e_mail_is_refused(house: House, email: str) -> None:
    with pytest.raises(Invalid):
        _add(house, email)


def test_a_manager_can_neither_make_nor_change_nor_invite_an_owner(house: House) -> None:
    manager = _actor(house, _add(house, "mo@ours.example", Role.MANAGER))
    with house.database.write() as session:
        for attempt in (
            lambda: trust.add_member(session, manager, email="x@ours.example", name="X", role=Role.OWNER),
            lambda: trust.update_member(session, manager, manager.id, role=Role.OWNER),
            lambda: trust.update_member(session, manager, house.owner.id, role=Role.VIEWER),
            lambda: trust.remove_member(session, manager, house.owner.id),
            lambda: trust.invite(session, manager, house.owner.id),
        ):
            with pytest.raises(NotAllowed):
                attempt()


def test_a_key_for_members_only_hands_out_no_role_that_can_more_than_itself(house: House) -> None:
    narrow = trust.Actor("key_1", house.owner.tenant_id, Role.MANAGER, scopes=frozenset({"trust.manage"}))
    eve, mo = _add(house), _add(house, "mo@ours.example", Role.MANAGER)
    with house.database.write() as session:
        for attempt in (
            lambda: trust.add_member(session, narrow, email="x@ours.example", name="X", role=Role.VIEWER),
            lambda: trust.update_member(session, narrow, eve.id, role=Role.MANAGER),
            lambda: trust.invite(session, narrow, mo.id),
            lambda: trust.give_grant(session, narrow, actor_id=eve.id, scope_id="prj_1", role=Role.REVIEWER),
        ):
            with pytest.raises(NotAllowed, match="could"):
                attempt()
        trust.remove_member(session, narrow, mo.id)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OWNER])
def test_a_manager_makes_changes_and_invites_everybody_but_an_owner(house: House, role: Role) -> None:
    manager = _actor(house, _add(house, "mo@ours.example", Role.MANAGER))
    with house.database.write() as session:
        member = trust.add_member(session, manager, email="x@ours.example", name="X", role=Role.VIEWER)
        assert trust.update_member(session, manager, member.id, role=role).role == role
        trust.give_grant(session, manager, actor_id=member.id, scope_id="prj_1", role=role)
        trust.create_key(session, manager, "robot", role=role)
        assert trust.invite(session, manager, member.id)


def test_the_last_owner_stays(house: House) -> None:
    with house.database.write() as session:
        with pytest.raises(LastOwner):
            trust.remove_member(session, house.owner, house.owner.id)
        with pytest.raises(LastOwner):
            trust.update_member(session, house.owner, house.owner.id, role=Role.VIEWER)


def test_two_owners_cannot_remove_each_other_at_once(any_house: House) -> None:
    second = _actor(any_house, _add(any_house, "second@ours.example", Role.OWNER))
    outcomes: list[str] = []
    ready = threading.Barrier(2)

    def remove(actor: trust.Actor, victim: trust.Actor) -> None:
        ready.wait()
        try:
            with any_house.database.write() as session:
                trust.remove_member(session, actor, victim.id)
            outcomes.append("removed")
        except Exception as error:  # noqa: BLE001  # a deadlock is a refusal too
            outcomes.append(type(error).__name__)

    pairs = [(any_house.owner, second), (second, any_house.owner)]
    threads = [threading.Thread(target=remove, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("removed") == 1


def test_a_removed_member_is_out_by_every_door_and_may_come_back(any_house: House) -> None:
    member = _add(any_house, role=Role.MANAGER)
    manager = _actor(any_house, member)
    with any_house.database.write() as session:
        link, unused = trust.login_link(session, member), trust.login_link(session, member)
        entered = trust.use_link(session, link)
        secret = trust.create_key(session, manager, "hers").secret
        trust.remove_member(session, any_house.owner, member.id)
    with pytest.raises(LoginRefused):
        trust.authenticate_login(any_house.database, entered.token)
    with pytest.raises(trust.keys.KeyRefused):
        trust.authenticate_key(any_house.database, secret)
    with pytest.raises(LoginRefused), any_house.database.write() as session:
        trust.use_link(session, unused)
    again = _add(any_house)
    assert (again.id, again.role) == (member.id, "annotator")


def _can_enter(house: House, secret: str) -> bool:
    try:
        trust.authenticate_key(house.database, secret)
    except trust.keys.KeyRefused:
        return False
    return True


def _keys_of_keys(house: House, member: Member, *roles: Role) -> list[str]:
    """The secrets of a manager's key that made a key (and was ended) that made keys of these roles."""
    with house.database.write() as session:
        first = trust.create_key(session, _actor(house, member), "first", role=Role.MANAGER)
        via_first = trust.Actor(first.key.id, member.tenant_id, Role.MANAGER)
        second = trust.create_key(session, via_first, "second", role=Role.MANAGER)
        trust.revoke_key(session, house.owner, first.key.id)
        via_second = trust.Actor(second.key.id, member.tenant_id, Role.MANAGER)
        return [trust.create_key(session, via_second, "third", role=role).secret for role in roles]


def test_keys_that_a_removed_members_keys_made_end_too(any_house: House) -> None:
    member = _add(any_house, role=Role.MANAGER)
    (theirs,) = _keys_of_keys(any_house, member, Role.VIEWER)
    with any_house.database.write() as session:
        others = trust.create_key(session, any_house.owner, "ours").secret
        trust.remove_member(session, any_house.owner, member.id)
    assert [_can_enter(any_house, secret) for secret in (theirs, others)] == [False, True]


def test_a_demoted_member_keeps_only_the_keys_that_the_new_role_carries(any_house: House) -> None:
    member = _add(any_house, role=Role.MANAGER)
    secrets = _keys_of_keys(any_house, member, Role.MANAGER, Role.SERVICE, Role.VIEWER)
    with any_house.database.write() as session:
        trust.update_member(session, any_house.owner, member.id, role=Role.CREATOR)
    assert [_can_enter(any_house, secret) for secret in secrets] == [False, False, True]


def test_a_demoted_owners_keys_of_an_owner_end(house: House) -> None:
    member = _add(house, role=Role.OWNER)
    with house.database.write() as session:
        keys = [
            trust.create_key(session, _actor(house, member), role, role=role) for role in (Role.OWNER, Role.MANAGER)
        ]
        trust.update_member(session, house.owner, member.id, role=Role.MANAGER)
    assert [_can_enter(house, made.secret) for made in keys] == [False, True]
    trust.seal(house.database)
    with house.database.read() as session:
        (told,) = trust.list_events(session, house.owner, name="member.updated").items
    assert told.facts == {"role": "manager", "revoked_keys": [keys[0].key.id]}


def test_another_tenants_member_cannot_be_touched(house: House) -> None:
    member = _add(house)
    with house.database.write() as session:
        for attempt in (
            lambda: trust.update_member(session, house.stranger, member.id, name="Mallory"),
            lambda: trust.remove_member(session, house.stranger, member.id),
            lambda: trust.invite(session, house.stranger, member.id),
            lambda: trust.give_grant(
                session, house.stranger, actor_id=member.id, scope_id="prj_1", role=Role.ANNOTATOR
            ),
        ):
            with pytest.raises(NotFound):
                attempt()


def test_a_grant_is_part_of_the_actor_until_it_is_revoked(any_house: House) -> None:
    member = _add(any_house)
    with any_house.database.write() as session:
        grant = trust.give_grant(session, any_house.owner, actor_id=member.id, scope_id="prj_1", role=Role.ANNOTATOR)
        again = trust.give_grant(session, any_house.owner, actor_id=member.id, scope_id="prj_1", role=Role.REVIEWER)
    assert (again.id, _actor(any_house, member).grants) == (grant.id, {"prj_1": Role.REVIEWER})
    with any_house.database.write() as session:
        trust.revoke_grant(session, any_house.owner, grant.id)
    assert _actor(any_house, member).grants == {}


def test_the_same_grant_given_twice_at_once_is_one(any_house: House) -> None:
    member = _add(any_house)

    def give(role: Role) -> str:
        with any_house.database.write() as session:
            given = trust.give_grant(session, any_house.owner, actor_id=member.id, scope_id="prj_1", role=role)
            time.sleep(0.3)  # long enough for the other to look
            return given.id

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(give, [Role.REVIEWER, Role.REVIEWER])
    assert (first, _actor(any_house, member).grants) == (second, {"prj_1": Role.REVIEWER})


def test_without_trust_manage_one_sees_ones_own_grants_only(house: House) -> None:
    mine, other = _add(house), _add(house, "fay@ours.example")
    with house.database.write() as session:
        for member in (mine, other):
            trust.give_grant(session, house.owner, actor_id=member.id, scope_id="prj_1", role=Role.ANNOTATOR)
    with house.database.read() as session:
        seen = trust.list_grants(session, _actor(house, mine)).items
        assert [grant.actor_id for grant in seen] == [mine.id]
        assert len(trust.list_grants(session, house.owner).items) == 2


def test_a_password_is_changed_by_who_knows_it_and_other_log_ins_end(house: House) -> None:
    member = _add(house)
    with house.database.write() as session:
        entered = trust.use_link(session, trust.login_link(session, member))
        trust.change_password(session, entered.actor, password="correct horse")
    here = trust.log_in(house.database, email=member.email, password="correct horse")
    with house.database.write() as session:
        with pytest.raises(WrongPassword):
            trust.change_password(session, here.actor, password="battery staple", current="wrong")
        trust.change_password(session, here.actor, password="battery staple", current="correct horse")
    with pytest.raises(LoginRefused):
        trust.authenticate_login(house.database, entered.token)
    assert trust.authenticate_login(house.database, here.token).id == member.id


def test_a_short_password_is_refused(house: House) -> None:
    with pytest.raises(Invalid, match="10 to 1000 characters"), house.database.write() as session:
        trust.change_password(session, house.owner, password="short")


def test_names_are_told_of_ones_own_members_and_keys_only(any_house: House) -> None:
    with any_house.database.write() as session:
        ours, theirs = (
            trust.create_key(session, actor, "robot").key.id for actor in (any_house.owner, any_house.stranger)
        )
        ids = {any_house.owner.id, any_house.stranger.id, ours, theirs}
        assert trust.names_of(session, any_house.owner, ids) == {any_house.owner.id: "ada", ours: "robot"}
