from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from muybridge import artifacts, db, trust
from muybridge.catalog import assets, clips, rights, shots, viewing
from muybridge.catalog.assets import AssetInUse, AssetRetained
from muybridge.catalog.rights import AssetForbidden, Declaration
from muybridge.catalog.tables import Asset, Rights, Shot
from muybridge.errors import Forbidden, NotFound
from muybridge.jobs import Job, JobState
from muybridge.trust import Event, Role
from muybridge.units import FrameSpan, new_id

from .conftest import Studio


def names(studio: Studio, **options: object) -> list[str]:
    with studio.database.read() as session:
        page = assets.list_assets(session, studio.owner, **options)  # type: ignore[arg-type]
        return [asset.name for asset in page.items]


def reading(studio: Studio) -> list[tuple[str, str, dict[str, object]]]:
    wanted = select(Event).where(Event.name.in_(trust.event_names.READING)).order_by(Event.id)
    with studio.database.read() as session:
        rows = session.scalars(trust.visible(wanted, studio.owner))
        return [(row.name, row.actor_id, {k: v for k, v in row.facts.items() if k.endswith("frame")}) for row in rows]


def test_the_catalogue_is_newest_first_and_pages_walk_it_once(any_studio: Studio) -> None:
    for k in range(5):
        any_studio.an_asset(f"{k}.mp4")
    seen, cursor = [], None
    with any_studio.database.read() as session:
        for _ in range(3):
            page = assets.list_assets(session, any_studio.owner, limit=2, cursor=cursor)
            seen += [asset.name for asset in page.items]
            cursor = page.next_cursor
    assert (seen, cursor) == (["4.mp4", "3.mp4", "2.mp4", "1.mp4", "0.mp4"], None)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["100% Straße_2.mov", "Horse rider.mp4", "a horse.mp4"]),
        ("HORSE", ["Horse rider.mp4", "a horse.mp4"]),
        ("mp4 rider horse", ["Horse rider.mp4"]),
        ("STRASSE", ["100% Straße_2.mov"]),
        ("100%", ["100% Straße_2.mov"]),
        ("%", ["100% Straße_2.mov"]),
        ("e_2", ["100% Straße_2.mov"]),
        ("zebra", []),
        ("horse\x00", ["Horse rider.mp4", "a horse.mp4"]),
    ],
)
def test_footage_is_found_by_every_word_of_its_name(any_studio: Studio, query: str, expected: list[str]) -> None:
    for name in ("a horse.mp4", "Horse rider.mp4", "100% Straße_2.mov"):
        any_studio.an_asset(name)
    assert names(any_studio, query=query) == expected


def test_another_tenant_finds_nothing(any_studio: Studio) -> None:
    asset_id = any_studio.an_asset("secret.mp4")
    with any_studio.database.write() as session:
        assert assets.list_assets(session, any_studio.stranger).items == []
        for ask in (
            lambda: assets.load_asset(session, any_studio.stranger, asset_id),
            lambda: assets.rename_asset(session, any_studio.stranger, asset_id, "x"),
            lambda: assets.delete_asset(session, any_studio.stranger, asset_id),
            lambda: shots.list_shots(session, any_studio.stranger, asset_id),
            lambda: clips.list_clips(session, any_studio.stranger, asset_id),
            lambda: clips.load_index(session, any_studio.stranger, any_studio.store, asset_id),
            lambda: viewing.stream(session, any_studio.stranger, any_studio.store, asset_id),
            lambda: viewing.download(session, any_studio.stranger, any_studio.store, asset_id),
            lambda: viewing.record_view(session, any_studio.stranger, asset_id, FrameSpan(0, 1)),
        ):
            with pytest.raises(NotFound):
                ask()


def test_a_new_name_is_found_and_the_old_one_is_on_record(studio: Studio) -> None:
    asset_id = studio.an_asset("a.mp4")
    with studio.database.write() as session:
        assets.rename_asset(session, studio.owner, asset_id, "  Horse 🐎 ")
    assert (names(studio, query="horse"), names(studio, query="a.mp4")) == (["Horse 🐎"], [])
    with studio.database.read() as session:
        event = trust.visible(select(Event.facts).where(Event.name == "asset.updated"), studio.owner)
        assert session.scalars(event).one() == {"name": "Horse 🐎", "was": "a.mp4"}


