"""The training job: fetch the footage, train in a child process, keep what it tells as it goes.

Killed and started again, it goes on from the resume file in its work folder, or from the run's last checkpoint where
that folder is lost. Asked to stop, it lets the loop save and end.
"""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from muybridge import artifacts, jobs, trust
from muybridge.artifacts import Stored
from muybridge.datasets import versions
from muybridge.datasets.tables import DatasetVersion
from muybridge.jobs import Job, JobContext
from muybridge.training import checkpoints, lora, pacing, runs
from muybridge.training.adapters import ADAPTERS, BaseAltered, Lesson, weigh
from muybridge.training.footage import FootageClip, clip_from_row
from muybridge.training.recipe import recipe_from_json
from muybridge.training.tables import Run, RunMetric, RunSample
from muybridge.training.updates import CheckpointFiles, SampleGrid, StepMetrics, Update
from muybridge.trust import Actor

WRITE_EVERY_S = 1.0


def note_end(session: Session, actor: Actor, job: Job) -> None:
    """Say in the event log that a run ended badly, or was called off."""
    failure = job.failure or {"code": "training.cancelled", "detail": "It was cancelled."}
    trust.record(session, actor, "run.failed", job.subject_id or "", **failure)


@jobs.handler(runs.TRAIN, stages=("footage", "train"), on_end=note_end)
def train_run(job: JobContext, run_id: str) -> None:
    """Train a run to its end. Metrics, pictures and checkpoints are rows as they come."""
    footage = _fetch_footage(job, run_id)
    if "train" not in job.steps:
        _Keeper(job, run_id).train(footage)


def _fetch_footage(job: JobContext, run_id: str) -> list[FootageClip]:
    """The version's training clips as local files; rights are asked once more before any frame is read."""
    with job.transaction() as session:
        run = trust.load(session, job.actor, Run, run_id)
        version = trust.load(session, job.actor, DatasetVersion, run.version_id) if run.version_id else None
        if version:
            runs.require_proof(session, job.actor, version)
        rows = versions.load_rows(session, job.actor, version, job.store) if version else []
    kept = [row for row in rows if row.split == "train"]
    job.progress(0.0, "fetching footage")
    digests = {row.asset_digest for row in kept}
    files = {digest: job.store.path_of(digest, job.workdir) for digest in digests}
    clips = [clip_from_row(row, files[row.asset_digest]) for row in kept]
    if "footage" not in job.steps:
        with job.transaction("footage") as session:
            job.steps["footage"] = {"num_clips": len(clips), "num_files": len(files)}
            if version:
                ids = sorted({row.asset_id for row in kept})
                # Training reads the bytes of footage: that is an export of it, to the run, and is said so.
                trust.record(session, job.actor, "asset.exported", version.id, asset_ids=ids, run_id=run_id)
    return clips


