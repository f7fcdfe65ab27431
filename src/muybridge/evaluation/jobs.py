"""The scoring job: fetch weights and held-out footage, score in a child process, keep figures and pictures."""

from pathlib import Path
from typing import Any

from muybridge import artifacts, jobs, trust
from muybridge.datasets import versions
from muybridge.datasets.manifest import ManifestRow
from muybridge.datasets.tables import DatasetVersion
from muybridge.evaluation import evaluations
from muybridge.evaluation.metrics import METRICS
from muybridge.evaluation.tables import Evaluation
from muybridge.jobs import JobContext
from muybridge.training import checkpoints
from muybridge.training.footage import clip_from_row

HELD_OUT = ("test", "val")
BUILT_IN = ("psnr", "ssim")


@jobs.handler(evaluations.SCORE, stages=("score",))
def score_checkpoint(job: JobContext, evaluation_id: str) -> None:
    """Score a checkpoint; its pictures and figures are kept in one stage."""
    if "score" in job.steps:
        return
    from muybridge.evaluation import scoring  # heavy: only names here; the child does the work

    weights, rows, settings = _fetch(job, evaluation_id)
    paths = {row.asset_digest: job.store.path_of(row.asset_digest, job.workdir) for row in rows}
    footage = tuple(clip_from_row(row, paths[row.asset_digest]) for row in rows)
    metrics = tuple(METRICS.get(name) for name in BUILT_IN)
    request = scoring.Request(weights, footage, metrics, **settings)
    scored = None
    for update in job.run(scoring.score, request):
        if isinstance(update, scoring.Progress):
            job.progress(update.fraction, update.note)
        else:
            scored = update
    assert scored is not None
    kept = {name: job.store.put_bytes(content) for name, content in scored.pictures.items()}
    with job.transaction("score") as session:
        evaluation = trust.load(session, job.actor, Evaluation, evaluation_id, for_update=True)
        for name, stored in kept.items():
            artifacts.put(
                session, job.actor, stored, kind="samples", media_type="image/png", filename=f"{name}.png",
                derived_from=[evaluation_id],
            )  # fmt: skip
        worst = [
            {
                "asset_id": rows[each.clip].asset_id,
                "start_frame": each.start_frame,
                "end_frame": each.end_frame,
                "psnr_gain_db": each.psnr_gain_db,
            }
            for each in scored.worst
        ]
        pictures = {name: stored.digest for name, stored in kept.items()}
        figures = {**scored.figures, "pictures": pictures, "worst": worst}
        evaluations.keep_metrics(session, job.actor, evaluation, figures)
        job.steps["score"] = {"num_pictures": len(kept)}


def _fetch(job: JobContext, evaluation_id: str) -> tuple[Path, list[ManifestRow], dict[str, Any]]:
    with job.transaction() as session:
        evaluation = trust.load(session, job.actor, Evaluation, evaluation_id)
        weights = checkpoints.open_weights(session, job.actor, evaluation.checkpoint_id, job.store, job.workdir)
        rows: list[ManifestRow] = []
        if evaluation.version_id:
            version = trust.load(session, job.actor, DatasetVersion, evaluation.version_id)
            rows = [row for row in versions.load_rows(session, job.actor, version, job.store) if row.split in HELD_OUT]
            if ids := sorted({row.asset_id for row in rows}):
                # Scoring reads the bytes of footage: an export of it, to the evaluation, and is said so.
                trust.record(
                    session, job.actor, "asset.exported", version.id, asset_ids=ids, evaluation_id=evaluation_id
                )
    return weights, rows, evaluation.settings
