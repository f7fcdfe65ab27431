"""The checkpoints that come with the package: where they are, and how a tenant adopts one as its own. Light.

Their manifests lie in the files' own headers, so no tensor is read here.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import muybridge.worldmodel
from muybridge import artifacts, trust
from muybridge.artifacts import Store
from muybridge.errors import Unavailable
from muybridge.training.recipe import recipe_from_json
from muybridge.training.runs import code_version
from muybridge.training.tables import Checkpoint, Run

FOLDER = Path(muybridge.worldmodel.__file__).parent / "shipped"
NAMES = ("nano", "physics", "arcade", "mini", "desk", "lab", "tiny", "base")
"""nano: demos and trainings go on from it in minutes; arcade, mini and desk are to be played; lab draws what words say;
physics goes on from given frames. Where several know a room the later one answers: mini's hero lasts longer."""
RUN_NAME = "shipped with Muybridge"
# A header of a hundred megabytes is no header; the format itself allows no more.
_LONGEST_HEADER = 100_000_000


class NothingShipped(Unavailable):
    code = "training.nothing_shipped"


def manifest_of(path: Path) -> dict[str, Any]:
    """The manifest in a checkpoint file's header. Raises NothingShipped for a file that has none."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = file.read(length) if 0 < length < _LONGEST_HEADER else b"{}"
    try:
        manifest: dict[str, Any] = json.loads(json.loads(header)["__metadata__"]["muybridge"])
    except (ValueError, KeyError) as wrong:
        raise NothingShipped(
            f"{path.name} is no checkpoint of Muybridge.", remedy="Install the package anew."
        ) from wrong
    return manifest


def path_of(name: str) -> Path:
    """The file of a shipped checkpoint. Raises NothingShipped for one that is not there."""
    path = FOLDER / f"{name}.safetensors"
    if name not in NAMES or not path.is_file():
        raise NothingShipped(
            f"This installation carries no checkpoint {name!r}.",
            remedy=f"It carries {', '.join(names()) or 'none'}; train one with muybridge train.",
        )
    return path


def names() -> list[str]:
    """Those that this installation carries."""
    return [name for name in NAMES if (FOLDER / f"{name}.safetensors").is_file()]


def adopt_shipped(session: Session, actor: trust.Actor, store: Store, name: str = NAMES[0]) -> Checkpoint:
    """The tenant's own row for a checkpoint that comes with the package.

    Made on first use. It came from no footage, so no right can be withdrawn from under it. Raises NothingShipped.
    """
    trust.require(actor, "training.read")
    path = path_of(name)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    known = select(Checkpoint).where(Checkpoint.digest == digest).order_by(Checkpoint.id).limit(1)
    if found := session.scalars(trust.visible(known, actor)).first():
        return found
    return _insert(session, actor, store, path, manifest_of(path))


def welcome(session: Session, actor: trust.Actor, store: Store) -> None:
    """Give a tenant that has no finished checkpoint those that come with the package, so that it can begin to play."""
    has_one = select(Checkpoint.id).where(Checkpoint.is_final.is_(True)).limit(1)
    if session.scalars(trust.visible(has_one, actor)).first() is None:
        for name in names():
            adopt_shipped(session, actor, store, name)


def _insert(session: Session, actor: trust.Actor, store: Store, path: Path, manifest: dict[str, Any]) -> Checkpoint:
    card, config = manifest["card"], manifest["config"]
    stored = store.put_file(path)
    run = Run(
        tenant_id=actor.tenant_id,
        name=RUN_NAME,
        recipe=recipe_from_json(manifest["recipe"]).to_json(),
        seed=card["seed"],
        code_version=str(manifest.get("code_version") or code_version()),
        budget_s=manifest["recipe"]["budget_s"],
    )
    session.add(run)
    session.flush()
    artifacts.describe(session, actor, run.id, RUN_NAME)
    artifact = artifacts.put(
        session, actor, stored, kind="checkpoint", media_type="application/octet-stream",
        filename=path.name, derived_from=[run.id], facts={"step": card["step"]},
    )  # fmt: skip
    checkpoint = Checkpoint(
        tenant_id=actor.tenant_id, run_id=run.id, step=card["step"], artifact_id=artifact.id,
        digest=stored.digest, is_final=True, card=card, config=config,
    )  # fmt: skip
    session.add(checkpoint)
    session.flush()
    title = f"{path.stem} {RUN_NAME}"
    facts = {"digest": stored.digest, "step": card["step"], "size": config["name"]}
    artifacts.derive(session, actor, checkpoint.id, [artifact.id, run.id], title=title, facts=facts)
    trust.record(session, actor, "checkpoint.saved", checkpoint.id, run_id=run.id, is_final=True, **facts)
    return checkpoint
