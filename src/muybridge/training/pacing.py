"""When a training tells, draws, saves and ends: one story for every trainer, whatever it trains.

A trainer takes steps and writes files; its recipe says how often. Of several processes the first one's clock decides
for all, so that none waits for another that has ended.
"""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from muybridge.errors import Conflict, Invalid, LimitExceeded
from muybridge.training.updates import CheckpointFiles, SampleGrid, StepMetrics, Update

RESUME = "resume.safetensors"
STOP = "stop"
"""A file of this name in the work folder asks the training to save and end."""
_CHORES = ("metrics", "resume", "sample", "checkpoint")

Agree = Callable[[list[float]], list[float]]
"""Numbers of this process in, those of the first process out."""


class TrainingDiverged(Invalid):
    """A loss or a gradient became infinite or not a number; the last checkpoint is from before that."""

    code = "training.diverged"


class ResumeMismatch(Conflict):
    code = "training.resume_mismatch"


class OutOfMemory(LimitExceeded):
    code = "training.out_of_memory"


class Pace(Protocol):
    """What a recipe says of time."""

    @property
    def steps(self) -> int | None: ...
    @property
    def budget_s(self) -> float | None: ...
    @property
    def clock(self) -> str: ...
    @property
    def metrics_every_s(self) -> float: ...
    @property
    def resume_every_s(self) -> float: ...
    @property
    def sample_every_s(self) -> float: ...
    @property
    def checkpoint_every_s(self) -> float: ...


class Paced(Protocol):
    """A trainer, as the story of a training needs it."""

    step: int
    values: dict[str, float]

    @property
    def progress(self) -> float: ...
    def take_step(self, progress: float | None = None) -> dict[str, float]: ...
    def save(self, *, is_final: bool) -> CheckpointFiles: ...
    def save_resume(self) -> None: ...
    def draw(self) -> SampleGrid: ...


class Stopwatch:
    """Seconds trained so far by the recipe's clock, earlier attempts included."""

    def __init__(self, pace: Pace, before_s: float = 0.0) -> None:
        self._pace, self._before_s = pace, before_s
        self._started_s = self._now()

    @property
    def elapsed_s(self) -> float:
        return self._before_s + self._now() - self._started_s

    def progress(self, step: int) -> float:
        """0..1, by steps or by budget, whichever is nearer its end."""
        by_steps = step / self._pace.steps if self._pace.steps else 0.0
        by_budget = self.elapsed_s / self._pace.budget_s if self._pace.budget_s else 0.0
        return max(by_steps, by_budget)

    def _now(self) -> float:
        return time.process_time() if self._pace.clock == "cpu" else time.monotonic()


def alone(numbers: list[float]) -> list[float]:
    return numbers


def run(trainer: Paced, pace: Pace, workdir: Path, agree: Agree = alone) -> Iterator[Update]:
    """Step until the end of steps or budget, or until asked to stop; then a last picture and checkpoint."""
    began = time.monotonic()
    every = {name: float(getattr(pace, f"{name}_every_s")) for name in _CHORES}
    due = {name: began + (0.0 if name == "metrics" else every[name]) for name in _CHORES}
    has_stepped = False
    while True:
        now = time.monotonic()
        is_stopped = (workdir / STOP).exists()
        progress, stopped, *ripe = agree([trainer.progress, is_stopped, *(now >= due[name] for name in _CHORES)])
        chores = {name for name, is_ripe in zip(_CHORES, ripe, strict=True) if is_ripe and has_stepped}
        due |= {name: now + every[name] for name in chores}
        if "metrics" in chores:
            yield StepMetrics(trainer.step, trainer.values)
        if "checkpoint" in chores:
            yield trainer.save(is_final=False)
        elif "resume" in chores:
            trainer.save_resume()
        if "sample" in chores:
            yield trainer.draw()
        if stopped or progress >= 1.0:
            break
        trainer.values = trainer.take_step(progress)
        has_stepped = True
    if trainer.values:
        yield StepMetrics(trainer.step, trainer.values)
    yield trainer.draw()
    yield trainer.save(is_final=True)


def require_finite(what: str, value: float, step: int, remedy: str) -> None:
    """Raises TrainingDiverged for a number that is none."""
    if not math.isfinite(value):
        raise TrainingDiverged(
            f"The {what} of step {step} is {value}; nothing was changed by it.", remedy=remedy, step=step
        )


_OUT_OF_MEMORY = ("out of memory", "can't allocate memory")
"""What torch says of a GPU's memory and of a CPU's; an illegal access to memory is another thing."""


@contextmanager
def naming_out_of_memory(doing: str, remedy: str) -> Iterator[None]:
    """Turn any kind of being out of memory into one error that says what to make smaller."""
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if isinstance(error, MemoryError) or any(said in str(error).lower() for said in _OUT_OF_MEMORY):
            raise OutOfMemory(f"{doing} ran out of memory.", remedy=remedy) from error
        raise