def test_deleting_takes_everything_of_an_asset_and_nothing_else(any_studio: Studio, a_clip: Path) -> None:
    studio = any_studio
    asset_id, other = studio.bring_in(a_clip), studio.bring_in(a_clip)
    studio.do_jobs()
    with studio.database.write() as session:
        rights.give_consent(session, studio.owner, asset_id, person_ref="rider", uses=["label"])
        assets.delete_asset(session, studio.owner, asset_id)
    with studio.database.read() as session:
        for column in (Asset.id, Rights.asset_id, Shot.asset_id):
            assert set(session.scalars(trust.visible(select(column), studio.owner))) == {other}
        kinds = session.scalars(trust.visible(select(artifacts.Artifact.kind), studio.owner))
        assert sorted(kinds) == ["filmstrip", "index", "poster", "source"]
    assert studio.asset(other).is_ready


def test_deleting_stops_the_ingest(studio: Studio, a_clip: Path) -> None:
    asset_id = studio.bring_in(a_clip)
    with studio.database.write() as session:
        assets.delete_asset(session, studio.owner, asset_id)
    studio.do_jobs()
    with studio.database.read() as session:
        assert session.scalars(trust.visible(select(Job.state), studio.owner)).one() == JobState.CANCELLED


def test_footage_that_something_stands_on_is_kept(any_studio: Studio) -> None:
    asset_id = any_studio.an_asset()
    with any_studio.database.write() as session:
        artifacts.derive(session, any_studio.owner, new_id("ver"), [asset_id], title="Horses v1")
    with any_studio.database.write() as session, pytest.raises(AssetInUse, match="dataset version Horses v1"):
        assets.delete_asset(session, any_studio.owner, asset_id)


def test_footage_is_kept_until_its_retention_date(any_studio: Studio) -> None:
    asset_id = any_studio.an_asset()
    with any_studio.database.write() as session:
        later = Declaration(retain_until=db.now(session) + timedelta(days=9))
        rights.declare(session, any_studio.owner, asset_id, later)
    with any_studio.database.write() as session, pytest.raises(AssetRetained, match=r"horse\.mp4"):
        assets.delete_asset(session, any_studio.owner, asset_id)


def test_every_way_of_looking_is_on_record(any_studio: Studio, a_clip: Path) -> None:
    studio = any_studio
    asset_id = studio.bring_in(a_clip)
    studio.do_jobs()
    with studio.database.write() as session:
        given = viewing.stream(session, studio.owner, studio.store, asset_id)
        viewing.record_view(session, studio.owner, asset_id, FrameSpan(3, 9))
        viewing.download(session, studio.owner, studio.store, asset_id)
        viewing.record_export(session, studio.owner, new_id("ver"), [asset_id])
    assert [(name, actor) for name, actor, _ in reading(studio)] == [
        (f"asset.{done}", studio.owner.id) for done in ("streamed", "viewed", "downloaded", "exported")
    ]
    assert reading(studio)[1][2] == {"start_frame": 3, "end_frame": 9}
    assert given.source_url is not None
    assert given.source_url.startswith("/media/")
    assert given.filmstrip["rows"] * given.filmstrip["columns"] >= len(given.filmstrip["frames"])


def test_revoked_footage_shows_its_pictures_only_to_those_who_answer_for_rights(
    studio: Studio, an_actor: Callable[..., trust.Actor]
) -> None:
    revoked, held = studio.an_asset("revoked.mp4"), studio.an_asset("held.mp4")
    stored = studio.store.put_bytes(b"jpeg")
    with studio.database.write() as session:
        for asset_id in (revoked, held):
            asset = assets.load_asset(session, studio.owner, asset_id)
            poster, filmstrip = (
                artifacts.put(session, studio.owner, stored, kind=kind, media_type="image/jpeg", filename=kind)
                for kind in ("poster", "filmstrip")
            )
            asset.poster_artifact_id, asset.filmstrip_artifact_id = poster.id, filmstrip.id
        rights.revoke(session, studio.owner, revoked, "the person shown withdrew")

    def shown(actor: trust.Actor) -> list[tuple[bool, bool]]:
        with studio.database.read() as session:
            page = assets.list_assets(session, actor).items
            seen = viewing.thumbnails(session, actor, studio.store, page)
        return [(bool(seen[each].poster_url), bool(seen[each].filmstrip_url)) for each in (revoked, held)]

    assert shown(an_actor(Role.VIEWER)) == [(False, False), (True, True)]
    assert shown(an_actor(Role.MANAGER)) == [(True, True), (True, True)]


def test_frames_outside_the_footage_were_not_seen(studio: Studio, a_clip: Path) -> None:
    asset_id = studio.bring_in(a_clip)
    with studio.database.write() as session, pytest.raises(clips.AssetNotReady):
        viewing.record_view(session, studio.owner, asset_id, FrameSpan(0, 1))
    studio.do_jobs()
    with studio.database.write() as session, pytest.raises(clips.SpanOutside, match="which has 30"):
        viewing.record_view(session, studio.owner, asset_id, FrameSpan(29, 31))
    assert reading(studio) == []


