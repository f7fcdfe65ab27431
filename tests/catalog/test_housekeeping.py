"""What the worker's chores remove, and above all what they leave: run as `wiring` connects them."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from muybridge import db, jobs, trust, wiring
from muybridge.artifacts import Artifact
from muybridge.catalog import assets, uploads
from muybridge.catalog.tables import Upload
from muybridge.jobs import JobState, chores
from muybridge.jobs.tables import ChoreRun, Job, JobStep
from muybridge.settings import Settings

from .conftest import Studio

CONTENT = b"a horse in motion " * 100
WEEKS = 14 * 86_400.0


def do_chores(studio: Studio) -> dict[str, dict[str, int]]:
    """Do each chore, however fresh its last run; what came of it by name."""
    installation = wiring.Installation(Settings(data_dir=studio.folder), studio.database, studio.store)
    with studio.database.write() as session:
        session.execute(update(ChoreRun).values(started_at=db.now(session) - timedelta(days=1)))
    done = [
        chore.name for chore in wiring.shared_chores(installation) if chores.attend(studio.database, "worker", chore)
    ]
    with studio.database.read() as session:
        runs = {run.name: run for run in jobs.last_runs(session)}
    assert [runs[name].failure for name in done] == [None] * len(done)
    return {name: runs[name].result for name in done}


def age(path: Path, seconds: float = WEEKS) -> None:
    os.utime(path, (time.time() - seconds,) * 2)


def held(studio: Studio, digest: str) -> Path:
    assert studio.store.root is not None
    return studio.store.root / digest[:2] / digest[2:4] / digest


def open_upload(studio: Studio, *pieces: bytes, days_ago: float = 0) -> Upload:
    with studio.database.write() as session:
        upload = uploads.open_upload(session, studio.owner, name="horse.mp4", size_bytes=len(CONTENT), max_bytes=10**9)
        upload.created_at -= timedelta(days=days_ago)
    offset = 0
    for piece in pieces:
        offset = uploads.receive(studio.store, upload, offset, piece)
    return upload


def state_of(studio: Studio, upload: Upload) -> str:
    with studio.database.read() as session:
        return uploads.load_upload(session, studio.owner, upload.id).state


def test_a_sweep_leaves_old_bytes_that_are_named_and_takes_those_of_a_deleted_asset(any_studio: Studio) -> None:
    studio = any_studio
    kept, deleted = studio.an_asset("kept.mp4"), studio.an_asset("deleted.mp4")
    with studio.database.read() as session:
        digests = {
            asset_id: trust.load(session, studio.owner, Artifact, studio.asset(asset_id).source_artifact_id).digest
            for asset_id in (kept, deleted)
        }
    with studio.database.write() as session:
        assets.delete_asset(session, studio.owner, deleted)
    assert do_chores(studio)["artifacts.sweep"] == {"num_removed": 0, "freed_bytes": 0}
    for digest in digests.values():
        age(held(studio, digest))
    assert do_chores(studio)["artifacts.sweep"] == {"num_removed": 1, "freed_bytes": len(b"deleted.mp4")}
    assert (held(studio, digests[kept]).exists(), held(studio, digests[deleted]).exists()) == (True, False)


def test_a_sweep_leaves_what_a_stage_of_an_unfinished_job_remembers(any_studio: Studio) -> None:
    studio = any_studio
    stored = studio.store.put_bytes(b"what the first stage made")
    with studio.database.write() as session:
        job = jobs.enqueue(session, studio.owner, "catalog.ingest", None)
        step = {"shown": [["cell", stored.digest]]}
        session.add(JobStep(tenant_id=studio.owner.tenant_id, job_id=job.id, stage="describe", result=step))
    age(held(studio, stored.digest))
    assert do_chores(studio)["artifacts.sweep"]["num_removed"] == 0
    with studio.database.write() as session:
        trust.load(session, studio.owner, Job, job.id).state = JobState.SUCCEEDED
    assert do_chores(studio)["artifacts.sweep"]["num_removed"] == 1


def test_bytes_that_are_put_again_while_a_sweep_is_under_way_are_young_again(studio: Studio) -> None:
    stored = studio.store.put_bytes(CONTENT)
    age(held(studio, stored.digest))
    (seen,) = studio.store.each()
    studio.store.put_bytes(CONTENT)  # their row is about to be committed
    assert not studio.store.remove(seen.digest, touched_by=seen.touched_at)
    assert studio.store.read(stored.digest) == CONTENT


def test_an_upload_that_was_whole_long_ago_is_young_when_it_is_stored(studio: Studio) -> None:
    upload = open_upload(studio, CONTENT)
    age(studio.store.spool.path(upload.id), 3 * 86_400)
    stored = uploads.seal(studio.store, upload)
    assert do_chores(studio)["artifacts.sweep"]["num_removed"] == 0
    with studio.database.write() as session:
        uploads.complete_upload(session, studio.owner, upload.id, stored)
    assert studio.store.read(stored.digest) == CONTENT


def test_a_half_done_upload_that_is_fresh_survives_and_one_that_is_stale_is_given_up(any_studio: Studio) -> None:
    studio = any_studio
    fresh, stale = (open_upload(studio, CONTENT[:700], days_ago=20) for _ in range(2))
    age(studio.store.spool.path(fresh.id), 6 * 86_400)
    age(studio.store.spool.path(stale.id), 8 * 86_400)
    (studio.store.spool.folder / ".DS_Store").write_bytes(b"not an upload")
    age(studio.store.spool.folder / ".DS_Store")
    assert do_chores(studio)["catalog.discard_stale"] == {"num_uploads": 1}
    assert (state_of(studio, fresh), state_of(studio, stale)) == ("open", "failed")
    uploads.receive(studio.store, fresh, 700, CONTENT[700:])
    assert uploads.finish(studio.database, studio.store, studio.owner, fresh.id).name == "horse.mp4"
    with pytest.raises(uploads.UploadClosed), studio.database.read() as session:
        uploads.load_open(session, studio.owner, stale.id)
    assert "catalog.discard_stale" not in do_chores(studio)


def test_an_upload_of_which_no_byte_came_is_given_up_with_what_it_reserved(any_studio: Studio) -> None:
    studio = any_studio
    young, old = open_upload(studio, days_ago=6), open_upload(studio, days_ago=8)
    begun = open_upload(studio, CONTENT[:1], days_ago=8)
    assert do_chores(studio)["catalog.give_up_unbegun"] == {"num_uploads": 1}
    assert [state_of(studio, upload) for upload in (young, old, begun)] == ["open", "failed", "open"]
