"""`muybridge demo`: the whole loop on given clips, or on rendered ones, without a browser. Killed, it goes on."""

from pathlib import Path
from typing import Annotated, Any

import typer

from muybridge.cli import waiting
from muybridge.cli.console import AsJson, bars, err, pairs, print_json, speaking_errors
from muybridge.cli.demo import footage, judging, labels, learn, make, report
from muybridge.cli.demo.ledger import Ledger
from muybridge.cli.demo.plan import Plan, by_digest
from muybridge.cli.local import Local, local_owner

app = typer.Typer()


@app.command()
def demo(
    videos: Annotated[list[Path] | None, typer.Argument(help="Your clips; none: footage rendered here")] = None,
    minutes: Annotated[float, typer.Option(min=0.1, max=600, help="Minutes of training")] = 3.0,
    seed: Annotated[
        int, typer.Option(min=0, max=1000, help="Another seed: another turn of the loop on the same footage and labels")
    ] = 0,
    resume: Annotated[
        bool, typer.Option("--resume", help="Freeze what people have accepted since, and show the difference")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Walk the whole loop: ingest, label, freeze, train, generate, sign, evaluate, ask, and open the next round.

    Start it again after a crash or a kill: it goes on where it was and makes nothing twice.
    """
    with speaking_errors(as_json), local_owner() as local:
        plan = Plan(by_digest(videos or ()), minutes, seed, has_new_labels=resume)
        told = walk(local, plan)
    if as_json:
        print_json(told)
    else:
        _tell(told)


def walk(local: Local, plan: Plan) -> dict[str, Any]:
    """Go once around and say what was made; the keys are those of `--json`."""
    with bars() as progress, waiting.some_worker(local.installation.settings) as keep:
        ledger = Ledger(local.installation, local.owner, plan.key, progress, keep)
        came = footage.bring_in(ledger, plan)
        labelled = labels.label(ledger, plan, came.asset_ids)
        frozen = learn.freeze(ledger, plan, labelled.project_id, came.asset_ids)
        turn = ledger.of_seed(plan)
        learned = learn.train(turn, plan, frozen)
        made = make.make(turn, plan, learned, came.asset_ids)
        judged = judging.judge(turn, plan, learned, made, labelled.project_id)
        written = report.write(turn, plan, came, labelled, learned, made, judged)
    return {
        "assets": came.asset_ids,
        "refused": came.refused,
        "shots": came.num_shots,
        "proposals": labelled.proposals,
        "accepted": labelled.num_accepted,
        "tasks": labelled.num_tasks,
        "consensus": labelled.consensus,
        "consensus_reason": labelled.reason,
        "dataset_version": {
            "id": learned.newest.id,
            "number": learned.newest.number,
            "digest": learned.newest.digest,
            "split_rule": learned.newest.split_rule,
            "difference": learned.difference,
        },
        "run": {"id": learned.run.id, "step": learned.checkpoint.step, "checkpoint": learned.checkpoint.id},
        "generations": [
            {
                "id": clip.generation.id,
                "path": str(clip.path),
                "kind": clip.kind.value,
                "checkpoint": learned.checkpoint.digest,
                "verified": clip.state == "trusted",
            }
            for clip in made
        ],
        "evaluation": {"id": judged.evaluation.id, **(judged.evaluation.metrics or {})},
        "comparisons": judged.comparisons,
        "next_round": judged.next_round,
        "report": str(written),
    }


def _tell(told: dict[str, Any]) -> None:
    for refused in told["refused"]:
        err.print(f"refused {refused['file']}: {refused['detail']}")
    verified = sum(clip["verified"] for clip in told["generations"])
    facts = {
        "footage": f"{len(told['assets'])} clips, {told['shots']} shots",
        "labels": _labels(told),
        "dataset": f"version {told['dataset_version']['number']}, {told['dataset_version']['digest'][:16]}…",
        "run": f"{told['run']['id']}, {told['run']['step']} steps",
        "made": f"{len(told['generations'])} clips, {verified} verify as ours",
        "judged": f"{told['comparisons']['num_verdicts']} verdicts on {told['comparisons']['num_comparisons']} pairs",
        "next round": f"{len(told['next_round'])} tasks",
        "report": told["report"],
        "see it": "muybridge serve",
    }
    pairs("Once around the loop", facts)


def _labels(told: dict[str, Any]) -> str:
    if told["consensus"] is None:
        offered = sum(told["proposals"].values())
        return (
            f"{told['accepted']} of {offered} proposals accepted by a person; no consensus: {told['consensus_reason']}"
        )
    return f"{told['tasks']} tasks, agreement {told['consensus'].get('mean') or 0:.2f}"
