"""A report as one HTML file that needs nothing else: pictures inside, no script, light and dark, fit to print.

Blocks only; what a report says is its writer's matter. Text given here is escaped.
"""

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

SHORT = 24
"""Letters of a cell that is kept in one line."""
STYLE = (Path(__file__).parent / "report.css").read_text("utf-8")


@dataclass(slots=True)
class Report:
    """A page in the making: blocks in order. Nothing is escaped twice: `raw` takes markup, all else takes text."""

    title: str
    lead: str
    _blocks: list[str] = field(default_factory=list)

    def section(self, heading: str) -> None:
        self.raw(f"<h2>{escape(heading)}</h2>")

    def say(self, text: str, *, tone: str = "") -> None:
        """A paragraph; what stands between backticks is code. tone: "", quiet or warn."""
        marked = re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))
        self.raw(f'<p class="{tone}">{marked}</p>')

    def tiles(self, tiles: Iterable[tuple[str, str]]) -> None:
        """Key figures: (figure, what it is)."""
        drawn = "".join(
            f'<div class="tile"><b>{escape(one)}</b><span>{escape(what)}</span></div>' for one, what in tiles
        )
        self.raw(f'<div class="tiles">{drawn}</div>')

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        head = "".join(f"<th>{escape(column)}</th>" for column in columns)
        body = "".join(f"<tr>{''.join(_cell(_text(cell)) for cell in row)}</tr>" for row in rows)
        self.raw(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")

    def picture(self, png: bytes, caption: str) -> None:
        self.raw(
            f'<figure><img alt="{escape(caption)}" src="{data_uri(png, "image/png")}">'
            f"<figcaption>{escape(caption)}</figcaption></figure>"
        )

    def strips(self, rows: Iterable[tuple[str, bytes]]) -> None:
        """Strips of frames under each other, each with its name."""
        drawn = "".join(
            f'<span>{escape(name)}</span><img alt="{escape(name)}" src="{data_uri(png, "image/png")}">'
            for name, png in rows
        )
        self.raw(f'<figure class="rows">{drawn}</figure>')

    def clips(self, clips: Iterable[tuple[bytes, str]]) -> None:
        """Small looping mp4s, each with its caption."""
        drawn = "".join(
            f'<figure><video autoplay loop muted playsinline controls src="{data_uri(mp4, "video/mp4")}"></video>'
            f"<figcaption>{escape(caption)}</figcaption></figure>"
            for mp4, caption in clips
        )
        self.raw(f'<div class="clips">{drawn}</div>')

    def raw(self, markup: str) -> None:
        """Markup as it is; for the charts of this room only."""
        self._blocks.append(markup)

    def html(self) -> str:
        return (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f"<title>{escape(self.title)}</title><style>{STYLE}</style></head><body><main>"
            f'<h1>{escape(self.title)}</h1><p class="lead">{escape(self.lead)}</p>{"".join(self._blocks)}'
            "</main></body></html>\n"
        )


def data_uri(content: bytes, media_type: str) -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


def _cell(text: str) -> str:
    # A figure with its interval is read in one line; longer text may break.
    return f'<td class="short">{escape(text)}</td>' if len(text) <= SHORT else f"<td>{escape(text)}</td>"


def _text(cell: Any) -> str:
    if cell is None:
        return "–"
    return f"{cell:.4g}" if isinstance(cell, float) else str(cell)
