"""A world is stepped into, steered, spoken to, gone back in, branched, kept as a signed clip, and left."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Route, expect
from tests.browser.furnishing import until, upload
from tests.browser.studio import READY_MS, Studio
from tests.fixtures import video

pytestmark = pytest.mark.browser

WORDS = "the sky turns green"
"""No rule of the Arcade carries this out, so the true world is known no further."""


@dataclass(frozen=True)
class World:
    """A session on screen."""

    studio: Studio

    @property
    def stage(self) -> Locator:
        return self.studio.page.get_by_role("region", name="The world")

    def enter(self, room: str) -> None:
        """Through its card, and until its first frame is there."""
        self.studio.open("/play")
        self.studio.page.get_by_role("button", name=f"Play {room}").click()
        expect(self.picture("Imagined", 0)).to_be_visible(timeout=READY_MS)

    def picture(self, panel: str, frame: int) -> Locator:
        return self.stage.get_by_role("img", name=f"{panel}, frame {frame}", exact=True)

    def pixels(self, panel: str, frame: int) -> str:
        return str(self.picture(panel, frame).evaluate("canvas => canvas.toDataURL()"))

    def run(self, key: str, *, to_frame: int) -> None:
        """Hold a key until the world has come so far, then let go and pause."""
        self.studio.page.keyboard.down(key)
        self.studio.page.wait_for_function(
            "frame => Number(document.querySelector('.world').dataset.frame) >= frame", arg=to_frame
        )
        self.studio.page.keyboard.up(key)
        self.studio.press("Space")
        expect(self.studio.page.get_by_role("button", name="Play", exact=True)).to_be_visible()

    def look_at(self, frame: int) -> None:
        self.studio.press("Home", *["]"] * frame)
        expect(self.picture("Imagined", frame)).to_be_visible()

    def is_steered(self, direction: str) -> None:
        """The pad shows what led to the frame on screen."""
        button = self.studio.page.get_by_role("group", name="Steer").get_by_role("button", name=direction)
        expect(button).to_have_attribute("data-taken", "true")

    def branch(self, words: str) -> Locator:
        return self.studio.page.get_by_role("button", name=re.compile(f"^Branch {words}"))

    def end(self) -> None:
        self.studio.page.get_by_role("button", name="End", exact=True).click()
        expect(self.studio.page.get_by_role("heading", name="You ended this session")).to_be_visible()


@pytest.fixture
def world(studio: Studio, server) -> Iterator[World]:
    """Whatever a test leaves open is ended: a member may hold three sessions."""
    yield World(studio)
    with server.client() as client:
        for session in client.get("/v1/sessions").json()["items"]:
            if session["ended_at"] is None:
                client.delete(f"/v1/sessions/{session['id']}")


def test_a_world_is_steered_spoken_to_gone_back_in_branched_and_kept(world: World, server) -> None:
    studio, page = world.studio, world.studio.page
    world.enter("Arcade")
    assert world.pixels("Imagined", 0) == world.pixels("True", 0), "imagination and ghost begin alike"

    world.run("ArrowRight", to_frame=4)
    world.look_at(2)
    world.is_steered("right")
    once = {panel: world.pixels(panel, 2) for panel in ("Imagined", "True")}

    world.look_at(0)
    studio.press("b")
    expect(world.branch("b1 1 frame, left b0 at frame 0")).to_have_attribute("aria-current", "true")
    world.run("ArrowLeft", to_frame=6)
    world.look_at(2)
    world.is_steered("left")
    assert [panel for panel in once if world.pixels(panel, 2) == once[panel]] == [], "steered otherwise, seen otherwise"

    world.look_at(4)
    expect(page.get_by_text("To go on from here drops what came after")).to_be_visible()
    studio.press(".")
    expect(world.branch("b1 6 frames, left b0 at frame 0")).to_be_visible()
    expect(world.picture("True", 5)).to_be_visible()

    studio.press("t")
    page.keyboard.type(WORDS)
    studio.press("Enter")
    expect(page.get_by_text("is heard with the next frame")).to_be_visible()
    studio.press(".")
    expect(world.picture("Imagined", 6)).to_be_visible()
    expect(world.stage.get_by_text(f"“{WORDS}”")).to_be_visible()
    expect(world.stage.get_by_text("The imagination goes on alone.")).to_be_visible()
    expect(world.picture("True", 6)).to_have_count(0)

    studio.press("[", ".")
    expect(world.picture("True", 6)).to_be_visible()
    expect(world.stage.get_by_text(f"“{WORDS}”")).to_have_count(0)
    imagined = world.pixels("Imagined", 6)
    page.get_by_role("button", name="Difference").click()
    assert world.pixels("Difference", 6) != imagined

    studio.press("c")
    clip = page.locator(".clip-row")
    expect(clip).to_contain_text("b1, frames 0 – 6")
    expect(clip).to_contain_text("signed, with its provenance", timeout=READY_MS)
    address = clip.get_by_role("link", name="Open").get_attribute("href")
    world.end()

    assert address is not None
    studio.open(address)
    expect(page.get_by_role("heading", name="play of the arcade")).to_be_visible()
    expect(page.get_by_text("was signed by this installation")).to_be_visible()
    with server.client() as client:
        made = client.get(f"/v1{address}").raise_for_status().json()
        clip_file = client.get(made["media_url"]).raise_for_status()
    assert (made["kind"], made["verified"], made["spec"]["num_frames"]) == ("play", "trusted", 7)
    assert [action for action, _ in made["spec"]["script"]["entries"]] == [0, 1, 1, 1, 1, 0, 0]
    assert clip_file.headers["content-type"] == "video/mp4"
    page.get_by_role("link", name="In the catalogue").click()
    expect(page.locator(".stage[data-ready=true]")).to_be_visible(timeout=READY_MS)
    studio.press("End")
    studio.wait_for_frame(6)


def test_a_world_that_was_left_waits_where_it_stood(world: World) -> None:
    studio, page = world.studio, world.studio.page
    world.enter("Desk")
    studio.press(".")
    expect(world.picture("Imagined", 1)).to_be_visible()
    page.get_by_role("link", name="Play", exact=True).first.click()
    waiting = page.get_by_role("region", name="Sessions that are still open")
    expect(waiting).to_contain_text("Desk")
    waiting.get_by_role("link", name="Go on").click()
    expect(world.picture("Imagined", 1)).to_be_visible()
    expect(page.get_by_text("Press space to let it run")).to_have_count(0)
    world.end()
    page.get_by_role("link", name="Choose another world").click()
    expect(page.get_by_role("button", name="Play Desk")).to_be_visible()
    expect(waiting).to_have_count(0)


def test_fingers_find_both_pictures_and_every_way_to_steer(chromium: Browser, world: World, server) -> None:
    size = {"width": 390, "height": 844}
    context = chromium.new_context(viewport=size, has_touch=True, is_mobile=True)
    context.add_cookies([{"name": c.name, "value": c.value or "", "url": server.url} for c in server.cookies.jar])
    held = World(Studio(context.new_page(), server.url))
    held.enter("Arcade")
    pictures = [held.picture(panel, 0) for panel in ("Imagined", "True")]
    pad = held.studio.page.get_by_role("group", name="Steer")
    ways = [pad.get_by_role("button", name=way) for way in ("up", "left", "down", "right")]
    boxes = [box for box in (each.bounding_box() for each in (*pictures, *ways)) if box is not None]
    assert [box for box in boxes if box["x"] < 0 or box["x"] + box["width"] > size["width"]] == []
    up, left, down, right = boxes[2:]
    assert up["y"] + up["height"] <= down["y"] == left["y"] == right["y"]
    assert left["x"] + left["width"] <= down["x"] == up["x"]
    assert down["x"] + down["width"] <= right["x"]
    assert min(min(box["width"], box["height"]) for box in boxes[2:]) >= 44, "as large as a finger asks for"
    context.close()


def test_a_world_that_is_only_words_has_no_ghost(world: World) -> None:
    studio, page = world.studio, world.studio.page
    studio.open("/play")
    page.get_by_text("How it imagines").click()
    page.get_by_label("Steps a frame").select_option("1")
    page.get_by_label("What the world should be").fill("a red circle drifts right")
    page.get_by_role("button", name="Imagine", exact=True).click()
    expect(page.get_by_role("heading", name="a red circle drifts right")).to_be_visible()
    expect(world.picture("Imagined", 0)).to_be_visible(timeout=READY_MS)
    expect(world.picture("True", 0)).to_have_count(0)
    expect(page.get_by_role("group", name="View")).to_have_count(0)
    expect(page.get_by_text("1 step a frame")).to_be_visible()
    world.end()


def test_footage_that_may_not_be_played_is_refused_where_it_was_chosen(studio: Studio, server, tmp_path: Path) -> None:
    page = studio.page
    held: list[Route] = []
    with server.client() as client:
        asset = upload(client, video.make_clip(tmp_path / "undeclared.mp4", num_frames=9))
        until(lambda: client.get(f"/v1/assets/{asset}").json()["is_ready"])
    page.route("**/v1/sessions", lambda route: held.append(route))
    studio.open("/play")
    page.get_by_role("button", name="a frame of your footage").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Footage").select_option(asset)
    play = dialog.get_by_role("button", name="Play from here")
    with page.expect_request("**/v1/sessions"):
        play.click()
    expect(play).to_be_disabled()
    held[0].continue_()
    expect(dialog.get_by_role("alert")).to_contain_text("undeclared.mp4")
    expect(play).to_be_enabled()
