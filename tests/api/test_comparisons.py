"""Asking people which of some generations are better, over HTTP, on both databases."""

import sys
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "fixtures"))

import painted

from muybridge import trust
from muybridge.jobs import Worker
from muybridge.jobs.executors.inline import InlineExecutor

from .conftest import Site

WISH = {"engine": "painted", "prompt": "a red ball drifts right", "num_frames": 3, "min_side": 32}


@pytest.fixture
def database_url_for_api(database_url: str) -> str:
    return database_url


@pytest.fixture
def rendered(site: Site, ours: TestClient) -> list[str]:
    """Three clips of one wish."""
    painted.register()
    asked = [ours.post("/v1/generations", json={**WISH, "seed": seed}).json()["id"] for seed in range(3)]
    installation = site.installation
    workdir = installation.settings.data_dir / "work"
    Worker(site.database, installation.store, workdir=workdir, executor=InlineExecutor()).run_until_idle(120)
    return asked


def ask(client: TestClient, generation_ids: list[str], **more: Any) -> Any:
    headers = {"Idempotency-Key": more.pop("key")} if "key" in more else {}
    return client.post("/v1/comparisons", json={"generation_ids": generation_ids, **more}, headers=headers)


def test_chosen_generations_become_blind_pairs_and_verdicts_their_standings(
    ours: TestClient, rendered: list[str]
) -> None:
    made = ask(ours, rendered, name="Which seed?", variants=["zero", "one", "two"])
    assert (made.status_code, made.json()["name"], made.json()["num_comparisons"]) == (201, "Which seed?", 3)
    project_id = made.json()["project_id"]
    waiting = ours.get("/v1/comparisons", params={"state": "open", "project_id": project_id}).json()["items"]
    assert len(waiting) == 3
    shown = ours.get(f"/v1/comparisons/{waiting[0]['id']}").json()
    assert shown["prompt"] == WISH["prompt"]
    assert not {"zero", "one", "two"} & set(map(str, shown.values()))
    for comparison in waiting:
        assert ours.post(f"/v1/comparisons/{comparison['id']}/judge", json={"verdict": "left"}).status_code == 200
    told = ours.get(f"/v1/projects/{project_id}/standings").json()
    assert (told["num_comparisons"], told["num_verdicts"], told["num_raters"]) == (3, 3, 1)
    assert (told["left_share"], told["sources"]) == (1.0, ["person"])
    assert {each["variant"] for each in told["standings"]} == {"zero", "one", "two"}
    assert sum(each["share"] for each in told["standings"]) == pytest.approx(1.5)


def test_the_same_key_asks_once(ours: TestClient, rendered: list[str]) -> None:
    first, second = (ask(ours, rendered, key="once").json() for _ in range(2))
    assert first == second
    assert len(ours.get("/v1/comparisons").json()["items"]) == 3


def test_what_cannot_be_compared_is_refused_in_the_reply(ours: TestClient, rendered: list[str]) -> None:
    other = ours.post("/v1/generations", json={**WISH, "prompt": "a blue cube"}).json()["id"]
    late = ours.post("/v1/generations", json={**WISH, "seed": 9}).json()["id"]
    for chosen, status, code in (
        ([rendered[0], other], 422, "evaluation.nothing_to_compare"),
        ([rendered[0], late], 409, "evaluation.not_rendered"),
        (rendered[:1], 422, "evaluation.nothing_to_compare"),
        ([rendered[0], "gen_00000000000000000000000000"], 404, "muybridge.not_found"),
    ):
        answer = ask(ours, chosen)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.json()["remedy"] != ""


def test_a_viewer_reads_the_standings_but_does_not_ask(site: Site, ours: TestClient, rendered: list[str]) -> None:
    viewer = site.a_client(site.a_key(site.owner, trust.Role.VIEWER))
    assert ask(viewer, rendered).status_code == 403
    project_id = ask(ours, rendered).json()["project_id"]
    assert viewer.get(f"/v1/projects/{project_id}/standings").json()["num_verdicts"] == 0
    annotator = site.a_client(site.a_key(site.owner, trust.Role.ANNOTATOR))
    assert annotator.get(f"/v1/projects/{project_id}/standings").status_code == 403
