"""Steps 3 and 4, freeze and train: a dataset version with its rights proof, and a network that learned from it."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from muybridge import trust
from muybridge.cli.demo.ledger import Ledger
from muybridge.cli.demo.plan import Plan, free_name
from muybridge.datasets import datasets, difference, versions
from muybridge.datasets.tables import Dataset, DatasetVersion
from muybridge.errors import Unavailable
from muybridge.labeling.tables import Project
from muybridge.training import recipes, runs, shipped
from muybridge.training.tables import Checkpoint, Run

FOOTAGE_WEIGHT = 0.5
"""Footage beside captioned simulator clips: half as often, so that words are learned too."""


class NoCheckpoint(Unavailable):
    code = "demo.no_checkpoint"


@dataclass(frozen=True, slots=True)
class Frozen:
    version_id: str
    newest_id: str
    difference: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Learned:
    """version: that it learned from; newest: the version that `--resume` froze since, else the same."""

    version: DatasetVersion
    newest: DatasetVersion
    difference: dict[str, Any] | None
    """Of the newest version against the one that was learned from."""
    run: Run
    checkpoint: Checkpoint


def freeze(ledger: Ledger, plan: Plan, project_id: str, asset_ids: list[str]) -> Frozen:
    """Freeze the clips with whatever labels stand; with new labels, then a version of the accepted ones only."""
    query: dict[str, Any] = {"project_ids": [project_id], "asset_ids": asset_ids, "labels": "any"}

    def create(session: Session) -> str:
        title = trust.load(session, ledger.actor, Project, project_id).name
        name = free_name(title, lambda name: datasets.dataset_named(session, ledger.actor, name))
        return datasets.create_dataset(session, ledger.actor, name, query).id

    dataset_id = ledger.once("dataset", create)

    def freeze_now(session: Session) -> str:
        dataset = trust.load(session, ledger.actor, Dataset, dataset_id)
        return versions.freeze_version(session, ledger.actor, dataset, store=ledger.installation.store).id

    version_id = ledger.once("version", freeze_now)
    if plan.has_new_labels:
        _freeze_accepted(ledger, project_id, asset_ids)
    return Frozen(version_id, ledger.get("accepted_version") or version_id, ledger.get("difference"))


def _freeze_accepted(ledger: Ledger, project_id: str, asset_ids: list[str]) -> None:
    """Freeze a new version from labels that people stand for, and say what changed against the first.

    Raises NothingSelected when nobody has accepted anything yet.
    """
    store = ledger.installation.store
    with ledger.write() as session:
        dataset = trust.load(session, ledger.actor, Dataset, str(ledger.get("dataset")))
        query = {"project_ids": [project_id], "asset_ids": asset_ids, "labels": "accepted"}
        datasets.change_query(session, ledger.actor, dataset, query)
        version = versions.freeze_version(session, ledger.actor, dataset, store=store)
    with ledger.read() as session:
        first = trust.load(session, ledger.actor, DatasetVersion, str(ledger.get("version")))
        changed = difference.difference(
            versions.load_rows(session, ledger.actor, first, store),
            versions.load_rows(session, ledger.actor, version, store),
        )
    told = {"before": first.id, "after": version.id, **changed.as_json()}
    ledger.note("difference", told)
    ledger.note("accepted_version", version.id)


def train(ledger: Ledger, plan: Plan, frozen: Frozen) -> Learned:
    """Train nano for the plan's minutes on the version's training clips mixed with captioned simulator clips.

    It goes on from the checkpoint that comes with the package, where there is one; else it begins with nothing.
    """

    def start(session: Session) -> str:
        version = trust.load(session, ledger.actor, DatasetVersion, frozen.version_id)
        parent = _shipped(session, ledger)
        recipe = recipes.finetune() if parent else recipes.demo()
        run = runs.start_run(
            session,
            ledger.actor,
            replace(recipe, footage_weight=FOOTAGE_WEIGHT),
            version=version,
            parent=parent,
            seed=plan.seed,
            budget_s=60.0 * plan.minutes,
            name=plan.run_title,
        )
        return run.id

    run_id = ledger.once_worked("run", start, Run)
    with ledger.read() as session:
        job_id = trust.load(session, ledger.actor, Run, run_id).job_id
    ledger.wait([job_id] if job_id else [], "train")
    with ledger.read() as session:
        final = select(Checkpoint).where(Checkpoint.run_id == run_id, Checkpoint.is_final.is_(True))
        checkpoint = session.scalars(trust.visible(final, ledger.actor)).one_or_none()
        if checkpoint is None:
            raise NoCheckpoint(f"Run {run_id} ended without a checkpoint.", remedy="Give it more --minutes.")
        version = trust.load(session, ledger.actor, DatasetVersion, frozen.version_id)
        run = trust.load(session, ledger.actor, Run, run_id)
        newest = trust.load(session, ledger.actor, DatasetVersion, frozen.newest_id)
    return Learned(version, newest, frozen.difference, run, checkpoint)


def _shipped(session: Session, ledger: Ledger) -> Checkpoint | None:
    try:
        return shipped.adopt_shipped(session, ledger.actor, ledger.installation.store, "nano")
    except shipped.NothingShipped:
        return None
