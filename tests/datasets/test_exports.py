import configparser
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from labelled import Studio, a_box_track, a_clip
from sqlalchemy.orm import Session

from muybridge import artifacts, jobs, trust
from muybridge.catalog import rights
from muybridge.catalog.rights import AssetForbidden
from muybridge.datasets import datasets, exports, manifest, versions
from muybridge.datasets.formats import EXPORTERS, ExportSource
from muybridge.datasets.manifest import ManifestRow
from muybridge.datasets.tables import DatasetVersion
from muybridge.jobs.executors.inline import InlineExecutor
from muybridge.plugins import UnknownPlugin
from muybridge.trust import Event

from .test_manifest import a_row

A_MASK_TRACK = {
    "shape": "mask_track", "class_name": "person", "attributes": {},
    "keyframes": [
        # Column by column: the second has its lower two pixels, the third its middle one.
        {"frame": 7, "pts": 3584, "mask": {"size": [3, 4], "counts": [4, 2, 1, 1, 4]}},
        {"frame": 9, "pts": 4608, "mask": {"size": [3, 4], "counts": [12]}},
    ],
}  # fmt: skip


@pytest.fixture
def version(studio: Studio) -> DatasetVersion:
    """One asset of 40 frames on which a person drew a car."""
    asset = studio.an_asset("cat.mp4", num_frames=40)
    project = studio.a_project()
    studio.ask(project, [a_clip(asset, 0, 40)])
    studio.answer(project, studio.a_person("ann"), [a_box_track(frames=[10, 30])])
    studio.work()
    with studio.database.write() as session:
        dataset = datasets.create_dataset(session, studio.actor, "street", {})
        return versions.freeze_version(session, studio.actor, dataset, store=studio.store)


@pytest.mark.parametrize("format", ["jsonl", "coco", "mot"])
def test_the_same_version_gives_the_same_bytes_tomorrow(studio: Studio, version: DatasetVersion, format: str) -> None:
    first, second = (_export(studio, version, format) for _ in range(2))
    assert first.digest == second.digest
    assert first.facts == {"format": format, "version_id": version.id}


def test_every_exporter_says_what_it_writes() -> None:
    assert EXPORTERS.names() == ["coco", "jsonl", "mot"]
    for name in EXPORTERS.names():
        exporter = EXPORTERS.get(name)
        assert exporter.name == name
        assert "/" in exporter.media_type
        assert exporter.suffix.startswith(".")


def test_jsonl_loses_nothing(studio: Studio, version: DatasetVersion) -> None:
    header, line = [json.loads(line) for line in _text(studio, _export(studio, version, "jsonl")).splitlines()]
    assert header == {
        "format": "muybridge.dataset/1", "title": "street v1", "manifest_sha256": version.digest,
        "purpose": "train", "split_rule": "by_shot_with_gap",
    }  # fmt: skip
    assert line["annotations"][0]["keyframes"] == a_box_track(frames=[10, 30])["keyframes"]
    assert (line["asset_name"], line["licence"], line["split"]) == ("cat.mp4", "CC0", "train")


def test_coco_has_a_box_on_every_frame_with_its_true_pts(studio: Studio, version: DatasetVersion) -> None:
    found = json.loads(_text(studio, _export(studio, version, "coco")))
    assert [category["name"] for category in found["categories"]] == ["car"]
    assert [(image["frame"], image["pts"]) for image in found["images"]] == [(f, f * 512) for f in range(10, 31)]
    middle = next(each for each in found["annotations"] if each["image_id"] == 11)
    assert middle == {
        "id": 11, "image_id": 11, "video_id": 1, "track_id": 1, "category_id": 1, "bbox": [50.0, 30.0, 40.0, 30.0],
        "area": 1200.0, "iscrowd": 0, "is_keyframe": False, "is_occluded": False,
    }  # fmt: skip
    assert [each["is_keyframe"] for each in found["annotations"]].count(True) == 2
    ids = {image["id"] for image in found["images"]}
    assert {each["image_id"] for each in found["annotations"]} == ids


def test_mot_is_a_sequence_a_clip(studio: Studio, version: DatasetVersion, tmp_path: Path) -> None:
    path = studio.store.fetch(_export(studio, version, "mot").digest, tmp_path / "mot.zip")
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        gt = archive.read(next(name for name in names if name.endswith("gt.txt"))).decode().splitlines()
        info = configparser.ConfigParser()
        info.read_string(archive.read(next(name for name in names if name.endswith("seqinfo.ini"))).decode())
        assert archive.read("classes.txt") == b"car\n"
    assert gt[0] == "11,1,31,26,40,30,1,1,1"
    assert len(gt) == 21
    assert (info["Sequence"]["framerate"], info["Sequence"]["seqlength"]) == ("25", "40")


def test_every_clip_is_a_mot_sequence_of_its_own(tmp_path: Path) -> None:
    shorter, twin = a_row(end_frame=40), a_row(asset_id="ast_2")
    names = _mot_files(tmp_path, [a_row(), shorter, twin])
    assert len([name for name in names if name.endswith("gt.txt")]) == 3


def test_mot_counts_pixels_from_one_and_keeps_every_digit_that_a_box_has(tmp_path: Path) -> None:
    track = a_box_track(frames=[0], start=(1918.125, 0.0), size=(1024.062, 30.5))
    files = _mot_files(tmp_path, [a_row(annotations=(track,))])
    (gt,) = (text for name, text in files.items() if name.endswith("gt.txt"))
    assert gt == "1,1,1919.125,1,1024.062,30.5,1,1,1\n"


