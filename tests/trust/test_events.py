import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muybridge import trust
from muybridge.db.paging import BadCursor
from muybridge.trust import Actor, Role
from muybridge.trust.event_names import EVENT_NAMES

from .conftest import House


def test_an_event_is_there_with_its_fact_or_not_at_all(any_house: House) -> None:
    with any_house.database.read() as session:  # a session that is never committed
        trust.record(session, any_house.owner, "asset.created", "ast_1")
        session.flush()
    assert trust.seal(any_house.database) == 4


def test_an_event_says_who_what_and_by_which_door(any_house: House) -> None:
    actor = Actor(any_house.owner.id, any_house.owner.tenant_id, Role.OWNER, via="login:lgn_1")
    facts = {"name": "naïve 🎬 \x00.mp4", "sizes": [1, 2.5, None, True], "project_id": "prj_1"}
    with any_house.database.write() as session:
        trust.record(session, actor, "asset.created", "ast_1", **facts)
    trust.seal(any_house.database)
    with any_house.database.read() as session:
        event = trust.list_events(session, any_house.owner, name="asset.created").items[0]
        assert (event.actor_id, event.via, event.subject_id, event.project_id, event.facts, event.seq) == (
            any_house.owner.id,
            "login:lgn_1",
            "ast_1",
            "prj_1",
            facts,
            3,
        )
        assert trust.verify_chain(session, actor.tenant_id).is_whole


def test_an_event_that_is_not_in_the_glossary_is_refused(house: House) -> None:
    with house.database.write() as session, pytest.raises(ValueError, match="unknown event"):
        trust.record(session, house.owner, "asset.imagined", "ast_1")


@pytest.mark.parametrize("fact", [float("nan"), float("inf"), object(), {1, 2}])
def test_facts_that_are_not_json_are_refused(house: House, fact: object) -> None:
    with house.database.write() as session, pytest.raises(ValueError, match=r"JSON|Out of range"):
        trust.record(session, house.owner, "asset.created", "ast_1", fact=fact)


def test_the_glossary_is_sorted_and_every_name_is_a_noun_and_a_past_participle() -> None:
    assert list(EVENT_NAMES) == sorted(EVENT_NAMES)
    assert [name for name in EVENT_NAMES if not re.fullmatch(r"[a-z]+\.[a-z]+", name)] == []
    assert [name for name, meaning in EVENT_NAMES.items() if not meaning.endswith(".")] == []


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
))  # fmt: skip
def test_canonical_json_has_one_spelling_that_reads_back(value: object) -> None:
    spelled = trust.canonical_json(value)
    assert json.loads(spelled) == value
    assert trust.canonical_json(json.loads(spelled)) == spelled
    assert spelled.isascii()


def test_pages_of_events_walk_the_log_backwards(any_house: House) -> None:
    with any_house.database.write() as session:
        for number in range(5):
            trust.record(session, any_house.owner, "asset.created", f"ast_{number}")
    trust.seal(any_house.database)
    seen, cursor = [], None
    with any_house.database.read() as session:
        while True:
            page = trust.list_events(session, any_house.owner, limit=3, cursor=cursor)
            seen += [event.seq for event in page.items]
            if (cursor := page.next_cursor) is None:
                break
    assert seen == [7, 6, 5, 4, 3, 2, 1]


def test_a_cursor_that_is_none_is_refused(house: House) -> None:
    with house.database.read() as session, pytest.raises(BadCursor):
        trust.list_events(session, house.owner, cursor="!")


def test_filters_narrow_by_subject_name_and_actor(house: House) -> None:
    with house.database.write() as session:
        trust.record(session, house.owner, "asset.created", "ast_1")
        trust.record(session, house.owner, "asset.ready", "ast_1")
        trust.record(session, trust.system_actor(house.owner.tenant_id), "asset.ready", "ast_2")
    trust.seal(house.database)
    with house.database.read() as session:
        by = [
            [event.seq for event in trust.list_events(session, house.owner, **only).items]  # type: ignore[arg-type]
            for only in ({"subject_id": "ast_1"}, {"name": "asset.ready"}, {"actor_id": house.owner.id})
        ]
    assert by == [[4, 3], [5, 4], [4, 3]]


def test_a_name_up_to_its_dot_stands_for_all_of_that_noun(any_house: House) -> None:
    names = ("rights.declared", "asset.created", "rights.revoked", "review.opened")
    with any_house.database.write() as session:
        for name in names:
            trust.record(session, any_house.owner, name, "ast_1")
    trust.seal(any_house.database)
    with any_house.database.read() as session:
        found = {
            name: [event.name for event in trust.list_events(session, any_house.owner, name=name).items]
            for name in ("rights.", "rights", "r.", "rights.declared", "%.")
        }
    assert found == {
        "rights.": ["rights.revoked", "rights.declared"],
        "rights": [],
        "r.": [],
        "rights.declared": ["rights.declared"],
        "%.": [],
    }


def test_pages_of_a_noun_walk_the_log_backwards(house: House) -> None:
    names = ("rights.declared", "rights.revoked", "rights.declared", "asset.created", "rights.declared")
    with house.database.write() as session:
        for name in names:
            trust.record(session, house.owner, name, "ast_1")
    trust.seal(house.database)
    with house.database.read() as session:
        first = trust.list_events(session, house.owner, name="rights.", limit=2)
        rest = trust.list_events(session, house.owner, name="rights.", limit=2, cursor=first.next_cursor)
    assert [[event.seq for event in page.items] for page in (first, rest)] == [[7, 5], [4, 3]]
    assert rest.next_cursor is None


def test_without_trust_audit_nobody_reads_about_people_or_who_looked_at_what(any_house: House) -> None:
    viewer = Actor("mbr_viewer", any_house.owner.tenant_id, Role.VIEWER)
    with any_house.database.write() as session:
        trust.record(session, any_house.owner, "asset.created", "ast_1")
        trust.record(session, any_house.owner, "asset.viewed", "ast_1")
        trust.record(session, any_house.owner, "key.created", "key_1")
        trust.record(session, viewer, "asset.viewed", "ast_1")
    trust.seal(any_house.database)
    with any_house.database.read() as session:
        seen = [(event.name, event.actor_id) for event in trust.events_after(session, viewer, 0)]
    assert seen == [("asset.created", any_house.owner.id), ("asset.viewed", "mbr_viewer")]


def test_a_confined_member_reads_what_concerns_granted_projects_and_its_own(any_house: House) -> None:
    member = Actor("mbr_1", any_house.owner.tenant_id, Role.ANNOTATOR, {"prj_1": Role.ANNOTATOR})
    with any_house.database.write() as session:
        trust.record(session, any_house.owner, "task.created", "tsk_1", project_id="prj_1")
        trust.record(session, any_house.owner, "task.created", "tsk_2", project_id="prj_2")
        trust.record(session, any_house.owner, "asset.created", "ast_1")
        trust.record(session, member, "asset.viewed", "ast_1")
    trust.seal(any_house.database)
    with any_house.database.read() as session:
        seen = [(event.name, event.subject_id) for event in trust.events_after(session, member, 0)]
    assert seen == [("task.created", "tsk_1"), ("asset.viewed", "ast_1")]
