"""A whole server in this process, with two tenants that must never meet."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from muybridge import db, trust, wiring
from muybridge.settings import Settings

PASSWORD = "correct horse battery"


@dataclass
class Site:
    """An installation, its app, and the owners of its two tenants."""

    installation: wiring.Installation
    app: FastAPI
    owner: trust.Actor
    stranger: trust.Actor
    _clients: list[TestClient] = field(default_factory=list)

    @property
    def database(self) -> db.Database:
        return self.installation.database

    def a_client(self, key: str | None = None) -> TestClient:
        """A client that shows this key, or one that has nothing yet."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        client = TestClient(self.app, headers=headers, raise_server_exceptions=True)
        self._clients.append(client)
        return client

    def a_key(self, actor: trust.Actor, role: trust.Role = trust.Role.OWNER) -> str:
        with self.database.write() as session:
            return trust.create_key(session, actor, f"key of a {role}", role=role).secret

    def a_member(self, email: str, role: trust.Role, *, password: str | None = PASSWORD) -> trust.Member:
        with self.database.write() as session:
            return trust.add_member(session, self.owner, email=email, name=email, role=role, password=password)

    def close(self) -> None:
        for client in self._clients:
            client.close()


@pytest.fixture
def site(tmp_path: Path, database_url_for_api: str) -> Iterator[Site]:
    settings = Settings(data_dir=tmp_path / "data", database_url=database_url_for_api)
    settings.data_dir.mkdir(exist_ok=True)
    wiring.connect_plugins()
    database = db.open_database(database_url_for_api)
    installation = wiring.Installation(settings, database, wiring.open_store(settings))
    with database.write() as session:
        ours = trust.create_tenant(session, "Ours", "ada@ours.example").owner
        theirs = trust.create_tenant(session, "Theirs", "bob@theirs.example").owner
        owner, stranger = (trust.actor_of(session, member, via="cli") for member in (ours, theirs))
    made = Site(installation, wiring.build_app(installation), owner, stranger)
    yield made
    made.close()
    database.dispose()


@pytest.fixture
def database_url_for_api(sqlite_url: str) -> str:
    """SQLite, since the rooms below are tested on both; a test that needs PostgreSQL overrides this."""
    return sqlite_url


@pytest.fixture
def ours(site: Site) -> TestClient:
    """A client of our tenant's owner."""
    return site.a_client(site.a_key(site.owner))


@pytest.fixture
def theirs(site: Site) -> TestClient:
    """A client of the other tenant's owner."""
    return site.a_client(site.a_key(site.stranger))