def test_mot_names_the_classes_of_its_boxes_only(tmp_path: Path) -> None:
    row = a_row(annotations=(a_box_track("car"), A_MASK_TRACK))
    assert _mot_files(tmp_path, [row])["classes.txt"] == "car\n"


def test_coco_has_a_mask_on_every_keyframe_of_its_track(tmp_path: Path) -> None:
    row = a_row(annotations=(A_MASK_TRACK, a_box_track(frames=[7, 8])))
    found = json.loads(_written(tmp_path, "coco", [row, a_row(annotations=(A_MASK_TRACK,), start_frame=1)]).read_text())
    assert [category["name"] for category in found["categories"]] == ["car", "person"]
    assert [(track["id"], track["category_id"]) for track in found["tracks"]] == [(1, 1), (2, 2), (3, 2)]
    masks = [each for each in found["annotations"] if "segmentation" in each]
    frames = {image["id"]: (image["video_id"], image["frame"]) for image in found["images"]}
    assert [frames[each["image_id"]] for each in masks] == [(1, 7), (1, 9), (2, 7), (2, 9)]
    assert masks[0] == {
        "id": 3, "image_id": 1, "video_id": 1, "track_id": 2, "category_id": 2, "iscrowd": 0, "is_keyframe": True,
        "segmentation": {"size": [3, 4], "counts": [4, 2, 1, 1, 4]}, "bbox": [1, 1, 2, 2], "area": 3,
    }  # fmt: skip
    assert (masks[1]["bbox"], masks[1]["area"]) == ([0, 0, 0, 0], 0)


def test_an_export_is_an_event_and_came_from_the_version(studio: Studio, version: DatasetVersion) -> None:
    artifact = _export(studio, version, "jsonl")
    by_name = {event.name: event for event in studio.rows(Event)}
    assert by_name["version.exported"].subject_id == version.id
    assert by_name["asset.exported"].facts["asset_ids"] == [version.rights_proof["assets"][0]["asset_id"]]
    with studio.database.read() as session:
        came_from = {node.id for node in artifacts.ancestors(session, studio.actor, artifact.id)}
    assert version.id in came_from


def test_an_unknown_format_is_refused_with_the_known_ones(studio: Studio, version: DatasetVersion) -> None:
    with studio.database.write() as session, pytest.raises(UnknownPlugin, match="Known: coco, jsonl, mot"):
        exports.request_export(session, studio.actor, version, "yolo9")


def test_revoked_footage_is_not_exported(studio: Studio, version: DatasetVersion) -> None:
    with studio.database.write() as session:
        _revoke(session, studio, version)
    with studio.database.write() as session, pytest.raises(AssetForbidden):
        exports.request_export(session, studio.actor, version, "coco")


def test_footage_revoked_while_its_export_waits_is_not_read(studio: Studio, version: DatasetVersion) -> None:
    with studio.database.write() as session:
        job = exports.request_export(session, studio.actor, version, "coco")
        _revoke(session, studio, version)
    _is_refused(studio, job)


def test_footage_revoked_while_its_export_is_written_does_not_leave(
    studio: Studio, version: DatasetVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keep_and_revoke(written: Path) -> artifacts.Stored:
        with studio.database.write() as session:
            _revoke(session, studio, version)
        return studio.store.put_bytes(written.read_bytes())

    monkeypatch.setattr(studio.store, "put_file", keep_and_revoke)
    with studio.database.write() as session:
        job = exports.request_export(session, studio.actor, version, "coco")
    _is_refused(studio, job)


def _revoke(session: Session, studio: Studio, version: DatasetVersion) -> None:
    rights.revoke(session, studio.actor, version.rights_proof["assets"][0]["asset_id"], "withdrawn")


def _is_refused(studio: Studio, job: jobs.Job) -> None:
    worker = jobs.Worker(studio.database, studio.store, workdir=studio.folder / "work", executor=InlineExecutor())
    worker.run_until_idle()
    with studio.database.read() as session:
        ended = trust.load(session, studio.actor, jobs.Job, job.id)
    assert (ended.state, ended.attempts) == (jobs.JobState.FAILED, 1)
    assert ended.failure is not None
    assert ended.failure["code"] == AssetForbidden.code
    assert "cat.mp4" in ended.failure["detail"]
    assert "withdrawn" in ended.failure["detail"]
    assert [each for each in studio.rows(artifacts.Artifact) if each.kind == "export"] == []
    assert [event for event in studio.rows(Event) if event.name in ("version.exported", "asset.exported")] == []


def _written(folder: Path, format: str, rows: list[ManifestRow]) -> Path:
    (folder / "manifest.parquet").write_bytes(manifest.write_manifest(rows, {}))
    source = ExportSource(folder / "manifest.parquet", "street v1", "ab" * 32, {"ast_1": range(0, 51_200, 512)})
    EXPORTERS.get(format).write(source, folder / "written")
    return folder / "written"


def _mot_files(folder: Path, rows: list[ManifestRow]) -> dict[str, str]:
    with zipfile.ZipFile(_written(folder, "mot", rows)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def _export(studio: Studio, version: DatasetVersion, format: str) -> Any:
    with studio.database.write() as session:
        job = exports.request_export(session, studio.actor, version, format)
    studio.work()
    with studio.database.read() as session:
        done = session.get(jobs.JobStep, (job.id, "write"))
        assert done is not None
        return session.get(artifacts.Artifact, done.result["artifact_id"])


def _text(studio: Studio, artifact: Any) -> str:
    return studio.store.read(artifact.digest).decode()
