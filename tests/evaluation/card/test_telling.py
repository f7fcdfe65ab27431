"""A card says first what fails."""

from typing import Any

from muybridge.evaluation.card import page, phyworld, telling
from muybridge.evaluation.card.figures import mean, share

COST = {
    "frames_per_s": 20.0, "ms_to_first_frame": 80.0, "peak_memory_bytes": 4e8, "checkpoint_bytes": 1e6,
    "parameters": 900_000, "steps": 2, "first_steps": 16, "device": "cpu", "threads": 1, "machine": "x86_64",
}  # fmt: skip
MODEL = {"height": 64, "width": 64, "num_trained": 8, "matches": False}
SETTINGS = {"split": "dev", "n": 40, "seed": 0, "extent": "usual"}


def a_cell(name: str, where: str) -> dict[str, Any]:
    return {"name": name, "room": name.split(" ")[0], "where": where, "num_frames": 8, "fps": 8.0}


def a_card() -> dict[str, Any]:
    """A room that is good at home and bad with held-out pairs, and uniform motion outside its bands."""
    plan = {
        "cells": [
            a_cell("lab", "in_distribution"),
            a_cell("lab · pairs", "held_out"),
            a_cell("uniform · out of distribution", "out_of_distribution"),
        ],
        "left_out": ["desk: the recipe mini never showed this room."],
    }
    words = {
        "lab": [share("text_to_video", "all_facts", [1.0] * 36 + [0.0] * 4, floors={"nearest": [0.0] * 40}).to_json()],
        "lab · pairs": [
            share("text_to_video", "all_facts", [1.0] * 8 + [0.0] * 32, floors={"nearest": [0.0] * 40}).to_json()
        ],
    }
    motion = {
        "uniform · out of distribution": [
            mean(
                "physics", "velocity_error", [2.0] * 40, unit="world units/s", ceiling=[0.01] * 40,
                floors={"copy": [3.0] * 40, "inertia": [0.02] * 40},
            ).to_json()
        ]
    }  # fmt: skip
    return telling.assemble(SETTINGS, plan, [words, motion], COST, MODEL)


def test_failures_name_the_floor_that_is_not_beaten_and_what_falls_off() -> None:
    beaten, fallen = a_card()["failures"]
    assert beaten == (
        "uniform · out of distribution: physics, velocity error (world units/s), 2.000, is no better than constant "
        "velocity, from the judge's own reading of the given frames (0.020)."
    )
    assert fallen == "lab · pairs: text to video, all facts goes from 0.900 in distribution to 0.200."


def test_what_reaches_the_ceiling_has_not_failed_though_a_floor_does_too() -> None:
    perfect = share("actions", "coins_right", [1.0] * 9, ceiling=[1.0] * 9, floors={"copy": [1.0] * 9})
    assert telling.failures([{**a_cell("arcade", "in_distribution"), "figures": [perfect.to_json()]}]) == []


def test_what_cannot_be_read_in_made_clips_has_failed_and_has_a_row() -> None:
    gone = mean("physics", "gravity_error", [float("nan")], unit="", ceiling=[0.01])
    cell = {**a_cell("parabola", "in_distribution"), "figures": [gone.to_json()]}
    assert telling.failures([cell]) == ["parabola: physics, gravity error could not be read in any made clip."]
    assert telling.table_of(cell).rows == [("physics, gravity error", "–", "0", "0.010")]


def test_a_table_has_the_floors_that_it_needs_and_no_others() -> None:
    outside, *_ = a_card()["cells"]
    assert telling.table_of(outside) == (
        ("figure", "value (95 %)", "n", "ceiling", "copy", "inertia"),
        [("physics, velocity error (world units/s)", "2.000 (2.000 to 2.000)", "40", "0.010", "3.000", "0.020")],
    )


def test_cells_are_told_from_the_outside_in() -> None:
    wheres = [cell["where"] for cell in a_card()["cells"]]
    assert wheres == ["out_of_distribution", "held_out", "in_distribution"]


def test_the_table_beside_phyworlds_quotes_what_is_on_record_and_says_what_differs() -> None:
    table = a_card()["phyworld"]
    (row,) = telling.phyworld_table(table).rows
    assert row == ("uniform", "–", "2.000 (2.000 to 2.000)", "–", "0.012", "0.427", "0.010")
    assert len(table["differences"]) == len(phyworld.DIFFERENCES)
    assert any("64 x 64" in difference for difference in table["differences"])


def test_a_card_without_phyworlds_rooms_has_no_such_table() -> None:
    assert phyworld.compare([], MODEL) is None


def test_that_a_network_was_told_how_things_moved_is_a_difference() -> None:
    cells = [{"name": "uniform", "figures": [{"name": "velocity_error", "value": 0.1, "ceiling": 0.01, "floors": {}}]}]
    told = [phyworld.compare(cells, {**MODEL, "matches": matches}) for matches in (False, True)]
    assert [phyworld.TOLD_MOTION in each["differences"] for each in told if each] == [False, True]


def test_the_report_says_failures_before_figures_and_shows_the_gallery() -> None:
    html = page.write(a_card(), [page.Pair("lab", "a <red> star", b"png", b"png")], checkpoint="abc").html()
    places = [html.index(words) for words in ("What fails", "Out of distribution", "Held out", "In distribution")]
    assert places == sorted(places)
    assert "a &lt;red&gt; star" in html
    assert "never showed this room" in html
