"""What happens on a disk that fills up: run by test_full_disk.py inside a mount namespace, on a small tmpfs.

`python small_disk.py FOLDER CLIP` goes through an upload and an ingest that both meet a full disk, and prints one
JSON object of what was seen. FOLDER is the whole disk; everything of the installation lies on it.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import select, update

from muybridge import jobs, trust, wiring
from muybridge.artifacts import Artifact
from muybridge.catalog import assets, uploads
from muybridge.jobs.retries import Backoff
from muybridge.settings import Settings
from muybridge.trust.tables import ApiKey

PIECE = 8 << 20
ROOM_BYTES = 10 << 20
"""Left while the upload goes on: enough for one piece and not for two."""


@contextmanager
def filled(folder: Path, *, but: int = 0) -> Iterator[None]:
    """The disk without a byte to spare, or with about `but` bytes, for as long as the block lasts."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        left = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize - but
        try:
            while left > 0:
                left -= file.write(bytes(min(left, 1 << 20)))
        except OSError as error:
            if error.errno != 28:
                raise
    try:
        yield
    finally:
        filler.unlink()


def until(is_so: Callable[[], bool], timeout_s: float = 60.0) -> bool:
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.05)
    return False


def upload(client: TestClient, folder: Path, clip: Path) -> dict[str, Any]:
    """Send a file whose second piece meets a full disk, and go on when there is room."""
    content = clip.read_bytes()
    opened = client.post("/v1/uploads", json={"name": "horse.mp4", "size_bytes": len(content)}).json()

    def send(offset: int) -> Any:
        return client.patch(
            f"/v1/uploads/{opened['id']}",
            content=content[offset : offset + PIECE],
            headers={"Upload-Offset": str(offset), "Content-Type": "application/octet-stream"},
        )

    with filled(folder, but=ROOM_BYTES):
        first = send(0)
        second = send(PIECE)
    kept = client.get(f"/v1/uploads/{opened['id']}").json()["received_bytes"]
    offset = kept
    while offset < len(content):
        offset = send(offset).json()["received_bytes"]
    with filled(folder):
        refused = client.post(f"/v1/uploads/{opened['id']}/complete")
    completed = client.post(f"/v1/uploads/{opened['id']}/complete")
    return {
        "first": first.status_code,
        "second": [second.status_code, second.json()["code"], second.json()["remedy"]],
        "kept": kept,
        "refused": [refused.status_code, refused.json()["code"], refused.json()["remedy"]],
        "completed": completed.status_code,
        "asset": completed.json()["name"],
    }


def ingest(
    installation: wiring.Installation, actor: trust.Actor, folder: Path, asset_id: str, *, room_bytes: int
) -> dict[str, Any]:
    """Ingest an asset on a disk that has `room_bytes` left from the first stage on, until its job has met that.

    Without a single byte the job's row cannot say so; then the disk is full for five seconds.
    """
    database = installation.database
    is_described, stop = threading.Event(), threading.Event()
    has_room = threading.Event()

    def strike(_job: str, stage: str, moment: str) -> None:
        # The worker waits here until the disk is full.
        if (stage, moment) == ("describe", "after") and not is_described.is_set():
            is_described.set()
            has_room.wait(60)

    worker = jobs.Worker(
        database,
        installation.store,
        workdir=folder / "work",
        lease_s=3.0,
        backoff=Backoff(base_s=2.0, cap_s=2.0),
        on_boundary=strike,
    )

    def job() -> jobs.Job:
        with database.read() as session:
            return jobs.load_job(session, actor, assets.load_asset(session, actor, asset_id).job_id or "")

    running = threading.Thread(target=worker.run_until, args=(stop,), daemon=True)
    running.start()
    assert is_described.wait(60)
    with filled(folder, but=room_bytes):
        has_room.set()
        has_met_it = until(lambda: job().failure is not None, timeout_s=60.0 if room_bytes else 5.0)
        failed = job()
    has_ended = until(lambda: jobs.JobState(job().state).is_final)
    ended = job()
    stop.set()
    running.join(60)
    with database.read() as session:
        asset = assets.load_asset(session, actor, asset_id)
        story = [event.kind for event in jobs.story_of(session, actor, ended)]
        named = set(session.scalars(trust.visible(select(Artifact.digest), actor)))
    root = installation.store.root
    assert root is not None
    return {
        "met": [has_met_it, failed.state, (failed.failure or {}).get("code"), (failed.failure or {}).get("remedy")],
        "ended": [has_ended, ended.state],
        "story": story,
        "asset": [asset.is_ready, asset.failure, asset.num_frames],
        "unnamed": sorted({kept.digest for kept in installation.store.each()} - named),
        "left": sorted(
            path.name for place in (root / "incoming", folder / "data" / "spool") for path in place.iterdir()
        ),
    }


def full_database(
    installation: wiring.Installation, actor: trust.Actor, client: TestClient, folder: Path
) -> dict[str, Any]:
    """Ask for a change while not one byte is free, and again when there is room."""
    body = {"name": "x" * 400, "size_bytes": 1000}
    refused = None
    with installation.database.write() as session:
        session.execute(trust.visible(update(ApiKey), actor).values(last_used_at=None))
    with filled(folder):
        # SQLite's log may have room within its file for a few rows yet.
        for _ in range(400):
            answer = client.post("/v1/uploads", json=body)
            if answer.status_code != 201:
                refused = answer
                break
        # By a key whose last use would be written down now.
        read = client.get("/v1/assets").status_code
    again = client.post("/v1/uploads", json=body)
    trust.seal(installation.database)
    with installation.database.read() as session:
        report = trust.verify_chain(session, actor.tenant_id)
    return {
        "refused": [refused.status_code, refused.json()["code"], refused.json()["remedy"]] if refused else None,
        "read": read,
        "again": again.status_code,
        "is_whole": report.is_whole,
    }


def main(folder: Path, clip: Path) -> None:
    settings = Settings(data_dir=folder / "data")
    with wiring.open_installation(settings) as installation:
        with installation.database.write() as session:
            trust.first_start(session)
            owner = trust.cli_owner(session)
            secret = trust.create_key(session, owner, "uploader", role=trust.Role.OWNER).secret
        with TestClient(wiring.build_app(installation), headers={"Authorization": f"Bearer {secret}"}) as client:
            seen: dict[str, Any] = {"upload": upload(client, folder, clip)}
            # Room for rows and none for footage: the store keeps 64 MiB for those who must say that it is full.
            rooms = {"ingest": 4 << 20, "ingest without a byte": 0}
            for name, room_bytes in rooms.items():
                asset_id = uploads.ingest_file(installation.database, installation.store, owner, clip)
                seen[name] = ingest(installation, owner, folder, asset_id, room_bytes=room_bytes)
            seen["database"] = full_database(installation, owner, client, folder)
    sys.stdout.write(json.dumps(seen))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
