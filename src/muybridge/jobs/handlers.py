"""Who does which job: a handler is a function with a name and the stages that it promises to commit.

Handlers live in `<room>/jobs.py`; wiring.JOB_HANDLERS lists them, and they are imported on first use.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from muybridge.jobs.tables import Job
from muybridge.plugins import Registry
from muybridge.trust import Actor

EndHook = Callable[[Session, Actor, Job], None]


@dataclass(frozen=True, slots=True)
class Handler:
    """A job's name, its function and its stages in order; calling it calls the function."""

    name: str
    function: Callable[..., None]
    stages: tuple[str, ...]
    on_end: EndHook | None = None

    def __call__(self, job: object, subject_id: str | None) -> None:
        self.function(job, subject_id)


HANDLERS: Registry[Handler] = Registry("job handler", "muybridge.job_handlers")


def handler(
    name: str, *, stages: tuple[str, ...], on_end: EndHook | None = None
) -> Callable[[Callable[..., None]], Handler]:
    """Make a function `(job: JobContext, subject_id: str) -> None` the handler of jobs called `name`.

    stages: what it commits through `job.transaction(stage)`, in order; kill tests walk over them.
    on_end: called as `on_end(session, actor, job)` in the transaction in which a job fails for good or is cancelled
    (`job.state`, `job.failure`), e.g. to settle a quota; it must be quick and import nothing heavy.
    """

    def wrap(function: Callable[..., None]) -> Handler:
        parameters = list(inspect.signature(function).parameters)
        if len(parameters) != 2:
            raise TypeError(f"{name}: a handler takes (job, subject_id), not ({', '.join(parameters)})")
        if len(set(stages)) != len(stages) or not stages:
            raise ValueError(f"{name}: stages must be named once each, and be at least one")
        return Handler(name, function, tuple(stages), on_end)

    return wrap
