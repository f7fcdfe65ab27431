"""A finished card as a report: failures first, then what lies outside, and the first clips whatever they look like."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from muybridge.evaluation.card import telling
from muybridge.evaluation.card.figures import FLOORS
from muybridge.evaluation.report import Report


class Pair(NamedTuple):
    """A clip of the gallery: strips of frames as PNG."""

    cell: str
    prompt: str
    true: bytes
    made: bytes


def write(card: Mapping[str, Any], gallery: Sequence[Pair], *, checkpoint: str, footage: Sequence[str] = ()) -> Report:
    """The whole report. checkpoint: how to name it; footage: sentences on the continuation of footage."""
    report = Report(
        "Report card",
        f"Checkpoint {checkpoint}; {card['split']} split, {card['n']} clips a cell, seed {card['seed']}. Read from "
        "pixels by the simulator's judge; beside each figure stand its 95 % interval, the judge's own ceiling on true "
        "frames, and floors that know nothing.",
    )
    tell(report, card)
    if footage:
        report.section("On footage")
    for sentence in footage:
        report.say(sentence)
    _tell_gallery(report, gallery)
    return report


def tell(report: Report, card: Mapping[str, Any]) -> None:
    """The card's figures, failures first."""
    report.section("What fails")
    for sentence in card["failures"] or ["Nothing that this card looks for."]:
        report.say(sentence, tone="warn" if card["failures"] else "")
    for where, heading in telling.ORDER.items():
        cells = [cell for cell in card["cells"] if cell["where"] == where and cell["figures"]]
        if cells:
            report.section(heading)
        for cell in cells:
            report.say(f"{cell['name']}: {cell['num_frames']} frames at {cell['fps']:g} a second")
            report.table(*telling.table_of(cell))
    report.say("; ".join(f"{name}: {words}" for name, words in FLOORS.items()) + ".", tone="quiet")
    if card["phyworld"]:
        _tell_phyworld(report, card["phyworld"])
    report.section("What it costs")
    report.table(["", ""], telling.cost_rows(card["cost"]))
    if card["left_out"]:
        report.section("Left out")
    for sentence in card["left_out"]:
        report.say(sentence, tone="quiet")


def _tell_phyworld(report: Report, table: Mapping[str, Any]) -> None:
    report.section("Beside PhyWorld")
    report.say("Mean absolute velocity error in world units a second; theirs are their models from 22 M parameters up.")
    report.table(*telling.phyworld_table(table))
    report.say("It is not the same experiment. What differs:")
    for difference in table["differences"]:
        report.say(difference, tone="quiet")


def _tell_gallery(report: Report, gallery: Iterable[Pair]) -> None:
    cell = ""
    for pair in gallery:
        if pair.cell != cell:
            cell = pair.cell
            report.section(f"The first clips of the split: {cell}")
        report.say(pair.prompt)
        report.strips([("true", pair.true), ("made", pair.made)])
