"""Every page can be reached by key, in both themes, and none throws."""

import re

import pytest
from playwright.sync_api import expect
from tests.browser.studio import Studio

pytestmark = pytest.mark.browser

PLACES = {
    "c": "Catalogue",
    "l": "Label",
    "d": "Datasets",
    "r": "Runs",
    "n": "Generations",
    "y": "Play",
    "e": "Evaluate",
    "i": "Lineage",
    "v": "Events",
    "p": "People & keys",
}


def test_every_place_is_reached_by_a_chord_and_nothing_throws(studio: Studio) -> None:
    faults: list[str] = []
    studio.page.on("pageerror", lambda error: faults.append(str(error)))
    studio.open()
    for key, title in PLACES.items():
        expect(studio.page.get_by_role("navigation", name="Places")).to_be_visible()
        studio.press("g", key)
        expect(studio.page.get_by_role("heading", name=title, level=1)).to_be_visible()
        expect(studio.page.get_by_role("alert")).to_have_count(0)
    assert faults == []


def test_keys_are_listed_and_the_theme_is_remembered(studio: Studio) -> None:
    studio.open()
    expect(studio.page.get_by_role("heading", name="Catalogue")).to_be_visible()
    studio.press("?")
    expect(studio.page.get_by_role("dialog")).to_contain_text("Go to Runs")
    studio.press("Escape", "Shift+D")
    root = studio.page.locator("html")
    expect(root).to_have_attribute("data-theme", "light")
    studio.page.reload()
    expect(root).to_have_attribute("data-theme", "light")


def test_a_page_that_is_not_there_says_so(studio: Studio) -> None:
    studio.open("/no/such/place")
    expect(studio.page.get_by_role("heading", name=re.compile("nothing here"))).to_be_visible()