def test_those_who_may_not_download_are_given_the_proxy_alone(
    studio: Studio, a_webm: Path, an_actor: Callable[..., trust.Actor]
) -> None:
    asset_id = studio.bring_in(a_webm)
    studio.do_jobs()
    viewer = an_actor(Role.VIEWER)
    with studio.database.write() as session:
        given = viewing.stream(session, viewer, studio.store, asset_id)
        assert (given.source_url, given.proxy_url is not None) == (None, True)
        with pytest.raises(Forbidden):
            viewing.download(session, viewer, studio.store, asset_id)


def test_revoked_footage_is_shown_only_to_those_who_answer_for_rights(
    studio: Studio, a_clip: Path, an_actor: Callable[..., trust.Actor]
) -> None:
    asset_id = studio.bring_in(a_clip)
    studio.do_jobs()
    with studio.database.write() as session:
        rights.revoke(session, studio.owner, asset_id, "asked")
        with pytest.raises(AssetForbidden, match=r"two shots\.mp4"):
            viewing.stream(session, an_actor(Role.VIEWER), studio.store, asset_id)
        assert viewing.stream(session, an_actor(Role.MANAGER), studio.store, asset_id).source_url


def test_who_looks_at_revoked_footage_by_an_address_given_before_is_on_record(
    studio: Studio, a_clip: Path, an_actor: Callable[..., trust.Actor]
) -> None:
    asset_id, viewer = studio.bring_in(a_clip), an_actor(Role.VIEWER)
    studio.do_jobs()
    with studio.database.write() as session:
        rights.revoke(session, studio.owner, asset_id, "asked")
        viewing.record_view(session, viewer, asset_id, FrameSpan(3, 9))
    trust.seal(studio.database)
    with studio.database.read() as session:
        (seen,) = trust.list_events(session, studio.owner, name="asset.viewed").items
    assert (seen.actor_id, seen.facts["start_frame"], seen.facts["end_frame"]) == (viewer.id, 3, 9)


def test_an_annotator_sees_only_footage_of_granted_projects(
    studio: Studio, an_actor: Callable[..., trust.Actor]
) -> None:
    shown, hidden, project = studio.an_asset("shown.mp4"), studio.an_asset("hidden.mp4"), new_id("prj")
    annotator = an_actor(Role.ANNOTATOR, grants={project: Role.ANNOTATOR})
    with studio.database.write() as session:
        trust.place(session, studio.owner, project, [shown])
    with studio.database.read() as session:
        assert [asset.name for asset in assets.list_assets(session, annotator).items] == ["shown.mp4"]
        assert rights.load_rights(session, annotator, shown).asset_id == shown
        with pytest.raises(NotFound):
            assets.load_asset(session, annotator, hidden)


def test_a_clip_keeps_the_true_time_of_its_frames(any_studio: Studio, a_clip: Path) -> None:
    studio = any_studio
    asset_id = studio.bring_in(a_clip)
    studio.do_jobs()
    with studio.database.write() as session:
        index = clips.load_index(session, studio.owner, studio.store, asset_id)
        clip = clips.create_clip(session, studio.owner, asset_id, FrameSpan(10, 30), index)
        assert (clip.start_pts, clip.end_pts) == (index.pts[10], index.end_pts)
        assert [node.id for node in artifacts.ancestors(session, studio.owner, clip.id)][:1] == [asset_id]
    with studio.database.read() as session:
        assert [found.id for found in clips.list_clips(session, studio.owner, asset_id)] == [clip.id]


def test_replacing_shots_leaves_none_of_the_old(any_studio: Studio, a_clip: Path) -> None:
    from muybridge.catalog.detectors import DetectedShot

    studio = any_studio
    asset_id = studio.bring_in(a_clip)
    studio.do_jobs()
    with studio.database.write() as session:
        asset = assets.load_asset(session, studio.owner, asset_id)
        index = clips.load_index(session, studio.owner, studio.store, asset_id)
        whole = [DetectedShot(FrameSpan(0, 30), 1.0)]
        shots.replace_shots(session, studio.owner, asset, whole, index, detector="mine")
    with studio.database.read() as session:
        found = shots.list_shots(session, studio.owner, asset_id).items
    assert [(shot.number, shot.start_frame, shot.end_frame, shot.detector) for shot in found] == [(0, 0, 30, "mine")]
