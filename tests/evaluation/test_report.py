import re

from muybridge.evaluation import charts
from muybridge.evaluation.report import Report


def test_a_report_is_one_file_that_loads_nothing_and_runs_nothing() -> None:
    report = Report("A & B", "lead")
    report.section("Pictures")
    report.picture(b"\x89PNG", "a <caption>")
    report.clips([(b"mp4", "clip")])
    report.raw(charts.curve([(0, 1.0), (1, 0.5)], x_label="steps", y_label="loss"))
    html = report.html()
    assert "<script" not in html
    assert re.findall(r'(?:src|href)="(?!data:)', html) == []
    assert "<title>A &amp; B</title>" in html
    assert "a &lt;caption&gt;" in html


def test_text_is_never_taken_for_markup() -> None:
    report = Report("t", "<b>l</b>")
    report.say("<i>x</i>")
    report.table(["<th>"], [("<td>", None, 0.123456)])
    report.tiles([("<3>", "<what>")])
    report.raw(charts.bars([charts.Bar("<label>", 0.5, 0.4, 0.6)]))
    report.raw(charts.graph([charts.Box("a", "asset", "<title>", 0)], []))
    html = report.html()
    for text in ("<b>l<", "<i>", "<td><", "<3>", "<what>", "<label>"):
        assert text not in html
    assert "0.1235" in html
    assert "–" in html


def test_a_graph_draws_an_edge_for_each_pair_that_it_shows() -> None:
    boxes = [charts.Box("a", "asset", "clip", 0), charts.Box("v", "version", "v1", 1)]
    drawn = charts.graph(boxes, [("a", "v"), ("a", "elsewhere")])
    assert drawn.count("<path") == 1
    assert charts.graph([], []) == ""


def test_a_curve_needs_two_points() -> None:
    assert charts.curve([(0, 1.0)], x_label="steps", y_label="loss") == ""
