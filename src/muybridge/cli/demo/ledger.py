"""What a demo has already made, so that a killed one goes on where it was and makes nothing twice.

Each thing is made in one transaction under an idempotency key, then noted in a file beside the data. A kill between
the two leaves the key, and the next start finds the thing by it.
"""

import json
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from rich.progress import Progress
from sqlalchemy import select
from sqlalchemy.orm import Session

from muybridge import jobs, trust
from muybridge.cli import waiting
from muybridge.cli.demo.plan import Plan
from muybridge.trust import TenantRow
from muybridge.wiring import Installation


class Ledger:
    """The notes of one demo, named by a key made from its inputs."""

    def __init__(
        self, installation: Installation, actor: trust.Actor, key: str, progress: Progress, keep: waiting.Keeper
    ) -> None:
        self.installation = installation
        self.actor = actor
        self.key = key
        self.progress = progress
        self.keep = keep
        self.folder = installation.settings.data_dir / "demo" / key
        self.folder.mkdir(parents=True, exist_ok=True)
        self._path = self.folder / "ledger.json"
        self._notes: dict[str, Any] = json.loads(self._path.read_text()) if self._path.exists() else {}

    def of_seed(self, plan: Plan) -> "Ledger":
        """The notes of what is made anew of given footage with another seed; its footage and labels stay here."""
        if plan.is_simulated or plan.seed == 0:
            return self
        return Ledger(self.installation, self.actor, f"{self.key}-seed-{plan.seed}", self.progress, self.keep)

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

    def once_worked(self, name: str, make: Callable[[Session], str], kind: type[TenantRow]) -> str:
        """The same for a job or a row that one fills: made anew where it failed or was cancelled in earlier starts."""
        attempt = 1
        while True:
            made = self.once(name if attempt == 1 else f"{name}/attempt {attempt}", make)
            with self.read() as session:
                row = trust.load(session, self.actor, kind, made)
                job_id = row.id if isinstance(row, jobs.Job) else getattr(row, "job_id", None)
                ended = trust.load(session, self.actor, jobs.Job, job_id).state if job_id else ""
            if ended not in (jobs.JobState.FAILED, jobs.JobState.CANCELLED):
                return made
            attempt += 1

    def wait(self, job_ids: list[str], title: str, *, must_succeed: bool = True) -> None:
        """Show the jobs' progress until all have ended. Raises JobFailed for the first failure, if they must not."""
        ended = waiting.wait(self.installation.database, self.actor, job_ids, self.progress, title, self.keep)
        if must_succeed:
            waiting.require_success(ended, remedy="Start the same demo again: it goes on from here.")

    def wait_for(self, name: str, title: str) -> None:
        """Wait until no job of that name is left to do."""
        unfinished = select(jobs.Job.id).where(jobs.Job.name == name, jobs.Job.state.in_(waiting.UNFINISHED))
        with self.read() as session:
            left = list(session.scalars(trust.visible(unfinished, self.actor)))
        if left:
            self.wait(left, title)

    def read(self) -> AbstractContextManager[Session]:
        return self.installation.database.read()

    def write(self) -> AbstractContextManager[Session]:
        return self.installation.database.write()
