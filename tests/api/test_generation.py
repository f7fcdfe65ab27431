import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "fixtures"))

import painted

from muybridge import trust
from muybridge.jobs import Worker
from muybridge.jobs.executors.inline import InlineExecutor

from .conftest import Site

WISH = {"engine": "painted", "prompt": "a red ball drifts right", "num_frames": 3, "min_side": 32, "seed": 2}


@pytest.fixture(autouse=True)
def engine() -> None:
    painted.register()


def test_engines_say_what_they_can_be_asked(ours: TestClient) -> None:
    engines = {each["name"]: each for each in ours.get("/v1/engines").json()["items"]}
    assert engines["painted"]["limits"]["max_frames"] == 64
    assert "text_to_video" in engines["ours"]["kinds"]


def test_a_wish_becomes_a_clip_and_seeing_it_is_an_event(site: Site, ours: TestClient) -> None:
    asked = ours.post("/v1/generations", json=WISH)
    assert asked.status_code == 202
    assert (asked.json()["name"], asked.json()["media_url"]) == (WISH["prompt"], None)
    installation = site.installation
    workdir = installation.settings.data_dir / "work"
    Worker(site.database, installation.store, workdir=workdir, executor=InlineExecutor()).run_until_idle(120)
    (listed,) = ours.get("/v1/generations").json()["items"]
    assert (listed["id"], listed["verified"], listed["media_url"]) == (asked.json()["id"], "trusted", None)
    assert listed["name"] == WISH["prompt"]
    assert ours.get(listed["poster_url"]).headers["content-type"] == "image/jpeg"
    told = ours.get(f"/v1/generations/{listed['id']}").json()
    assert ours.get(told["media_url"]).headers["content-type"] == "video/mp4"
    with site.database.read() as session:
        seen = [event.subject_id for event in session.query(trust.Event).filter_by(name="asset.streamed")]
    assert seen == [told["asset_id"]]


def test_the_same_key_asks_once(ours: TestClient) -> None:
    first, second = (ours.post("/v1/generations", json=WISH, headers={"Idempotency-Key": "k"}) for _ in range(2))
    assert first.json()["id"] == second.json()["id"]
    assert len(ours.get("/v1/generations").json()["items"]) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"engine": "oil"}, "plugins.unknown"),
        ({"prompt": ""}, "generation.bad_spec"),
        ({"kind": "continuation"}, "generation.bad_spec"),
        ({"num_frames": 65}, "generation.beyond_limits"),
        ({"mood": "gay"}, "api.invalid_request"),
    ],
)
def test_what_cannot_be_made_is_refused_in_the_reply(ours: TestClient, change: dict[str, object], code: str) -> None:
    answer = ours.post("/v1/generations", json={**WISH, **change})
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_viewer_may_look_but_not_ask(site: Site) -> None:
    viewer = site.a_client(site.a_key(site.owner, trust.Role.VIEWER))
    assert viewer.post("/v1/generations", json=WISH).status_code == 403
    assert viewer.get("/v1/generations").json() == {"items": [], "next_cursor": None}
