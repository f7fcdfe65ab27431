"""A finished card in sentences and rows: what failed first, then what lies outside, what was held out, and the rest.

Light: the command line, the door and reports read cards with it. A card is JSON (docs/guides/evaluating.md).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from muybridge.evaluation.card import phyworld
from muybridge.evaluation.card.figures import FLOORS, Figure, figure_from_json
from muybridge.evaluation.intervals import Estimate

ORDER = {"out_of_distribution": "Out of distribution", "held_out": "Held out", "in_distribution": "In distribution"}
"""The order in which cells are told."""
_HEADLINES = ("all_facts", "caption_exact", "answers", "position_error_at_last", "velocity_error", "following_moves")
"""What is compared between a cell and its room in distribution."""
_TESTED = (
    *_HEADLINES,
    *("binding", "said_in_time", "said_late", "fact_f1", "position_error_at_8", "momentum_drift", "energy_drift"),
    *("velocity_error_after_hit", "gravity_error", "bounce_angle_error", "permanence", "counterfactual", "coins_right"),
)
"""What has to be better than its floors; the single attributes behind these are in the tables."""
_SHARES = (
    *("all_facts", "caption_exact", "answers", "following_moves", "counterfactual_all_five", "permanence"),
    *("seen_at_47", "right_at_85", "facts_kept"),
)
"""What fails when it is wrong more often than right."""


ASKED = ("split", "n", "seed", "extent")
"""What a card says of how it was asked for."""


def trained_as(config: Mapping[str, Any], recipe: Mapping[str, Any]) -> dict[str, Any]:
    """What `assemble` must know of a network, from the config and the recipe that its checkpoint carries."""
    return {
        "height": config["height"],
        "width": config["frame_width"],
        "num_trained": recipe["num_frames"],
        "matches": config.get("matches", False),
    }


def assemble(
    settings: Mapping[str, Any],
    plan: Mapping[str, Any],
    figures: Sequence[Mapping[str, list[dict[str, Any]]]],
    cost: Mapping[str, Any],
    model: Mapping[str, Any],
) -> dict[str, Any]:
    """The card, from what its stages measured. figures: of each stage, by cell; model: as `trained_as` gives it."""
    cells = [
        {**cell, "figures": [figure for stage in figures for figure in stage.get(cell["name"], ())]}
        for where in ORDER
        for cell in plan["cells"]
        if cell["where"] == where
    ]
    beside = phyworld.compare(cells, model)
    return {
        **settings,
        "failures": failures(cells),
        "cells": cells,
        "phyworld": beside,
        "cost": dict(cost),
        "left_out": list(plan["left_out"]),
    }


def figures_of(cell: Mapping[str, Any]) -> list[Figure]:
    """A cell's figures, but those that even true clips say nothing of."""
    return [each for each in map(figure_from_json, cell["figures"]) if each.value or each.ceiling]


def failures(cells: Sequence[Mapping[str, Any]]) -> list[str]:
    """Where the network is no better than what knows nothing, falls off its own room, or is wrong more than right."""
    home = {cell["room"]: cell for cell in cells if cell["where"] == "in_distribution"}
    told: list[str] = []
    for cell in cells:
        told += _beaten(cell)
        if cell["where"] == "in_distribution":
            told += _mostly_wrong(cell)
        elif cell["room"] in home:
            told += _fallen(cell, home[cell["room"]])
    return told


def _beaten(cell: Mapping[str, Any]) -> Iterator[str]:
    for figure in figures_of(cell):
        if figure.name not in _TESTED:
            continue
        if figure.value is None:
            yield f"{cell['name']}: {label(figure)} could not be read in any made clip."
            continue
        if figure.ceiling and not _is_better(figure, figure.ceiling, figure.value):
            continue
        beaten_by = [
            f"{FLOORS[name]} ({say(floor.mean)})"
            for name, floor in figure.floors.items()
            if not _is_better(figure, figure.value, floor)
        ]
        if beaten_by:
            value = say(figure.value.mean)
            yield f"{cell['name']}: {label(figure)}, {value}, is no better than {' or '.join(beaten_by)}."


