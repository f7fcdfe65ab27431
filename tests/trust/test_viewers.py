import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muybridge import trust
from muybridge.trust import Actor, Role
from muybridge.trust.permissions import NotAllowed
from muybridge.trust.viewers import merge_spans

from .conftest import House


@pytest.fixture
def watched(any_house: House) -> House:
    """Two people and a key have seen ast_1, by several doors; somebody else looked at ast_2."""
    tenant_id = any_house.owner.tenant_id
    with any_house.database.write() as session:
        eve = trust.add_member(session, any_house.owner, email="eve@ours.example", name="Eve", role=Role.ANNOTATOR)
        key = trust.create_key(session, any_house.owner, "robot").key
        at_desk = Actor(eve.id, tenant_id, Role.ANNOTATOR, via="login:lgn_desk")
        at_home = Actor(eve.id, tenant_id, Role.ANNOTATOR, via="login:lgn_home")
        robot = Actor(key.id, tenant_id, Role.SERVICE, via=f"key:{key.id}")
        trust.record(session, at_desk, "asset.streamed", "ast_1")
        trust.record(session, at_desk, "asset.viewed", "ast_1", start_frame=0, end_frame=30)
        trust.record(session, at_desk, "asset.viewed", "ast_1", start_frame=30, end_frame=60)
        trust.record(session, at_desk, "asset.viewed", "ast_1", start_frame=900, end_frame=910)
        trust.record(session, robot, "asset.downloaded", "ast_1")
        trust.record(session, at_home, "asset.viewed", "ast_1", start_frame=10, end_frame=20)
        trust.record(session, at_home, "asset.viewed", "ast_2", start_frame=10, end_frame=20)
        trust.record(session, any_house.owner, "asset.exported", "ver_1", asset_ids=["ast_1", "ast_3"])
        trust.record(session, any_house.owner, "asset.exported", "ver_2", asset_ids=["ast_10"])
        trust.record(session, any_house.owner, "asset.updated", "ast_1")
        trust.record(session, any_house.stranger, "asset.viewed", "ast_1", start_frame=0, end_frame=1)
    trust.seal(any_house.database)
    return any_house


def test_who_saw_tells_every_viewer_what_they_saw_and_by_which_door(watched: House) -> None:
    with watched.database.read() as session:
        viewers = trust.who_saw(session, watched.owner, "ast_1")
    assert [(viewer.actor_name, viewer.times, viewer.spans) for viewer in viewers] == [
        ("ada", {"asset.exported": 1}, []),
        ("Eve", {"asset.streamed": 1, "asset.viewed": 4}, [(0, 60), (900, 910)]),
        ("robot", {"asset.downloaded": 1}, []),
    ]
    assert viewers[1].vias == ["login:lgn_desk", "login:lgn_home"]
    assert viewers[1].first_at <= viewers[1].last_at


def test_visits_are_told_one_by_one_the_latest_first(watched: House) -> None:
    with watched.database.read() as session:
        page = trust.list_visits(session, watched.owner, "ast_1", limit=4)
        rest = trust.list_visits(session, watched.owner, "ast_1", limit=4, cursor=page.next_cursor)
    assert [
        (visit.actor_name, visit.name, visit.via.partition("_")[0], visit.span, visit.times)
        for visit in page.items + rest.items
    ] == [
        ("ada", "asset.exported", "cli", None, 1),
        ("Eve", "asset.viewed", "login:lgn", (10, 20), 1),
        ("robot", "asset.downloaded", "key:key", None, 1),
        ("Eve", "asset.viewed", "login:lgn", (900, 910), 1),
        ("Eve", "asset.viewed", "login:lgn", (0, 60), 2),
        ("Eve", "asset.streamed", "login:lgn", None, 1),
    ]
    assert rest.next_cursor is None


def test_an_export_says_what_it_was_for(any_house: House) -> None:
    """A model's look at frames is about the asset itself; what takes many assets is about a version, or a file."""
    with any_house.database.write() as session:
        for subject_id, facts in (
            ("ver_1", {"asset_ids": ["ast_1", "ast_2"], "run_id": "run_1"}),
            ("ver_1", {"asset_ids": ["ast_1"], "evaluation_id": "evl_1"}),
            ("ast_1", {"asset_ids": ["ast_1"], "generation_id": "gen_1"}),
            ("ast_1", {"asset_ids": ["ast_1"], "session_id": "ses_1"}),
            ("art_1", {"asset_ids": ["ast_1"], "version_id": "ver_2", "format": "coco"}),
            ("ver_3", {"asset_ids": ["ast_1"]}),
            ("ver_3", {"asset_ids": ["ast_1"]}),
            ("ver_4", {"asset_ids": ["ast_2"]}),
        ):
            trust.record(session, any_house.owner, "asset.exported", subject_id, **facts)
        trust.record(session, any_house.owner, "asset.streamed", "ast_1")
    trust.seal(any_house.database)
    with any_house.database.read() as session:
        visits = trust.list_visits(session, any_house.owner, "ast_1").items
        (viewer,) = trust.who_saw(session, any_house.owner, "ast_1")
    assert viewer.purposes == ["run_1", "evl_1", "gen_1", "ses_1", "ver_2", "ver_3"]
    assert [(visit.taken_for, visit.times) for visit in visits] == [
        (None, 1),
        ("ver_3", 2),
        ("ver_2", 1),
        ("ses_1", 1),
        ("gen_1", 1),
        ("evl_1", 1),
        ("run_1", 1),
    ]


def test_a_page_of_visits_reads_no_more_events_than_it_may(watched: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("muybridge.trust.viewers.MOST_READ", 4)
    told, cursor = [], None
    with watched.database.read() as session:
        for _ in range(2):
            page = trust.list_visits(session, watched.owner, "ast_1", cursor=cursor)
            told.append([(visit.actor_name, visit.span, visit.times) for visit in page.items])
            cursor = page.next_cursor
    assert told == [
        [("ada", None, 1), ("Eve", (10, 20), 1), ("robot", None, 1), ("Eve", (900, 910), 1)],
        [("Eve", (0, 60), 2), ("Eve", None, 1)],
    ]
    assert cursor is None


def test_another_tenant_is_told_of_its_own_viewers_only(watched: House) -> None:
    with watched.database.read() as session:
        viewers = trust.who_saw(session, watched.stranger, "ast_1")
    assert [viewer.actor_id for viewer in viewers] == [watched.stranger.id]


def test_who_saw_is_for_those_who_may_audit(house: House) -> None:
    with house.database.read() as session, pytest.raises(NotAllowed):
        trust.who_saw(session, Actor("mbr_1", house.owner.tenant_id, Role.VIEWER), "ast_1")


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda pair: (pair[0], pair[0] + pair[1]))))
def test_merged_spans_are_the_same_frames_apart_and_in_order(spans: list[tuple[int, int]]) -> None:
    merged = merge_spans(spans)
    assert {frame for span in merged for frame in range(*span)} == {frame for span in spans for frame in range(*span)}
    assert all(one[1] < two[0] for one, two in itertools.pairwise(merged))
