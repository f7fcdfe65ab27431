import os
import signal
import subprocess
import sys
import threading
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muybridge.artifacts.faults import StoreFull, WrongOffset
from muybridge.artifacts.spool import Spool
from muybridge.errors import Invalid
from muybridge.units import new_id


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


@given(content=st.binary(max_size=400), cuts=st.lists(st.integers(0, 400), max_size=6), restarts=st.booleans())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pieces_of_any_size_make_the_whole(tmp_path: Path, content: bytes, cuts: list[int], restarts: bool) -> None:
    import hashlib

    spool, upload_id = Spool(tmp_path / "spool"), new_id("upl")
    edges = [0, *sorted(min(cut, len(content)) for cut in cuts), len(content)]
    for start, end in pairwise(edges):
        if restarts:
            # A new server has seen nothing of what came before.
            spool = Spool(tmp_path / "spool")
        assert spool.append(upload_id, start, content[start:end]) == end
    assert spool.path(upload_id).read_bytes() == content
    assert spool.digest(upload_id) == hashlib.sha256(content).hexdigest()


def test_a_piece_at_the_wrong_place_is_told_the_right_one(spool: Spool) -> None:
    upload_id = new_id("upl")
    spool.append(upload_id, 0, b"abc")
    for offset in (0, 2, 4):
        with pytest.raises(WrongOffset) as refused:
            spool.append(upload_id, offset, b"x")
        assert refused.value.facts == {"offset": 3}
    assert spool.path(upload_id).read_bytes() == b"abc"


def test_of_two_that_send_the_same_piece_one_is_heard(spool: Spool) -> None:
    upload_id, outcomes = new_id("upl"), []

    def send() -> None:
        try:
            outcomes.append(spool.append(upload_id, 0, b"x" * 100_000))
        except WrongOffset as refused:
            outcomes.append(refused.facts["offset"])

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [100_000] * 4
    assert spool.received(upload_id) == 100_000


def test_only_an_upload_has_a_place(spool: Spool) -> None:
    with pytest.raises(Invalid):
        spool.append("../../etc/passwd", 0, b"x")


def test_a_full_disk_keeps_what_fitted_and_the_upload_goes_on(spool: Spool) -> None:
    # A file size limit stands in for a full disk: the same write fails at the same place, with another errno.
    upload_id = new_id("upl")
    code = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from muybridge.artifacts import spool, faults\n"
        "import errno\n"
        "faults.FULL_ERRORS = (errno.EFBIG,)\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try:\n"
        f"    spool.Spool(Path({str(spool.folder)!r})).append({upload_id!r}, 0, b'y' * 5000)\n"
        "except faults.StoreFull as full:\n"
        "    print(full.code)\n"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == StoreFull.code
    assert spool.received(upload_id) == 1000
    assert spool.append(upload_id, 1000, b"y" * 4000) == 5000
    assert spool.path(upload_id).read_bytes() == b"y" * 5000


def test_a_killed_server_keeps_what_arrived(spool: Spool) -> None:
    upload_id = new_id("upl")
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from muybridge.artifacts.spool import Spool\n"
        f"spool = Spool(Path({str(spool.folder)!r}))\n"
        f"spool.append({upload_id!r}, 0, b'z' * 70_000)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -signal.SIGKILL
    assert spool.received(upload_id) == 70_000


def test_stale_uploads_are_found_and_discarded(spool: Spool) -> None:
    old, young = new_id("upl"), new_id("upl")
    spool.append(old, 0, b"x")
    spool.append(young, 0, b"x")
    os.utime(spool.path(old), (0, 0))
    assert spool.stale(3600) == [old]
    spool.discard(old)
    assert (spool.received(old), spool.stale(3600)) == (0, [])
