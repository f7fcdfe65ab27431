"""What a demo has already made, so that a killed one goes on where it was and makes nothing twice.

Each thing is made in one transaction under an idempotency key, then noted in a file beside the data. A kill between
the two leaves the key, and the next start finds the thing by it.
"""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.progress import Progress
from sqlalchemy.orm import Session

from muybridge import jobs, trust
from muybridge.errors import MuybridgeError, Unavailable
from muybridge.wiring import Installation

POLL_S = 0.25


class StepFailed(Unavailable):
    code = "demo.step_failed"


class Ledger:
    """The notes of one demo, named by a key made from its inputs."""

    def __init__(self, installation: Installation, actor: trust.Actor, key: str, progress: Progress) -> None:
        self.installation = installation
        self.actor = actor
        self.key = key
        self.progress = progress
        self.folder = installation.settings.data_dir / "demo" / key
        self.folder.mkdir(parents=True, exist_ok=True)
        self._path = self.folder / "ledger.json"
        self._notes: dict[str, Any] = json.loads(self._path.read_text()) if self._path.exists() else {}

    def get(self, name: str) -> Any:
        return self._notes.get(name)

    def note(self, name: str, value: Any) -> Any:
        """Keep a JSON value under a name, atomically."""
        self._notes[name] = value
        draft = self._path.with_suffix(".draft")
        with draft.open("w") as file:
            json.dump(self._notes, file, indent=1, default=str)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(self._path)
        return value

    def once(self, name: str, make: Callable[[Session], str]) -> str:
        """The id that `make(session)` returned the first time this name was asked for."""
        if name in self._notes:
            return str(self._notes[name])
        key = f"demo/{self.key}/{name}"
        with self.installation.database.write() as session:
            made = trust.once(session, self.actor, key, "demo")
            if made is None:
                made = make(session)
                trust.remember(session, self.actor, key, "demo", made)
        return str(self.note(name, made))

    def wait(self, job_ids: list[str], title: str) -> None:
        """Show the jobs' progress until all have ended. Raises StepFailed with the first failure."""
        bar = self.progress.add_task(title, total=len(job_ids), note="")
        while True:
            states = self._jobs(job_ids)
            done = [job.state in ("succeeded", "failed", "cancelled") for job in states]
            fraction = sum(1.0 if ended else job.progress for ended, job in zip(done, states, strict=True))
            note = next((job.note for job in states if job.state == "running"), "") or ""
            self.progress.update(bar, completed=fraction, note=note)
            if all(done):
                break
            time.sleep(POLL_S)
        self.progress.update(bar, note="")
        for job in states:
            if job.state != "succeeded":
                raise StepFailed(f"{title}: {_reason(job)}", remedy="Start the same demo again: it goes on from here.")

    def read(self) -> Any:
        return self.installation.database.read()

    def write(self) -> Any:
        return self.installation.database.write()

    def _jobs(self, job_ids: list[str]) -> list[jobs.Job]:
        with self.installation.database.read() as session:
            return [trust.load(session, self.actor, jobs.Job, job_id) for job_id in job_ids]


def _reason(job: jobs.Job) -> str:
    failure = job.failure or {}
    return f"the job {job.name} {job.state}" + (f": {failure['detail']}" if failure.get("detail") else ".")


def digest_key(paths: list[Path]) -> str:
    """A short name for a set of files, the same wherever they lie and in whatever order they are given."""
    import hashlib

    digests = []
    for path in paths:
        try:
            with path.open("rb") as file:
                digests.append(hashlib.file_digest(file, "sha256").hexdigest())
        except OSError as error:
            raise MuybridgeError(f"Cannot read {path}: {error.strerror}.") from error
    return hashlib.sha256("\n".join(sorted(digests)).encode()).hexdigest()[:12]
