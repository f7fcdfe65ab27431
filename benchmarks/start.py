"""Seconds from `muybridge serve` to an answer of /v1/health, at the first and the second start; a JSON line each.

The first start makes the tables, the keys and the owner in an empty folder; beside it, the floor: an interpreter that
imports uvicorn and FastAPI and ends. Peak memory is the server's own.

    python benchmarks/start.py [--repeats 3]
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from machine import a_server, machine, peak_of


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--full", action="store_true", help="ten repeats")
    asked = parser.parse_args()
    taken: dict[str, list[float]] = {"first": [], "second": []}
    peaks: dict[str, list[float | None]] = {"first": [], "second": []}
    for _ in range(10 if asked.full else asked.repeats):
        with tempfile.TemporaryDirectory() as folder:
            for start, seconds in taken.items():
                with a_server(Path(folder) / "data") as server:
                    seconds.append(server.started_s)
                    peaks[start].append(peak_of(server.pid))
    floor_s = round(statistics.median(import_the_peers() for _ in range(3)), 2)
    for start, seconds in taken.items():
        line = {"benchmark": "start", "start": start, "median_s": round(statistics.median(seconds), 2)}
        line |= {"longest_s": round(max(seconds), 2), "import_uvicorn_fastapi_s": floor_s}
        print(
            json.dumps(
                {
                    **line,
                    "peak_server_mb": max((peak for peak in peaks[start] if peak), default=None),
                    "machine": machine(),
                }
            ),
            flush=True,
        )


def import_the_peers() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import uvicorn, fastapi"], check=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
