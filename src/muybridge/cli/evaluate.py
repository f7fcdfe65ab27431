"""`muybridge evaluate worldmodel`: every figure with n, interval, ceiling and floors, failures first."""

from typing import Annotated, Any

import typer

from muybridge import trust
from muybridge.cli import waiting
from muybridge.cli.console import AsJson, bars, err, marked, out, print_json, speaking_errors, table
from muybridge.cli.generate import weights_for
from muybridge.cli.local import local_owner
from muybridge.datasets.tables import DatasetVersion
from muybridge.evaluation import evaluations
from muybridge.evaluation.card import telling
from muybridge.evaluation.tables import Evaluation

FULL_CLIPS = 512
MOST_FAILURES = 30
"""Told on the terminal; the report has all."""

app = typer.Typer(no_args_is_help=True)


@app.callback()
def evaluate() -> None:
    """Score what was trained."""


@app.command()
def worldmodel(
    checkpoint: Annotated[
        str | None, typer.Option(help="ckp_…; default the newest, at first of those that ship")
    ] = None,
    version: Annotated[str | None, typer.Option(help="Whose held-out footage to continue: ver_…")] = None,
    split: Annotated[str, typer.Option(help="test, or dev while choosing")] = "test",
    n: Annotated[int | None, typer.Option("--n", min=1, max=evaluations.MAX_CLIPS, help="Clips a cell")] = None,
    full: Annotated[bool, typer.Option("--full", help=f"{FULL_CLIPS} clips a cell, longer roll-outs")] = False,
    all_rooms: Annotated[bool, typer.Option("--all-rooms", help="Also rooms that its recipe never showed")] = False,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    as_json: AsJson = False,
) -> None:
    """The report card of a checkpoint, on clips that training could not see."""
    with speaking_errors(as_json), local_owner() as local, bars() as progress:
        installation, owner = local
        with installation.database.write() as session:
            weights = weights_for(session, local, checkpoint, from_words=False)
            asked = evaluations.start_evaluation(
                session,
                owner,
                weights,
                version=trust.load(session, owner, DatasetVersion, version) if version else None,
                split=split,
                n=n or (FULL_CLIPS if full else evaluations.USUAL_CLIPS),
                seed=seed,
                has_all_rooms=all_rooms,
                extent="full" if full else "usual",
            )
        waiting.wait_for_success(local, asked.job_id, progress, "evaluate")
        with installation.database.read() as session:
            done = trust.load(session, owner, Evaluation, asked.id)
            metrics, report = done.metrics or {}, done.report_artifact_id
    told = {"evaluation": asked.id, "checkpoint": weights.id, "digest": weights.digest, "report": report, **metrics}
    if as_json:
        print_json(told)
    else:
        _tell(told)


def _tell(told: dict[str, Any]) -> None:
    out.print(f"checkpoint {told['checkpoint']}")
    if card := told.get("card"):
        _tell_card(card)
    for sentence in told.get("footage", {}).get("words", []):
        err.print(sentence)
    if told["report"]:
        out.print(f"report {told['report']}; the studio shows it under Evaluate")


def _tell_card(card: dict[str, Any]) -> None:
    """Failures, then cells from the outside in, then the table beside PhyWorld's and what it costs."""
    for sentence in card["failures"][:MOST_FAILURES]:
        out.print(marked("fails", "red", f" {sentence}"))
    if (more := len(card["failures"]) - MOST_FAILURES) > 0:
        out.print(f"and {more} more failures in the report")
    for cell in card["cells"]:
        where = telling.ORDER[cell["where"]].lower()
        title = f"{cell['name']} ({where}), {card['split']} split, seed {card['seed']}"
        told = telling.table_of(cell)
        if told.rows:
            table(title, *told)
    if beside := card["phyworld"]:
        table(f"Beside PhyWorld, {beside['unit']}", *telling.phyworld_table(beside))
        for difference in beside["differences"]:
            out.print(f"  {difference}")
    table("What it costs", ["", ""], telling.cost_rows(card["cost"]))
    for sentence in card["left_out"]:
        err.print(f"left out: {sentence}")
