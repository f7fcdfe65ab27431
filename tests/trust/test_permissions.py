import pytest

from muybridge import trust
from muybridge.errors import NotFound
from muybridge.trust import Actor, Role
from muybridge.trust.permissions import ALLOWED, PERMISSIONS, ROLE_PERMISSIONS, NotAllowed

from .conftest import House
from .rows import Answer, Campaign, Question


def test_the_table_of_roles_reads_as_it_is_meant() -> None:
    assert sorted(PERMISSIONS - ROLE_PERMISSIONS[Role.OWNER]) == []
    assert ROLE_PERMISSIONS[Role.MANAGER] == ROLE_PERMISSIONS[Role.OWNER]
    assert sorted(ROLE_PERMISSIONS[Role.ANNOTATOR]) == [
        "catalog.read",
        "labeling.answer",
        "labeling.read",
        "trust.read",
    ]
    assert sorted(PERMISSIONS - ROLE_PERMISSIONS[Role.SERVICE]) == ["trust.audit", "trust.manage"]
    assert {name for name in ROLE_PERMISSIONS[Role.VIEWER] if not name.endswith(".read")} == set()


def test_every_permission_is_the_owners_and_names_known_roles_only() -> None:
    assert {name: set(letters) - set("omracvs.") for name, letters in ALLOWED.items() if "o" in letters} == {
        name: set() for name in ALLOWED
    }


def test_a_missing_right_is_forbidden_and_says_what_would_help() -> None:
    viewer = Actor("mbr_1", "ten_1", Role.VIEWER)
    with pytest.raises(NotAllowed) as refused:
        trust.require(viewer, "training.run")
    assert str(refused.value) == (
        "mbr_1 may not training.run. Ask an owner or manager for a role that carries training.run."
    )


def test_an_unknown_permission_is_the_programmers_fault() -> None:
    with pytest.raises(ValueError, match="unknown permission"):
        trust.require(Actor("mbr_1", "ten_1", Role.OWNER), "training.fly")


def test_another_tenants_subject_does_not_exist(house: House) -> None:
    question = Question(id="tsk_1", tenant_id=house.stranger.tenant_id, project_id="prj_1")
    with pytest.raises(NotFound, match=r"There is no task tsk_1\."):
        trust.require(house.owner, "labeling.read", question)


def test_a_grant_adds_labelling_rights_within_its_project_only() -> None:
    member = Actor("mbr_1", "ten_1", Role.VIEWER, {"prj_1": Role.REVIEWER})
    inside = Question(id="tsk_1", tenant_id="ten_1", project_id="prj_1")
    outside = Question(id="tsk_2", tenant_id="ten_1", project_id="prj_2")
    trust.require(member, "labeling.review", inside)
    with pytest.raises(NotAllowed):
        trust.require(member, "labeling.review", outside)
    with pytest.raises(NotAllowed):
        trust.require(member, "labeling.review")


def test_a_grant_of_manager_makes_nobody_manager_of_anything_but_labelling() -> None:
    member = Actor("mbr_1", "ten_1", Role.ANNOTATOR, {"prj_1": Role.MANAGER})
    assert sorted(trust.permissions_of(member, "prj_1") - trust.permissions_of(member)) == [
        "labeling.manage",
        "labeling.review",
    ]


def test_to_a_confined_member_a_project_without_grant_does_not_exist() -> None:
    member = Actor("mbr_1", "ten_1", Role.ANNOTATOR, {"prj_1": Role.ANNOTATOR})
    trust.require(member, "labeling.answer", Campaign(id="prj_1", tenant_id="ten_1"))
    with pytest.raises(NotFound, match=r"There is no project prj_2\."):
        trust.require(member, "labeling.answer", Campaign(id="prj_2", tenant_id="ten_1"))


def test_a_row_that_lies_in_a_project_through_another_is_judged_by_visibility_not_by_require() -> None:
    member = Actor("mbr_1", "ten_1", Role.ANNOTATOR, {})
    trust.require(member, "labeling.answer", Answer(id="atm_1", tenant_id="ten_1", task_id="tsk_1"))


def test_a_keys_scopes_only_narrow() -> None:
    key = Actor("key_1", "ten_1", Role.SERVICE, scopes=frozenset({"catalog.read", "trust.manage"}))
    assert trust.permissions_of(key) == {"catalog.read"}
    with pytest.raises(NotAllowed, match="this key is narrowed"):
        trust.require(key, "catalog.write")
