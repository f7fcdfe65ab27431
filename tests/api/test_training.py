from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from muybridge import artifacts, trust
from muybridge.training import checkpoints, lora, recipes
from muybridge.training.tables import Run, RunMetric
from muybridge.training.updates import CheckpointFiles

from .conftest import Site


def _start(client: TestClient, **changes: object) -> dict[str, object]:
    answer = client.post("/v1/runs", json={"recipe": "smoke", **changes})
    assert answer.status_code == 202, answer.json()
    run: dict[str, object] = answer.json()
    return run


@pytest.fixture
def measured(site: Site, ours: TestClient) -> str:
    """A run with three measured steps and a checkpoint."""
    run_id = str(_start(ours)["id"])
    stored = site.installation.store.put_bytes(b"weights")
    with site.database.write() as session:
        run = trust.load(session, site.owner, Run, run_id)
        for step in (1, 2, 3):
            session.add(RunMetric(tenant_id=run.tenant_id, run_id=run.id, step=step, values={"loss": 1.0 / step}))
        config = recipes.smoke().model.to_json()
        files = CheckpointFiles(3, Path("x"), {"step": 3}, config, is_final=True)
        checkpoints.save(session, site.owner, run, files, stored)
    return run_id


def test_a_run_is_started_listed_and_read(ours: TestClient) -> None:
    run = _start(ours, name="first light", seed=3, budget_s=30.0)
    assert (run["name"], run["seed"], run["budget_s"], run["version_id"]) == ("first light", 3, 30.0, None)
    assert [each["id"] for each in ours.get("/v1/runs").json()["items"]] == [run["id"]]
    told = ours.get(f"/v1/runs/{run['id']}").json()
    assert (told["samples"], told["checkpoints"]) == ([], [])
    assert ours.get(f"/v1/jobs/{run['job_id']}").json()["name"] == "training.train"


def test_the_same_key_starts_one_run(ours: TestClient) -> None:
    body, headers = {"recipe": "smoke"}, {"Idempotency-Key": "k1"}
    first, again = (ours.post("/v1/runs", json=body, headers=headers).json() for _ in range(2))
    assert first["id"] == again["id"]


def test_metrics_follow_a_step(ours: TestClient, measured: str) -> None:
    everything = ours.get(f"/v1/runs/{measured}/metrics").json()["items"]
    assert [(each["step"], each["values"]) for each in everything][:2] == [(1, {"loss": 1.0}), (2, {"loss": 0.5})]
    rest = ours.get(f"/v1/runs/{measured}/metrics", params={"after_step": 2}).json()["items"]
    assert [each["step"] for each in rest] == [3]


def test_checkpoints_carry_their_card_and_config(ours: TestClient, measured: str) -> None:
    (checkpoint,) = ours.get("/v1/checkpoints").json()["items"]
    assert (checkpoint["run_id"], checkpoint["step"], checkpoint["is_final"]) == (measured, 3, True)
    assert (checkpoint["config"]["name"], checkpoint["is_world_model"]) == ("pico", True)
    assert (checkpoint["recipe"], checkpoint["obeys_words"], checkpoint["rooms"]) == ("smoke", True, {"bakeoff": ""})
    assert ours.get(f"/v1/checkpoints/{checkpoint['id']}").json() == checkpoint


def test_fine_tuning_takes_the_parents_shape(ours: TestClient, measured: str) -> None:
    (checkpoint,) = ours.get("/v1/checkpoints").json()["items"]
    run = _start(ours, recipe="finetune", parent_checkpoint_id=checkpoint["id"])
    assert run["parent_checkpoint_id"] == checkpoint["id"]
    assert run["recipe"]["model"] == checkpoint["config"]  # type: ignore[index]


def test_matrices_for_another_model_are_told_apart_and_refused_where_a_network_of_ours_is_needed(
    site: Site, ours: TestClient
) -> None:
    with site.database.write() as session:
        recipe = lora.wan_lora().to_json()
        run = Run(tenant_id=site.owner.tenant_id, name="tuned", recipe=recipe, seed=0, code_version="0")
        session.add(run)
        session.flush()
        artifacts.describe(session, site.owner, run.id, run.name)
        files = CheckpointFiles(9, Path("x"), {}, {"name": "Wan", "kind": "lora"}, is_final=True, kind="lora")
        checkpoints.save(session, site.owner, run, files, site.installation.store.put_bytes(b"matrices"))
    (tuned,) = ours.get("/v1/checkpoints").json()["items"]
    assert (tuned["is_world_model"], tuned["obeys_words"]) == (False, False)
    named = {"checkpoint_id": tuned["id"]}
    for path, body in (
        ("/v1/sessions", {**named, "room": "arcade"}),
        ("/v1/generations", {**named, "prompt": "a red ball"}),
        ("/v1/evaluations", {**named, "kind": "simulator"}),
        ("/v1/runs", {"recipe": "finetune", "parent_checkpoint_id": tuned["id"]}),
    ):
        refused = ours.post(path, json=body)
        assert (refused.status_code, refused.json()["code"]) == (422, "worldmodel.bad_config"), path
        assert refused.json()["detail"] == "Wan is a checkpoint of kind lora, not a world model."


def test_a_run_is_asked_to_stop(ours: TestClient) -> None:
    run = _start(ours)
    assert ours.post(f"/v1/runs/{run['id']}/stop").json()["stop_requested_at"] is not None


def test_unknown_recipes_and_fields_are_refused(ours: TestClient) -> None:
    unknown = ours.post("/v1/runs", json={"recipe": "alchemy"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "training.unknown_recipe")
    assert ours.post("/v1/runs", json={"recipe": "smoke", "epochs": 3}).status_code == 422


def test_recipes_are_listed_with_their_sizes(ours: TestClient) -> None:
    found = {each["name"]: each["size"] for each in ours.get("/v1/recipes").json()["items"]}
    assert {"bakeoff": "nano", "tiny": "tiny", "base": "base"}.items() <= found.items()


def test_another_tenants_run_and_checkpoint_do_not_exist(theirs: TestClient, ours: TestClient, measured: str) -> None:
    (checkpoint,) = ours.get("/v1/checkpoints").json()["items"]
    for path in (f"runs/{measured}", f"runs/{measured}/metrics", f"checkpoints/{checkpoint['id']}"):
        assert theirs.get(f"/v1/{path}").status_code == 404
    assert theirs.get("/v1/runs").json()["items"] == []


def test_a_viewer_watches_and_starts_nothing(site: Site, ours: TestClient, measured: str) -> None:
    viewer = site.a_client(site.a_key(site.owner, trust.Role.VIEWER))
    assert viewer.get(f"/v1/runs/{measured}").status_code == 200
    assert viewer.post("/v1/runs", json={"recipe": "smoke"}).status_code == 403
