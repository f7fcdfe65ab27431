"""The scoring job: fetch weights and held-out footage, score stage by stage in a child process, keep what came out.

A killed job goes on with the stage that it was at; what finished stages measured is kept with the job.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from muybridge import artifacts, jobs, trust
from muybridge.datasets import versions
from muybridge.datasets.manifest import ManifestRow
from muybridge.datasets.tables import DatasetVersion
from muybridge.evaluation import evaluations
from muybridge.evaluation.card import page, telling
from muybridge.evaluation.metrics import METRICS
from muybridge.evaluation.tables import Evaluation
from muybridge.jobs import JobContext
from muybridge.training import checkpoints
from muybridge.training.footage import clip_from_row
from muybridge.training.tables import Checkpoint, Run
from muybridge.units import is_id

if TYPE_CHECKING:
    from muybridge.evaluation.card.score import StageName

HELD_OUT = ("test", "val")
BUILT_IN = ("psnr", "ssim")
CARD_STAGES: "tuple[StageName, ...]" = (
    "words",
    "reading",
    "motion",
    "physics",
    "long",
    "actions",
    "play",
    "codec",
    "cost",
)
STAGES = (*CARD_STAGES, "footage", "report")


@jobs.handler(evaluations.SCORE, stages=STAGES)
def score_checkpoint(job: JobContext, evaluation_id: str) -> None:
    """Score a checkpoint: the card's stages, footage, then figures and report in one."""
    weights, rows, num_learned, settings = _fetch(job, evaluation_id)
    for stage in CARD_STAGES:
        if stage not in job.steps:
            _score_stage(job, weights, settings, stage)
    if "footage" not in job.steps:
        _score_footage(job, evaluation_id, weights, rows, num_learned, settings)
    if "report" not in job.steps:
        _report(job, evaluation_id, settings)


def _score_stage(job: JobContext, weights: Path, settings: dict[str, Any], name: "StageName") -> None:
    from muybridge.evaluation.card import score  # heavy: only names here; the child does the work

    done = score.Stage({})
    if settings["rooms"] != "none":
        has_all_rooms = settings["rooms"] == "all"
        request = score.Request(
            weights, settings["split"], settings["n"], settings["seed"], settings["extent"], has_all_rooms
        )
        for update in _told(job, name, job.run(score.score_stage, request, name)):
            done = update
    shown = [
        (cell, prompt, job.store.put_bytes(true).digest, job.store.put_bytes(made).digest)
        for cell, prompt, true, made in done.shown
    ]
    with job.transaction(name):
        job.steps[name] = {"figures": done.figures, "shown": shown, **done.facts}


def _score_footage(
    job: JobContext,
    evaluation_id: str,
    weights: Path,
    rows: list[ManifestRow],
    num_learned: int,
    settings: dict[str, Any],
) -> None:
    """Continue what was held out of the version; nothing where there is none."""
    from muybridge.evaluation import scoring  # heavy: only names here; the child does the work

    scored = scoring.Scored({}, {}, (), frozenset())
    if rows:
        paths = {row.asset_digest: job.store.path_of(row.asset_digest, job.workdir) for row in rows}
        footage = tuple(clip_from_row(row, paths[row.asset_digest]) for row in rows)
        metrics = tuple(METRICS.get(name) for name in BUILT_IN)
        request = scoring.Request(weights, footage, metrics, settings["seed"])
        for update in _told(job, "footage", job.run(scoring.score, request)):
            scored = update
    figures = scored.figures
    if num_learned:
        said = f"{num_learned} held-out clips were left out: training had seen frames of theirs, in another version."
        figures = {"n": 0, **figures, "num_learned": num_learned, "words": [said, *figures.get("words", ())]}
    kept = {name: job.store.put_bytes(content) for name, content in scored.pictures.items()}
    worst = [
        {
            "asset_id": rows[each.clip].asset_id,
            "start_frame": each.start_frame,
            "end_frame": each.end_frame,
            "psnr_gain_db": each.psnr_gain_db,
        }
        for each in scored.worst
    ]
    pictured = sorted({rows[clip].asset_id for clip in scored.pictured})
    with job.transaction("footage") as session:
        for name, stored in kept.items():
            artifacts.put(
                session, job.actor, stored, kind="samples", media_type="image/png", filename=f"{name}.png",
                derived_from=[evaluation_id],
            )  # fmt: skip
        pictures = {name: stored.digest for name, stored in kept.items()}
        told = {"figures": figures, "pictures": pictures, "pictured": pictured, "worst": worst}
        job.steps["footage"] = told


