"""The reads that a studio makes all day: a few statements each, however much there is, and none that walks it all."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert
from tests.fixtures.plans import asked

from muybridge import trust
from muybridge.artifacts import Artifact
from muybridge.artifacts.tables import LineageEdge
from muybridge.catalog.assets import OWN_KINDS
from muybridge.catalog.tables import Asset, Rights, Shot
from muybridge.trust import Event
from muybridge.units import new_id

from .conftest import Site

READS: dict[str, tuple[str, int]] = {
    "assets": ("/v1/assets", 5),
    "a word": ("/v1/assets?query=horse", 6),
    "a word none has": ("/v1/assets?query=zebra", 6),
    "asset": ("/v1/assets/{id}", 5),
    "shots": ("/v1/assets/{id}/shots", 5),
    "rights": ("/v1/assets/{id}/rights", 5),
    "media": ("/v1/assets/{id}/media", 6),
    "lineage": ("/v1/lineage/{id}", 8),
    "viewers": ("/v1/assets/{id}/viewers", 7),
    "events": ("/v1/events", 6),
    "events of a thing": ("/v1/events?subject_id={id}", 6),
    "events of a noun": ("/v1/events?name=rights.", 7),
    "jobs": ("/v1/jobs", 4),
}
"""Path, and how many statements it may take: three of each are the key's, its grants' and the clock's."""


IN_ORDER = (
    "ix_assets_tenant_id_id_search_name (tenant_id=?)",
    "ix_jobs_tenant_id_id (tenant_id=?)",
)


@pytest.fixture
def asset_ids(site: Site) -> list[str]:
    """Forty assets with pictures, shots, rights, lineage and a view each; one run learned from all of them."""
    rows: dict[Any, list[dict[str, Any]]] = {kind: [] for kind in (Artifact, Asset, Rights, Shot, LineageEdge, Event)}
    for number in range(40):
        add_asset(rows, site.owner, number)
    asset_ids: list[str] = [asset["id"] for asset in rows[Asset]]
    rows[Event].append(an_event(site.owner, "asset.exported", new_id("ver"), asset_ids=asset_ids, run_id=new_id("run")))
    with site.database.write() as session:
        for kind, values in rows.items():
            session.execute(insert(kind), values)
    trust.seal(site.database)
    return asset_ids


def add_asset(rows: dict[Any, list[dict[str, Any]]], owner: trust.Actor, number: int) -> None:
    mine, asset_id = {"tenant_id": owner.tenant_id}, new_id("ast")
    made = {f"{kind}_artifact_id": new_id("art") for kind in OWN_KINDS}
    name = f"horse {number}"
    kept = {"digest": f"{number:064x}", "size_bytes": 1, "media_type": "video/mp4", "kind": "source", "filename": name}
    rows[Artifact] += [{**mine, **kept, "id": artifact_id} for artifact_id in made.values()]
    named = {"id": asset_id, "name": name, "search_name": name, "media_type": "video/mp4"}
    rows[Asset].append({**mine, **named, **made})
    rows[Rights].append({**mine, "asset_id": asset_id})
    span = {"start_frame": 0, "end_frame": 9, "start_pts": 0, "end_pts": 9, "detector": "t", "confidence": 1.0}
    rows[Shot].append({**mine, **span, "id": new_id("sht"), "asset_id": asset_id, "number": 0})
    edges = [(asset_id, made["source_artifact_id"]), (made["proxy_artifact_id"], asset_id)]
    rows[LineageEdge] += [
        {**mine, "child_id": child, "parent_id": parent, "relation": "derived_from"} for child, parent in edges
    ]
    rows[Event].append(an_event(owner, "asset.streamed", asset_id))


def an_event(owner: trust.Actor, name: str, subject_id: str, **facts: Any) -> dict[str, Any]:
    told = {"name": name, "subject_id": subject_id, "facts": facts}
    return {**told, "id": new_id("evt"), "tenant_id": owner.tenant_id, "actor_id": owner.id, "via": "cli"}


@pytest.mark.parametrize("name", READS)
def test_a_hot_read_takes_few_statements_and_walks_nothing(
    site: Site, ours: TestClient, asset_ids: list[str], name: str
) -> None:
    path, most = READS[name]
    ours.get("/v1/jobs")  # the first use of a key writes it down
    with asked(site.database) as told:
        answer = ours.get(path.format(id=asset_ids[7]))
    assert answer.status_code == 200
    assert len(told.statements) <= most, [statement for statement, _ in told.statements]
    # A list in the order of its index reads one page of it, and stops.
    assert [plan for plan in told.walks() if not plan.endswith(IN_ORDER)] == []
