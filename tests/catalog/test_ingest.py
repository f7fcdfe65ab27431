from pathlib import Path

import pytest
from sqlalchemy import select
from tests.fixtures import video

from muybridge import artifacts, jobs, trust
from muybridge.artifacts import Artifact
from muybridge.artifacts.provenance import Claim, sign
from muybridge.catalog import assets, clips, rights, shots, viewing
from muybridge.catalog.jobs import _filename
from muybridge.jobs import Job, JobState
from muybridge.trust import Event

from .conftest import Studio


def events_of(studio: Studio, subject_id: str) -> list[str]:
    with studio.database.read() as session:
        rows = select(Event.name).where(Event.subject_id == subject_id).order_by(Event.id)
        return list(session.scalars(trust.visible(rows, studio.owner)))


def job_of(studio: Studio, asset_id: str) -> Job:
    with studio.database.read() as session:
        return session.scalars(trust.visible(select(Job), studio.owner).where(Job.subject_id == asset_id)).one()


def test_a_clip_that_plays_as_it_is_gets_facts_pictures_and_shots(any_studio: Studio, a_clip: Path) -> None:
    studio = any_studio
    asset_id = studio.bring_in(a_clip)
    assert (studio.asset(asset_id).is_ready, studio.asset(asset_id).num_frames) == (False, None)
    studio.do_jobs()
    asset = studio.asset(asset_id)
    assert (asset.is_ready, asset.failure, asset.name) == (True, None, "two shots.mp4")
    assert (asset.num_frames, asset.fps, asset.codec, asset.has_audio) == (30, 25.0, "h264", False)
    assert (asset.display_width, asset.display_height, asset.rotation) == (160, 96, 0)
    assert asset.proxy_artifact_id is None
    with studio.database.read() as session:
        found = shots.list_shots(session, studio.owner, asset_id).items
        index = clips.load_index(session, studio.owner, studio.store, asset_id)
    assert [(shot.number, shot.start_frame, shot.end_frame, shot.detector) for shot in found] == [
        (0, 0, 15, "histogram"),
        (1, 15, 30, "histogram"),
    ]
    assert found[1].start_pts == index.pts[15]
    assert found[1].end_pts == index.end_pts == asset.end_pts
    assert events_of(studio, asset_id) == ["asset.created", "asset.ready"]
    assert job_of(studio, asset_id).state == JobState.SUCCEEDED


def test_a_file_that_no_browser_steps_through_gets_a_proxy_with_the_same_frames(studio: Studio, a_webm: Path) -> None:
    asset_id = studio.bring_in(a_webm, name="ten.webm")
    studio.do_jobs()
    from muybridge import media

    with studio.database.read() as session:
        held = assets.load_artifacts(session, studio.owner, studio.asset(asset_id))
    assert {what: artifact.media_type for what, artifact in held.items()} == {
        "source": "video/webm",
        "proxy": "video/mp4",
        "poster": "image/jpeg",
        "filmstrip": "image/jpeg",
        "index": "application/vnd.muybridge.frame-index",
    }
    proxy = media.describe(studio.store.path_of(held["proxy"].digest, studio.folder))
    assert (proxy.facts.codec, proxy.facts.num_frames) == ("h264", 10)
    assert held["filmstrip"].facts["frames"] == list(range(10))


def test_everything_of_an_asset_descends_from_its_source(studio: Studio, a_webm: Path) -> None:
    asset_id = studio.bring_in(a_webm)
    studio.do_jobs()
    with studio.database.read() as session:
        source = studio.asset(asset_id).source_artifact_id
        found = artifacts.descendants(session, studio.owner, source)
    assert [(node.noun, node.facts.get("kind"), node.depth) for node in found] == [
        ("asset", None, 1),
        ("artifact", "index", 2),
        ("artifact", "proxy", 2),
        ("artifact", "poster", 2),
        ("artifact", "filmstrip", 2),
    ]


