"""Journeys in a real Chromium against a real server and worker: one of each for the whole run, a fresh page a test."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from tests.browser.studio import Studio

from muybridge.api.studio import STUDIO

START_S = 90.0
WAIT_MS = 60_000
"""For anything on screen: the machine may be shared, and the worker reads footage meanwhile."""

# A headless browser that asks nobody anything: no profile service, no component updates.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
)


@dataclass(frozen=True)
class Server:
    url: str
    login_url: str
    """Works once."""
    cookies: httpx.Cookies

    def client(self) -> httpx.Client:
        """The API as the owner, who logged in by another link."""
        return httpx.Client(base_url=self.url, cookies=self.cookies, headers={"Origin": self.url}, timeout=60.0)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`muybridge serve` on a data folder of its own, with its worker."""
    if not (STUDIO / "index.html").is_file():
        _lacking("the studio is not built; run `make web`")
    data_dir = tmp_path_factory.mktemp("studio") / "data"
    port = _free_port()
    environment = {**os.environ, "MUYBRIDGE_DATA_DIR": str(data_dir), "COLUMNS": "400"}
    log = data_dir.parent / "serve.log"
    with log.open("wb") as sink:
        command = [sys.executable, "-m", "muybridge.cli", "serve", "--port", str(port)]
        process = subprocess.Popen(command, env=environment, stdout=sink, stderr=subprocess.STDOUT)
    try:
        url = f"http://127.0.0.1:{port}"
        link = _first_link(log, process)
        token = link.rsplit("=", 1)[-1]
        with httpx.Client(base_url=url, headers={"Origin": url}, timeout=60.0) as client:
            _until_up(client, process)
            client.post("/v1/auth/link", json={"token": token}).raise_for_status()
            me = client.get("/v1/me").raise_for_status().json()
            fresh = client.post(f"/v1/members/{me['id']}/links").raise_for_status().json()["link"]
            yield Server(url, f"{url}/login?token={fresh.rsplit('=', 1)[-1]}", client.cookies)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        _lacking("no Chromium found; install it, e.g. `apt-get install chromium`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A visitor whom nobody knows yet."""
    made = chromium.new_context(viewport={"width": 1360, "height": 860}, color_scheme="dark")
    made.set_default_timeout(WAIT_MS)
    expect.set_options(timeout=WAIT_MS)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def studio(context: BrowserContext, page: Page, server: Server) -> Studio:
    """The studio with the owner logged in."""
    context.add_cookies(
        [{"name": cookie.name, "value": cookie.value or "", "url": server.url} for cookie in server.cookies.jar]
    )
    return Studio(page, server.url)


def find_chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def _lacking(reason: str) -> None:
    """Skipped with a line on a user's machine, a failure under CI."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def _first_link(log: Path, process: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        found = re.search(r"http://\S+/login\?token=\w+", log.read_text())
        if found:
            return found.group()
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise AssertionError(f"muybridge serve printed no link:\n{log.read_text()}")


def _until_up(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            client.get("/")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("muybridge serve did not begin to listen")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
