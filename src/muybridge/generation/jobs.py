"""The rendering job: render, sign, adopt. Each stage is committed with what it made."""

from pathlib import Path

from sqlalchemy.orm import Session

from muybridge import artifacts, jobs, trust
from muybridge.artifacts import Artifact, Stored, provenance
from muybridge.catalog.tables import Asset
from muybridge.generation import generations
from muybridge.generation.engines import ENGINES
from muybridge.generation.tables import Generation
from muybridge.jobs import Job, JobContext
from muybridge.training import checkpoints
from muybridge.trust import Actor

MP4 = "video/mp4"


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
        footage = _open_footage(session, job, generation)
    target = job.workdir / "unsigned.mp4"
    job.progress(0.02, "loading the engine")
    for made in job.run(rendering.render, ENGINES.get(spec.engine), spec, weights, footage, target):
        job.progress(0.02 + 0.9 * made.num_frames / spec.num_frames, f"frame {made.num_frames} of {spec.num_frames}")
    stored = job.store.put_file(target)
    with job.transaction("render"):
        job.steps["render"] = {"digest": stored.digest}


def _open_footage(session: Session, job: JobContext, generation: Generation) -> "rendering.Footage | None":  # type: ignore[name-defined]  # noqa: F821
    from muybridge.generation import rendering

    spec = generations.spec_of(generation)
    if spec.input is None:
        return None
    asset = trust.load(session, job.actor, Asset, spec.input.asset_id)
    assert asset.index_artifact_id is not None
    source = trust.load(session, job.actor, Artifact, asset.source_artifact_id)
    index = trust.load(session, job.actor, Artifact, asset.index_artifact_id)
    # The engine reads frames of footage: that is an export of it, to the generation, and is said so.
    trust.record(session, job.actor, "asset.exported", asset.id, asset_ids=[asset.id], generation_id=generation.id)
    path = job.store.path_of(source.digest, job.workdir)
    return rendering.Footage(path, job.store.read(index.digest), asset.fps or spec.fps, spec.input.end_frame)


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
    name = f"{Path(generation.spec['prompt'][:60] or generation.kind).name}.mp4"
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
