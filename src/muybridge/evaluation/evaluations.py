"""Evaluations: asking for a checkpoint to be scored, and keeping what came out. Light: the door imports this."""

from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from muybridge import artifacts, db, jobs, trust
from muybridge.artifacts import Artifact, Stored
from muybridge.catalog import viewing
from muybridge.catalog.tables import Asset
from muybridge.datasets.tables import DatasetVersion
from muybridge.errors import Invalid
from muybridge.evaluation.card.figures import Extent
from muybridge.evaluation.tables import Evaluation
from muybridge.training import checkpoints
from muybridge.training.tables import Checkpoint, Run
from muybridge.worldmodel.config import require_world_model

SCORE = "evaluation.score"
SPLITS = ("dev", "test")
MAX_CLIPS = 4096
USUAL_CLIPS = 64
"""A cell: minutes on a laptop."""

On = Literal["all", "simulator", "footage"]


class BadEvaluation(Invalid):
    code = "evaluation.bad_settings"


def start_evaluation(
    session: Session,
    actor: trust.Actor,
    checkpoint: Checkpoint,
    *,
    on: On = "all",
    version: DatasetVersion | None = None,
    split: str = "test",
    n: int = USUAL_CLIPS,
    seed: int = 0,
    has_all_rooms: bool = False,
    extent: Extent = "usual",
) -> Evaluation:
    """Score a checkpoint in the background: in the simulator's rooms, on a version's held-out clips, or on both.

    version: default the one it was trained on. n: clips a cell. has_all_rooms: also rooms that its recipe never showed.
    Raises BadEvaluation, BadModelConfig (it is none of ours), AssetForbidden (footage it stands on was revoked).
    """
    trust.require(actor, "evaluation.run", checkpoint)
    if split not in SPLITS:
        raise BadEvaluation(f"There is no split {split!r} to score on.", remedy="Use test, or dev while choosing.")
    if not 1 <= n <= MAX_CLIPS:
        raise BadEvaluation(f"n = {n} clips.", remedy=f"Choose 1 to {MAX_CLIPS}.")
    require_world_model(checkpoint.config)
    checkpoints.require_use(session, actor, checkpoint)
    if version is None and on != "simulator":
        run = trust.load(session, actor, Run, checkpoint.run_id)
        version = trust.load(session, actor, DatasetVersion, run.version_id) if run.version_id else None
    if on == "footage" and version is None:
        raise BadEvaluation(
            "There is no footage to score on.",
            remedy="This checkpoint learned from the simulator alone: score it there, or name a dataset version.",
        )
    rooms = "none" if on == "footage" else "all" if has_all_rooms else "trained"
    evaluation = Evaluation(
        tenant_id=actor.tenant_id,
        checkpoint_id=checkpoint.id,
        version_id=version.id if version else None,
        settings={"rooms": rooms, "split": split, "n": n, "seed": seed, "extent": extent},
    )
    session.add(evaluation)
    session.flush()
    parents = [each.id for each in (checkpoint, version) if each is not None]
    artifacts.derive(session, actor, evaluation.id, parents, title=f"evaluation of step {checkpoint.step}")
    evaluation.job_id = jobs.enqueue(session, actor, SCORE, evaluation.id).id
    trust.record(session, actor, "evaluation.started", evaluation.id, checkpoint_id=checkpoint.id)
    return evaluation


def keep_metrics(session: Session, actor: trust.Actor, evaluation: Evaluation, figures: dict[str, Any]) -> None:
    """Write what was measured. Called by the job, once."""
    evaluation.metrics = figures
    trust.record(session, actor, "evaluation.finished", evaluation.id, checkpoint_id=evaluation.checkpoint_id)


def attach_report(session: Session, actor: trust.Actor, evaluation: Evaluation, report: Stored) -> None:
    """Keep a report as the evaluation's; a later one takes its place, the earlier one stays an artifact."""
    trust.require(actor, "evaluation.run", evaluation)
    artifact = artifacts.put(
        session,
        actor,
        report,
        kind="report",
        media_type="text/html",
        filename="muybridge-report.html",
        derived_from=[evaluation.id],
    )
    evaluation.report_artifact_id = artifact.id


def kind_of(evaluation: Evaluation) -> On:
    """What a checkpoint was scored on."""
    if evaluation.version_id is None:
        return "simulator"
    return "footage" if evaluation.settings.get("rooms", "trained") == "none" else "all"


def pictures_of(session: Session, actor: trust.Actor, evaluation: Evaluation) -> dict[str, Artifact]:
    """The strips that a finished evaluation kept, by name: `<number>/true`, `<number>/model`, …

    Each holds frames of footage, the model's too (those that it was given). So all are for whoever may look at all of
    that footage, none for anybody else, and being given them is an event that names it.
    """
    trust.require(actor, "evaluation.read", evaluation)
    metrics = evaluation.metrics or {}
    digests: dict[str, str] = metrics.get("pictures", {})
    asset_ids: list[str] = metrics.get("pictured") or []
    if not (digests and asset_ids and _may_look(session, actor, asset_ids)):
        return {}
    viewing.record_export(session, actor, evaluation.id, asset_ids, evaluation_id=evaluation.id)
    found = trust.visible(select(Artifact).where(Artifact.digest.in_(digests.values())), actor)
    by_digest = {artifact.digest: artifact for artifact in session.scalars(found)}
    return {name: by_digest[digest] for name, digest in digests.items() if digest in by_digest}


def _may_look(session: Session, actor: trust.Actor, asset_ids: list[str]) -> bool:
    held = set(session.scalars(trust.visible(select(Asset.id), actor).where(Asset.id.in_(asset_ids))))
    return held == set(asset_ids) and not viewing.hidden_from(session, actor, asset_ids)


def list_evaluations(
    session: Session, actor: trust.Actor, *, limit: int = 50, cursor: str | None = None
) -> db.Page[Evaluation]:
    """Evaluations, newest first."""
    trust.require(actor, "evaluation.read")
    return db.page(session, trust.visible(select(Evaluation), actor), Evaluation.id, limit=limit, cursor=cursor)
