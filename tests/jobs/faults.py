"""Kill tests for every job: a real worker process, a real SIGKILL at stage boundaries, one result.

A room adds scenarios in `tests/faults/scenarios_<room>.py`:

    from faults import Arena, scenario

    @scenario("catalog.ingest")
    class Ingest:
        def arrange(self, arena: Arena) -> str:       # in this process; returns the id of the job
            with arena.database.write() as session:
                ...
                return jobs.enqueue(session, arena.actor, "catalog.ingest", asset.id).id

        def check(self, arena: Arena) -> None:        # after the last worker: is the one result there?
            ...

        def in_worker(self) -> None:                  # optional: in each worker process, before it works
            engines.ENGINES.put("test", ...)

`test_kills.py` walks over wiring.JOB_HANDLERS and the stages that each handler declares; a handler without a scenario
and a stage that its scenario does not reach fail. Beside `check`, the rows of every table are counted: a run that was
killed must leave as many as a run that was not.
"""

import importlib.util
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import func, select

from muybridge import artifacts, db, jobs, trust, wiring
from muybridge.jobs import Job, JobState, JobStep, Worker
from muybridge.jobs.retries import Backoff

SCENARIOS_DIR = Path(__file__).resolve().parents[1] / "faults"
MOMENTS = ("before", "after")
"""The commit of a stage: the process dies just before it or just after it."""
MOST_KILLS = 4
UNCOUNTED = {"job_events"}
"""Tables that tell of the kills themselves."""


@dataclass
class Arena:
    """One installation for one scenario."""

    database: db.Database
    store: artifacts.Store
    actor: trust.Actor
    folder: Path
    facts: dict[str, Any] = field(default_factory=dict)
    """For `arrange` to leave things that `check` wants."""


class Scenario(Protocol):
    def arrange(self, arena: Arena) -> str: ...

    def check(self, arena: Arena) -> None: ...


SCENARIOS: dict[str, type[Scenario]] = {}
S = TypeVar("S", bound=type[Any])


def scenario(handler_name: str) -> Callable[[S], S]:
    """Make a class the scenario of a handler."""

    def register(kind: S) -> S:
        if handler_name in SCENARIOS:
            raise ValueError(f"{handler_name} has two scenarios")
        SCENARIOS[handler_name] = kind
        return kind

    return register


def load_scenarios() -> dict[str, type[Scenario]]:
    """Every scenario of every room."""
    # Scenario modules say `from faults import …`, also when this file runs as a script.
    sys.modules.setdefault("faults", sys.modules[__name__])
    for path in sorted(SCENARIOS_DIR.glob("scenarios_*.py")):
        if path.stem not in sys.modules:
            spec = importlib.util.spec_from_file_location(path.stem, path)
            assert spec is not None
            assert spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            sys.modules[path.stem] = module
            spec.loader.exec_module(module)
    return SCENARIOS


@dataclass(frozen=True)
class Kill:
    """Where a worker process is to die."""

    handler: str
    stage: str
    moment: str

    def __str__(self) -> str:
        return f"{self.handler}:{self.stage}:{self.moment}"


def stages_of(handler_name: str) -> tuple[str, ...]:
    wiring.connect_plugins()
    return jobs.HANDLERS.get(handler_name).stages