def _report(job: JobContext, evaluation_id: str, settings: dict[str, Any]) -> None:
    """Put together what the stages measured, as figures and as a page."""
    steps = {name: job.steps[name] for name in STAGES[:-1]}
    with job.transaction() as session:
        evaluation = trust.load(session, job.actor, Evaluation, evaluation_id)
        checkpoint = trust.load(session, job.actor, Checkpoint, evaluation.checkpoint_id)
        run = trust.load(session, job.actor, Run, checkpoint.run_id)
    footage = steps["footage"]
    figures: dict[str, Any] = {name: footage.get(name) for name in ("pictures", "pictured", "worst")}
    if footage["figures"]:
        figures["footage"] = footage["figures"]
    written = None
    if "cost" in steps["cost"]:
        figures["card"] = card = _card(steps, settings, checkpoint, run)
        gallery = [
            page.Pair(cell, prompt, job.store.read(true), job.store.read(made))
            for name in CARD_STAGES
            for cell, prompt, true, made in steps[name]["shown"]
        ]
        named = f"{checkpoint.digest[:12]} (step {checkpoint.step} of {run.name})"
        words = footage["figures"].get("words", ())
        written = job.store.put_bytes(page.write(card, gallery, checkpoint=named, footage=words).html().encode())
    with job.transaction("report") as session:
        evaluation = trust.load(session, job.actor, Evaluation, evaluation_id, for_update=True)
        evaluations.keep_metrics(session, job.actor, evaluation, figures)
        if written:
            evaluations.attach_report(session, job.actor, evaluation, written)
        job.steps["report"] = {"has_report": written is not None}


def _card(steps: dict[str, Any], settings: dict[str, Any], checkpoint: Checkpoint, run: Run) -> dict[str, Any]:
    asked = {name: settings[name] for name in telling.ASKED}
    figures = [steps[name]["figures"] for name in CARD_STAGES]
    model = telling.trained_as(checkpoint.config, run.recipe)
    return telling.assemble(asked, steps["cost"]["plan"], figures, steps["cost"]["cost"], model)


def _told(job: JobContext, stage: str, updates: Iterable[Any]) -> Iterable[Any]:
    """What a child yields, its progress passed on as the job's."""
    from muybridge.evaluation.card.score import Progress

    done = STAGES.index(stage)
    for update in updates:
        if isinstance(update, Progress):
            job.progress((done + update.fraction) / len(STAGES), update.note)
        else:
            yield update


def _fetch(job: JobContext, evaluation_id: str) -> tuple[Path, list[ManifestRow], int, dict[str, Any]]:
    """The weights, what to continue, how many clips were not held out after all, and how to score."""
    with job.transaction() as session:
        evaluation = trust.load(session, job.actor, Evaluation, evaluation_id)
        weights = checkpoints.open_weights(session, job.actor, evaluation.checkpoint_id, job.store, job.workdir)
        rows: list[ManifestRow] = []
        num_learned = 0
        if evaluation.version_id and "footage" not in job.steps:
            version = trust.load(session, job.actor, DatasetVersion, evaluation.version_id)
            held = [row for row in versions.load_rows(session, job.actor, version, job.store) if row.split in HELD_OUT]
            rows = unseen(session, job.actor, job.store, evaluation.checkpoint_id, held)
            num_learned = len(held) - len(rows)
            if ids := sorted({row.asset_id for row in rows}):
                # Scoring reads the bytes of footage: an export of it, to the evaluation, and is said so.
                trust.record(
                    session, job.actor, "asset.exported", version.id, asset_ids=ids, evaluation_id=evaluation_id
                )
    return weights, rows, num_learned, evaluation.settings


def unseen(
    session: Session, actor: trust.Actor, store: artifacts.Store, checkpoint_id: str, rows: Sequence[ManifestRow]
) -> list[ManifestRow]:
    """The rows that share no frame with what the checkpoint, or any that it went on from, was trained on.

    What one version holds out another may have trained on: splits move as a dataset grows.
    """
    learned: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for node in artifacts.ancestors(session, actor, checkpoint_id):
        if is_id(node.id, "ver"):
            version = trust.load(session, actor, DatasetVersion, node.id)
            for row in versions.load_rows(session, actor, version, store):
                if row.split == "train":
                    learned[row.asset_digest].append((row.start_frame, row.end_frame))
    return [
        row
        for row in rows
        if not any(start < row.end_frame and row.start_frame < end for start, end in learned[row.asset_digest])
    ]
