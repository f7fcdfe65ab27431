"""Each sees the doors that are open to them: an annotator is invited, given a project, and finds that and no more."""

import re

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.studio import Studio

pytestmark = pytest.mark.browser


def test_an_annotator_is_invited_given_a_project_and_sees_only_that(studio: Studio, chromium: Browser, server) -> None:
    page = studio.page
    project = _project(server, "Parade")
    _project(server, "Not theirs")
    studio.open("/people")
    expect(page.get_by_role("heading", name="People & keys")).to_be_visible()
    studio.press("n")
    page.get_by_label("Name").fill("Ann")
    page.get_by_label("E-mail").fill("ann@example.org")
    page.get_by_role("button", name="Invite", exact=True).last.click()
    link = page.locator("code.secret").inner_text()
    page.get_by_role("button", name="Done").click()

    studio.open(f"/label/{project}")
    page.get_by_label("Member").select_option(label="Ann (annotator)")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".grant-list")).to_contain_text("Ann")

    context = chromium.new_context()
    theirs = context.new_page()
    theirs.goto(server.url + "/login?token=" + link.rsplit("=", 1)[-1])
    expect(theirs.get_by_role("heading", name="Catalogue")).to_be_visible()
    places = theirs.get_by_role("navigation", name="Places")
    expect(places.get_by_role("link", name="Label")).to_be_visible()
    for shut in ("Datasets", "Runs", "Generations", "Evaluate", "Lineage"):
        expect(places.get_by_role("link", name=shut)).to_have_count(0)
    expect(theirs.get_by_role("button", name="Add footage")).to_have_count(0)
    places.get_by_role("link", name="Label").click()
    expect(theirs.get_by_role("link", name=re.compile("Parade"))).to_be_visible()
    expect(theirs.get_by_role("link", name=re.compile("Not theirs"))).to_have_count(0)
    expect(theirs.get_by_role("button", name="New project")).to_have_count(0)
    context.close()


def test_a_login_that_ended_leads_to_the_login_and_remembers_the_page(studio: Studio) -> None:
    page = studio.page
    studio.open("/runs")
    expect(page.get_by_role("heading", name="Runs")).to_be_visible()
    page.context.clear_cookies()
    # By address: the page that is open may notice by itself, and a link that is being left cannot be clicked.
    studio.open("/datasets")
    expect(page).to_have_url(re.compile(r"/login\?to=%2Fdatasets"))


def test_the_rail_stands_behind_a_button_on_a_telephone(studio: Studio) -> None:
    page = studio.page
    page.set_viewport_size({"width": 390, "height": 844})
    studio.open("/catalogue")
    expect(page.get_by_role("navigation", name="Places")).to_be_hidden()
    page.get_by_role("button", name="Places").click()
    page.get_by_role("link", name="Events").click()
    expect(page.get_by_role("heading", name="Events")).to_be_visible()
    expect(page.get_by_role("navigation", name="Places")).to_be_hidden()


def _project(server, name: str) -> str:
    with server.client() as client:
        classes = [{"name": "float", "shapes": ["box"]}]
        made = client.post("/v1/projects", json={"name": name, "classes": classes}).raise_for_status().json()
    return str(made["id"])
