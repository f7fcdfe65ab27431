"""A house with footage: two tenants, a local store, small real clips, and a worker that runs jobs in this process."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.fixtures import video

from muybridge import artifacts, db, jobs, trust, wiring
from muybridge.catalog import assets, uploads
from muybridge.catalog.tables import Asset
from muybridge.jobs.executors.inline import InlineExecutor
from muybridge.jobs.retries import Backoff


@dataclass(frozen=True)
class Studio:
    """One installation with two tenants."""

    database: db.Database
    store: artifacts.Store
    owner: trust.Actor
    stranger: trust.Actor
    folder: Path

    def bring_in(self, path: Path, *, name: str = "", actor: trust.Actor | None = None, **options: Any) -> str:
        """An asset of a file of this machine; its ingest waits in the queue."""
        options = {"detector": "histogram", **options}
        return uploads.ingest_file(self.database, self.store, actor or self.owner, path, name=name, **options)

    def an_asset(self, name: str = "horse.mp4", *, actor: trust.Actor | None = None, content: bytes = b"") -> str:
        """An asset of bytes that nobody will look into."""
        path = self.folder / "unseen.bin"
        path.write_bytes(content or name.encode())
        return self.bring_in(path, name=name, actor=actor)

    def do_jobs(self) -> None:
        """Do what is queued, in this process: faster than child processes, which tests/faults uses."""
        worker = jobs.Worker(
            self.database,
            self.store,
            workdir=self.folder / "work",
            executor=InlineExecutor(),
            backoff=Backoff(base_s=0.01, cap_s=0.02),
        )
        worker.run_until_idle(timeout_s=120)

    def asset(self, asset_id: str) -> Asset:
        with self.database.read() as session:
            return assets.load_asset(session, self.owner, asset_id)


def studio_of(database: db.Database, folder: Path) -> Studio:
    wiring.connect_plugins()
    store = artifacts.open_store((folder / "store").as_uri(), data_dir=folder / "data")
    with database.write() as session:
        names = ("Ours", "Theirs")
        ours, theirs = (trust.create_tenant(session, name, f"owner@{name}.example").tenant for name in names)
        return Studio(database, store, trust.system_actor(ours.id), trust.system_actor(theirs.id), folder)


@pytest.fixture
def studio(database: db.Database, tmp_path: Path) -> Studio:
    return studio_of(database, tmp_path)


@pytest.fixture
def any_studio(any_database: db.Database, tmp_path: Path) -> Studio:
    """The studio on SQLite and on PostgreSQL."""
    return studio_of(any_database, tmp_path)


@pytest.fixture
def an_actor(studio: Studio) -> Callable[..., trust.Actor]:
    """Somebody of our tenant with a role."""

    def make(role: trust.Role, **options: Any) -> trust.Actor:
        return trust.Actor("mbr_01k9", studio.owner.tenant_id, role, **options)

    return make


@pytest.fixture(scope="session")
def a_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two shots of 15 frames each, which a browser steps through as it is."""
    path = tmp_path_factory.mktemp("clips") / "two shots.mp4"
    return video.make_clip(path, size=(160, 96), pictures=video.scenes([15, 15], size=(160, 96)))


@pytest.fixture(scope="session")
def a_webm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten numbered frames of VP9, which needs a proxy."""
    path = tmp_path_factory.mktemp("clips") / "ten.webm"
    return video.make_clip(path, num_frames=10, size=(160, 96), codec="libvpx-vp9")
