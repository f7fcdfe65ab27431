"""Charts as SVG text, in the page's own colours: a curve, intervals beside each other, a graph of what came from what.

Drawn by hand so that a report is one file without scripts.
"""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 720
MOST_LETTERS, MOST_LINES = 20, 3
"""Of a title in a box of a graph."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: a mean with its interval; `tone` is a CSS class (model, floor, ceiling)."""

    label: str
    mean: float
    low: float
    high: float
    tone: str = "model"


def curve(points: Sequence[tuple[float, float]], *, x_label: str, y_label: str, height: int = 200) -> str:
    """A line through (x, y), the y axis from 0."""
    if len(points) < 2:
        return ""
    left, bottom, top, right = 52, 34, 10, 12
    x_low, x_high = points[0][0], max(points[-1][0], points[0][0] + 1e-9)
    y_high = max(y for _, y in points) or 1.0

    def place(x: float, y: float) -> str:
        across = left + (x - x_low) / (x_high - x_low) * (WIDTH - left - right)
        up = top + (1 - y / y_high) * (height - top - bottom)
        return f"{across:.1f},{up:.1f}"

    line = " ".join(place(x, y) for x, y in points)
    ticks = "".join(
        f'<line class="grid" x1="{left}" x2="{WIDTH - right}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text class="tick" x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{value:.2g}</text>'
        for value in (0, y_high / 2, y_high)
        for y in (top + (1 - value / y_high) * (height - top - bottom),)
    )
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(y_label)} over {escape(x_label)}">{ticks}'
        f'<polyline class="line" points="{line}"/>'
        f'<text class="tick" x="{left + 6}" y="{height - bottom - 6}">{escape(y_label)}</text>'
        f'<text class="tick" x="{left}" y="{height - 10}">{x_low:.0f}</text>'
        f'<text class="tick" x="{WIDTH - right}" y="{height - 10}" text-anchor="end">'
        f"{x_high:.0f} {escape(x_label)}</text>"
        "</svg>"
    )


def bars(rows: Sequence[Bar], *, low: float = 0.0, high: float = 1.0, unit: str = "") -> str:
    """Horizontal bars with their intervals, on one scale."""
    label_width, row_height = 190, 28
    span = (high - low) or 1.0

    def across(value: float) -> float:
        return label_width + (min(max(value, low), high) - low) / span * (WIDTH - label_width - 150)

    drawn = []
    for number, row in enumerate(rows):
        middle = number * row_height + row_height / 2
        drawn.append(
            f'<text class="label" x="{label_width - 10}" y="{middle + 4:.1f}" text-anchor="end">'
            f"{escape(row.label)}</text>"
            f'<rect class="bar {row.tone}" x="{label_width}" y="{middle - 7:.1f}" rx="3" height="14"'
            f' width="{max(1.0, across(row.mean) - label_width):.1f}"/>'
            f'<line class="interval" x1="{across(row.low):.1f}" x2="{across(row.high):.1f}"'
            f' y1="{middle:.1f}" y2="{middle:.1f}"/>'
            f'<text class="value" x="{WIDTH - 140}" y="{middle + 4:.1f}">{row.mean:.3g}{unit}'
            f' <tspan class="tick">{row.low:.3g} to {row.high:.3g}</tspan></text>'
        )
    return f'<svg viewBox="0 0 {WIDTH} {len(rows) * row_height}" role="img">{"".join(drawn)}</svg>'


@dataclass(frozen=True, slots=True)
class Box:
    """A thing in the graph."""

    id: str
    noun: str
    title: str


def graph(boxes: Sequence[Box], edges: Sequence[tuple[str, str]]) -> str:
    """Boxes from left to right, each right of all that it came from, with a curve for each (parent, child)."""
    if not boxes:
        return ""
    shown = {box.id for box in boxes}
    edges = [(parent, child) for parent, child in edges if parent in shown and child in shown]
    column_of = _columns(boxes, edges)
    columns: dict[int, list[Box]] = {}
    for box in boxes:
        columns.setdefault(column_of[box.id], []).append(box)
    lines_of = {box.id: _lines(box.title) for box in boxes}
    wide, tall, gap_x, gap_y = 164, 26 + 15 * max(map(len, lines_of.values())), 40, 12
    rows = max(len(column) for column in columns.values())
    height, width = rows * (tall + gap_y) + gap_y, len(columns) * (wide + gap_x) - gap_x
    places: dict[str, tuple[float, float]] = {}
    for across, column in enumerate(sorted(columns)):
        top = (height - len(columns[column]) * (tall + gap_y) + gap_y) / 2
        for down, box in enumerate(columns[column]):
            places[box.id] = (across * (wide + gap_x), top + down * (tall + gap_y))
    lines = "".join(_edge(places, parent, child, wide, tall) for parent, child in edges)
    drawn = "".join(_box(box, lines_of[box.id], *places[box.id], wide, tall) for box in boxes)
    return (
        f'<svg class="graph" viewBox="-4 -4 {width + 8} {height + 8}" role="img" aria-label="lineage">{lines}{drawn}'
        "</svg>"
    )


def without(
    noun: str, boxes: Sequence[Box], edges: Sequence[tuple[str, str]]
) -> tuple[list[Box], list[tuple[str, str]]]:
    """The graph without the boxes of one noun: what came of them is tied to what they came from."""
    tied = list(edges)
    for hidden in (box.id for box in boxes if box.noun == noun):
        parents = [parent for parent, child in tied if child == hidden]
        children = [child for parent, child in tied if parent == hidden]
        tied = [edge for edge in tied if hidden not in edge]
        tied += [(parent, child) for parent in parents for child in children]
    return [box for box in boxes if box.noun != noun], list(dict.fromkeys(tied))


def _columns(boxes: Sequence[Box], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """For each box the longest way to it from what came from nothing here."""
    found = dict.fromkeys((box.id for box in boxes), 0)
    for _ in boxes:  # no way is longer than that
        for parent, child in edges:
            found[child] = max(found[child], found[parent] + 1)
    return found


def _lines(title: str) -> list[str]:
    return textwrap.wrap(title, MOST_LETTERS, max_lines=MOST_LINES, placeholder="…") or [""]


def _box(box: Box, lines: Sequence[str], x: float, y: float, wide: int, tall: int) -> str:
    title = "".join(
        f'<text class="label" x="10" y="{31 + 15 * number}">{escape(line)}</text>' for number, line in enumerate(lines)
    )
    return (
        f'<g class="node {escape(box.noun)}" transform="translate({x:.0f} {y:.0f})">'
        f"<title>{escape(box.title)}, {escape(box.id)}</title>"
        f'<rect width="{wide}" height="{tall}" rx="6"/><text class="noun" x="10" y="15">{escape(box.noun)}</text>'
        f"{title}</g>"
    )


def _edge(places: Mapping[str, tuple[float, float]], parent: str, child: str, wide: int, tall: int) -> str:
    (x1, y1), (x2, y2) = places[parent], places[child]
    x1, y1, y2 = x1 + wide, y1 + tall / 2, y2 + tall / 2
    bend = max(20.0, (x2 - x1) / 2)
    path = f"M{x1:.0f} {y1:.0f}C{x1 + bend:.0f} {y1:.0f} {x2 - bend:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"
    return f'<path class="edge" d="{path}"/>'
