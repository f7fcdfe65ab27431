from contextlib import ExitStack

import pytest

from muybridge import jobs
from muybridge.cli import waiting
from muybridge.cli.console import bars
from muybridge.cli.local import Local
from muybridge.cli.waiting import Keeper, WorkerEnded
from muybridge.cli.worker import holding
from muybridge.jobs import JobState


def test_a_worker_that_leaves_is_replaced_by_one_of_this_command(local: Local) -> None:
    settings = local.installation.settings
    with ExitStack() as of_another_command:
        of_another_command.enter_context(holding(settings.data_dir))
        with waiting.some_worker(settings) as keep:
            of_another_command.close()
            (ended,) = _wait_for_a_job(local, keep)
    assert ended.state == JobState.FAILED
    assert "ver_gone" in (ended.failure or {})["detail"]


def test_a_worker_that_cannot_work_is_not_waited_for(local: Local, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = local.installation.settings
    monkeypatch.setenv("MUYBRIDGE_STORE_URL", "nowhere://")
    with waiting.some_worker(settings) as keep, pytest.raises(WorkerEnded, match="ended with code 1") as raised:
        _wait_for_a_job(local, keep)
    log = settings.data_dir.resolve() / "worker.log"
    assert str(log) in raised.value.remedy
    assert "'nowhere://' is no place for bytes" in log.read_text()


def _wait_for_a_job(local: Local, keep: Keeper) -> list[jobs.Job]:
    """Of a version that is not there: it fails at the first attempt."""
    installation, owner = local
    with installation.database.write() as session:
        job = jobs.enqueue(session, owner, "datasets.export", "ver_gone", args={"format": "jsonl"})
    with bars() as progress:
        return waiting.wait(installation.database, owner, [job.id], progress, "export", keep)
