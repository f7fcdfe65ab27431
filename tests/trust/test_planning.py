"""SQLite looks for what a statement asks beside the tenant, never through all that the tenant has."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Select, select
from tests.fixtures.plans import asked

from muybridge import db, trust, wiring
from muybridge.artifacts import Artifact, LineageEdge
from muybridge.catalog.tables import Consent, Rights, Shot
from muybridge.jobs.tables import JobEvent
from muybridge.labeling.tables import Annotation, Task
from muybridge.settings import Settings
from muybridge.trust import Event

BY_SOMETHING_ELSE: dict[str, tuple[Select[object], str]] = {
    "artifacts by id": (select(Artifact).where(Artifact.id.in_(["art_1", "art_2"])), "(id=?)"),
    "edges of many children": (select(LineageEdge).where(LineageEdge.child_id.in_(["a", "b"])), "(child_id=?)"),
    "edges of many parents": (select(LineageEdge).where(LineageEdge.parent_id.in_(["a", "b"])), "(parent_id=?)"),
    "shots of many assets": (select(Shot).where(Shot.asset_id.in_(["a", "b"])), "(asset_id=?)"),
    "rights of many assets": (select(Rights).where(Rights.asset_id.in_(["a", "b"])), "(asset_id=?)"),
    "consents of an asset": (select(Consent).where(Consent.asset_id == "a"), "(asset_id=?)"),
    "annotations of many attempts": (
        select(Annotation).where(Annotation.attempt_id.in_(["a", "b"])),
        "(attempt_id=?)",
    ),
    "tasks of a project": (select(Task).where(Task.project_id == "p"), "(project_id=?)"),
    "events of a job": (select(JobEvent).where(JobEvent.job_id == "j").order_by(JobEvent.id), "(job_id=?)"),
    "events of many things": (
        select(Event).where(Event.subject_id.in_(["a", "b"])),
        "(tenant_id=? AND subject_id=?)",
    ),
}


@pytest.fixture(params=["made at once", "migrated"])
def planned(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[db.Database]:
    """A database of tests, and one of an installation."""
    if request.param == "made at once":
        yield request.getfixturevalue("database")
        return
    with wiring.open_installation(Settings(data_dir=tmp_path)) as installation:
        yield installation.database


def test_a_tenant_is_no_place_to_search_when_more_is_known(planned: db.Database) -> None:
    actor = trust.system_actor("ten_1")
    found = {}
    for name, (statement, _) in BY_SOMETHING_ELSE.items():
        with planned.read() as session, asked(planned) as told:
            session.scalars(trust.visible(statement, actor)).all()
        found[name] = told.plans()[0].partition(" (")[2]
    assert {name: f"({plan}" for name, plan in found.items()} == {
        name: plan for name, (_, plan) in BY_SOMETHING_ELSE.items()
    }


def test_a_connection_opened_later_knows_it_too(database: db.Database) -> None:
    database.dispose()
    with database.read() as session, asked(database) as told:
        session.scalars(trust.visible(BY_SOMETHING_ELSE["artifacts by id"][0], trust.system_actor("ten_1"))).all()
    assert told.walks() == []
