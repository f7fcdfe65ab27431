"""What a tracker offers becomes a label by a key of a person, and by nothing else."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Route, expect
from tests.browser.furnishing import until
from tests.browser.studio import Studio
from tests.fixtures import video

pytestmark = pytest.mark.browser


@pytest.fixture
def project(server, tmp_path: Path) -> tuple[httpx.Client, dict[str, Any]]:
    """A project whose tracker found at least two things in a clip of moving blobs."""
    clip = video.make_clip(tmp_path / "blobs.mp4", pictures=video.scenes([50, 50, 50], seed=3), size=(320, 180))
    client = server.client()
    upload = client.post("/v1/uploads", json={"name": clip.name, "size_bytes": clip.stat().st_size}).json()
    client.patch(
        f"/v1/uploads/{upload['id']}", content=clip.read_bytes(), headers={"Upload-Offset": "0"}
    ).raise_for_status()
    asset = client.post(f"/v1/uploads/{upload['id']}/complete").raise_for_status().json()
    until(lambda: client.get(f"/v1/assets/{asset['id']}").json()["is_ready"])
    classes = [{"name": name, "shapes": ["box"]} for name in ("object", "blob")]
    made = client.post("/v1/projects", json={"name": "Blobs", "classes": classes}).raise_for_status().json()
    client.post(f"/v1/projects/{made['id']}/propose", json={"asset_ids": [asset["id"]]}).raise_for_status()
    until(lambda: len(_proposals(client, made["id"], "open")) >= 2)
    return client, made


def test_proposals_are_decided_by_key_and_a_slip_is_taken_back(studio: Studio, project) -> None:
    client, made = project
    total = len(_proposals(client, made["id"], "open"))
    studio.open(f"/label/{made['id']}/proposals")
    expect(studio.page.locator(".stage[data-ready=true]")).to_be_visible()
    expect(studio.page.locator(".box-overlay .box")).to_be_visible()
    expect(studio.page.locator(".class-picker button")).to_have_count(2)

    studio.press("2", "a")
    expect(studio.page.get_by_text("1 accepted")).to_be_visible()
    studio.press("r")
    expect(studio.page.get_by_text("1 rejected")).to_be_visible()
    studio.press("u")
    expect(studio.page.get_by_text("0 rejected")).to_be_visible()
    expect(studio.page.get_by_text(f"{total - 1} left")).to_be_visible()

    until(lambda: len(_proposals(client, made["id"], "accepted")) == 1)
    until(lambda: len(_proposals(client, made["id"], "open")) == total - 1)
    studio.open("/events")
    expect(studio.page.get_by_text("proposal.decided").first).to_be_visible()


def test_a_dragged_box_is_kept_as_an_adjustment(studio: Studio, project) -> None:
    client, made = project
    studio.open(f"/label/{made['id']}/proposals")
    box = studio.page.locator(".box-overlay .box")
    expect(studio.page.locator(".stage[data-ready=true]")).to_be_visible()
    expect(box).to_be_visible()
    studio.press("k", "e")
    place = box.bounding_box()
    assert place is not None
    middle = (place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    studio.page.mouse.move(*middle)
    studio.page.mouse.down()
    studio.page.mouse.move(middle[0] + 14, middle[1] + 9, steps=4)
    studio.page.mouse.up()
    expect(studio.page.get_by_role("button", name="Accept with changes")).to_be_visible()
    studio.press("a")
    until(lambda: len(_proposals(client, made["id"], "adjusted")) == 1)
    (adjusted,) = _proposals(client, made["id"], "adjusted")
    assert adjusted["annotation_id"] is not None


def test_what_another_decides_meanwhile_is_said_and_asked_no_more(studio: Studio, project) -> None:
    client, made = project
    first, second, *rest = _proposals(client, made["id"], "open")
    studio.open(f"/label/{made['id']}/proposals")
    expect(studio.page.get_by_text(f"{len(rest) + 2} left")).to_be_visible()
    expect(studio.page.get_by_role("button", name="Accept", exact=False)).to_be_visible()
    for decided in (second, first):
        client.post(f"/v1/proposals/{decided['id']}/decide", json={"decision": "reject"}).raise_for_status()
    # The one on screen stays until the person has decided; the others go.
    expect(studio.page.get_by_text(f"{len(rest) + 1} left")).to_be_visible()
    studio.press("a")
    expect(studio.page.get_by_text(f"Proposal {first['id']} was decided already")).to_be_visible()
    expect(studio.page.get_by_text("0 accepted")).to_be_visible()
    expect(studio.page.get_by_text(f"{len(rest)} left")).to_be_visible()


def test_what_was_refused_is_not_taken_back(studio: Studio, project) -> None:
    client, made = project
    first, second, *_ = _proposals(client, made["id"], "open")
    held: list[Route] = []
    studio.page.route("**/v1/proposals/*/decide", lambda route: route.continue_() if held else held.append(route))
    studio.open(f"/label/{made['id']}/proposals")
    expect(studio.page.get_by_role("button", name="Accept", exact=False)).to_be_visible()
    with studio.page.expect_request("**/v1/proposals/*/decide"):
        studio.press("a")
    studio.press("u")
    expect(studio.page.get_by_text("0 accepted")).to_be_visible()
    client.post(f"/v1/proposals/{first['id']}/decide", json={"decision": "reject"}).raise_for_status()
    held[0].continue_()
    expect(studio.page.get_by_text(f"Proposal {first['id']} was decided already")).to_be_visible()
    # Decisions go one after the other: once this one is there, nothing before it is still on its way.
    studio.press("a")
    until(lambda: [each["id"] for each in _proposals(client, made["id"], "accepted")] == [second["id"]])
    assert [each["id"] for each in _proposals(client, made["id"], "rejected")] == [first["id"]]


def _proposals(client: httpx.Client, project_id: str, state: str) -> list[dict[str, Any]]:
    found = client.get(f"/v1/projects/{project_id}/proposals", params={"state": state}).raise_for_status().json()
    return list(found["items"])


def test_a_key_decides_once_however_long_it_is_held_and_nothing_under_a_dialog(studio: Studio, project) -> None:
    client, made = project
    total = len(_proposals(client, made["id"], "open"))
    studio.open(f"/label/{made['id']}/proposals")
    expect(studio.page.locator(".box-overlay .box")).to_be_visible()
    studio.press("?")
    expect(studio.page.get_by_role("dialog")).to_be_visible()
    studio.press("a", "Escape")
    expect(studio.page.get_by_role("dialog")).to_be_hidden()
    for _ in range(3):
        studio.page.keyboard.down("a")
    studio.page.keyboard.up("a")
    expect(studio.page.get_by_text("1 accepted")).to_be_visible()
    expect(studio.page.get_by_text(f"{total - 1} left")).to_be_visible()
    studio.press("u")
    expect(studio.page.get_by_text("0 accepted")).to_be_visible()
