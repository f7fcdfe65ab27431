"""What a handler may ask of the worker that runs it, and nothing else."""

from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.orm import Session

from muybridge.artifacts import Store
from muybridge.trust import Actor


class JobChannelDoor(Protocol):
    """The job's side of its channel; see jobs.channels."""

    def publish(self, address: Any) -> None: ...


class JobContext(Protocol):
    """One attempt at one job.

    A handler is idempotent: a stage that is in `steps` was committed by an earlier attempt and is not done again.
    """

    id: str
    args: dict[str, Any]
    actor: Actor
    """Who enqueued, acting now `via` this job."""
    store: Store
    workdir: Path
    """A folder of this job's own, kept between attempts, removed when the job ends."""
    steps: MutableMapping[str, dict[str, Any]]
    """Results of stages by name. Set `steps["describe"] = {...}` inside that stage's transaction only."""
    channel: JobChannelDoor

    def run(self, function: Callable[..., Any], *args: Any) -> Iterator[Any]:
        """Run a pure function or generator in a child process and yield what it yields (or its one result).

        Function, arguments and updates must be picklable; arrays are fine. Errors come back as they were raised.
        Closing the iterator early closes the generator in the child. Raises JobCancelled after killing the child.
        """
        ...

    @contextmanager
    def transaction(self, stage: str | None = None) -> Iterator[Session]:
        """A write session that first renews this job's lease; with `stage`, commits the stage as done.

        Raises LeaseLost when another worker has the job, JobCancelled when it shall stop; nothing is kept then.
        """
        ...

    def progress(self, fraction: float, note: str = "") -> None:
        """Say how far the job is, 0..1; written within a second, cheap to call often."""
        ...

    def cancelled(self) -> bool:
        """Whether somebody asked for the job to stop."""
        ...