def test_a_batch_goes_on_past_files_that_are_no_footage(studio: Studio, a_clip: Path, tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("this is not a film")
    bad = studio.bring_in(tmp_path / "text.mp4", name='a/b "text" 🐎.mp4')
    silent = studio.bring_in(video.make_sound(tmp_path / "sound.mp4"), name="sound.mp4")
    good = studio.bring_in(a_clip)
    studio.do_jobs()
    assert [studio.asset(asset_id).is_ready for asset_id in (bad, silent, good)] == [False, False, True]
    failure = studio.asset(bad).failure
    assert failure is not None
    assert failure["code"] == "media.not_media"
    assert 'a∕b "text" 🐎.mp4' in failure["detail"]
    silence = studio.asset(silent).failure
    assert silence is not None
    assert (silence["code"], "sound.mp4" in silence["detail"]) == ("media.no_video", True)
    assert (job_of(studio, bad).state, job_of(studio, bad).attempts) == (JobState.FAILED, 1)
    assert events_of(studio, bad) == ["asset.created", "asset.failed"]


def test_a_refused_file_leaves_no_artifact_but_its_source_and_goes_whole(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("this is not a film")
    asset_id = studio.bring_in(tmp_path / "text.mp4")
    studio.do_jobs()
    with studio.database.write() as session:
        assert list(session.scalars(trust.visible(select(Artifact.kind), studio.owner))) == ["source"]
        assets.delete_asset(session, studio.owner, asset_id)
    with studio.database.read() as session:
        assert list(session.scalars(trust.visible(select(Artifact.kind), studio.owner))) == []


def test_a_full_store_is_tried_again_and_the_upload_is_not_lost(
    studio: Studio, a_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset_id = studio.bring_in(a_clip)
    whole, calls = artifacts.Store.put_bytes, []

    def full_once(store: artifacts.Store, content: bytes) -> artifacts.Stored:
        calls.append(1)
        if len(calls) == 1:
            from muybridge.artifacts.faults import store_full

            raise store_full(store.place)
        return whole(store, content)

    monkeypatch.setattr(artifacts.Store, "put_bytes", full_once)
    studio.do_jobs()
    assert studio.asset(asset_id).is_ready
    assert (job_of(studio, asset_id).state, job_of(studio, asset_id).attempts) == (JobState.SUCCEEDED, 2)


def test_a_cancelled_ingest_says_so_on_the_asset(studio: Studio, a_clip: Path) -> None:
    asset_id = studio.bring_in(a_clip)
    with studio.database.write() as session:
        jobs.cancel(session, studio.owner, job_of(studio, asset_id).id)
    assert studio.asset(asset_id).failure == {
        "code": "catalog.ingest_cancelled",
        "detail": "Its ingest was cancelled.",
        "remedy": "",
    }


def test_footage_that_says_a_model_made_it_is_synthetic(studio: Studio, a_clip: Path, tmp_path: Path) -> None:
    claim = Claim("made", "ours", "nano", "ab" * 32, "cd" * 32, 7, "ef" * 32, "mbr_01k9")
    made = sign(a_clip, tmp_path / "made.mp4", claim, studio.store.identity).path
    filmed_id, made_id = studio.bring_in(a_clip), studio.bring_in(made)
    studio.do_jobs()
    with studio.database.read() as session:
        assert rights.synthetic_among(session, studio.owner, [filmed_id, made_id]) == {made_id}
    credential = studio.asset(made_id).facts["credential"]
    assert (credential["state"], credential["claim"]["model"]) == ("trusted", "nano")
    assert studio.asset(filmed_id).facts["credential"]["state"] == "unsigned"


def test_what_a_model_made_here_is_adopted_as_synthetic_footage_and_may_only_be_labelled(
    studio: Studio, a_clip: Path
) -> None:
    stored = studio.store.put_file(a_clip)
    with studio.database.write() as session:
        artifact = artifacts.put(
            session, studio.owner, stored, kind="generation", media_type="video/mp4", filename="made.mp4"
        )
        asset_id = assets.adopt(session, studio.owner, artifact, name="made.mp4").id
    studio.do_jobs()
    assert studio.asset(asset_id).is_ready
    with studio.database.write() as session:
        assert rights.synthetic_among(session, studio.owner, [asset_id]) == {asset_id}
        assert [refusal.reason for refusal in rights.forbidden(session, studio.owner, [asset_id], "train")] != []
        assets.delete_asset(session, studio.owner, asset_id)
        assert artifacts.load(session, studio.owner, artifact.id).kind == "generation"


def test_asking_for_a_detector_that_is_not_there_names_those_that_are(studio: Studio, a_clip: Path) -> None:
    asset_id = studio.bring_in(a_clip, detector="guess")
    studio.do_jobs()
    failure = studio.asset(asset_id).failure
    assert failure is not None
    assert (failure["code"], "histogram" in failure["remedy"]) == ("plugins.unknown", True)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("horse.mp4", "horse.mp4"),
        ("a/b/../c.mp4", "a∕b∕..∕c.mp4"),
        ("../../etc/passwd", "∕..∕etc∕passwd"),
        ("..", "file"),
        ("🐎" * 200 + ".mp4", "🐎" * 49 + ".mp4"),
    ],
)
def test_any_name_becomes_one_path_component(name: str, expected: str) -> None:
    assert _filename(name) == expected
    assert len(_filename(name).encode()) <= 200


ODD = {
    "annex-b.mp4": 6,
    "corrupted.mp4": 28,
    "cursed-vfr.mp4": 63,
    "edts.mp4": 225,
    "h264-packed.avi": 901,
    "minimal.mp4": 1,
    "no_timescale.mp4": 8,
    "sar_2x1.mp4": 150,
    "truncated-rabbit.webm": 124,
    "unordered.mov": 4,
    "video_270.mov": 3,
    "video_90.mov": 3,
}
REFUSED = {"empty.mp4": "catalog.empty_upload", "multiple-aac-tracks.mp4": "media.no_video"}


@pytest.mark.slow
def test_every_odd_real_file_is_handled_right_or_refused_by_name(studio: Studio, media_dir: Path) -> None:
    folder = media_dir / "odd"
    assert {path.name for path in folder.iterdir()} == {*ODD, *REFUSED}
    brought = {path.name: studio.bring_in(path) for path in folder.iterdir() if path.stat().st_size}
    studio.do_jobs()
    held = {name: studio.asset(asset_id) for name, asset_id in brought.items()}
    assert {name: asset.num_frames for name, asset in held.items() if asset.is_ready} == ODD
    refused = {name: asset.failure for name, asset in held.items() if not asset.is_ready}
    assert {name: failure and failure["code"] for name, failure in refused.items()} == {
        "multiple-aac-tracks.mp4": "media.no_video"
    }
    with studio.database.write() as session:
        for name, asset in held.items():
            if asset.is_ready:
                assert viewing.stream(session, studio.owner, studio.store, asset.id).poster_url, name
