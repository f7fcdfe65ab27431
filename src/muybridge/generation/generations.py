"""Generations: asking for video, and keeping what came of it. Light: the door imports this."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from muybridge import artifacts, db, jobs, trust
from muybridge.artifacts import Artifact
from muybridge.artifacts.provenance import Claim, Verdict, to_json
from muybridge.catalog import assets, rights
from muybridge.catalog.tables import Asset
from muybridge.generation.engines import ENGINES, BeyondLimits
from muybridge.generation.spec import BadSpec, GenerationSpec, spec_from_json, too_early
from muybridge.generation.tables import Generation
from muybridge.training import checkpoints
from muybridge.training.tables import Checkpoint, Run

RENDER = "generation.render"


def create_generation(
    session: Session,
    actor: trust.Actor,
    spec: GenerationSpec,
    *,
    checkpoint: Checkpoint | None = None,
    derived_from: Sequence[str] = (),
) -> Generation:
    """Ask for video. What cannot be made, or may not be, is refused here and not in the queue.

    checkpoint: default the newest finished one, for engines that need one. derived_from: what else it comes from (a
    session). Raises UnknownPlugin, BeyondLimits, BadSpec,
    AssetForbidden (the footage may not be used to generate, or what the checkpoint learned from was revoked),
    NoCheckpoint, QuotaExceeded.
    """
    trust.require(actor, "generation.create")
    engine = ENGINES.get(spec.engine)
    if checkpoint is None and engine.limits(None).needs_checkpoint:
        checkpoint = checkpoints.newest_final(session, actor, from_words=spec.input is None)
    engine.limits(_model_of(session, actor, checkpoint)).check(spec)
    parents = [*derived_from]
    if checkpoint is not None:
        checkpoints.require_use(session, actor, checkpoint)
        parents.append(checkpoint.id)
    footage = None if spec.input is None else _require_input(session, actor, spec)
    if footage is not None:
        parents.append(footage.id)
    trust.reserve(session, actor, "generations", 1)
    generation = Generation(
        tenant_id=actor.tenant_id,
        kind=spec.kind.value,
        engine=spec.engine,
        spec=spec.to_json(),
        spec_digest=spec.digest,
        prompt_digest=spec.prompt_digest,
        checkpoint_id=checkpoint.id if checkpoint else None,
        input_asset_id=spec.input.asset_id if spec.input else None,
    )
    session.add(generation)
    session.flush()
    title = title_of(generation, footage.name if footage else "")[:80]
    artifacts.derive(session, actor, generation.id, parents, title=title, facts={"engine": spec.engine})
    generation.job_id = jobs.enqueue(session, actor, RENDER, generation.id).id
    trust.record(session, actor, "generation.created", generation.id, kind=spec.kind, spec_digest=spec.digest)
    return generation


def spec_of(generation: Generation) -> GenerationSpec:
    return spec_from_json(generation.spec)


def title_of(generation: Generation, footage: str) -> str:
    """What it is of, in words: its prompt, else its kind and the room or the footage, by name, that it begins with."""
    # As it is stored, not by spec_of: a page of plays has a million steps, which no title needs.
    stored = generation.spec
    room = (stored.get("script") or {}).get("room")
    begins = f"the {room}" if room else PurePath(footage).stem
    kind = generation.kind.replace("_", " ")
    return stored.get("prompt") or (f"{kind} of {begins}" if begins else kind)


def name_of(session: Session, actor: trust.Actor, generation: Generation) -> str:
    """The title of one that the actor may read."""
    trust.require(actor, "generation.read", generation)
    return names_of(session, actor, [generation])[generation.id]


def names_of(session: Session, actor: trust.Actor, made: Sequence[Generation]) -> dict[str, str]:
    """The title of each by its id, as it is now: footage may have been renamed since, or be gone."""
    ids = {each.input_asset_id for each in made if each.input_asset_id}
    footage = select(Asset.id, Asset.name).where(Asset.id.in_(ids))
    names: dict[str | None, str] = dict(session.execute(trust.visible(footage, actor)).all())
    return {each.id: title_of(each, names.get(each.input_asset_id, "")) for each in made}


def claim_of(session: Session, actor: trust.Actor, generation: Generation) -> Claim:
    """What the signed file will say of itself."""
    version = ""
    digest = model = ""
    if generation.checkpoint_id:
        checkpoint = trust.load(session, actor, Checkpoint, generation.checkpoint_id)
        run = trust.load(session, actor, Run, checkpoint.run_id)
        digest, version = checkpoint.digest, run.version_id or ""
        model = f"{checkpoint.config.get('name', '')} of run {run.id} at step {checkpoint.step}"
    found = artifacts.ancestors(session, actor, generation.id)
    return Claim(
        title=f"{generation.kind.replace('_', ' ')} {generation.id}",
        engine=generation.engine,
        model=model,
        checkpoint_digest=digest,
        spec_digest=generation.spec_digest,
        seed=int(generation.spec["seed"]),
        prompt_sha256=generation.prompt_digest,
        actor_id=actor.id,
        dataset_version=version,
        lineage=(generation.id, *(node.id for node in found)),
    )


def keep_signed(
    session: Session, actor: trust.Actor, generation: Generation, artifact: Artifact, verdict: Verdict
) -> None:
    """The signed clip exists."""
    generation.artifact_id = artifact.id
    generation.verdict = to_json(verdict)


def finish(session: Session, actor: trust.Actor, generation: Generation) -> Asset:
    """Adopt the clip as footage, marked synthetic, and end the generation."""
    assert generation.artifact_id is not None
    artifact = trust.load(session, actor, Artifact, generation.artifact_id)
    asset = assets.adopt(session, actor, artifact, name=artifact.filename, parents=[generation.id])
    generation.asset_id = asset.id
    trust.settle(session, actor, "generations", 1)
    trust.record(session, actor, "generation.finished", generation.id, asset_id=asset.id)
    return asset


def fail(session: Session, actor: trust.Actor, generation_id: str, failure: dict[str, Any]) -> None:
    """Nothing came of it: the quota is given back, and the event says why."""
    trust.release(session, actor, "generations", 1)
    trust.record(session, actor, "generation.failed", generation_id, **failure)


def list_generations(
    session: Session, actor: trust.Actor, *, limit: int = 50, cursor: str | None = None
) -> db.Page[Generation]:
    """Generations, newest first."""
    trust.require(actor, "generation.read")
    return db.page(session, trust.visible(select(Generation), actor), Generation.id, limit=limit, cursor=cursor)


def adopted(session: Session, actor: trust.Actor, generations: Sequence[Generation]) -> list[Asset]:
    """The footage that finished generations were adopted as, as far as the actor can see it."""
    trust.require(actor, "generation.read")
    ids = [generation.asset_id for generation in generations if generation.asset_id]
    return list(session.scalars(trust.visible(select(Asset).where(Asset.id.in_(ids)), actor)))


def _model_of(session: Session, actor: trust.Actor, checkpoint: Checkpoint | None) -> dict[str, Any] | None:
    return checkpoint.config if checkpoint else None


def _require_input(session: Session, actor: trust.Actor, spec: GenerationSpec) -> Asset:
    assert spec.input is not None
    asset = assets.load_asset(session, actor, spec.input.asset_id)
    rights.require_use(session, actor, [asset.id], "generate")
    if not asset.is_ready or asset.num_frames is None:
        raise BadSpec(f"Asset {asset.name!r} is not ready.", remedy="Wait for its ingest to end.")
    if not 1 <= spec.input.end_frame <= asset.num_frames:
        raise BeyondLimits(
            f"Frame {spec.input.end_frame} does not lie in {asset.name!r}.", remedy=f"It has {asset.num_frames} frames."
        )
    stride = spec.stride_of(asset.fps or spec.fps)
    if spec.input.end_frame < 1 + stride * (spec.num_given - 1):
        raise too_early(spec, stride)
    return asset
