"""The link that the first start prints lets its owner in once."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_a_link_logs_in_once_and_never_again(page: Page, server) -> None:
    page.goto(server.url + "/runs")
    expect(page).to_have_url(re.compile("/login"))

    page.goto(server.login_url)
    expect(page.get_by_role("heading", name="Catalogue")).to_be_visible()

    page.context.clear_cookies()
    page.goto(server.login_url)
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("button", name="Log in", exact=True)).to_be_enabled()


def test_a_wrong_password_is_refused_in_words(page: Page, server) -> None:
    page.goto(server.url + "/login")
    page.get_by_label("E-mail").fill("nobody@example.org")
    page.get_by_label("Password").fill("a wrong password")
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page).to_have_url(re.compile("/login"))
