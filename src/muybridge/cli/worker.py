"""`muybridge worker`: take jobs from the database until told to stop."""

import fcntl
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from muybridge import wiring
from muybridge.cli.console import err, speaking_errors, start_logging
from muybridge.settings import Settings

app = typer.Typer()


@app.command()
def worker(
    slots: Annotated[int, typer.Option(min=1, max=64, help="Jobs at a time")] = 1,
    gpus: Annotated[int, typer.Option(min=0, help="GPUs that jobs here may use")] = 0,
    parent: Annotated[int, typer.Option(hidden=True, help="Stop when this process is gone")] = 0,
) -> None:
    """Run a worker beside a server, on this machine or another one."""
    settings = Settings()
    start_logging(settings.log_level)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    if parent:
        threading.Thread(target=_stop_with, args=(parent, stop), daemon=True).start()
    with speaking_errors(), wiring.open_installation(settings) as installation, holding(settings.data_dir):
        err.print(f"worker with {slots} slot{'s' if slots > 1 else ''} on {settings.data_dir.resolve()}")
        wiring.build_worker(installation, slots=slots, gpus=gpus).run_until(stop)


def _stop_with(parent: int, stop: threading.Event) -> None:
    # A server that was killed cannot tell its worker; the worker sees that it has another parent.
    while os.getppid() == parent:
        if stop.wait(1.0):
            return
    stop.set()


@contextmanager
def holding(data_dir: Path) -> Iterator[None]:
    """Mark that a worker is on this data folder for as long as the block lasts (a shared lock; death frees it)."""
    with (data_dir / "worker.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def is_worker_running(data_dir: Path) -> bool:
    """Whether some worker is on this data folder."""
    with (data_dir / "worker.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False
