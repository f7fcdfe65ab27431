"""Labelling and datasets over HTTP: a claim, an answer, a proposal, a frozen version, an export."""

import sys
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from muybridge import trust

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "fixtures"))

from labelled import Studio, TwoThings, a_box_track

from muybridge.labeling.trackers import trackers

from .conftest import Site

AS_JSON = {"Content-Type": "application/json"}


@pytest.fixture
def studio(site: Site, tmp_path: Path) -> Studio:
    trackers.put("two_things", TwoThings())
    return Studio(site.database, site.installation.store, site.owner, tmp_path)


@pytest.fixture
def client(site: Site) -> TestClient:
    return site.a_client(site.a_key(site.owner))


@pytest.fixture
def project(client: TestClient) -> dict[str, Any]:
    classes = [{"name": "car", "shapes": ["box"]}, {"name": "person", "shapes": ["box"]}]
    made: dict[str, Any] = client.post("/v1/projects", json={"name": "Street", "classes": classes}).json()
    return made


def test_a_project_shows_its_classes_and_what_there_is_to_do(client: TestClient, project: dict[str, Any]) -> None:
    assert project["ontology"]["number"] == 1
    assert [entry["name"] for entry in project["ontology"]["classes"]] == ["car", "person"]
    published = client.post(
        f"/v1/projects/{project['id']}/ontologies", json={"classes": [{"name": "van", "shapes": ["box"]}]}
    )
    assert (published.status_code, published.json()["number"]) == (201, 2)
    (listed,) = client.get("/v1/projects").json()["items"]
    assert (listed["ontology"]["number"], listed["num_tasks"], listed["num_open_proposals"]) == (2, 0, 0)


