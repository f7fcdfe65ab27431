"""Runs: starting a training, asking it to end, and reading what it measured. Light: the door imports this.

A run on footage needs a version that was frozen for training, with its rights proof, and the rights are asked again
now: what was allowed when frozen may have been revoked since.
"""

import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import muybridge
from muybridge import artifacts, db, jobs, trust
from muybridge.catalog import rights
from muybridge.datasets.tables import DatasetVersion
from muybridge.errors import Conflict, Forbidden, Invalid
from muybridge.jobs import Job, JobState
from muybridge.training.adapters import ADAPTERS
from muybridge.training.lora import LoraRecipe
from muybridge.training.recipe import Recipe
from muybridge.training.recipes import fitted
from muybridge.training.tables import Checkpoint, Run, RunMetric, RunSample
from muybridge.worldmodel.config import ModelConfig

TRAIN = "training.train"
MAX_SEED = (1 << 16) - 1


class NoRightsProof(Forbidden):
    """The version was not frozen for training, so nobody has shown that its footage may be trained on."""

    code = "training.no_rights_proof"


class RunEnded(Conflict):
    code = "training.run_ended"


class BadRun(Invalid):
    code = "training.bad_run"


def start_run(
    session: Session,
    actor: trust.Actor,
    recipe: Recipe,
    *,
    version: DatasetVersion | None = None,
    seed: int = 0,
    parent: Checkpoint | None = None,
    budget_s: float | None = None,
    name: str = "",
) -> Run:
    """Begin a training in the background: on a frozen version's footage, on the recipe's rooms, or both.

    parent: fine-tune these weights; the network's shape is then theirs. budget_s: overrides the recipe's.
    Raises NoRightsProof, AssetForbidden (a right was revoked since freezing), BadRun.
    """
    trust.require(actor, "training.run", version)
    _check(seed, budget_s)
    recipe = _fitted(session, actor, recipe, parent, budget_s)
    if version is not None:
        require_proof(session, actor, version)
    elif not recipe.clips:
        raise BadRun(f"The recipe {recipe.name} has no room, and no version of footage was given.")
    run = Run(
        name=name or recipe.name,
        recipe=recipe.to_json(),
        version_id=version.id if version else None,
        seed=seed,
        parent_checkpoint_id=parent.id if parent else None,
        budget_s=recipe.budget_s,
    )
    return _open(session, actor, run, recipe=recipe.name, size=recipe.model.name)


def start_tuning(
    session: Session,
    actor: trust.Actor,
    recipe: LoraRecipe,
    version: DatasetVersion,
    *,
    seed: int = 0,
    budget_s: float | None = None,
    name: str = "",
) -> Run:
    """Begin to fine-tune an open-weight video model, whose folder the recipe names, on a frozen version's footage.

    Raises as start_run does, and MissingExtra, BadBase.
    """
    trust.require(actor, "training.run", version)
    _check(seed, budget_s)
    recipe = replace(recipe, budget_s=budget_s) if budget_s is not None else recipe
    base = ADAPTERS.get(recipe.adapter).describe(Path(recipe.base))
    base.check(recipe)
    require_proof(session, actor, version)
    run = Run(
        name=name or recipe.name,
        recipe=recipe.to_json(),
        version_id=version.id,
        seed=seed,
        budget_s=recipe.budget_s,
    )
    return _open(session, actor, run, recipe=recipe.name, base=base.name)


def require_proof(session: Session, actor: trust.Actor, version: DatasetVersion) -> None:
    """The version carries a rights proof for training, and every right in it still stands."""
    assets = version.rights_proof.get("assets") or []
    if version.purpose != "train" or version.rights_proof.get("purpose") != "train" or not assets:
        raise NoRightsProof(
            f"Version {version.number} ({version.id}) was frozen for {version.purpose!r} and proves no right to train.",
            remedy="Declare the right (allowed use: train) and freeze a version for training.",
        )
    rights.require_use(session, actor, [entry["asset_id"] for entry in assets], "train")


