import hashlib
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from muybridge import jobs, trust
from muybridge.artifacts import Store
from muybridge.artifacts.faults import StoreFull, WrongOffset
from muybridge.catalog import assets, rights, shots, uploads, viewing
from muybridge.catalog.tables import Asset, Upload
from muybridge.errors import NotFound
from muybridge.trust import Event, Quota

from .conftest import Studio

CONTENT = b"a horse in motion " * 100


def an_upload(studio: Studio, **options: Any) -> Upload:
    known = {"name": "horse.mp4", "size_bytes": len(CONTENT), "max_bytes": 10**9, **options}
    with studio.database.write() as session:
        return uploads.open_upload(session, studio.owner, **known)


def storage_of(studio: Studio) -> tuple[int, int]:
    """Bytes reserved and used."""
    with studio.database.read() as session:
        quotas = trust.visible(select(Quota).where(Quota.resource == "storage_bytes"), studio.owner)
        row = session.scalars(quotas).one()
        return row.reserved, row.used


def finish(studio: Studio, upload: Upload) -> Asset:
    return uploads.finish(studio.database, studio.store, studio.owner, upload.id)


def test_a_file_in_pieces_becomes_an_asset(any_studio: Studio) -> None:
    studio = any_studio
    upload = an_upload(studio, sha256=hashlib.sha256(CONTENT).hexdigest())
    assert storage_of(studio) == (len(CONTENT), 0)
    assert uploads.receive(studio.store, upload, 0, CONTENT[:700]) == 700
    assert uploads.receive(studio.store, upload, 700, CONTENT[700:]) == len(CONTENT)
    asset = finish(studio, upload)
    assert (asset.name, asset.is_ready, asset.media_type) == ("horse.mp4", False, "video/mp4")
    with studio.database.read() as session:
        digest = assets.load_artifacts(session, studio.owner, asset)["source"].digest
        assert uploads.load_upload(session, studio.owner, upload.id).state == "completed"
    assert studio.store.read(digest) == CONTENT
    assert storage_of(studio) == (0, len(CONTENT))
    assert studio.store.spool.received(upload.id) == 0


def test_a_creator_sees_its_own_upload_without_a_grant_and_those_who_were_granted_nothing_do_not(
    any_studio: Studio, a_clip: Path
) -> None:
    studio, tenant_id = any_studio, any_studio.owner.tenant_id
    creator = trust.Actor("mbr_creator", tenant_id, trust.Role.CREATOR)
    content = a_clip.read_bytes()
    with studio.database.write() as session:
        upload = uploads.open_upload(session, creator, name="mine.mp4", size_bytes=len(content), max_bytes=10**9)
    uploads.receive(studio.store, upload, 0, content)
    asset = uploads.finish(studio.database, studio.store, creator, upload.id)
    studio.do_jobs()
    with studio.database.write() as session:
        assert [seen.id for seen in assets.list_assets(session, creator).items] == [asset.id]
        assert len(shots.list_shots(session, creator, asset.id).items) == 2
        assert viewing.stream(session, creator, studio.store, asset.id).source_url
        assert jobs.load_job(session, creator, asset.job_id or "").state == jobs.JobState.SUCCEEDED
    trust.seal(studio.database)
    with studio.database.read() as session:
        told = session.scalars(trust.visible(select(Event.name).where(Event.subject_id == asset.id), creator)).all()
        assert {"asset.created", "asset.ready", "asset.streamed"} <= set(told)
    others = [trust.Actor("mbr_other", tenant_id, role) for role in (trust.Role.ANNOTATOR, trust.Role.REVIEWER)]
    for other in (*others, replace(creator, tenant_id=studio.stranger.tenant_id)):
        with studio.database.read() as session:
            assert assets.list_assets(session, other).items == []
            for look in (assets.load_asset, shots.list_shots):
                with pytest.raises(NotFound):
                    look(session, other, asset.id)


