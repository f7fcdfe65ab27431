"""`muybridge train`: start a training by a recipe and follow it, or leave it to the worker."""

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select

from muybridge import db, trust
from muybridge.cli import waiting
from muybridge.cli.console import AsJson, bars, out, pairs, print_json, speaking_errors
from muybridge.cli.local import local_owner
from muybridge.datasets.tables import DatasetVersion
from muybridge.training import lora, recipes, runs, shipped
from muybridge.training.tables import Checkpoint, Run, RunMetric

app = typer.Typer()
SHIPPED = "shipped"


@app.command()
def train(
    recipe: Annotated[str, typer.Argument(help=f"One of {', '.join([*recipes.RECIPES, *lora.RECIPES])}")] = "demo",
    version: Annotated[str | None, typer.Option(help="Frozen dataset version to learn from, ver_…")] = None,
    parent: Annotated[str | None, typer.Option(help="Fine-tune these weights: ckp_…, or 'shipped'")] = None,
    base: Annotated[
        Path | None,
        typer.Option(help="For wan-lora: the folder of the open-weight model", exists=True, file_okay=False),
    ] = None,
    minutes: Annotated[float | None, typer.Option(min=0.02, help="Stop after so long")] = None,
    seed: Annotated[int, typer.Option(min=0, max=runs.MAX_SEED)] = 0,
    name: Annotated[str, typer.Option(help="What to call the run")] = "",
    detach: Annotated[bool, typer.Option("--detach", help="Leave it to the worker and return at once")] = False,
    as_json: AsJson = False,
) -> None:
    """Train the world model, or fine-tune an open-weight one. A killed run goes on when a worker is there again."""
    with speaking_errors(as_json), local_owner() as local, bars() as progress:
        installation, owner = local
        with installation.database.write() as session:
            frozen = trust.load(session, owner, DatasetVersion, version) if version else None
            budget_s = minutes * 60 if minutes else None
            if recipe in lora.RECIPES:
                taught = _tuning(recipe, base, parent)
                run = runs.start_tuning(
                    session, owner, taught, _needed(frozen), seed=seed, budget_s=budget_s, name=name
                )
            else:
                origin: Checkpoint | None = None
                if parent == SHIPPED:
                    origin = shipped.adopt_shipped(session, owner, installation.store)
                elif parent:
                    origin = trust.load(session, owner, Checkpoint, parent)
                chosen = recipes.recipe(recipe)
                run = runs.start_run(
                    session, owner, chosen, version=frozen, seed=seed, parent=origin, budget_s=budget_s, name=name
                )
        if detach:
            told: dict[str, object] = {"run": run.id, "job": run.job_id}
        else:
            waiting.wait_for_success(local, run.job_id, progress, "train")
            told = _look(installation.database, owner, run)
    if as_json:
        print_json(told)
    elif detach:
        out.print(f"{run.id} is in the queue; muybridge serve shows its curve.")
    else:
        pairs(f"Run {run.name}", told)


def _tuning(recipe: str, base: Path | None, parent: str | None) -> lora.LoraRecipe:
    if base is None or parent is not None:
        raise runs.BadRun(
            f"{recipe} begins from a folder of weights.", remedy="Name it: --base FOLDER; --parent is for world models."
        )
    return lora.recipe(recipe, base=str(base.resolve()))


def _needed(version: DatasetVersion | None) -> DatasetVersion:
    if version is None:
        raise runs.BadRun("There is no footage to learn from.", remedy="Freeze a version for training: --version ver_…")
    return version


def _look(database: db.Database, owner: trust.Actor, run: Run) -> dict[str, object]:
    with database.read() as session:
        final = select(Checkpoint).where(Checkpoint.run_id == run.id).order_by(Checkpoint.step.desc()).limit(1)
        checkpoint = session.scalars(trust.visible(final, owner)).one()
        last = select(RunMetric).where(RunMetric.run_id == run.id).order_by(RunMetric.step.desc()).limit(1)
        metric = session.scalars(trust.visible(last, owner)).one_or_none()
    return {
        "run": run.id,
        "step": checkpoint.step,
        "loss": metric.values.get("loss") if metric else None,
        "checkpoint": checkpoint.id,
        "digest": checkpoint.digest,
    }
