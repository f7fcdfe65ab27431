"""axe-core in a page: what it finds against WCAG 2.2 A and AA, one line a finding."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def findings(page: Page) -> list[str]:
    # Evaluated, not added as a script: the studio's content policy forbids inline scripts, and rightly.
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_source())
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", TAGS
    )
    return [
        f"{fault['id']}: {node['html'][:160]} ({' '.join(node['failureSummary'].split())[:260]})"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


@cache
def _source() -> str:
    return AXE.read_text()
