"""A disk that is really full: a small tmpfs in a mount namespace of its own, holding a whole installation."""

import json
import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import skip_or_fail
from tests.fixtures import video

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]
SCRIPT = Path(__file__).with_name("small_disk.py")
DISK_MIB = 160
PADDING_BYTES = 24 << 20
MOUNTED = 'mount -t tmpfs -o size="$1"m tmpfs "$2" && shift && exec "$2" "$3" "$1" "$4"'
STORE_FULL = "Free some space, then try again; uploads go on where they stopped."


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What happened on the small disk; see small_disk.py."""
    folder = tmp_path_factory.mktemp("disk")
    (folder / "disk").mkdir()
    own = ["unshare", "--user", "--map-root-user", "--mount"]
    tried = subprocess.run([*own, "mount", "-t", "tmpfs", "tmpfs", folder / "disk"], check=False, capture_output=True)
    if tried.returncode:
        skip_or_fail(f"this machine grants no mount namespace with a tmpfs: {tried.stderr.decode().strip()}")
    # MPEG-4 part 2 needs a proxy; a `free` box makes the file as large as one likes.
    clip = video.make_clip(folder / "horse.mp4", num_frames=30, size=(160, 96), codec="mpeg4")
    with clip.open("ab") as file:
        file.write(struct.pack(">I4s", PADDING_BYTES, b"free") + bytes(PADDING_BYTES - 8))
    done = subprocess.run(
        [*own, "sh", "-c", MOUNTED, "sh", str(DISK_MIB), folder / "disk", sys.executable, SCRIPT, clip],
        check=False,
        capture_output=True,
        env={**os.environ, "TMPDIR": str(folder)},
    )
    assert done.returncode == 0, done.stderr.decode()[-4000:]
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_an_upload_that_meets_a_full_disk_says_so_and_goes_on_where_it_stopped(seen: dict[str, Any]) -> None:
    upload = seen["upload"]
    assert upload["first"] == 200
    assert upload["second"] == [503, "artifacts.store_full", STORE_FULL]
    assert 8 << 20 < upload["kept"] < 16 << 20, "what fitted of the second piece is kept"
    assert upload["refused"] == [503, "db.storage_full", "Free some space and try again."]
    assert (upload["completed"], upload["asset"]) == (202, "horse.mp4")


def test_an_ingest_that_meets_a_full_disk_says_so_and_ends_well_when_there_is_room(seen: dict[str, Any]) -> None:
    ingest = seen["ingest"]
    assert ingest["met"] == [True, "queued", "artifacts.store_full", STORE_FULL]
    assert ingest["ended"] == [True, "succeeded"]
    assert "retried" in ingest["story"]
    assert ingest["asset"] == [True, None, 30]
    assert (ingest["unnamed"], ingest["left"]) == ([], [])


def test_an_ingest_without_a_byte_to_say_so_is_done_again_and_leaves_nothing_behind(seen: dict[str, Any]) -> None:
    ingest = seen["ingest without a byte"]
    assert ingest["ended"] == [True, "succeeded"]
    assert ingest["asset"] == [True, None, 30]
    assert (ingest["unnamed"], ingest["left"]) == ([], [])


def test_a_database_without_a_byte_to_spare_refuses_changes_and_still_answers(seen: dict[str, Any]) -> None:
    database = seen["database"]
    assert database["refused"] == [503, "db.storage_full", "Free some space and try again."]
    assert (database["read"], database["again"], database["is_whole"]) == (200, 201, True)