def stop_run(session: Session, actor: trust.Actor, run_id: str) -> Run:
    """Ask a run to end now and keep what it has. Raises RunEnded."""
    run = trust.load(session, actor, Run, run_id, for_update=True)
    trust.require(actor, "training.run", run)
    job = trust.load(session, actor, Job, run.job_id) if run.job_id else None
    if job is None or job.state not in (JobState.QUEUED, JobState.RUNNING):
        raise RunEnded(f"The run {run.name} has ended already.")
    run.stop_requested_at = run.stop_requested_at or db.now(session)
    return run


def list_runs(session: Session, actor: trust.Actor, *, limit: int, cursor: str | None) -> db.Page[Run]:
    """Runs, newest first."""
    trust.require(actor, "training.read")
    return db.page(session, trust.visible(select(Run), actor), Run.id, limit=limit, cursor=cursor)


def list_metrics(
    session: Session, actor: trust.Actor, run_id: str, *, after_step: int = -1, limit: int = 2000
) -> list[RunMetric]:
    """What a run measured after a step, in order."""
    run = trust.load(session, actor, Run, run_id)
    trust.require(actor, "training.read", run)
    wanted = select(RunMetric).where(RunMetric.run_id == run.id, RunMetric.step > after_step)
    return list(session.scalars(trust.visible(wanted, actor).order_by(RunMetric.step).limit(limit)))


def list_samples(session: Session, actor: trust.Actor, run_id: str) -> list[RunSample]:
    """A run's sample pictures, in order."""
    trust.require(actor, "training.read")
    wanted = select(RunSample).where(RunSample.run_id == run_id)
    return list(session.scalars(trust.visible(wanted, actor).order_by(RunSample.step)))


@cache
def code_version() -> str:
    """The package's version, and the commit where the code runs from a clone."""
    root = Path(__file__).resolve().parents[3]
    if not (root / ".git").exists():
        return muybridge.__version__
    asked = ["git", "-C", str(root), "rev-parse", "--short=12", "HEAD"]
    found = subprocess.run(asked, capture_output=True, text=True, timeout=10, check=False)
    return f"{muybridge.__version__}+{found.stdout.strip()}" if found.returncode == 0 else muybridge.__version__


def _check(seed: int, budget_s: float | None) -> None:
    if not 0 <= seed <= MAX_SEED:
        raise BadRun(f"Seed {seed} is out of range.", remedy=f"Choose 0 to {MAX_SEED}.")
    if budget_s is not None and not 1.0 <= budget_s <= 30 * 86_400.0:
        raise BadRun(f"A budget of {budget_s:g} seconds.", remedy="Choose from one second to thirty days.")


def _open(session: Session, actor: trust.Actor, run: Run, **facts: Any) -> Run:
    """Keep a new run, say what it comes from, and put its training in the queue."""
    run.tenant_id, run.code_version = actor.tenant_id, code_version()
    session.add(run)
    session.flush()
    facts |= {"seed": run.seed, "code_version": run.code_version}
    parents = [each for each in (run.version_id, run.parent_checkpoint_id) if each is not None]
    artifacts.derive(session, actor, run.id, parents, title=run.name, facts=facts)
    run.job_id = jobs.enqueue(session, actor, TRAIN, run.id).id
    trust.record(session, actor, "run.started", run.id, name=run.name, version_id=run.version_id, **facts)
    return run


def _fitted(
    session: Session, actor: trust.Actor, recipe: Recipe, parent: Checkpoint | None, budget_s: float | None
) -> Recipe:
    if parent is not None:
        trust.require(actor, "training.read", parent)
        rights.require_past(session, actor, parent.id)
        recipe = fitted(recipe, ModelConfig.from_json(parent.config))
    return replace(recipe, budget_s=budget_s) if budget_s is not None else recipe
