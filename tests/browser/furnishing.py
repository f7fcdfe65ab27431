"""An installation with something on every page: footage, a project with proposals, a version, a generation."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from tests.fixtures import video

WAIT_S = 240.0
"""For the worker: its first clip also waits for the shot detector, its first generation for the network."""


@dataclass(frozen=True)
class Furnished:
    """Ids of one of each."""

    asset: str
    refused: str
    """An asset that could not be read."""
    project: str
    dataset: str
    version: str
    run: str
    generation: str
    evaluation: str


def furnish(client: httpx.Client, folder: Path) -> Furnished:
    clip = video.make_clip(folder / "two scenes.mp4", pictures=video.scenes([50, 50], seed=3), size=(320, 180))
    impostor = folder / "words.mp4"
    impostor.write_text("These are words.")
    asset, refused = upload(client, clip), upload(client, impostor)
    until(lambda: _get(client, f"/v1/assets/{asset}")["is_ready"])
    until(lambda: _get(client, f"/v1/assets/{refused}")["failure"] is not None)
    rights = {"source": "made by a test", "owner": "Owner", "licence": "CC0-1.0", "allowed_uses": ["label", "train"]}
    client.put(f"/v1/assets/{asset}/rights", json=rights).raise_for_status()

    project = _post(client, "/v1/projects", name="Blobs", classes=[{"name": "blob", "shapes": ["box"]}])["id"]
    _post(client, f"/v1/projects/{project}/propose", asset_ids=[asset])
    until(lambda: len(_get(client, f"/v1/projects/{project}/proposals")["items"]) > 0)

    dataset = _post(client, "/v1/datasets", name="Blobs", query={"asset_ids": [asset]})["id"]
    version = _post(client, f"/v1/datasets/{dataset}/versions", purpose="train")["id"]
    asked = {"prompt": "a red circle drifts right", "num_frames": 4, "first_steps": 2, "steps": 1}
    generation = _post(client, "/v1/generations", **asked)
    until(lambda: _is_done(client, generation["job_id"]))
    # Neither is awaited: their pages are there from the first.
    run = _post(client, "/v1/runs", name="A few steps", recipe=_first_recipe(client), seed=0, budget_s=2.0)
    evaluation = _post(client, "/v1/evaluations", checkpoint_id=generation["checkpoint_id"], kind="simulator", n=1)
    return Furnished(asset, refused, project, dataset, version, run["id"], generation["id"], evaluation["id"])


def upload(client: httpx.Client, path: Path) -> str:
    """The id of the asset that the file becomes."""
    opened = _post(client, "/v1/uploads", name=path.name, size_bytes=path.stat().st_size)
    piece = client.patch(f"/v1/uploads/{opened['id']}", content=path.read_bytes(), headers={"Upload-Offset": "0"})
    piece.raise_for_status()
    return str(_post(client, f"/v1/uploads/{opened['id']}/complete")["id"])


def until(holds: Callable[[], bool], timeout_s: float = WAIT_S) -> None:
    deadline = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < deadline, "it did not come to pass in time"
        time.sleep(0.3)


def _is_done(client: httpx.Client, job_id: str) -> bool:
    job = _get(client, f"/v1/jobs/{job_id}")
    assert job["state"] not in ("failed", "cancelled"), job["failure"]
    return bool(job["state"] == "succeeded")


def _first_recipe(client: httpx.Client) -> str:
    return str(_get(client, "/v1/recipes")["items"][0]["name"])


def _get(client: httpx.Client, path: str) -> dict[str, Any]:
    return dict(client.get(path).raise_for_status().json())


def _post(client: httpx.Client, path: str, **body: object) -> dict[str, Any]:
    return dict(client.post(path, json=body).raise_for_status().json())