def _mostly_wrong(cell: Mapping[str, Any]) -> Iterator[str]:
    for figure in figures_of(cell):
        if figure.name in _SHARES and figure.value and figure.value.mean < 0.5:
            yield f"{cell['name']}: {label(figure)} is right in {figure.value.mean:.0%} of {figure.value.n} only."


def _fallen(cell: Mapping[str, Any], home: Mapping[str, Any]) -> Iterator[str]:
    """Headline figures whose interval lies wholly on the worse side of the room's own in distribution."""
    at_home = {(figure.group, figure.name): figure.value for figure in figures_of(home)}
    for figure in figures_of(cell):
        own = at_home.get((figure.group, figure.name))
        if figure.name not in _HEADLINES or own is None or figure.value is None:
            continue
        if figure.value.high < own.low if figure.is_higher_better else figure.value.low > own.high:
            value = say(figure.value.mean)
            yield f"{cell['name']}: {label(figure)} goes from {say(own.mean)} in distribution to {value}."


def _is_better(figure: Figure, value: Estimate, floor: Estimate) -> bool:
    if figure.is_higher_better is None:
        return True
    return value.mean > floor.mean if figure.is_higher_better else value.mean < floor.mean


def label(figure: Figure) -> str:
    """`text to video, all facts`; its unit in brackets."""
    unit = f" ({figure.unit})" if figure.unit else ""
    return f"{figure.group.replace('_', ' ')}, {figure.name.replace('_', ' ')}{unit}"


def say(value: float) -> str:
    """Three decimals, fewer for large numbers."""
    return f"{value:z.3f}" if abs(value) < 10 else f"{value:.1f}"


class Table(NamedTuple):
    """A cell, or a part of a card, as text."""

    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]


def table_of(cell: Mapping[str, Any]) -> Table:
    """A cell's figures with the floors that any of them has."""
    figures = figures_of(cell)
    floors = [name for name in FLOORS if any(name in figure.floors for figure in figures)]
    rows = []
    for figure in figures:
        told = (_interval(figure.value), str(figure.value.n)) if figure.value else ("–", "0")
        beside = (figure.ceiling, *(figure.floors.get(name) for name in floors))
        rows.append((label(figure), *told, *(say(each.mean) if each else "" for each in beside)))
    return Table(("figure", "value (95 %)", "n", "ceiling", *floors), rows)


def phyworld_table(table: Mapping[str, Any]) -> Table:
    """The table beside PhyWorld's."""
    rows = []
    for row in table["rows"]:
        theirs = row["theirs"] or {}
        ours = [_estimate(row[where], "value") for where in ("in_distribution", "out_of_distribution")]
        parser = _estimate(row["in_distribution"], "parser")
        published = [
            say(theirs[name]) if name in theirs else "not on record here"
            for name in ("in_distribution", "out_of_distribution", "parser")
        ]
        told = [_interval(each) if each else "–" for each in ours]
        rows.append((row["setup"], *told, say(parser.mean) if parser else "–", *published))
    columns = ("setup", "ours, in", "ours, out", "our parser", "theirs, in", "theirs, out", "their parser")
    return Table(columns, rows)


def _interval(value: Estimate) -> str:
    return f"{say(value.mean)} ({say(value.low)} to {say(value.high)})"


def _estimate(told: Mapping[str, Any] | None, name: str) -> Estimate | None:
    return Estimate(**told[name]) if told and told[name] else None


def cost_rows(cost: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What it costs, in words."""
    return [
        ("frames a second, one clip streamed", f"{cost['frames_per_s']:.1f} at {cost['steps']} steps a frame"),
        ("to the first frame", f"{cost['ms_to_first_frame']:.0f} ms at {cost['first_steps']} steps"),
        ("peak memory of the scoring process", f"{cost['peak_memory_bytes'] / 1e6:.0f} MB"),
        ("checkpoint", f"{cost['checkpoint_bytes'] / 1e6:.2f} MB, {cost['parameters']:,} parameters"),
        ("measured on", f"{cost['device']}, {cost['threads']} thread{'s' * (cost['threads'] != 1)}, {cost['machine']}"),
    ]
