"""`muybridge generate`: a signed clip from words, from a picture of footage, or going on from footage."""

import shutil
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from muybridge import trust
from muybridge.artifacts import Artifact, provenance
from muybridge.cli import waiting
from muybridge.cli.console import AsJson, bars, out, print_json, speaking_errors
from muybridge.cli.local import Local, local_owner
from muybridge.errors import Invalid
from muybridge.generation import generations
from muybridge.generation.spec import ClipInput, GenerationSpec, Kind
from muybridge.generation.tables import Generation
from muybridge.training import checkpoints, shipped
from muybridge.training.tables import Checkpoint

app = typer.Typer()


class BadInput(Invalid):
    code = "cli.bad_input"


@app.command()
def generate(
    prompt: Annotated[str, typer.Argument(help="What shall be seen, in the words that the checkpoint was taught")] = "",
    asset: Annotated[str | None, typer.Option(help="Go on from this footage: ast_…")] = None,
    frame: Annotated[int | None, typer.Option(min=1, help="The frame of the footage to go on from")] = None,
    still: Annotated[bool, typer.Option("--still", help="Begin with one picture of it, not its motion")] = False,
    checkpoint: Annotated[
        str | None, typer.Option(help="ckp_…; default the newest, at first of those that ship")
    ] = None,
    engine: Annotated[str, typer.Option()] = "ours",
    seed: Annotated[int, typer.Option(min=0)] = 0,
    frames: Annotated[int, typer.Option(min=2, max=1024, help="Frames of the clip")] = 8,
    steps: Annotated[int, typer.Option(min=1, max=64, help="Denoising steps a frame")] = 2,
    guidance: Annotated[float, typer.Option(min=0, max=20)] = 1.0,
    to: Annotated[Path | None, typer.Option(help="Where to write the mp4; default: here, by its id")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a clip, sign it, keep it as footage, and write it to a file."""
    with speaking_errors(as_json), local_owner() as local, bars() as progress:
        installation, owner = local
        spec = _spec(prompt, asset, frame, still, engine, seed, frames, steps, guidance)
        with installation.database.write() as session:
            weights = weights_for(session, local, checkpoint, from_words=asset is None)
            made = generations.create_generation(session, owner, spec, checkpoint=weights)
        waiting.wait_for_success(local, made.job_id, progress, "generate")
        with installation.database.read() as session:
            done = trust.load(session, owner, Generation, made.id)
            artifact = trust.load(session, owner, Artifact, done.artifact_id or "")
        target = to or Path(f"{done.id}.mp4")
        shutil.copyfile(installation.store.path_of(artifact.digest, installation.settings.data_dir / "work"), target)
        verdict = provenance.verify(target, [installation.store.identity.root_pem])
    shown = {
        "generation": done.id,
        "path": str(target),
        "asset": done.asset_id,
        "checkpoint": done.checkpoint_id,
        "spec_digest": done.spec_digest,
        "verified": verdict.state,
    }
    if as_json:
        print_json(shown)
    else:
        out.print(f"{target}  ({verdict.state})")


def _spec(
    prompt: str, asset: str | None, frame: int | None, still: bool, engine: str, seed: int, frames: int, steps: int,
    guidance: float,
) -> GenerationSpec:  # fmt: skip
    given = None
    kind = Kind.TEXT_TO_VIDEO
    if asset is not None:
        if frame is None:
            raise BadInput("Which frame of the footage?", remedy="Pass --frame N; the clip goes on after it.")
        given, kind = ClipInput(asset, frame), Kind.IMAGE_TO_VIDEO if still else Kind.CONTINUATION
    return GenerationSpec(
        kind, engine=engine, prompt=prompt, seed=seed, num_frames=frames, steps=steps, guidance=guidance, input=given
    )


def weights_for(session: Session, local: Local, checkpoint_id: str | None, *, from_words: bool) -> Checkpoint:
    """The named checkpoint, or the newest finished one: of those that ship, where nothing was trained yet.

    `shipped` names the one that trainings go on from.
    """
    installation, owner = local
    if checkpoint_id == "shipped":
        return shipped.adopt_shipped(session, owner, installation.store)
    if checkpoint_id:
        return trust.load(session, owner, Checkpoint, checkpoint_id)
    shipped.welcome(session, owner, installation.store)
    return checkpoints.newest_final(session, owner, from_words=from_words)
