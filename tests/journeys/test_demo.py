"""The main job, whole: real clips in, signed clips and a report out, whatever happens on the way."""

import os
import re
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from muybridge.artifacts import provenance

from .conftest import COMMAND, Cut, Demo

KEYS = {
    "assets", "refused", "shots", "proposals", "accepted", "tasks", "consensus", "consensus_reason", "dataset_version",
    "run", "generations", "evaluation", "comparisons", "next_round", "report",
}  # fmt: skip


def wait_for(demo: Demo, note: str, process: "subprocess.Popen[str]", timeout_s: float = 240) -> None:
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if list(demo.data_dir.glob("demo/*/ledger.json")) and note in demo.notes:
            return
        assert process.poll() is None, process.stderr.read() if process.stderr else ""
        time.sleep(0.05)
    pytest.fail(f"the demo did not reach {note}")


def rows(demo: Demo, table: str) -> int:
    with sqlite3.connect(demo.data_dir / "muybridge.db") as connection:
        (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(count)


@pytest.mark.faults
@pytest.mark.timeout(900)
def test_a_demo_killed_on_its_way_goes_on_and_makes_nothing_twice(demo: Demo) -> None:
    for note in ("project", "run", "generation/text_to_video/1/quick"):
        process = demo.start()
        wait_for(demo, note, process)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        # The worker is in a session of its own and sees within a second that its parent is gone.
        time.sleep(2.5)
    told = demo.run()
    assert set(told) == KEYS
    assert (len(told["assets"]), told["shots"], told["refused"]) == (2, 4, [])
    assert all(clip["verified"] for clip in told["generations"])
    assert rows(demo, "dataset_versions") == rows(demo, "datasets") == rows(demo, "evaluations") == 1
    assert rows(demo, "generations") == len(told["generations"]) == 12
    assert rows(demo, "comparisons") == told["comparisons"]["num_comparisons"] == 6
    # Every clip that was made is footage too; nothing else came in.
    assert rows(demo, "assets") == 2 + 12
    again = demo.run()
    assert [clip["id"] for clip in again["generations"]] == [clip["id"] for clip in told["generations"]]


@pytest.mark.faults
@pytest.mark.timeout(600)
def test_a_demo_without_a_network_ends_and_connects_to_nothing(cut: Cut) -> None:
    if not cut.is_cut:
        pytest.skip("this machine grants no network namespace (unshare -rn)")
    assert all(clip["verified"] for clip in cut.told["generations"])
    assert [line for line in cut.connections if "127.0.0.1" not in line] == []
    # A picture written out as letters may spell anything.
    report = re.sub(r"data:image/[^\"]*", "", Path(cut.told["report"]).read_text())
    assert "http" not in report.replace("http://www.w3.org", "")


@pytest.mark.faults
@pytest.mark.timeout(600)
def test_a_clip_of_the_demo_is_a_stranger_elsewhere_and_tampered_when_touched(cut: Cut) -> None:
    clip = Path(cut.told["generations"][0]["path"])
    root = (cut.demo.data_dir / "keys" / "root.pem").read_text()
    assert provenance.verify(clip, [root]).state == "trusted"
    assert provenance.verify(clip).state == "stranger"
    content = bytearray(clip.read_bytes())
    content[-200] ^= 1
    touched = clip.with_name("touched.mp4")
    touched.write_bytes(content)
    assert provenance.verify(touched, [root]).state == "tampered"


@pytest.mark.faults
@pytest.mark.timeout(600)
def test_nothing_is_called_agreed_until_a_person_says_so(cut: Cut) -> None:
    told, demo = cut.told, cut.demo
    assert told["consensus"] is None
    assert told["consensus_reason"] != ""
    assert told["accepted"] == 0
    assert told["proposals"]["open"] > 0
    first_line = f"0 of {sum(told['proposals'].values())} proposals were accepted by a person."
    assert first_line in Path(told["report"]).read_text()

    _accept_one(demo)
    after = demo.run(more=("--resume",))
    assert after["accepted"] == 1
    changed = after["dataset_version"]["difference"]
    assert changed["num_annotations_after"] == 1
    assert changed["before"] != changed["after"]
    assert rows(demo, "dataset_versions") == 2


@pytest.mark.slow
@pytest.mark.faults
@pytest.mark.timeout(1800)
def test_a_second_seed_is_a_second_turn_on_the_same_footage_and_labels(demo: Demo) -> None:
    first = demo.run()
    second = demo.run(more=("--seed", "1"))
    assert second["assets"] == first["assets"]
    assert second["dataset_version"] == first["dataset_version"]
    assert second["proposals"] == first["proposals"]
    for made in ("run", "evaluation", "report"):
        assert second[made] != first[made]
    assert not {clip["id"] for clip in first["generations"]} & {clip["id"] for clip in second["generations"]}
    assert {task["task"] for task in first["next_round"]}.isdisjoint(task["task"] for task in second["next_round"])
    assert rows(demo, "runs WHERE name NOT LIKE 'shipped%'") == 2
    assert demo.run() == first


@pytest.mark.slow
@pytest.mark.faults
@pytest.mark.timeout(1800)
def test_rendered_footage_of_two_seeds_is_two_datasets_of_one_installation(tmp_path: Path) -> None:
    rendered = Demo(tmp_path / "data", ())
    first, second = rendered.run(timeout_s=900), rendered.run(more=("--seed", "1"), timeout_s=900)
    assert not set(first["assets"]) & set(second["assets"])
    assert first["consensus"]["quality"] != second["consensus"]["quality"]
    with sqlite3.connect(rendered.data_dir / "muybridge.db") as connection:
        names = connection.execute("SELECT name FROM datasets ORDER BY id").fetchall()
    assert names == [("Demo of the Playground",), ("Demo of the Playground, seed 1",)]


def test_files_that_are_no_footage_are_refused_by_name_and_the_rest_goes_on(demo: Demo, tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    (tmp_path / 'a "letter" 📼.mp4').write_text("dear footage, " * 100)
    command = [*COMMAND, "ingest", str(tmp_path / "empty.mp4"), str(tmp_path / 'a "letter" 📼.mp4')]
    ran = subprocess.run(
        [*command, str(demo.clips[0]), "--json"], env=demo.environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert ran.stdout.count('"is_ready": true') == 1
    assert "empty.mp4 is empty" in ran.stdout
    assert 'a \\"letter\\" 📼.mp4' in ran.stdout
    assert rows(demo, "assets") == 2
    assert rows(demo, "uploads") == 0


def _accept_one(demo: Demo) -> None:
    """As a person in the studio would: take the first proposal as a person."""
    code = (
        "from sqlalchemy import select\n"
        "from muybridge import trust\n"
        "from muybridge.cli.local import local_owner\n"
        "from muybridge.labeling import proposals\n"
        "from muybridge.labeling.tables import Proposal\n"
        "with local_owner() as (installation, owner), installation.database.write() as session:\n"
        "    found = session.scalars(trust.visible(select(Proposal).limit(1), owner)).one()\n"
        "    proposals.decide_proposal(session, owner, found, 'accept', class_name='object')\n"
    )
    subprocess.run([COMMAND[0], "-c", code], env=demo.environment, check=True, capture_output=True, text=True)
