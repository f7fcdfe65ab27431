import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import childwork
import numpy as np
import pytest

from muybridge.errors import Invalid
from muybridge.jobs import ChildDied, ChildFailed, JobCancelled
from muybridge.jobs.executors import Executor
from muybridge.jobs.executors.inline import InlineExecutor
from muybridge.jobs.executors.local import LocalExecutor


def carry_on() -> None:
    """A check that never stops anything."""


@pytest.fixture(scope="module")
def local() -> Iterator[LocalExecutor]:
    executor = LocalExecutor()
    yield executor
    executor.close()


@pytest.fixture(params=["local", "inline"])
def executor(request: pytest.FixtureRequest) -> Executor:
    """What every executor must keep to; a new one joins by a name here."""
    return InlineExecutor() if request.param == "inline" else request.getfixturevalue("local")


def run(executor: Executor, function: Callable[..., Any], *args: Any) -> list[Any]:
    return list(executor.run(function, args, check=carry_on))


def is_alive(process_id: int) -> bool:
    try:
        stat = Path(f"/proc/{process_id}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] not in ("Z", "X")


def wait_until_dead(process_id: int, seconds: float = 60.0) -> bool:
    deadline = time.monotonic() + seconds
    while is_alive(process_id) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_alive(process_id)


def test_a_generator_streams_its_updates(executor: Executor) -> None:
    assert run(executor, childwork.count_to, 4) == [1, 2, 3, 4]


def test_a_plain_function_yields_its_one_result(executor: Executor) -> None:
    assert run(executor, childwork.add, 2, 3) == [5]


def test_arrays_cross_whole(executor: Executor) -> None:
    frames = run(executor, childwork.arrays, (3, 256, 256, 3), 3)
    assert [frame.shape for frame in frames] == [(3, 256, 256, 3)] * 3
    assert np.array_equal(frames[2], np.full((3, 256, 256, 3), 2, np.uint8))


def test_our_errors_come_back_as_they_were(executor: Executor) -> None:
    with pytest.raises(Invalid) as caught:
        run(executor, childwork.refuse, "cat.mp4")
    error = caught.value
    assert (error.detail, error.remedy, error.facts) == (
        "cat.mp4 is not a video.",
        "Give another.",
        {"name": "cat.mp4"},
    )


def test_work_that_must_not_begin_does_not(executor: Executor) -> None:
    def stop() -> None:
        raise JobCancelled("stop")

    with pytest.raises(JobCancelled):
        list(executor.run(childwork.count_to, (3,), check=stop))


def test_closing_early_closes_the_generator_over_there(executor: Executor, tmp_path: Path) -> None:
    updates = executor.run(childwork.tick_forever, (str(tmp_path / "end"),), check=carry_on)
    next(updates)
    updates.close()  # type: ignore[attr-defined]
    assert (tmp_path / "end").read_text() == "closed"


def test_other_errors_come_back_with_their_traceback(local: LocalExecutor) -> None:
    with pytest.raises(ChildFailed, match="ZeroDivisionError: one over none") as caught:
        run(local, childwork.break_down)
    assert "in break_down" in caught.value.facts["traceback"]


def test_an_update_that_cannot_be_pickled_is_an_error_of_the_work(local: LocalExecutor) -> None:
    with pytest.raises(ChildFailed, match="pickle"):
        run(local, childwork.unpicklable)


def test_the_child_stays_warm_between_runs_even_after_an_error(local: LocalExecutor) -> None:
    first = run(local, childwork.process_id)
    with pytest.raises(ChildFailed):
        run(local, childwork.break_down)
    assert run(local, childwork.process_id) == first
    assert first != [os.getpid()]


def test_a_child_that_dies_says_how(local: LocalExecutor) -> None:
    with pytest.raises(ChildDied, match="SIGKILL") as caught:
        run(local, childwork.die)
    assert "memory" in caught.value.remedy
    assert run(local, childwork.add, 1, 1) == [2]


def test_stopping_kills_the_child_and_what_it_started(local: LocalExecutor) -> None:
    stopped = False

    def check() -> None:
        if stopped:
            raise JobCancelled("stop")

    updates = local.run(childwork.sleep_with_grandchild, (), check=check)
    child, grandchild = next(updates)
    stopped = True
    with pytest.raises(JobCancelled):
        next(updates)
    assert wait_until_dead(child)
    assert wait_until_dead(grandchild)


def test_the_child_dies_when_its_parent_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys, os, signal; sys.path.insert(0, sys.argv[1]); import childwork\n"
        "from muybridge.jobs.executors.local import LocalExecutor\n"
        "updates = LocalExecutor().run(childwork.sleep_with_grandchild, (), check=lambda: None)\n"
        "print(*next(updates), flush=True); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    parent = subprocess.run(
        [sys.executable, "-c", script, str(Path(childwork.__file__).parent)], capture_output=True, text=True, timeout=60
    )
    child, grandchild = map(int, parent.stdout.split())
    assert parent.returncode == -9
    assert wait_until_dead(child)
    assert wait_until_dead(grandchild)


def test_what_a_child_prints_does_not_reach_standard_output(
    local: LocalExecutor, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(LocalExecutor(), childwork.print_loudly) == ["quiet"]
    assert "must not reach" not in capfd.readouterr().out


def test_the_child_knows_no_secret_of_the_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUYBRIDGE_DATABASE_URL", "postgresql://user:secret@host/db")
    executor = LocalExecutor()
    (environment,) = run(executor, childwork.environment)
    executor.close()
    assert not [name for name in environment if name.startswith("MUYBRIDGE_")]


def test_closing_ends_every_child() -> None:
    executor = LocalExecutor()
    (process_id,) = run(executor, childwork.process_id)
    assert is_alive(process_id)
    executor.close()
    assert wait_until_dead(process_id)
