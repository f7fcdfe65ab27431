"""Take the README's pictures of a studio that has gone around the loop on simulator footage.

    export MUYBRIDGE_DATA_DIR=/tmp/pictures && muybridge demo && muybridge serve --port 8480
    python -m tests.browser.pictures LINK        # the link that serve printed

Only what the simulator rendered may be shown: the script refuses a catalogue that holds anything else.
"""

import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect, sync_playwright
from tests.browser.conftest import ARGUMENTS, find_chromium

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
SIZE = {"width": 1440, "height": 900}
WAIT_MS = 120_000
WALK = ("ArrowUp",) * 2 + ("ArrowRight",) * 4

# The studio's line to the event log never falls idle, so what is waited for is what can be seen.
_ARE_PICTURES_DRAWN = """() => [...document.images]
  .filter((image) => image.getBoundingClientRect().top < innerHeight)
  .every((image) => image.complete)"""


def main(link: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        context = browser.new_context(viewport=SIZE, color_scheme="dark", reduced_motion="reduce")
        context.set_default_timeout(WAIT_MS)
        expect.set_options(timeout=WAIT_MS)
        page = context.new_page()
        page.goto(link)
        expect(page.get_by_role("heading", name="Catalogue")).to_be_visible()
        take(page, "{0.scheme}://{0.netloc}".format(urlsplit(link)))
        browser.close()


def take(page: Page, url: str) -> None:
    assets = _all(page, f"{url}/v1/assets")
    rendered = [asset for asset in assets if asset["name"].startswith("playground-")]
    made = {generation["asset_id"] for generation in _all(page, f"{url}/v1/generations")}
    strangers = [asset["name"] for asset in assets if asset not in rendered and asset["id"] not in made]
    if strangers:
        raise SystemExit(
            f"These are not the simulator's: {', '.join(strangers)}. Take pictures of another data folder."
        )
    project = next(each for each in _all(page, f"{url}/v1/projects") if each["num_open_proposals"] or each["ontology"])
    run = next(each for each in _all(page, f"{url}/v1/runs") if each["version_id"])
    generation = next(each for each in _all(page, f"{url}/v1/generations") if each["kind"] == "continuation")

    shot(page, f"{url}/catalogue", "catalogue", ready=".filmstrip img")
    _propose(page, url, project["id"], rendered[-1]["id"])
    shot(page, f"{url}/assets/{rendered[-1]['id']}?tab=shots&frame=60", "asset", ready=".stage[data-frame='60']")
    shot(page, f"{url}/label/{project['id']}/proposals", "proposals", ready=".box-overlay .box")
    shot(page, f"{url}/runs/{run['id']}", "run", ready=".sample img")
    shot(page, f"{url}/generations", "generations", ready=".generation-card img")
    evaluation = _all(page, f"{url}/v1/evaluations")[0]
    shot(page, f"{url}/evaluations/{evaluation['id']}", "evaluation", ready=".table")
    shot(page, f"{url}/lineage/{generation['id']}", "lineage", ready=".lineage-node")
    play(page, url)


def play(page: Page, url: str) -> None:
    """Walk a little way in the Arcade, over a coin and past the hazard, then look at it."""
    page.emulate_media(color_scheme="light")
    page.goto(f"{url}/play")
    page.get_by_role("button", name="Play Arcade").click()
    world = page.get_by_role("region", name="The world")
    expect(world.locator(".world-picture").first).to_be_visible()
    for key in ("Space", *WALK):
        page.keyboard.press(key)
        page.wait_for_timeout(300)
    _keep(page, "play")
    page.emulate_media(color_scheme="dark")


def shot(page: Page, address: str, name: str, *, ready: str) -> None:
    page.goto(address)
    expect(page.locator(ready).first).to_be_visible()
    expect(page.locator(".skeleton")).to_have_count(0)
    page.wait_for_function(_ARE_PICTURES_DRAWN)
    page.wait_for_timeout(800)
    _keep(page, name)


def _keep(page: Page, name: str) -> None:
    page.screenshot(path=IMAGES / f"{name}.png")
    print(f"{name}.png  {(IMAGES / f'{name}.png').stat().st_size / 1000:.0f} kB")


def _propose(page: Page, url: str, project_id: str, asset_id: str) -> None:
    """Ask the tracker about one asset, unless it was asked before, and wait for what it offers."""
    proposals = f"{url}/v1/projects/{project_id}/proposals?state=open&asset_id={asset_id}"
    if not _all(page, proposals):
        asked = {"asset_ids": [asset_id]}
        page.request.post(f"{url}/v1/projects/{project_id}/propose", data=asked, headers={"Origin": url})
    for _ in range(WAIT_MS // 500):
        if _all(page, proposals):
            return
        page.wait_for_timeout(500)
    raise SystemExit(f"The tracker offered nothing in {asset_id}. See that a worker runs.")


def _all(page: Page, address: str) -> list[dict[str, Any]]:
    answer = page.request.get(address)
    expect(answer).to_be_ok()
    return list(answer.json()["items"])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(sys.argv[1])
