"""What a person does in the studio, in the words of the screen; and reading the frame number out of shown pixels."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from playwright.sync_api import Locator, Page, expect
from tests.fixtures.video import BITS, number_of

# The picture on the stage is the decoded canvas while it lies over the video element, else the element itself.
_READ_BARS = """(bits) => {
  const stage = document.querySelector('.stage');
  const picked = ['canvas:not([hidden])', 'img', 'video'].map((kind) => stage.querySelector(kind));
  const shown = picked.find(Boolean);
  const width = shown.videoWidth ?? shown.naturalWidth ?? shown.width;
  const height = shown.videoHeight ?? shown.naturalHeight ?? shown.height;
  const copy = new OffscreenCanvas(width, height);
  const context = copy.getContext('2d');
  context.drawImage(shown, 0, 0, width, height);
  const row = context.getImageData(0, Math.floor(height / 16), width, 1).data;
  let number = 0;
  for (let bit = 0; bit < bits; bit++) {
    const at = 4 * Math.floor(((2 * bit + 1) * width) / (2 * bits));
    if ((row[at] + row[at + 1] + row[at + 2]) / 3 > 127) number |= 1 << bit;
  }
  return { number, said: Number(stage.dataset.frame) };
}"""


READY_MS = 180_000
"""For footage to be read: the first clip of a run also waits for the shot detector to be loaded."""


@dataclass(frozen=True)
class Shown:
    number: int
    """By the pixels on screen."""
    said: int
    """By the number that the studio prints."""


@dataclass(frozen=True)
class Studio:
    page: Page
    url: str

    def open(self, path: str = "/catalogue") -> None:
        self.page.goto(self.url + path)

    def settle(self) -> None:
        """Until the page has a heading, be it behind a dialog, and waits for nothing."""
        expect(self.page.locator("h1").first).to_be_visible()
        expect(self.page.locator(".skeleton")).to_have_count(0)
        self.wait_for_paint()

    def wait_for_paint(self) -> None:
        """Until the page has drawn what it has heard of, and listens to what it drew."""
        self.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def paint(self, theme: str) -> None:
        """In that theme, as the page's own button does."""
        self.page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)

    def add_footage(self, *files: Path) -> None:
        self.open("/catalogue")
        self.page.get_by_test_id("pick-files").set_input_files([str(file) for file in files])
        expect(self.page.get_by_text(f"{len(files)} of {len(files)} uploaded")).to_be_visible()

    def card(self, name: str) -> Locator:
        return self.page.locator(".asset-card", has=self.page.get_by_text(name, exact=True))

    def open_asset(self, name: str) -> None:
        """Waits until it is read, then opens it and waits for its first frame."""
        self.open("/catalogue")
        expect(self.card(name)).to_have_attribute("data-ready", "true", timeout=READY_MS)
        self.card(name).click()
        expect(self.page.locator(".stage[data-ready=true]")).to_be_visible()

    def press(self, *keys: str) -> None:
        self.wait_for_paint()
        for key in keys:
            self.page.keyboard.press(key)

    def wait_for_frame(self, frame: int) -> Shown:
        """Until the studio says that this frame is on screen; then what the pixels say."""
        expect(self.page.locator(f".stage[data-frame='{frame}']")).to_be_visible()
        return self.shown()

    def number_on_screen(self, size: tuple[int, int]) -> int:
        """By a picture of the page, so that what lies over the footage counts; size: of the footage."""
        box = self.page.locator(".stage").bounding_box()
        assert box is not None
        scale = min(box["width"] / size[0], box["height"] / size[1])
        width, height = scale * size[0], scale * size[1]
        left, top = box["x"] + (box["width"] - width) / 2, box["y"] + (box["height"] - height) / 2
        taken = self.page.screenshot(clip={"x": left, "y": top, "width": width, "height": height})
        return number_of(cv2.imdecode(np.frombuffer(taken, np.uint8), cv2.IMREAD_COLOR))

    def shown(self) -> Shown:
        read = self.page.evaluate(_READ_BARS, BITS)
        return Shown(number=read["number"], said=read["said"])
