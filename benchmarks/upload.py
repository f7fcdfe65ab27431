"""Bring one file in, over HTTP in pieces and from this machine, beside `cp`; one JSON line.

The server is a process of its own on a fresh data folder. An upload hashes every byte and is on disk (fsync) before it
is acknowledged; `cp` does neither, so `cp` with `sync` and `sha256sum` stands beside it too.

    python benchmarks/upload.py [--megabytes 256] [--repeats 3] [--full]
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx
from machine import a_server, machine, peak_mb

from muybridge import db, trust, wiring
from muybridge.catalog import uploads
from muybridge.settings import Settings


def make_file(path: Path, megabytes: int) -> None:
    with open(path, "wb") as file:
        for _ in range(megabytes):
            file.write(os.urandom(1 << 20))
        os.fsync(file.fileno())


def upload(client: httpx.Client, path: Path) -> None:
    """As the studio does: announce, send pieces of the size the server asks for, complete."""
    opened = client.post("/v1/uploads", json={"name": path.name, "size_bytes": path.stat().st_size}).json()
    offset = 0
    with open(path, "rb") as file:
        while piece := file.read(opened["chunk_bytes"]):
            headers = {"Upload-Offset": str(offset)}
            client.patch(f"/v1/uploads/{opened['id']}", content=piece, headers=headers).raise_for_status()
            offset += len(piece)
    client.post(f"/v1/uploads/{opened['id']}/complete").raise_for_status()


def median_s(work: Callable[[int], object], repeats: int) -> float:
    taken = []
    for turn in range(repeats):
        began = time.perf_counter()
        work(turn)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def copy_durably(path: Path, target: Path) -> None:
    """`cp`, then what an upload promises: the bytes on disk and their digest known."""
    subprocess.run(["cp", path, target], check=True)
    subprocess.run(["sync", target], check=True)
    subprocess.run(["sha256sum", target], check=True, stdout=subprocess.DEVNULL)


def measure(folder: Path, megabytes: int, repeats: int) -> dict[str, float]:
    files = [folder / f"noise-{turn}.mp4" for turn in range(repeats)]
    for path in files:
        make_file(path, megabytes)
    data_dir = folder / "data"
    with (
        wiring.open_installation(Settings(data_dir=data_dir)) as installation,
        installation.database.write() as session,
    ):
        owner = trust.first_start(session).owner
        key = trust.create_key(
            session, trust.actor_of(session, owner, via="cli"), "bench", role=trust.Role.OWNER
        ).secret
    headers = {"Authorization": f"Bearer {key}"}
    with (
        a_server(data_dir) as (address, start_s, _),
        httpx.Client(base_url=address, headers=headers, timeout=120) as client,
    ):
        upload_s = median_s(lambda turn: upload(client, files[turn]), repeats)
    shutil.rmtree(data_dir / "store")
    with wiring.open_installation(Settings(data_dir=data_dir)) as installation:
        actor = _owner(installation.database)
        ingest_s = median_s(
            lambda turn: uploads.ingest_file(installation.database, installation.store, actor, files[turn]), repeats
        )
    cp_s = median_s(lambda turn: subprocess.run(["cp", files[turn], folder / f"c{turn}"], check=True), repeats)
    durable_s = median_s(lambda turn: copy_durably(files[turn], folder / f"d{turn}"), repeats)
    rate = {"upload": upload_s, "from_path": ingest_s, "cp": cp_s, "cp_sync_sha256sum": durable_s}
    return {
        **{f"{name}_s": round(taken, 3) for name, taken in rate.items()},
        **{f"{name}_mb_per_s": round(megabytes / taken, 1) for name, taken in rate.items()},
        "upload_over_cp": round(upload_s / cp_s, 2),
        "upload_over_durable_cp": round(upload_s / durable_s, 2),
        "server_start_s": round(start_s, 2),
        "peak_server_mb": peak_mb(resource.RUSAGE_CHILDREN),
    }


def _owner(database: db.Database) -> trust.Actor:
    with database.read() as session:
        return trust.cli_owner(session)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=256)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--full", action="store_true", help="2 GiB files")
    asked = parser.parse_args()
    megabytes = 2048 if asked.full else asked.megabytes
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), megabytes, asked.repeats)
    print(json.dumps({"benchmark": "upload", "megabytes": megabytes, **figures, "machine": machine()}), flush=True)


if __name__ == "__main__":
    main()
