import tarfile
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from muybridge.cli import backup
from muybridge.cli.local import Local, local_owner
from muybridge.settings import Settings

from .conftest import Ran


def test_a_backup_restores_to_the_same_installation(
    muybridge: Callable[..., Ran], local: Local, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = local.installation.store.put_bytes(b"footage")
    key = muybridge("keys", "create", "robot", "--json").json
    archive = tmp_path / "monday.tar"
    assert muybridge("backup", archive, "--json").json["archive"] == str(archive)

    monkeypatch.setenv("MUYBRIDGE_DATA_DIR", str(tmp_path / "second"))
    assert muybridge("restore", archive, "--json").code == 0
    (listed,) = muybridge("keys", "list", "--json").json["items"]
    assert listed["id"] == key["id"]
    with local_owner() as restored:
        assert restored.installation.store.read(stored.digest) == b"footage"
        assert restored.installation.store.identity.root_pem == local.installation.store.identity.root_pem
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "second" / "keys").iterdir()} == {0o600}


def test_a_backup_holds_the_store_wherever_it_lies_and_restores_to_where_it_lies_now(
    muybridge: Callable[..., Ran], data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere, now = tmp_path / "a disk" / "footage", tmp_path / "another"
    monkeypatch.setenv("MUYBRIDGE_STORE_URL", elsewhere.as_uri())
    with local_owner() as first:
        stored = first.installation.store.put_bytes(b"footage")
    archive = elsewhere / "monday.tar"
    assert muybridge("backup", archive, "--json").json["left_out"] == []
    with tarfile.open(archive) as tar:
        names = [name for name in tar.getnames() if name.startswith("store/")]
    assert names == [f"store/{stored.digest[:2]}/{stored.digest[2:4]}/{stored.digest}"]

    monkeypatch.setenv("MUYBRIDGE_DATA_DIR", str(tmp_path / "second"))
    monkeypatch.setenv("MUYBRIDGE_STORE_URL", now.as_uri())
    assert muybridge("restore", archive, "--json").code == 0
    with local_owner() as restored:
        assert restored.installation.store.root == now
        assert restored.installation.store.read(stored.digest) == b"footage"
    assert not (tmp_path / "second" / "store").exists()


def test_a_backup_says_that_the_bytes_of_a_bucket_are_not_in_it(
    muybridge: Callable[..., Ran], local: Local, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUYBRIDGE_STORE_URL", "s3://bucket/footage")
    assert "s3://bucket/footage is no folder and its bytes were not copied" in muybridge("backup", tmp_path / "1").out
    assert muybridge("backup", tmp_path / "2", "--json").json["left_out"] == ["store"]


def test_no_copied_head_is_later_than_the_copied_database(
    local: Local, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = local.installation.settings.data_dir / "heads" / "ten_1.jsonl"
    head.parent.mkdir(exist_ok=True)
    head.write_text("number 1")

    def copy_while_a_head_is_signed(settings: Settings, target: Path) -> None:
        target.touch()
        head.write_text("number 2")

    monkeypatch.setattr(backup, "_copy_sqlite", copy_while_a_head_is_signed)
    backup.write_archive(local.installation.settings, tmp_path / "monday.tar")
    with tarfile.open(tmp_path / "monday.tar") as tar:
        member = tar.extractfile("heads/ten_1.jsonl")
        assert member is not None
        assert member.read() == b"number 1"


def test_a_backup_never_replaces_an_archive(muybridge: Callable[..., Ran], local: Local, tmp_path: Path) -> None:
    archive = tmp_path / "monday.tar"
    archive.write_bytes(b"precious")
    ran = muybridge("backup", archive)
    assert ran.code == 1
    assert "exists already" in ran.err
    assert archive.read_bytes() == b"precious"


def test_nothing_is_restored_over_a_data_folder_in_use(
    muybridge: Callable[..., Ran], local: Local, tmp_path: Path
) -> None:
    archive = tmp_path / "monday.tar"
    muybridge("backup", archive)
    ran = muybridge("restore", archive)
    assert ran.code == 1
    assert "is not empty" in ran.err


def test_a_file_that_is_no_archive_is_refused(
    muybridge: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "song.tar"
    archive.write_bytes(b"la" * 4096)
    ran = muybridge("restore", archive)
    assert ran.code == 1
    assert "not a whole archive" in ran.err
    assert list(tmp_path.glob(".data*")) == []


def test_no_sweep_removes_anything_while_a_backup_is_taken(local: Local) -> None:
    store = local.installation.store
    stored = store.put_bytes(b"footage")
    (seen,) = store.each()
    removed: list[bool] = []
    sweeping = threading.Thread(
        target=lambda: removed.append(store.remove(stored.digest, touched_by=seen.touched_at + timedelta(hours=1)))
    )
    with store.held_still():
        sweeping.start()
        sweeping.join(0.3)
        assert (removed, store.exists(stored.digest)) == ([], True)
    sweeping.join(10)
    assert (removed, store.exists(stored.digest)) == ([True], False)
