"""A run is asked for in the words and numbers that were typed."""

import pytest
from playwright.sync_api import expect
from tests.browser.studio import Studio

pytestmark = pytest.mark.browser


def test_a_number_is_what_was_typed_and_a_field_without_one_is_not_sent(studio: Studio) -> None:
    page = studio.page
    page.route("**/v1/runs", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    studio.open("/runs")
    page.get_by_role("button", name="Start a run").click()
    minutes, seed = page.get_by_label("Minutes"), page.get_by_label("Seed")
    seed.focus()
    studio.press("End", "Backspace")
    expect(seed).to_have_value("")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(seed).to_be_focused()
    page.keyboard.type("12")
    minutes.focus()
    studio.press("Control+a")
    page.keyboard.type("0.5")
    expect(minutes).to_have_value("0.5")
    with page.expect_request(lambda request: request.method == "POST" and request.url.endswith("/v1/runs")) as asked:
        page.get_by_role("button", name="Start", exact=True).click()
    body = asked.value.post_data_json
    assert (body["budget_s"], body["seed"]) == (30, 12)
