"""The process that does jobs: claims, leases, threads, a graceful end."""

import threading
from pathlib import Path

from muybridge.artifacts import Store
from muybridge.db import Database


class Worker:
    """Does jobs of one database until told to stop."""

    def __init__(self, database: Database, store: Store, *, workdir: Path, slots: int = 1, gpus: int = 0) -> None: ...

    def run_until(self, stop: threading.Event) -> None:
        """Do jobs until `stop` is set, then end gracefully."""

    def run_until_idle(self, timeout_s: float | None = None) -> None:
        """Do jobs until none is queued or running (tests, demo)."""
