"""Footage comes in by the browser, is read, found again, and its rights are declared."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect
from tests.browser.furnishing import upload
from tests.browser.studio import Studio
from tests.fixtures import video

pytestmark = pytest.mark.browser


def test_footage_goes_in_becomes_ready_and_shows_its_shots(studio: Studio, tmp_path: Path) -> None:
    clip = video.make_clip(tmp_path / "three scenes.mp4", pictures=video.scenes([30, 40, 30]), size=(320, 180))
    studio.add_footage(clip)
    studio.open_asset("three scenes.mp4")

    studio.page.get_by_role("tab", name="Shots").click()
    shots = studio.page.locator(".shot-list li")
    expect(shots).to_have_count(3)
    expect(shots.nth(1)).to_contain_text("30 – 69")

    shots.nth(2).get_by_role("button").click()
    studio.wait_for_frame(70)
    studio.press("ArrowUp")
    studio.wait_for_frame(30)


def test_a_cut_line_does_not_lose_an_upload(studio: Studio, tmp_path: Path) -> None:
    clip = video.make_clip(tmp_path / "cut line.mp4", num_frames=20)
    cuts = []

    def cut_once(route: Route) -> None:
        if route.request.method == "PATCH" and not cuts:
            cuts.append(route.request.url)
            route.abort("connectionreset")
        else:
            route.continue_()

    studio.page.route("**/v1/uploads/*", cut_once)
    studio.add_footage(clip)
    expect(studio.card("cut line.mp4")).to_be_visible()
    assert len(cuts) == 1


def test_a_file_that_is_no_video_is_named_with_the_reason(studio: Studio, tmp_path: Path) -> None:
    impostor = tmp_path / "notes.mp4"
    impostor.write_text("These are words.")
    studio.add_footage(impostor)
    expect(studio.card("notes.mp4")).to_contain_text("Could not be read")
    studio.card("notes.mp4").click()
    expect(studio.page.get_by_role("alert")).to_contain_text("notes.mp4")


def test_search_finds_by_name_and_says_when_nothing_is_there(studio: Studio, tmp_path: Path) -> None:
    studio.add_footage(video.make_clip(tmp_path / "Zebra 🦓 crossing.mp4", num_frames=10))
    expect(studio.card("Zebra 🦓 crossing.mp4")).to_be_visible()
    studio.press("/")
    studio.page.keyboard.type("zebra")
    expect(studio.page.locator(".asset-card")).to_have_count(1)
    studio.page.get_by_label("Search by name").fill("no such clip")
    expect(studio.page.get_by_role("heading", name="Nothing by that name")).to_be_visible()


def test_rights_are_declared_and_kept(studio: Studio, tmp_path: Path) -> None:
    studio.add_footage(video.make_clip(tmp_path / "rights.mp4", num_frames=10))
    studio.open_asset("rights.mp4")
    studio.page.get_by_role("tab", name="Rights").click()
    expect(studio.page.get_by_text("not declared")).to_be_visible()
    studio.page.get_by_label("Licence").fill("CC0-1.0")
    studio.page.get_by_role("textbox", name="Owner").fill("Ada")
    studio.page.get_by_label("Train").check()
    studio.page.get_by_role("button", name="Declare rights").click()
    expect(studio.page.get_by_text("not declared")).to_be_hidden()
    studio.page.reload()
    expect(studio.page.get_by_label("Licence")).to_have_value("CC0-1.0")
    expect(studio.page.get_by_label("Train")).to_be_checked()


def test_the_place_in_the_rail_shows_everything_again(studio: Studio) -> None:
    studio.page.clock.install()
    studio.open("/catalogue?q=no+such+clip")
    search = studio.page.get_by_label("Search by name")
    expect(search).to_have_value("no such clip")
    studio.page.get_by_role("link", name="Catalogue").click()
    expect(search).to_have_value("")
    search.fill("another")
    expect(studio.page).to_have_url(re.compile("q=another"))
    studio.page.get_by_role("link", name="Catalogue").click()
    expect(search).to_have_value("")
    studio.page.clock.run_for(1000)
    expect(studio.page).to_have_url(re.compile("/catalogue$"))


def test_space_on_a_box_to_tick_ticks_it_and_plays_nothing(studio: Studio, tmp_path: Path) -> None:
    studio.add_footage(video.make_clip(tmp_path / "ticked.mp4", num_frames=60))
    studio.open_asset("ticked.mp4")
    studio.page.get_by_role("tab", name="Rights").click()
    studio.page.get_by_label("Train").focus()
    studio.press("Space")
    expect(studio.page.get_by_label("Train")).to_be_checked()
    expect(studio.page.get_by_role("button", name="Play")).to_be_visible()


def test_revoking_promises_nothing_unseen_and_names_the_twins(studio: Studio, server, tmp_path: Path) -> None:
    clip = video.make_clip(tmp_path / "seen twice.mp4", num_frames=11)
    with server.client() as client:
        asset, twin = upload(client, clip), upload(client, clip)
    page, problem = studio.page, {"detail": "The lineage cannot be read."}
    page.route("**/v1/lineage/*", lambda route: route.fulfill(status=404, json=problem))
    studio.open(f"/assets/{asset}?tab=rights")
    page.get_by_role("button", name="Revoke rights…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("The lineage cannot be read.")
    expect(dialog.get_by_text("Nothing was made from it.")).to_have_count(0)
    dialog.get_by_label("Reason").fill("The owner asked.")
    dialog.get_by_role("button", name="Revoke", exact=True).click()
    expect(dialog.get_by_text("Nothing was made from it.")).to_be_visible()
    expect(dialog.get_by_role("heading", name="The same bytes, and not revoked")).to_be_visible()
    dialog.get_by_role("link", name=twin).click()
    expect(page).to_have_url(f"{studio.url}/assets/{twin}?tab=rights")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Revoke rights…")).to_be_visible()
