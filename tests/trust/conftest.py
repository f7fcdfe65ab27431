"""Two tenants that must never meet."""

from dataclasses import dataclass

import pytest

from muybridge import db, trust


@dataclass(frozen=True)
class House:
    """A database with two tenants, and the owner of each."""

    database: db.Database
    owner: trust.Actor
    stranger: trust.Actor


def _house(database: db.Database) -> House:
    with database.write() as session:
        ours = trust.create_tenant(session, "Ours", "ada@ours.example")
        theirs = trust.create_tenant(session, "Theirs", "bob@theirs.example")
        return House(
            database,
            trust.actor_of(session, ours.owner, via="cli"),
            trust.actor_of(session, theirs.owner, via="cli"),
        )


@pytest.fixture
def house(database: db.Database) -> House:
    return _house(database)


@pytest.fixture
def any_house(any_database: db.Database) -> House:
    """The house on SQLite and on PostgreSQL."""
    return _house(any_database)
