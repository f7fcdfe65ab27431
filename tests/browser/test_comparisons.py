"""Clips are chosen, put before a judge who does not know which is which, and ranked by the verdict."""

import re

import pytest
from playwright.sync_api import expect
from tests.browser.furnishing import until
from tests.browser.studio import Studio

pytestmark = pytest.mark.browser
PROMPT = "a blue square drifts left"


def test_chosen_clips_are_compared_judged_by_key_and_ranked(studio: Studio, server) -> None:
    page = studio.page
    made = _generate(server, seeds=(1, 2))
    studio.open("/generations")
    cards = page.locator(".generation-card").filter(has_text=PROMPT)
    expect(cards).to_have_count(2)
    for number in range(2):
        cards.nth(number).get_by_role("checkbox").check()
        if number == 0:
            expect(page.get_by_role("button", name="Choose another to compare")).to_be_disabled()
    expect(page.get_by_role("button", name="Compare 2")).to_be_enabled()
    studio.press("c")
    expect(page.get_by_role("heading", name="Which is better?")).to_be_visible()
    expect(page.get_by_text(PROMPT)).to_be_visible()
    for clip in made:
        assert clip not in page.content()
    studio.press("1")
    expect(page.get_by_role("heading", name="Nothing left to judge")).to_be_visible()

    studio.open("/label")
    page.get_by_role("link", name=re.compile("Comparisons of 2 clips")).click()
    expect(page.get_by_text("1 verdict of 1 judge (person) on 1 pair")).to_be_visible()
    standings = page.locator("section").filter(has=page.get_by_role("heading", name="Standings"))
    expect(standings.get_by_role("row")).to_have_count(3)
    standings.get_by_role("link").first.click()
    expect(page.get_by_role("heading", name=PROMPT)).to_be_visible()


def _generate(server, *, seeds: tuple[int, ...]) -> list[str]:
    wish = {"prompt": PROMPT, "num_frames": 4, "first_steps": 2, "steps": 1}
    with server.client() as client:
        made = [client.post("/v1/generations", json={**wish, "seed": seed}).raise_for_status().json() for seed in seeds]
        for generation in made:
            until(lambda job=generation["job_id"]: client.get(f"/v1/jobs/{job}").json()["state"] == "succeeded")
    return [generation["id"] for generation in made]