def test_a_task_is_claimed_drafted_answered_and_completed(
    studio: Studio, client: TestClient, project: dict[str, Any]
) -> None:
    asset = studio.an_asset(cuts=[60])
    asked = client.post(f"/v1/projects/{project['id']}/tasks", json={"asset_ids": [asset]}).json()["items"]
    assert [(task["start_frame"], task["end_frame"]) for task in asked] == [(0, 60), (60, 100)]

    claim = f"/v1/projects/{project['id']}/claim"
    held = client.post(claim).json()["assignment"]
    assert (held["task"]["id"], [entry["name"] for entry in held["classes"]]) == (asked[0]["id"], ["car", "person"])
    assert client.put(f"/v1/assignments/{held['id']}/draft", json={"draft": {"half": "done"}}).status_code == 200
    assert client.post(claim).json()["assignment"]["draft"] == {"half": "done"}

    submit = f"/v1/assignments/{held['id']}/submit"
    wrong = client.post(submit, json={"annotations": [a_box_track()]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "labeling.invalid_annotations")
    assert wrong.json()["detail"] == "annotations[0].keyframes[2].frame: frame 99 is outside the clip [0, 60)."
    right = client.post(submit, json={"annotations": [a_box_track(frames=[0, 59])], "duration_s": 4.5})
    assert (right.status_code, right.json()["source"]) == (201, "person")
    assert client.post(submit, json={"annotations": []}).status_code == 409
    studio.work()
    assert client.get(f"/v1/tasks/{asked[0]['id']}").json()["completed_at"] is not None


def test_nothing_left_to_claim_is_null(client: TestClient, project: dict[str, Any]) -> None:
    assert client.post(f"/v1/projects/{project['id']}/claim").json() == {"assignment": None}


def test_an_external_id_is_taken_once(studio: Studio, client: TestClient, project: dict[str, Any]) -> None:
    clip = {"asset_id": studio.an_asset(), "start_frame": 0, "end_frame": 10, "start_pts": 0, "end_pts": 5120}
    body = {"tasks": [{"clip": clip, "external_id": "order-7"}]}
    url = f"/v1/projects/{project['id']}/tasks"
    assert client.post(url, json=body).status_code == 201
    again = client.post(url, json=body)
    assert (again.status_code, again.json()["code"]) == (409, "labeling.external_id_taken")
    assert again.json()["facts"] == {"external_id": "order-7"}


@pytest.mark.parametrize(
    "value", ['"\\ud800"', '"a\\u0000b"', "NaN", "-Infinity", "1e999", '{"\\ud800": 1}', "[" * 64 + "]" * 64]
)
def test_json_that_could_not_be_given_back_is_refused(client: TestClient, project: dict[str, Any], value: str) -> None:
    url = f"/v1/projects/{project['id']}/tasks"
    answer = client.post(url, content=f'{{"tasks": [{{"payload": {{"left": {value}}}}}]}}', headers=AS_JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, "api.invalid_request")
    assert [error["field"] for error in answer.json()["errors"]] == ["body.tasks.0.payload"]


def test_who_answers_is_not_told_what_is_gold(studio: Studio, client: TestClient, project: dict[str, Any]) -> None:
    clip = {"asset_id": studio.an_asset(), "start_frame": 0, "end_frame": 100, "start_pts": 0, "end_pts": 51_200}
    body = {"tasks": [{"clip": clip, "gold": {"annotations": [a_box_track()]}}]}
    assert client.post(f"/v1/projects/{project['id']}/tasks", json=body).status_code == 201
    held = client.post(f"/v1/projects/{project['id']}/claim").json()["assignment"]
    assert not {name for name in held["task"] if "gold" in name}


def test_what_is_no_assets_id_is_refused_where_it_stands(client: TestClient, project: dict[str, Any]) -> None:
    answer = client.post(f"/v1/projects/{project['id']}/tasks", json={"asset_ids": ["ast_1"]})
    assert (answer.status_code, answer.json()["code"]) == (422, "api.invalid_request")
    assert [error["field"] for error in answer.json()["errors"]] == ["body.asset_ids.0"]


def test_another_members_draft_is_not_readable(
    site: Site, studio: Studio, client: TestClient, project: dict[str, Any]
) -> None:
    client.post(f"/v1/projects/{project['id']}/tasks", json={"asset_ids": [studio.an_asset()]})
    held = client.post(f"/v1/projects/{project['id']}/claim").json()["assignment"]
    other = site.a_client(site.a_key(site.owner, trust.Role.MANAGER))
    refused = other.get(f"/v1/assignments/{held['id']}")
    assert (refused.status_code, refused.json()["code"]) == (403, "labeling.not_yours")


def test_proposals_are_offered_decided_and_frozen(studio: Studio, client: TestClient, project: dict[str, Any]) -> None:
    asset = studio.an_asset()
    started = client.post(f"/v1/projects/{project['id']}/propose", json={"asset_ids": [asset], "tracker": "two_things"})
    assert (started.status_code, [job["subject_id"] for job in started.json()["items"]]) == (202, [asset])
    studio.work()
    (offered,) = client.get(f"/v1/projects/{project['id']}/proposals?state=open").json()["items"]
    assert (offered["source"], offered["is_reviewed"]) == ("model", False)
    decide = f"/v1/proposals/{offered['id']}/decide"
    accepted = client.post(decide, json={"decision": "accept", "class_name": "person"}).json()
    assert (accepted["state"], accepted["is_reviewed"]) == ("accepted", True)
    assert client.post(decide, json={"decision": "reject"}).status_code == 409
    assert client.post(decide, json={"decision": "reopen", "decided_by": "mbr_another"}).status_code == 409
    assert client.post(decide, json={"decision": "accept", "decided_by": "mbr_another"}).status_code == 422
    assert client.post(decide, json={"decision": "reopen"}).json()["state"] == "open"
    assert client.post(decide, json={"decision": "accept", "class_name": "person"}).status_code == 200

    query = {"project_ids": [project["id"]], "labels": "accepted"}
    dataset = client.post("/v1/datasets", json={"name": "accepted", "query": query}).json()
    version = client.post(f"/v1/datasets/{dataset['id']}/versions", json={}).json()
    assert (version["number"], version["num_annotations"], version["purpose"]) == (1, 1, "train")
    assert client.get(f"/v1/datasets/{dataset['id']}").json()["versions"] == [version]
    assert client.get(f"/v1/dataset-versions/{version['id']}").json() == version
    assert version["why_empty"].startswith(
        "No clip is in val and test: the clips, or the shots that they lie in, are too few"
    )
    same = client.get(f"/v1/dataset-versions/{version['id']}/difference/{version['id']}").json()
    assert (same["num_added"], same["num_same"]) == (0, 1)


def test_an_export_runs_as_a_job(studio: Studio, client: TestClient) -> None:
    studio.an_asset()
    dataset = client.post("/v1/datasets", json={"name": "all"}).json()
    version = client.post(f"/v1/datasets/{dataset['id']}/versions", json={}).json()
    assert client.get("/v1/export-formats").json() == {"items": ["coco", "jsonl", "mot"]}
    export = f"/v1/dataset-versions/{version['id']}/export"
    assert client.post(export, json={"format": "jsonl"}).status_code == 202
    assert client.post(export, json={"format": "vhs"}).status_code == 422
    studio.work()


def test_freezing_forbidden_footage_names_it(studio: Studio, client: TestClient) -> None:
    studio.an_asset("secret.mp4", uses=None)
    dataset = client.post("/v1/datasets", json={"name": "all"}).json()
    refused = client.post(f"/v1/datasets/{dataset['id']}/versions", json={})
    assert (refused.status_code, refused.json()["code"]) == (403, "catalog.asset_forbidden")
    assert refused.json()["facts"]["assets"][0]["name"] == "secret.mp4"


def test_an_answer_in_doubt_is_reviewed(
    site: Site, studio: Studio, client: TestClient, project: dict[str, Any]
) -> None:
    asset = studio.an_asset()
    client.post(f"/v1/projects/{project['id']}/tasks", json={"asset_ids": [asset], "replicas": 2})
    other = site.a_client(site.a_key(site.owner, trust.Role.MANAGER))
    for who, start in ((client, (10.0, 20.0)), (other, (400.0, 200.0))):
        held = who.post(f"/v1/projects/{project['id']}/claim").json()["assignment"]
        answer = {"annotations": [a_box_track(start=start)]}
        assert who.post(f"/v1/assignments/{held['id']}/submit", json=answer).status_code == 201
    studio.work()
    (opened,) = client.get(f"/v1/projects/{project['id']}/reviews").json()["items"]
    assert opened["consensus"]["agreement"] == 0.0
    fixed = client.post(
        f"/v1/reviews/{opened['id']}/decide", json={"decision": "fix", "annotations": [a_box_track()]}
    ).json()
    assert (fixed["decision"], fixed["consensus"]["review_state"]) == ("fix", "fixed")
    assert client.get(f"/v1/projects/{project['id']}/reviews").json()["items"] == []
