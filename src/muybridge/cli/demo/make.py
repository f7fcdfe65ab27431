"""Steps 5 and 6, generate and verify: clips from words and from footage, each signed, and each signature checked."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from muybridge import trust
from muybridge.artifacts import Artifact, provenance
from muybridge.catalog import assets
from muybridge.cli.demo.learn import Learned
from muybridge.cli.demo.ledger import Ledger
from muybridge.cli.demo.plan import Plan
from muybridge.generation import generations
from muybridge.generation.spec import ClipInput, GenerationSpec, Kind
from muybridge.generation.tables import Generation

NUM_PROMPTS = 4
NUM_CONTINUED = 2
NUM_FRAMES = 12
FIRST_GENERATED = 16
"""The frame of the footage at which continuations begin."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A way of sampling; what the comparisons compare."""

    name: str
    first_steps: int
    steps: int


VARIANTS = (Variant("thorough", first_steps=24, steps=4), Variant("quick", first_steps=6, steps=1))


@dataclass(frozen=True, slots=True)
class MadeClip:
    """number: of the prompt or of the footage; clips of one kind and number differ in variant alone."""

    generation: Generation
    kind: Kind
    number: int
    variant: str
    path: Path
    state: str
    """What verifying the file says: trusted, stranger, tampered or unsigned."""


def prompts(plan: Plan) -> list[str]:
    """Captions in the simulator's grammar, of its demo split, which no training sees."""
    from muybridge.simulator import captions, scenes  # torch

    start = plan.seed * NUM_PROMPTS
    return captions.captions(scenes.sample("bakeoff", "demo", range(start, start + NUM_PROMPTS)))


def make(ledger: Ledger, plan: Plan, learned: Learned, asset_ids: list[str]) -> list[MadeClip]:
    """Make every clip in every variant, wait for all, and verify the files."""
    specs = _specs(ledger, plan, asset_ids)
    ids = {
        name: ledger.once_worked(f"generation/{name}", _creating(ledger, learned, spec), Generation)
        for name, spec in specs.items()
    }
    with ledger.read() as session:
        rows = {name: trust.load(session, ledger.actor, Generation, one) for name, one in ids.items()}
    ledger.wait([row.job_id for row in rows.values() if row.job_id], "generate")
    return [_collect(ledger, name, ids[name]) for name in specs]


def _specs(ledger: Ledger, plan: Plan, asset_ids: list[str]) -> dict[str, GenerationSpec]:
    specs: dict[str, GenerationSpec] = {}
    for number, prompt in enumerate(prompts(plan)):
        for variant in VARIANTS:
            specs[f"{Kind.TEXT_TO_VIDEO}/{number}/{variant.name}"] = GenerationSpec(
                Kind.TEXT_TO_VIDEO, prompt=prompt, seed=plan.seed + number, num_frames=NUM_FRAMES,
                first_steps=variant.first_steps, steps=variant.steps,
            )  # fmt: skip
    with ledger.read() as session:
        found = [assets.load_asset(session, ledger.actor, asset_id) for asset_id in asset_ids]
    long_enough = [asset for asset in found if (asset.num_frames or 0) > FIRST_GENERATED]
    for number, asset in enumerate(long_enough[:NUM_CONTINUED]):
        for variant in VARIANTS:
            specs[f"{Kind.CONTINUATION}/{number}/{variant.name}"] = GenerationSpec(
                Kind.CONTINUATION, seed=plan.seed + number, num_frames=NUM_FRAMES,
                first_steps=variant.first_steps, steps=variant.steps, input=ClipInput(asset.id, FIRST_GENERATED),
            )  # fmt: skip
    return specs


def _creating(ledger: Ledger, learned: Learned, spec: GenerationSpec) -> Callable[[Session], str]:
    def create(session: Session) -> str:
        return generations.create_generation(session, ledger.actor, spec, checkpoint=learned.checkpoint).id

    return create


def _collect(ledger: Ledger, name: str, generation_id: str) -> MadeClip:
    """Copy the signed file where its maker can find it, and verify the copy."""
    store = ledger.installation.store
    with ledger.read() as session:
        generation = trust.load(session, ledger.actor, Generation, generation_id)
        assert generation.artifact_id is not None
        artifact = trust.load(session, ledger.actor, Artifact, generation.artifact_id)
    kind, number, variant = name.split("/")
    path = ledger.folder / "generated" / f"{kind}-{int(number) + 1}-{variant}.mp4"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        draft = store.fetch(artifact.digest, path.with_suffix(".draft"))
        shutil.move(draft, path)
    state = provenance.verify(path, [store.identity.root_pem]).state
    return MadeClip(generation, Kind(kind), int(number), variant, path, state)
