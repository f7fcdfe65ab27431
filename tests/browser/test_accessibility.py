"""No page breaks a rule of WCAG 2.2 A or AA that axe-core can see, in either theme, on desk, tablet or telephone."""

from collections.abc import Iterator, Mapping

import pytest
from playwright.sync_api import Browser, ViewportSize, expect
from tests.browser.accessibility import findings
from tests.browser.conftest import WAIT_MS
from tests.browser.furnishing import Furnished, furnish
from tests.browser.studio import READY_MS, Studio

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

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
DESK: ViewportSize = {"width": 1440, "height": 900}
TABLET: ViewportSize = {"width": 900, "height": 700}
TELEPHONE: ViewportSize = {"width": 390, "height": 844}
LOOKS = {
    "a desk in the dark": ("dark", DESK),
    "a telephone in the dark": ("dark", TELEPHONE),
    "a desk in the light": ("light", DESK),
    "a tablet in the light": ("light", TABLET),
}
"""Sizes differ in layout and themes in colour, so not every pair is looked at."""
DESKS = {name: look for name, look in LOOKS.items() if look[1] == DESK}


@pytest.fixture(scope="module")
def furnished(server, tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    return furnish(server.client(), tmp_path_factory.mktemp("furnishing"))


@pytest.fixture
def still(chromium: Browser, server) -> Iterator[Studio]:
    """The studio with the owner logged in, without motion: a fading colour has no contrast."""
    context = chromium.new_context(viewport=DESK, color_scheme="dark", reduced_motion="reduce")
    context.add_cookies([{"name": c.name, "value": c.value or "", "url": server.url} for c in server.cookies.jar])
    context.set_default_timeout(WAIT_MS)
    expect.set_options(timeout=WAIT_MS)
    yield Studio(context.new_page(), server.url)
    context.close()


def broken(still: Studio, name: str, looks: Mapping[str, tuple[str, ViewportSize]] = LOOKS) -> dict[str, list[str]]:
    """The rules that what is on screen breaks, by its name and the look in which it does."""
    found = {}
    for look, (theme, viewport) in looks.items():
        still.page.set_viewport_size(viewport)
        still.paint(theme)
        still.settle()
        wide = still.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        if faults := [*findings(still.page), *(["the page is wider than the window"] if wide else [])]:
            found[f"{name} on {look}"] = faults
    return found


def test_no_page_breaks_a_rule(still: Studio, furnished: Furnished) -> None:
    found = {}
    for name, path in PAGES.items():
        still.open(path.format(**vars(furnished)))
        found |= broken(still, name)
    assert found == {}


def test_no_dialog_breaks_a_rule(still: Studio, furnished: Furnished) -> None:
    found = {}
    for name, (path, key) in DIALOGS.items():
        still.open(path)
        still.settle()
        still.press(key)
        expect(still.page.get_by_role("dialog")).to_be_visible()
        found |= broken(still, name, DESKS)
    assert found == {}


def test_no_moment_of_a_play_breaks_a_rule(still: Studio, server) -> None:
    page = still.page
    still.open("/play")
    page.get_by_text("How it imagines").click()
    found = broken(still, "the door with its choices")
    page.get_by_role("button", name="a frame of your footage").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    found |= broken(still, "choosing footage", DESKS)
    still.press("Escape")
    page.get_by_role("button", name="Play Arcade").click()
    stage = page.get_by_role("region", name="The world")
    expect(stage).to_be_visible(timeout=READY_MS)
    found |= broken(still, "a world that has not begun")

    page.get_by_label("Say something to the world").fill("the sky turns green")
    still.press("Enter")
    found |= broken(still, "words that are not heard yet")
    still.press(".")
    expect(stage).to_have_attribute("data-frame", "1", timeout=READY_MS)
    found |= broken(still, "a world that was spoken to")
    still.press("b", "[", "c")
    expect(page.locator(".clip-row")).to_be_visible()
    found |= broken(still, "a frame of the past, two branches and a clip")
    page.get_by_label("Say something to the world").fill("word " * 399)
    still.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    found |= broken(still, "words that are too long")

    still.press("Escape")
    page.get_by_role("link", name="Play", exact=True).last.click()
    expect(page.get_by_role("link", name="Go on")).to_be_visible()
    found |= broken(still, "the door with a session that is still open")
    page.get_by_role("link", name="Go on").click()
    page.get_by_role("button", name="End", exact=True).click()
    expect(page.get_by_role("heading", name="You ended this session")).to_be_visible()
    found |= broken(still, "a session that is over")
    assert found == {}


def test_the_jobs_take_the_focus_and_give_it_back(still: Studio, furnished: Furnished) -> None:
    still.open("/catalogue")
    still.settle()
    button = still.page.get_by_role("button", name="Jobs")
    button.focus()
    still.press("Enter")
    expect(still.page.get_by_role("heading", name="Jobs")).to_be_focused()
    assert findings(still.page) == []
    still.press("Escape")
    expect(button).to_be_focused()


def test_who_is_not_logged_in_meets_no_broken_rule(chromium: Browser, server) -> None:
    for theme in ("dark", "light"):
        context = chromium.new_context(viewport=DESK, color_scheme=theme, reduced_motion="reduce")
        page = context.new_page()
        page.goto(server.url + "/login")
        expect(page.get_by_role("heading", name="Muybridge")).to_be_visible()
        assert findings(page) == []
        context.close()
