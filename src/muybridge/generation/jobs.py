"""The jobs of generation: rendering a clip (render, sign, adopt), and playing a session.

Each stage is committed with what it made.
"""

import time
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy.orm import Session

from muybridge import artifacts, jobs, trust
from muybridge.artifacts import Artifact, Stored, provenance
from muybridge.catalog import rights
from muybridge.catalog.tables import Asset
from muybridge.generation import generations, sessions
from muybridge.generation.engines import ENGINES
from muybridge.generation.journal import Op
from muybridge.generation.tables import Generation, PlaySession
from muybridge.jobs import Job, JobContext
from muybridge.jobs.channels import Address
from muybridge.training import checkpoints
from muybridge.trust import Actor

if TYPE_CHECKING:
    from muybridge.generation import first, playing, rendering

MP4 = "video/mp4"
KEEP_EVERY_S = 0.5
"""How often a session's journal is written while something happens; half as often it is asked whether to end."""


def give_up(session: Session, actor: Actor, job: Job) -> None:
    """Release what was reserved, unless the generation was finished before the job ended badly."""
    failure = job.failure or {"code": "generation.cancelled", "detail": "It was cancelled."}
    generations.fail(session, actor, job.subject_id or "", failure)


@jobs.handler(generations.RENDER, stages=("render", "sign", "adopt"), on_end=give_up)
def render_generation(job: JobContext, generation_id: str) -> None:
    """Make, sign and adopt one clip. Each stage is skipped if an earlier attempt committed it."""
    if "render" not in job.steps:
        _render(job, generation_id)
    if "sign" not in job.steps:
        _sign(job, generation_id)
    if "adopt" not in job.steps:
        with job.transaction("adopt") as session:
            generation = trust.load(session, job.actor, Generation, generation_id, for_update=True)
            asset = generations.finish(session, job.actor, generation)
            job.steps["adopt"] = {"asset_id": asset.id}


def _render(job: JobContext, generation_id: str) -> None:
    from muybridge.generation import rendering  # heavy: only names here; the child does the work

    with job.transaction() as session:
        generation = trust.load(session, job.actor, Generation, generation_id)
        spec = generations.spec_of(generation)
        weights = None
        if generation.checkpoint_id:
            weights = checkpoints.open_weights(session, job.actor, generation.checkpoint_id, job.store, job.workdir)
        begun = _open_begun(session, job, generation)
    target = job.workdir / "unsigned.mp4"
    job.progress(0.02, "loading the engine")
    for made in job.run(rendering.render, ENGINES.get(spec.engine), spec, weights, begun, target):
        job.progress(0.02 + 0.9 * made.num_frames / spec.num_frames, f"frame {made.num_frames} of {spec.num_frames}")
    stored = job.store.put_file(target)
    with job.transaction("render"):
        job.steps["render"] = {"digest": stored.digest}


def _open_begun(session: Session, job: JobContext, generation: Generation) -> "rendering.Footage | first.Still | None":
    from muybridge.generation import first, rendering

    spec = generations.spec_of(generation)
    if spec.script is not None and spec.script.image_digest is not None:
        return first.Still(job.store.path_of(spec.script.image_digest, job.workdir))
    if spec.input is None:
        return None
    asset, path, index = _read_footage(session, job, spec.input.asset_id, generation_id=generation.id)
    return rendering.Footage(path, index, asset.fps or spec.fps, spec.input.end_frame)


def _read_footage(session: Session, job: JobContext, asset_id: str, **facts: str) -> tuple[Asset, Path, bytes]:
    """The asset with its file and its index; its rights are asked once more before any frame is read.

    Frames of it go to a network: that is an export, and is said so.
    """
    rights.require_use(session, job.actor, [asset_id], "generate")
    asset = trust.load(session, job.actor, Asset, asset_id)
    assert asset.index_artifact_id is not None
    source = trust.load(session, job.actor, Artifact, asset.source_artifact_id)
    index = trust.load(session, job.actor, Artifact, asset.index_artifact_id)
    trust.record(session, job.actor, "asset.exported", asset.id, asset_ids=[asset.id], **facts)
    return asset, job.store.path_of(source.digest, job.workdir), job.store.read(index.digest)


