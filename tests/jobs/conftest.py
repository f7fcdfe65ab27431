"""A small installation with a tenant, and handlers that do something one can see."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from muybridge import artifacts, db, trust
from muybridge.jobs import Handler, Job, Worker
from muybridge.jobs.retries import Backoff
from muybridge.plugins import Registry

# Functions that a child process runs must be importable there by name.
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def store(tmp_path: Path) -> artifacts.Store:
    return artifacts.open_store((tmp_path / "store").as_uri(), data_dir=tmp_path / "data")


@pytest.fixture
def actor(any_database: db.Database) -> trust.Actor:
    with any_database.write() as session:
        return trust.system_actor(trust.create_tenant(session, "Studio", "owner@example.com").tenant.id)


@pytest.fixture
def handlers() -> Registry[Handler]:
    return Registry("job handler", "muybridge.no_such_group")


@pytest.fixture
def make_worker(
    any_database: db.Database, store: artifacts.Store, handlers: Registry[Handler], tmp_path: Path
) -> Callable[..., Worker]:
    def make(**options: Any) -> Worker:
        options = {"backoff": Backoff(base_s=0.02, cap_s=0.05), **options}
        return Worker(any_database, store, handlers=handlers, workdir=tmp_path / "work", **options)

    return make


@pytest.fixture
def job_of(any_database: db.Database, actor: trust.Actor) -> Callable[[str], Job]:
    def load(job_id: str) -> Job:
        with any_database.read() as session:
            return trust.load(session, actor, Job, job_id)

    return load