def test_completing_twice_is_one_asset(studio: Studio) -> None:
    upload = an_upload(studio)
    uploads.receive(studio.store, upload, 0, CONTENT)
    assert finish(studio, upload).id == finish(studio, upload).id
    with studio.database.read() as session:
        assert len(list(session.scalars(trust.visible(select(Asset.id), studio.owner)))) == 1


def test_an_upload_that_is_cut_goes_on_where_it_stopped(studio: Studio) -> None:
    upload = an_upload(studio)
    uploads.receive(studio.store, upload, 0, CONTENT[:1000])
    with pytest.raises(uploads.UploadIncomplete) as refused:
        finish(studio, upload)
    assert refused.value.facts == {"offset": 1000}
    with pytest.raises(WrongOffset) as misplaced:
        uploads.receive(studio.store, upload, 0, CONTENT[:1000])
    uploads.receive(studio.store, upload, misplaced.value.facts["offset"], CONTENT[1000:])
    assert finish(studio, upload).name == "horse.mp4"


def test_an_upload_goes_on_after_the_server_was_killed(studio: Studio) -> None:
    upload = an_upload(studio)
    data_dir = studio.store.spool.folder.parent
    code = (
        "import os, signal\n"
        "from pathlib import Path\n"
        "from muybridge import artifacts\n"
        f"store = artifacts.open_store({(studio.folder / 'store').as_uri()!r}, data_dir=Path({str(data_dir)!r}))\n"
        f"store.spool.append({upload.id!r}, 0, (b'a horse in motion ' * 100)[:1234])\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -signal.SIGKILL
    assert studio.store.spool.received(upload.id) == 1234
    uploads.receive(studio.store, upload, 1234, CONTENT[1234:])
    asset = finish(studio, upload)
    with studio.database.read() as session:
        digest = assets.load_artifacts(session, studio.owner, asset)["source"].digest
    assert digest == hashlib.sha256(CONTENT).hexdigest()


def test_killed_between_storing_and_the_row_an_upload_is_completed_by_the_next_try(studio: Studio) -> None:
    upload = an_upload(studio)
    uploads.receive(studio.store, upload, 0, CONTENT)
    uploads.seal(studio.store, upload)
    assert finish(studio, upload).name == "horse.mp4"


def test_bytes_that_are_not_what_the_sender_says_fail_the_upload(studio: Studio) -> None:
    upload = an_upload(studio, sha256="0" * 64)
    uploads.receive(studio.store, upload, 0, CONTENT)
    with pytest.raises(uploads.DigestMismatch, match=r"horse\.mp4"):
        finish(studio, upload)
    assert (storage_of(studio), studio.store.spool.received(upload.id)) == ((0, 0), 0)
    with studio.database.read() as session, pytest.raises(uploads.UploadClosed):
        uploads.load_open(session, studio.owner, upload.id)


def test_bytes_beyond_the_announced_size_are_refused(studio: Studio) -> None:
    upload = an_upload(studio)
    with pytest.raises(uploads.BeyondEnd):
        uploads.receive(studio.store, upload, 0, CONTENT + b"!")


@pytest.mark.parametrize(
    "name", ["a/b/c.mp4", 'say "cheese".mov', "🐎 läuft.webm", "../../etc/passwd", "-rf *.mp4", "x" * 512]
)
def test_any_name_is_kept_for_people(studio: Studio, name: str) -> None:
    assert an_upload(studio, name=name).name == name


@pytest.mark.parametrize("name", ["", "   ", "a\x00b.mp4", "a\nb", "\ud800.mp4", "x" * 513])
def test_what_is_no_name_is_refused(studio: Studio, name: str) -> None:
    with pytest.raises(assets.BadName):
        an_upload(studio, name=name)


def test_an_empty_file_is_refused_by_name(studio: Studio) -> None:
    with pytest.raises(uploads.EmptyUpload, match=r"nothing\.mp4 is empty"):
        an_upload(studio, name="nothing.mp4", size_bytes=0)
    assert storage_of(studio) == (0, 0)


def test_a_file_larger_than_allowed_is_refused_before_a_byte_is_sent(studio: Studio) -> None:
    with pytest.raises(uploads.UploadTooLarge, match="1,800 bytes; 1,000"):
        an_upload(studio, max_bytes=1000)


def test_two_uploads_cannot_share_the_last_of_a_quota(studio: Studio) -> None:
    with studio.database.write() as session:
        trust.quotas.set_limit(session, studio.owner, "storage_bytes", 3000)
    first = an_upload(studio)
    with pytest.raises(trust.quotas.QuotaExceeded):
        an_upload(studio)
    with studio.database.write() as session:
        uploads.fail_upload(session, studio.owner, first.id, {"code": "x", "detail": "given up"})
    assert an_upload(studio).state == "open"


def test_another_tenants_upload_is_not_there(studio: Studio) -> None:
    upload = an_upload(studio)
    with studio.database.write() as session:
        with pytest.raises(NotFound):
            uploads.load_upload(session, studio.stranger, upload.id)
        with pytest.raises(NotFound):
            uploads.fail_upload(session, studio.stranger, upload.id, {})
    with pytest.raises(NotFound):
        uploads.finish(studio.database, studio.store, studio.stranger, upload.id)


def test_rights_declared_with_an_upload_are_the_assets(studio: Studio) -> None:
    declaration = rights.Declaration(source="our own camera", owner="Us", allowed_uses=("label", "train"))
    upload = an_upload(studio, declaration=declaration)
    uploads.receive(studio.store, upload, 0, CONTENT)
    asset = finish(studio, upload)
    with studio.database.read() as session:
        row = rights.load_rights(session, studio.owner, asset.id)
        assert (row.source, row.owner, row.allowed_uses, row.declared_by) == (
            "our own camera",
            "Us",
            ["label", "train"],
            studio.owner.id,
        )


def test_a_full_disk_fails_neither_the_upload_nor_what_arrived(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = an_upload(studio)
    uploads.receive(studio.store, upload, 0, CONTENT)
    with monkeypatch.context() as full:
        full.setattr(Store, "put_upload", lambda *_: (_ for _ in ()).throw(StoreFull("full")))
        with pytest.raises(StoreFull):
            finish(studio, upload)
    assert finish(studio, upload).name == "horse.mp4"


def test_uploads_that_nobody_goes_on_with_are_given_up(studio: Studio) -> None:
    upload = an_upload(studio)
    uploads.receive(studio.store, upload, 0, CONTENT[:10])
    assert uploads.discard_stale(studio.database, studio.store, older_than_s=3600) == 0
    assert uploads.discard_stale(studio.database, studio.store, older_than_s=-1) == 1
    assert (storage_of(studio), studio.store.spool.received(upload.id)) == ((0, 0), 0)


def test_a_file_of_this_machine_brought_in_twice_with_one_key_is_one_asset(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "horse.mp4"
    path.write_bytes(CONTENT)
    first, again = (studio.bring_in(path, key="demo:horse") for _ in range(2))
    assert first == again
    assert studio.bring_in(path) != first


@pytest.mark.parametrize(
    ("name", "declared", "expected"),
    [
        ("a.mp4", "", "video/mp4"),
        ("a.mov", "", "video/quicktime"),
        ("a.mkv", "video/x-matroska", "video/x-matroska"),
        ("a.html", "", "application/octet-stream"),
        ("a.mp4", "text/html", "video/mp4"),
        ("a.svg", "image/svg+xml", "application/octet-stream"),
        ("a", "", "application/octet-stream"),
    ],
)
def test_a_file_is_never_called_a_page(name: str, declared: str, expected: str) -> None:
    assert uploads.media_type_of(name, declared) == expected
