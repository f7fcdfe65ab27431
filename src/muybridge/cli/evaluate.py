"""`muybridge evaluate worldmodel`: every figure of a checkpoint with n, interval, ceiling and floors."""

from typing import Annotated, Any

import typer

from muybridge import trust
from muybridge.cli import waiting
from muybridge.cli.console import AsJson, bars, err, out, print_json, speaking_errors, table
from muybridge.cli.generate import weights_for
from muybridge.cli.local import local_owner
from muybridge.datasets.tables import DatasetVersion
from muybridge.evaluation import evaluations
from muybridge.evaluation.tables import Evaluation

app = typer.Typer(no_args_is_help=True)


@app.callback()
def evaluate() -> None:
    """Score what was trained."""


@app.command()
def worldmodel(
    checkpoint: Annotated[str | None, typer.Option(help="ckp_…; default the newest, else the shipped one")] = None,
    version: Annotated[str | None, typer.Option(help="Whose held-out footage to continue: ver_…")] = None,
    split: Annotated[str, typer.Option(help="test, or dev while choosing")] = "test",
    n: Annotated[int, typer.Option("--n", min=1, max=evaluations.MAX_CLIPS, help="Unseen simulator clips")] = 64,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    as_json: AsJson = False,
) -> None:
    """The report card of a checkpoint, on clips that training could not see."""
    with speaking_errors(as_json), local_owner() as local, bars() as progress:
        installation, owner = local
        with installation.database.write() as session:
            weights = weights_for(session, local, checkpoint)
            frozen = trust.load(session, owner, DatasetVersion, version) if version else None
            asked = evaluations.start_evaluation(session, owner, weights, version=frozen, split=split, n=n, seed=seed)
        with waiting.some_worker(installation.settings):
            jobs = [asked.job_id] if asked.job_id else []
            waiting.require_success(waiting.wait(installation.database, owner, jobs, progress, "evaluate"))
        with installation.database.read() as session:
            metrics = trust.load(session, owner, Evaluation, asked.id).metrics or {}
    told = {"evaluation": asked.id, "checkpoint": weights.id, "digest": weights.digest, **metrics}
    if as_json:
        print_json(told)
    else:
        _tell(told)


def _tell(told: dict[str, Any]) -> None:
    out.print(f"checkpoint {told['checkpoint']}, {told['parameters']:,} parameters", highlight=False)
    if room := told.get("simulator"):
        rows = [
            (name.replace("_", " "), *_interval(one), _ceiling(room["ceiling"], name))
            for name, one in (("caption_exact", room["caption_exact"]), *room["facts"].items())
        ]
        table(
            f"{room['n']} unseen clips of {room['room']}, {room['split']} split, seed {room['seed']}",
            ["figure", "share", "95 %", "ceiling"],
            rows,
        )
        out.print(
            f"continuation error {room['continuation_error']:.4f}; repeating the last frame {room['copy_error']:.4f}; "
            f"true frames {room['truth_error']:.4f}",
            highlight=False,
        )
    for sentence in told.get("footage", {}).get("words", []):
        err.print(sentence, highlight=False)


def _interval(one: dict[str, float]) -> tuple[str, str]:
    return f"{one['mean']:.3f}", f"{one['low']:.3f} to {one['high']:.3f}"


def _ceiling(ceiling: dict[str, float], name: str) -> str:
    return f"{ceiling[name]:.3f}" if name in ceiling else ""