def _sign(job: JobContext, generation_id: str) -> None:
    job.progress(0.94, "signing")
    unsigned = job.store.fetch(job.steps["render"]["digest"], job.workdir / "rendered.mp4")
    with job.transaction() as session:
        generation = trust.load(session, job.actor, Generation, generation_id)
        claim = generations.claim_of(session, job.actor, generation)
    signed = provenance.sign(unsigned, job.workdir / "signed.mp4", claim, job.store.identity)
    verdict = provenance.verify(signed.path, [job.store.identity.root_pem])
    stored = job.store.put_file(signed.path)
    with job.transaction("sign") as session:
        generation = trust.load(session, job.actor, Generation, generation_id, for_update=True)
        artifact = _keep(session, job, generation, stored)
        generations.keep_signed(session, job.actor, generation, artifact, verdict)
        job.steps["sign"] = {"digest": stored.digest, "artifact_id": artifact.id, "state": verdict.state}


def _keep(session: Session, job: JobContext, generation: Generation, stored: Stored) -> Artifact:
    name = f"{Path(generations.name_of(session, job.actor, generation)[:60]).name}.mp4"
    return artifacts.put(
        session,
        job.actor,
        stored,
        kind="generation",
        media_type=MP4,
        filename=name,
        derived_from=[generation.id],
        facts={"spec_digest": generation.spec_digest, "checkpoint_id": generation.checkpoint_id},
    )


@jobs.handler(sessions.PLAY, stages=("open", "close"), on_end=sessions.give_up)
def play_session(job: JobContext, session_id: str) -> None:
    """Let a session be played until it ends, and keep its journal as it goes.

    An attempt after a crash goes on where the journal stops.
    """
    if "close" in job.steps:
        return
    from muybridge.generation import playing  # heavy: only names here; the child does the work

    plan = _plan(job, session_id)
    updates = cast(Generator[Any, None, None], job.run(playing.play, plan))
    ops: list[Op] = []
    reason, kept_at_s, num_frames = "ended", time.monotonic(), 0
    for update in updates:
        if isinstance(update, Address):
            job.channel.publish(update)
        elif isinstance(update, playing.Ended):
            reason = update.reason
        else:
            ops += update.ops
            num_frames += len(update.ops)
            job.progress(0.0, f"playing: {num_frames} steps")
            if time.monotonic() - kept_at_s < (KEEP_EVERY_S if ops else 2 * KEEP_EVERY_S):
                continue
            with job.transaction() as session:
                is_to_end = sessions.keep(session, job.actor, session_id, ops)
            ops, kept_at_s = [], time.monotonic()
            if is_to_end:
                break
    updates.close()
    with job.transaction("close") as session:
        sessions.keep(session, job.actor, session_id, ops)
        sessions.finish(session, job.actor, session_id, reason)


def _plan(job: JobContext, session_id: str) -> "playing.Plan":
    """What the child needs; the reading of footage is written down once."""
    from muybridge.generation import first, playing
    from muybridge.worldmodel.sampler import Sampling

    with job.transaction(None if "open" in job.steps else "open") as session:
        play = trust.load(session, job.actor, PlaySession, session_id)
        begun: first.FirstFrame | None = None
        if play.asset_id is not None:
            _, path, index = _read_footage(session, job, play.asset_id, session_id=play.id)
            begun = first.OfFootage(path, index, play.frame or 0)
        elif play.image_artifact_id is not None:
            picture = artifacts.load(session, job.actor, play.image_artifact_id)
            begun = first.Still(job.store.path_of(picture.digest, job.workdir))
        return playing.Plan(
            session_id=play.id,
            checkpoint=sessions.told_of_checkpoint(session, job.actor, play.checkpoint_id),
            engine=play.engine,
            weights=checkpoints.open_weights(session, job.actor, play.checkpoint_id, job.store, job.workdir),
            room=play.room,
            prompt=play.prompt,
            seed=play.seed,
            how=Sampling(first_steps=play.first_steps, steps=play.steps, fps=play.fps),
            first=begun,
            ops=tuple(sessions.ops_of(session, job.actor, play)),
            idle_s=float(job.args["idle_s"]),
            max_frames=play.reserved_frames,
            reason_at_most="full" if play.reserved_frames >= sessions.MAX_FRAMES else "quota",
        )
