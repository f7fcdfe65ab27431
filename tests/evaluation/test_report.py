"""A report is one file that needs nothing else, whatever is written into it."""

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from muybridge.evaluation import charts
from muybridge.evaluation.charts import Bar, Box
from muybridge.evaluation.report import Report, data_uri

NASTY = "<script>alert(\"x\")</script> & 'quotes'"


class Reader(HTMLParser):
    """Collects what a page loads and the text it shows."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.tags: list[str] = []
        self.shown = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loaded += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.shown += data


@pytest.fixture
def page() -> Reader:
    report = Report(f"Report {NASTY}", NASTY)
    report.section(NASTY)
    report.say(NASTY, tone="warn")
    report.tiles([("0.5", NASTY)])
    report.table(["metric", NASTY], [["psnr", 31.41592], ["none", None]])
    report.picture(b"png", NASTY)
    report.strips([(NASTY, b"png")])
    report.clips([(b"mp4", NASTY)])
    return Reader(report.html())


def test_nothing_is_loaded_from_elsewhere(page: Reader) -> None:
    assert page.loaded
    assert all(source.startswith("data:") for source in page.loaded)


def test_what_people_wrote_stays_text(page: Reader) -> None:
    assert "script" not in page.tags
    assert page.shown.count('alert("x")') >= 6


def test_figures_are_told_to_four_digits_and_absence_by_a_dash(page: Reader) -> None:
    assert "31.42" in page.shown
    assert "–" in page.shown


def test_it_is_readable_by_day_and_by_night() -> None:
    html = Report("R", "lead").html()
    assert "prefers-color-scheme" in html
    assert "@media print" in html


def test_data_uris_carry_their_bytes() -> None:
    assert data_uri(b"\x00\x01", "image/png") == "data:image/png;base64,AAE="


def test_charts_are_well_formed_and_within_their_frame() -> None:
    drawn = charts.curve([(0, 2.0), (50, 1.0), (100, 0.5)], x_label="steps", y_label="loss")
    ElementTree.fromstring(drawn)
    points = re.search(r'points="([^"]+)"', drawn)
    assert points is not None
    places = [tuple(map(float, each.split(","))) for each in points.group(1).split()]
    assert [x for x, _ in places] == sorted(x for x, _ in places)
    assert places[0][1] < places[-1][1]
    assert charts.curve([(0, 1.0)], x_label="steps", y_label="loss") == ""


def test_bars_stay_on_their_scale() -> None:
    drawn = charts.bars([Bar("all right", 1.7, 0.2, 2.0), Bar(NASTY, 0.0, 0.0, 0.1, "floor")])
    widths = [float(width) for width in re.findall(r'width="([\d.]+)"', drawn)]
    ElementTree.fromstring(drawn)
    assert widths == [charts.WIDTH - 190 - 150, 1.0]


def test_the_graph_draws_each_edge_between_boxes_that_are_there() -> None:
    boxes = [Box("ast_1", "asset", NASTY), Box("ckp_1", "checkpoint", "step 5")]
    drawn = charts.graph(boxes, [("ast_1", "ckp_1"), ("ast_1", "gen_9")])
    ElementTree.fromstring(drawn)
    assert drawn.count('class="edge"') == 1
    assert charts.graph([], []) == ""


def test_each_box_of_a_graph_stands_right_of_all_that_it_came_from() -> None:
    edges = [
        ("ast_1", "ver_1"),
        ("ver_1", "run_1"),
        ("run_1", "ckp_1"),
        ("ver_1", "ckp_1"),
        ("ckp_1", "gen_1"),
        ("ast_1", "gen_1"),
    ]
    boxes = [
        Box(name, "thing", f"a title of {name} that is far too long for a single line of a box")
        for name in ("gen_1", "ckp_1", "run_1", "ver_1", "ast_1")
    ]
    drawn = charts.graph(boxes, edges)
    ElementTree.fromstring(drawn)
    across = dict(zip((box.id for box in boxes), map(int, re.findall(r"translate\((\d+) ", drawn)), strict=True))
    assert all(across[parent] < across[child] for parent, child in edges)
    assert drawn.count('class="edge"') == len(edges)
    assert drawn.count('class="label"') == charts.MOST_LINES * len(boxes)


def test_what_stood_behind_a_hidden_box_is_tied_to_what_came_of_it() -> None:
    boxes = [
        Box("art_1", "artifact", ""),
        Box("ast_1", "asset", ""),
        Box("art_2", "artifact", ""),
        Box("gen_1", "generation", ""),
    ]
    edges = [("art_1", "ast_1"), ("ast_1", "art_2"), ("art_2", "gen_1"), ("ast_1", "gen_1")]
    assert charts.without("artifact", boxes, edges) == ([boxes[1], boxes[3]], [("ast_1", "gen_1")])


def test_commands_are_set_as_code_and_short_cells_in_one_line() -> None:
    report = Report("R", "lead")
    report.say("Ask `muybridge verify <FILE>`.")
    report.table(["a", "b"], [["1.000 (0.893 to 1.000)", "a" * 60]])
    assert "<code>muybridge verify &lt;FILE&gt;</code>" in report.html()
    assert report.html().count('<td class="short">') == 1
