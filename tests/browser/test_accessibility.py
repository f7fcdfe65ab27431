"""No page breaks a rule of WCAG 2.2 A or AA that axe-core can see, in either theme, on desk, tablet or telephone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.accessibility import findings
from tests.browser.conftest import WAIT_MS
from tests.browser.furnishing import Furnished, furnish
from tests.browser.studio import READY_MS, Studio

pytestmark = pytest.mark.browser

PAGES = {
    "the catalogue": "/catalogue",
    "an empty search": "/catalogue?q=nothing-of-that-name",
    "facts of footage": "/assets/{asset}",
    "shots": "/assets/{asset}?tab=shots",
    "rights": "/assets/{asset}?tab=rights",
    "who saw it": "/assets/{asset}?tab=seen",
    "footage that could not be read": "/assets/{refused}",
    "projects": "/label",
    "a project": "/label/{project}",
    "proposals": "/label/{project}/proposals",
    "datasets": "/datasets",
    "a dataset": "/datasets/{dataset}",
    "a version": "/dataset-versions/{version}",
    "runs": "/runs",
    "a run": "/runs/{run}",
    "generations": "/generations",
    "a generation": "/generations/{generation}",
    "the door to play": "/play",
    "evaluations": "/evaluate",
    "an evaluation": "/evaluations/{evaluation}",
    "comparisons": "/comparisons",
    "where lineage begins": "/lineage",
    "a lineage": "/lineage/{generation}",
    "events": "/events",
    "people and keys": "/people",
    "no page": "/no/such/place",
}
DIALOGS = {
    "a new project": ("/label", "n"),
    "a new dataset": ("/datasets", "n"),
    "a new run": ("/runs", "n"),
    "a new generation": ("/generations", "n"),
    "a new evaluation": ("/evaluate", "n"),
    "an invitation": ("/people", "n"),
    "a new key": ("/people", "k"),
    "the keys": ("/catalogue", "?"),
}
DESK = {"width": 1440, "height": 900}
TABLET = {"width": 900, "height": 700}
TELEPHONE = {"width": 390, "height": 844}
SIZES = {"dark": {"a desk": DESK, "a telephone": TELEPHONE}, "light": {"a desk": DESK, "a tablet": TABLET}}
"""Sizes differ in layout and themes in colour, so not every pair is looked at."""


@pytest.fixture(scope="module")
def furnished(server, tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    return furnish(server.client(), tmp_path_factory.mktemp("furnishing"))


@pytest.fixture(params=["dark", "light"])
def themed(chromium: Browser, server, request: pytest.FixtureRequest) -> Iterator[Studio]:
    """The studio with the owner logged in, in one theme, without motion: a fading colour has no contrast."""
    context = chromium.new_context(viewport=DESK, color_scheme=request.param, reduced_motion="reduce")
    context.add_cookies([{"name": c.name, "value": c.value or "", "url": server.url} for c in server.cookies.jar])
    context.set_default_timeout(WAIT_MS)
    expect.set_options(timeout=WAIT_MS)
    yield Studio(context.new_page(), server.url)
    context.close()


def broken(themed: Studio, name: str) -> dict[str, list[str]]:
    """The rules that what is on screen breaks, by its name and the size at which it does."""
    found = {}
    for size, viewport in SIZES[themed.theme()].items():
        themed.page.set_viewport_size(viewport)
        themed.settle()
        wide = themed.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        if faults := [*findings(themed.page), *(["the page is wider than the window"] if wide else [])]:
            found[f"{name} on {size}"] = faults
    return found


def test_no_page_breaks_a_rule(themed: Studio, furnished: Furnished) -> None:
    found = {}
    for name, path in PAGES.items():
        themed.open(path.format(**vars(furnished)))
        found |= broken(themed, name)
    assert found == {}


def test_no_dialog_breaks_a_rule(themed: Studio, furnished: Furnished) -> None:
    found = {}
    for name, (path, key) in DIALOGS.items():
        themed.open(path)
        themed.settle()
        themed.press(key)
        expect(themed.page.get_by_role("dialog")).to_be_visible()
        if faults := findings(themed.page):
            found[name] = faults
    assert found == {}


def test_no_moment_of_a_play_breaks_a_rule(themed: Studio, server) -> None:
    page = themed.page
    themed.open("/play")
    page.get_by_text("How it imagines").click()
    found = broken(themed, "the door with its choices")
    page.get_by_role("button", name="a frame of your footage").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    if faults := findings(page):
        found["choosing footage"] = faults
    themed.press("Escape")
    page.get_by_role("button", name="Play Arcade").click()
    stage = page.get_by_role("region", name="The world")
    expect(stage).to_be_visible(timeout=READY_MS)
    found |= broken(themed, "a world that has not begun")

    page.get_by_label("Say something to the world").fill("the sky turns green")
    themed.press("Enter")
    found |= broken(themed, "words that are not heard yet")
    themed.press(".")
    expect(stage).to_have_attribute("data-frame", "1", timeout=READY_MS)
    found |= broken(themed, "a world that was spoken to")
    themed.press("b", "[", "c")
    expect(page.locator(".clip-row")).to_be_visible()
    found |= broken(themed, "a frame of the past, two branches and a clip")
    page.get_by_label("Say something to the world").fill("word " * 399)
    themed.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    found |= broken(themed, "words that are too long")

    themed.press("Escape")
    page.get_by_role("link", name="Play", exact=True).last.click()
    expect(page.get_by_role("link", name="Go on")).to_be_visible()
    found |= broken(themed, "the door with a session that is still open")
    page.get_by_role("link", name="Go on").click()
    page.get_by_role("button", name="End", exact=True).click()
    expect(page.get_by_role("heading", name="You ended this session")).to_be_visible()
    found |= broken(themed, "a session that is over")
    assert found == {}


def test_the_jobs_take_the_focus_and_give_it_back(themed: Studio, furnished: Furnished) -> None:
    themed.open("/catalogue")
    themed.settle()
    button = themed.page.get_by_role("button", name="Jobs")
    button.focus()
    themed.press("Enter")
    expect(themed.page.get_by_role("heading", name="Jobs")).to_be_focused()
    assert findings(themed.page) == []
    themed.press("Escape")
    expect(button).to_be_focused()


def test_who_is_not_logged_in_meets_no_broken_rule(chromium: Browser, server) -> None:
    for theme in ("dark", "light"):
        context = chromium.new_context(viewport=DESK, color_scheme=theme, reduced_motion="reduce")
        page = context.new_page()
        page.goto(server.url + "/login")
        expect(page.get_by_role("heading", name="Muybridge")).to_be_visible()
        assert findings(page) == []
        context.close()