class _Keeper:
    """Turns the loop's updates into rows: metrics in batches, files as artifacts."""

    def __init__(self, job: JobContext, run_id: str) -> None:
        self._job, self._run_id = job, run_id
        self._metrics: dict[int, StepMetrics] = {}
        self._written_s = time.monotonic()

    def train(self, footage: list[FootageClip]) -> None:
        with self._job.transaction() as session:
            run = trust.load(session, self._job.actor, Run, self._run_id)
        if lora.is_lora(run.recipe):
            self._tune(run, footage)
        else:
            self._train(run, footage)

    def _train(self, run: Run, footage: list[FootageClip]) -> None:
        from muybridge.training import loop  # heavy: only names here; the child does the work

        with self._job.transaction() as session:
            start = self._start(session, run)
        recipe = recipe_from_json(run.recipe)
        self._follow(self._job.run(loop.train, recipe, run.seed, footage, start, self._job.workdir))

    def _tune(self, run: Run, footage: list[FootageClip]) -> None:
        """Fine-tune an open-weight model: weigh it, say that the run comes from it, then train as any run does."""
        recipe = lora.recipe_from_json(run.recipe)
        folder = Path(recipe.base)
        self._job.progress(0.0, "reading the base model")
        (manifest,) = self._job.run(weigh, folder)
        stored = self._job.store.put_bytes(manifest)
        with self._job.transaction() as session:
            self._derive_from_base(session, run, stored, folder.name)
            lesson = Lesson(tuple(footage), folder, stored.digest, *self._past(session, run))
        self._follow(self._job.run(ADAPTERS.get(recipe.adapter).train, recipe, run.seed, lesson, self._job.workdir))

    def _derive_from_base(self, session: Session, run: Run, stored: Stored, name: str) -> None:
        """The base model as an artifact (its manifest) that the run comes from; the same one in every attempt."""
        known = artifacts.ancestors(session, self._job.actor, run.id)
        earlier = next((node.facts["digest"] for node in known if node.facts.get("kind") == "base_model"), None)
        if earlier == stored.digest:
            return
        if earlier is not None:
            raise BaseAltered(
                f"The weights in {name} are not those that this run began with.",
                remedy="Put the first ones back, or start a new run.",
            )
        artifact = artifacts.put(
            session, self._job.actor, stored, kind="base_model", media_type="application/json", filename=name
        )
        artifacts.derive(session, self._job.actor, run.id, [artifact.id])

    def _past(self, session: Session, run: Run) -> tuple[dict[str, Any], Path | None]:
        """What a checkpoint says of the footage, and the run's own last one where its work folder is lost."""
        version = trust.load(session, self._job.actor, DatasetVersion, run.version_id or "")
        told = {"id": version.id, "number": version.number, "digest": version.digest}
        own = checkpoints.latest(session, self._job.actor, run.id)
        if own is None or (self._job.workdir / pacing.RESUME).exists():
            return told, None
        return told, checkpoints.open_weights(session, self._job.actor, own.id, self._job.store, self._job.workdir)

    def _follow(self, updates: Iterable[Update]) -> None:
        stop = self._job.workdir / pacing.STOP
        for update in updates:
            if self._keep(update):
                stop.touch()

    def _start(self, session: Session, run: Run) -> "loop.Start":  # type: ignore[name-defined]  # noqa: F821
        from muybridge.training import loop

        start = loop.start_in(self._job.workdir)
        if start.resume:
            return start
        own = checkpoints.latest(session, self._job.actor, run.id)
        origin = own.id if own else run.parent_checkpoint_id
        if origin is None:
            return start
        path = checkpoints.open_weights(session, self._job.actor, origin, self._job.store, self._job.workdir)
        return loop.Start(checkpoint=path, is_same_run=own is not None)

    def _keep(self, update: Update) -> bool:
        """Keep one update; whether somebody asked the run to stop."""
        match update:
            case StepMetrics():
                self._metrics[update.step] = update
                done, loss = update.values["progress"], update.values["loss"]
                self._job.progress(done, f"step {update.step}, loss {loss:.3f}")
                return self._write_metrics() if time.monotonic() - self._written_s >= WRITE_EVERY_S else False
            case SampleGrid():
                return self._keep_sample(update)
            case CheckpointFiles():
                return self._keep_checkpoint(update)

    def _write_metrics(self) -> bool:
        with self._job.transaction() as session:
            return self._flush(session)

    def _flush(self, session: Session) -> bool:
        for step, metrics in self._metrics.items():
            row = RunMetric(
                tenant_id=self._job.actor.tenant_id, run_id=self._run_id, step=step, values=dict(metrics.values)
            )
            # merge: a resumed attempt measures some steps again.
            session.merge(row)
        self._metrics.clear()
        self._written_s = time.monotonic()
        return trust.load(session, self._job.actor, Run, self._run_id).stop_requested_at is not None

    def _keep_sample(self, grid: SampleGrid) -> bool:
        stored = self._job.store.put_file(grid.path)
        with self._job.transaction() as session:
            same = select(RunSample).where(RunSample.run_id == self._run_id, RunSample.step == grid.step)
            if session.scalars(trust.visible(same, self._job.actor)).one_or_none() is None:
                artifact = artifacts.put(
                    session, self._job.actor, stored, kind="samples", media_type="image/png",
                    filename=f"samples at step {grid.step}.png", derived_from=[self._run_id],
                )  # fmt: skip
                session.add(
                    RunSample(
                        tenant_id=self._job.actor.tenant_id,
                        run_id=self._run_id,
                        step=grid.step,
                        artifact_id=artifact.id,
                        prompts=list(grid.prompts),
                    )
                )
            return self._flush(session)

    def _keep_checkpoint(self, files: CheckpointFiles) -> bool:
        stored = self._job.store.put_file(files.path)
        with self._job.transaction("train" if files.is_final else None) as session:
            run = trust.load(session, self._job.actor, Run, self._run_id)
            checkpoint = checkpoints.save(session, self._job.actor, run, files, stored)
            if files.is_final:
                self._job.steps["train"] = {"checkpoint_id": checkpoint.id}
                trust.record(
                    session, self._job.actor, "run.finished", run.id, checkpoint_id=checkpoint.id, step=files.step
                )
            is_stopping = self._flush(session)
        Path(files.path).unlink(missing_ok=True)
        return is_stopping
