"""The checkpoint that comes with the package: where it is, and how a tenant adopts it as one of its own. Light.

Its manifest lies in the file's own header, so no tensor is read here.
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
from muybridge.training.recipes import recipe_from_json
from muybridge.training.runs import code_version
from muybridge.training.tables import Checkpoint, Run

PATH = Path(muybridge.worldmodel.__file__).parent / "shipped" / "nano.safetensors"
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


def adopt_shipped(session: Session, actor: trust.Actor, store: Store, path: Path = PATH) -> Checkpoint:
    """The tenant's own row for the checkpoint that comes with the package, made on first use.

    It came from no footage, so no right can be withdrawn from under it. Raises NothingShipped.
    """
    trust.require(actor, "training.read")
    if not path.is_file():
        raise NothingShipped("This installation carries no checkpoint.", remedy="Train one: muybridge train demo.")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    known = select(Checkpoint).where(Checkpoint.digest == digest).order_by(Checkpoint.id).limit(1)
    if found := session.scalars(trust.visible(known, actor)).first():
        return found
    return _insert(session, actor, store, path, manifest_of(path))


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
    title = f"{config['name']} {RUN_NAME}"
    facts = {"digest": stored.digest, "step": card["step"], "size": config["name"]}
    artifacts.derive(session, actor, checkpoint.id, [artifact.id, run.id], title=title, facts=facts)
    trust.record(session, actor, "checkpoint.saved", checkpoint.id, run_id=run.id, is_final=True, **facts)
    return checkpoint