def one_kill_a_stage(handler_name: str) -> list[Kill]:
    """A kill at each stage, before and after its commit in turn; of many stages at some, the first and last among them.

    Each costs a process that loads torch; `all_kills` leaves none out.
    """
    stages = stages_of(handler_name)
    every = max(1, -(-(len(stages) - 1) // (MOST_KILLS - 1)))
    chosen = sorted({*range(0, len(stages), every), len(stages) - 1})
    return [Kill(handler_name, stages[at], MOMENTS[i % 2]) for i, at in enumerate(chosen)]


def all_kills(handler_name: str) -> list[Kill]:
    return [Kill(handler_name, stage, moment) for stage in stages_of(handler_name) for moment in MOMENTS]


def open_arena(url: str, folder: Path) -> Arena:
    """A fresh tenant on an empty database, and a store."""
    wiring.load_tables()
    wiring.connect_plugins()
    database = db.open_database(url)
    with database.write() as session:
        actor = trust.system_actor(trust.create_tenant(session, "Studio", "owner@example.com").tenant.id)
    return Arena(database, _store(folder), actor, folder)


def play(arena: Arena, handler_name: str, kills: list[Kill]) -> dict[str, int]:
    """Arrange, die at each of `kills` one after another, finish, check; returns the number of rows by table."""
    played = load_scenarios()[handler_name]()
    job_id = played.arrange(arena)
    for kill in kills:
        status = run_worker(arena, handler_name, kill)
        assert status == -signal.SIGKILL, f"the worker was to die at {kill} and ended with {status}: {_state(arena)}"
    status = run_worker(arena, handler_name, None)
    assert status == 0, f"the last worker ended with {status}: {_state(arena)}"
    with arena.database.read() as session:
        job = session.get(Job, job_id)
        assert job is not None
        assert job.state == JobState.SUCCEEDED, job.failure
        done = set(session.scalars(select(JobStep.stage).where(JobStep.job_id == job_id)))
    assert done == set(stages_of(handler_name)), "a stage was declared and not committed, or the other way round"
    played.check(arena)
    return count_rows(arena)


def run_worker(arena: Arena, handler_name: str, kill: Kill | None) -> int:
    """Start a worker process on the arena and wait for its end; its exit status (negative: the signal)."""
    log = arena.folder / "workers.log"
    order = Order(handler_name, arena.database.url, str(arena.folder), str(kill) if kill else None, str(log))
    status = _nursery().bear(order)
    if status not in (0, -signal.SIGKILL):
        print(log.read_text()[-4000:])
    return status


@dataclass(frozen=True)
class Order:
    """What a worker process is to do, where, and where it dies."""

    handler: str
    url: str
    folder: str
    kill: str | None
    log: str


class Nursery:
    """A process that has imported what every worker imports, and forks one for each order.

    A start costs a fork in place of seconds of imports. The process has one thread and has opened nothing, so a fork
    of it is as good as a fresh interpreter; what a worker starts for heavy work is one.
    """

    def __init__(self) -> None:
        # One thread a child: the machine runs other lanes beside this one.
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )

    def bear(self, order: Order) -> int:
        """Have a worker process do this; its exit status (negative: the signal)."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(order)) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@cache
def _nursery() -> Nursery:
    """The run's own; it ends when its orders' pipe does, which is with this process."""
    return Nursery()


def count_rows(arena: Arena) -> dict[str, int]:
    """Rows by table, and what quotas still hold in reserve; sealed first, since a short run may end before its worker
    seals."""
    trust.seal(arena.database)
    with arena.database.read() as session:
        counts = {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in db.Row.metadata.sorted_tables
            if table.name not in UNCOUNTED and not table.name.startswith("test_")
        }
        counts["quotas.reserved"] = session.scalar(select(func.sum(trust.Quota.reserved))) or 0
    return counts


def _store(folder: Path) -> artifacts.Store:
    return artifacts.open_store((folder / "store").as_uri(), data_dir=folder / "data")


def _state(arena: Arena) -> list[tuple[str, str, Any]]:
    with arena.database.read() as session:
        return [(job.name, job.state, job.failure) for job in session.scalars(select(Job))]


def _strike_at(kill: str) -> Callable[[str, str, str], None]:
    def strike(handler_name: str, stage: str, moment: str) -> None:
        if f"{handler_name}:{stage}:{moment}" == kill:
            os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(60)  # the signal may take a moment to arrive; the commit must not

    return strike


def _bear_workers() -> None:
    """The nursery's process: a line of JSON in is an order, a line out the exit status of the worker that had it."""
    wiring.load_tables()
    wiring.connect_plugins()
    load_scenarios()
    assert threading.active_count() == len(os.listdir("/proc/self/task")) == 1
    while line := sys.stdin.readline():
        worker = os.fork()
        if worker == 0:
            return _work(Order(**json.loads(line)))
        _, status = os.waitpid(worker, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)
    return None


def _work(order: Order) -> None:
    """A worker process: do every job of the database, or die on the way."""
    with open(os.devnull) as nothing, open(order.log, "a") as log:
        os.dup2(nothing.fileno(), 0)
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    folder = Path(order.folder)
    played = SCENARIOS[order.handler]()
    if hasattr(played, "in_worker"):
        played.in_worker()
    worker = Worker(
        db.open_database(order.url),
        _store(folder),
        workdir=folder / "work",
        backoff=Backoff(base_s=0.05, cap_s=0.2),
        on_boundary=_strike_at(order.kill) if order.kill else None,
    )
    worker.run_until_idle(500)


if __name__ == "__main__":
    _bear_workers()
