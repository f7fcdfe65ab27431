"""The frame on screen is the frame that the studio says, judged by pixels: each frame carries its number as bars."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import numpy as np
import pytest
from playwright.sync_api import Request, expect
from tests.browser.furnishing import until
from tests.browser.studio import Studio
from tests.fixtures import video

pytestmark = pytest.mark.browser

# Long GOPs and B-frames: what makes naive seeking land beside its frame.
CLIPS = {
    "steady.mp4": {"num_frames": 90, "gop": 60, "b_frames": 2},
    "vp9.webm": {"num_frames": 60, "codec": "libvpx-vp9", "gop": 30},
}


@pytest.mark.parametrize("name", list(CLIPS))
def test_stepping_shows_exactly_the_frame_that_it_says(studio: Studio, tmp_path: Path, name: str) -> None:
    num_frames = CLIPS[name]["num_frames"]
    studio.add_footage(video.make_clip(tmp_path / name, **CLIPS[name]))
    studio.open_asset(name)

    walk = [
        ("End", num_frames - 1),
        ("ArrowLeft", num_frames - 2),
        ("Home", 0),
        ("ArrowRight", 1),
        ("Shift+ArrowRight", 11),
    ]
    walk += [("ArrowRight", 12 + step) for step in range(5)] + [("Shift+ArrowLeft", 6), ("ArrowLeft", 5)]
    seen = []
    for key, frame in walk:
        studio.press(key)
        shown = studio.wait_for_frame(frame)
        seen.append((key, frame, shown.number))
    assert seen == [(key, frame, frame) for key, frame in walk]


def test_the_first_frame_is_on_screen_and_not_the_poster(studio: Studio, tmp_path: Path) -> None:
    studio.add_footage(video.make_clip(tmp_path / "untouched.mp4", num_frames=60, size=(320, 240)))
    studio.open_asset("untouched.mp4")
    assert (studio.shown().said, studio.number_on_screen((320, 240))) == (0, 0)


def test_seeking_anywhere_on_the_timeline_shows_the_frame_that_it_says(studio: Studio, tmp_path: Path) -> None:
    studio.add_footage(video.make_clip(tmp_path / "anywhere.mp4", num_frames=120, gop=60, b_frames=2))
    studio.open_asset("anywhere.mp4")
    timeline = studio.page.get_by_role("slider", name="Timeline")
    box = timeline.bounding_box()
    assert box is not None
    for share in (0.9, 0.13, 0.52, 0.51, 0.99, 0.27):
        studio.page.mouse.click(box["x"] + box["width"] * share, box["y"] + 10)
        shown = studio.wait_for_frame(int(120 * share))
        assert shown.number == shown.said


def test_a_variable_rate_is_stepped_by_its_true_times(studio: Studio, tmp_path: Path) -> None:
    gaps = [1, 1, 5, 1, 9, 2, 1, 1, 14, 1] * 4
    pts = [sum(gaps[:frame]) for frame in range(len(gaps))]
    clip = video.make_clip(tmp_path / "uneven.mp4", num_frames=len(gaps), pts=pts, gop=20)
    studio.add_footage(clip)
    studio.open_asset("uneven.mp4")
    numbers = []
    for frame in range(1, 16):
        studio.press("ArrowRight")
        numbers.append(studio.wait_for_frame(frame).number)
    assert numbers == list(range(1, 16))


def test_who_saw_which_frames_is_written_down(studio: Studio, tmp_path: Path) -> None:
    studio.add_footage(video.make_clip(tmp_path / "watched.mp4", num_frames=60))
    studio.open_asset("watched.mp4")
    studio.press("ArrowRight", "ArrowRight")
    studio.wait_for_frame(2)
    studio.page.get_by_role("tab", name="Who saw this").click()
    row = studio.page.locator(".seen-list li", has_text="viewed").first
    expect(row).to_be_visible()
    expect(row).to_contain_text("Owner")
    expect(row).to_contain_text("frames 0 –")


@pytest.mark.parametrize("way", ["closed", "left"])
def test_what_was_seen_is_noted_when_its_page_is(studio: Studio, server, tmp_path: Path, way: str) -> None:
    page, name = studio.page, f"{way}.mp4"
    studio.add_footage(video.make_clip(tmp_path / name, num_frames=60))
    # Only the last note comes through, which the page sends as it goes.
    page.route("**/v1/assets/*/views", lambda route: route.abort())
    studio.open_asset(name)
    studio.press("ArrowRight", "ArrowRight")
    studio.wait_for_frame(2)
    viewers = f"/v1{urlsplit(page.url).path}/viewers"
    with server.client() as client:
        assert _viewed(client, viewers) == []
        page.unroute("**/v1/assets/*/views")
        if way == "closed":
            page.close()
        else:
            page.goto("about:blank")
        until(lambda: _viewed(client, viewers) == [(0, 3)])


def test_a_player_that_is_opened_again_later_plays(studio: Studio, tmp_path: Path) -> None:
    studio.add_footage(video.make_clip(tmp_path / "again.mp4", num_frames=60))
    studio.open_asset("again.mp4")
    studio.page.evaluate("const now = Date.now; Date.now = () => now() + 121_000")
    studio.press("g", "c")
    with studio.page.expect_response("**/v1/assets/*/media"):
        studio.card("again.mp4").click()
    expect(studio.page.locator(".stage[data-ready=true]")).to_be_visible()
    studio.press("ArrowRight")
    assert studio.wait_for_frame(1).number == 1
    studio.press("Space")
    expect(studio.page.locator(".stage video")).to_have_js_property("paused", False)


@pytest.mark.parametrize("is_playing", [False, True])
def test_a_player_whose_address_ran_out_goes_on_by_another(studio: Studio, tmp_path: Path, is_playing: bool) -> None:
    page, name = studio.page, f"long {is_playing}.mp4"
    # More than a browser keeps of a file, and a frame a second, so that there is time to look.
    studio.add_footage(video.make_clip(tmp_path / name, pictures=_noisy(120), fps=1))
    studio.open_asset(name)
    footage = page.locator(".stage video")
    if is_playing:
        studio.press("Space")
    expect(footage).to_have_js_property("paused", not is_playing)
    renewed: list[Request] = []
    page.on("request", lambda request: renewed.append(request) if request.url.endswith("/media") else None)
    page.evaluate("const now = Date.now; Date.now = () => now() + 3_700_000")
    box = page.get_by_role("slider", name="Timeline").bounding_box()
    assert box is not None

    with page.expect_response("**/v1/assets/*/media"):
        page.route("**/media/*", lambda route: route.continue_() if renewed else route.fulfill(status=403))
        page.mouse.click(box["x"] + box["width"] * 0.51, box["y"] + 10)
    if is_playing:
        page.wait_for_function("() => Number(document.querySelector('.stage').dataset.frame) > 61")
    else:
        assert studio.wait_for_frame(61).number == 61
    expect(footage).to_have_js_property("error", None)
    expect(footage).to_have_js_property("paused", not is_playing)


def test_a_timeline_that_was_zoomed_goes_where_it_is_moved(studio: Studio, tmp_path: Path) -> None:
    studio.add_footage(video.make_clip(tmp_path / "zoomed.mp4", num_frames=120))
    studio.open_asset("zoomed.mp4")
    box = studio.page.get_by_role("slider", name="Timeline").bounding_box()
    assert box is not None
    studio.page.evaluate(
        "() => { window.wheels = 0; onwheel = (event) => { window.wheels += event.defaultPrevented } }"
    )
    studio.page.mouse.move(box["x"] + 1, box["y"] + 10)
    studio.page.keyboard.down("Control")
    studio.page.mouse.wheel(0, -2000)
    studio.page.keyboard.up("Control")
    studio.page.wait_for_function("() => window.wheels === 1")
    studio.page.mouse.wheel(0, 10_000)
    studio.page.wait_for_function("() => window.wheels === 2")
    studio.wait_for_paint()
    studio.page.mouse.click(box["x"] + 1, box["y"] + 10)
    # The last of the footage, as near as one may look: twelve frames.
    assert studio.wait_for_frame(108).number == 108


def _viewed(client: httpx.Client, path: str) -> list[tuple[int, int]]:
    visits = client.get(path).raise_for_status().json()["items"]
    return [(visit["start_frame"], visit["end_frame"]) for visit in visits if visit["name"] == "asset.viewed"]


def _noisy(num_frames: int) -> Iterator[video.Picture]:
    """Numbered frames of a hundred kilobytes and more."""
    noise = np.random.default_rng(0)
    for picture in video.barcodes(num_frames):
        picture[40:] = noise.integers(0, 256, picture[40:].shape, np.uint8)
        yield picture
