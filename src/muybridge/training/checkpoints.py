"""Checkpoints as rows: saving what the loop wrote, with its lineage, and opening one to a local file. Light."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from muybridge import artifacts, db, trust
from muybridge.artifacts import Store, Stored
from muybridge.catalog import rights
from muybridge.errors import NotFound
from muybridge.training.tables import Checkpoint, Run
from muybridge.training.taught import is_of_footage_alone, obeys_words, prompts_of, rooms_of
from muybridge.training.updates import CheckpointFiles

_LOOKED_THROUGH = 100
"""Finished checkpoints among which one that fits is looked for, the newest first."""


class NoCheckpoint(NotFound):
    code = "training.no_checkpoint"


def save(session: Session, actor: trust.Actor, run: Run, files: CheckpointFiles, stored: Stored) -> Checkpoint:
    """Make stored weights a checkpoint of the run, derived from run, version and parent.

    Saved again at the same step (an attempt after a crash), the first one stands.
    """
    known = select(Checkpoint).where(Checkpoint.run_id == run.id, Checkpoint.step == files.step)
    if earlier := session.scalars(trust.visible(known, actor)).one_or_none():
        earlier.is_final = earlier.is_final or files.is_final
        return earlier
    title = f"{run.name} step {files.step}"
    artifact = artifacts.put(
        session, actor, stored, kind=files.kind, media_type="application/octet-stream",
        filename=f"{title}.safetensors", derived_from=[run.id], facts={"step": files.step},
    )  # fmt: skip
    checkpoint = Checkpoint(
        tenant_id=actor.tenant_id,
        run_id=run.id,
        step=files.step,
        artifact_id=artifact.id,
        digest=stored.digest,
        is_final=files.is_final,
        card=files.card,
        config=files.config,
    )
    session.add(checkpoint)
    session.flush()
    parents = [each for each in (artifact.id, run.id, run.version_id, run.parent_checkpoint_id) if each]
    facts = {"digest": stored.digest, "step": files.step, "size": files.config["name"]}
    artifacts.derive(session, actor, checkpoint.id, parents, title=title, facts=facts)
    trust.record(session, actor, "checkpoint.saved", checkpoint.id, run_id=run.id, is_final=files.is_final, **facts)
    return checkpoint


def latest(session: Session, actor: trust.Actor, run_id: str) -> Checkpoint | None:
    """The checkpoint of the run's last saved step."""
    trust.require(actor, "training.read")
    of_run = select(Checkpoint).where(Checkpoint.run_id == run_id).order_by(Checkpoint.step.desc()).limit(1)
    return session.scalars(trust.visible(of_run, actor)).first()


def newest_final(
    session: Session, actor: trust.Actor, room: str | None = None, *, from_words: bool = True
) -> Checkpoint:
    """The tenant's newest finished checkpoint of a world model that was shown this room; of none such, the newest.

    Without a room, the newest that was taught to obey a prompt comes before those that were not. from_words: False
    where a first frame is given: then one that learned from footage alone will do, too. Raises NoCheckpoint.
    """
    trust.require(actor, "training.read")
    is_network = Checkpoint.config["kind"].as_string().is_(None)
    finished = select(Checkpoint, Run).join(Run, Run.id == Checkpoint.run_id).where(Checkpoint.is_final, is_network)
    newest = trust.visible(finished, actor).order_by(Checkpoint.id.desc()).limit(_LOOKED_THROUGH)
    found = session.execute(newest).all()
    if not found:
        raise NoCheckpoint("No training has finished yet.", remedy="Train one first: muybridge train.")
    return next((checkpoint for checkpoint, run in found if _suits(run.recipe, room, from_words)), found[0][0])


def list_checkpoints(
    session: Session, actor: trust.Actor, *, limit: int, cursor: str | None, run_id: str | None = None
) -> db.Page[Checkpoint]:
    """Checkpoints, newest first; of one run if it is named."""
    trust.require(actor, "training.read")
    wanted = trust.visible(select(Checkpoint), actor)
    if run_id is not None:
        wanted = wanted.where(Checkpoint.run_id == run_id)
    return db.page(session, wanted, Checkpoint.id, limit=limit, cursor=cursor)


class Taught(NamedTuple):
    """recipe: the name of the one that made a checkpoint. prompts: sentences of the kind that it learned to draw.

    obeys_words: whether it learned to draw what words say. Who learned it from footage alone has no prompts to show.
    rooms: those that it was shown, and what of each there was to be seen; "" for all of it.
    """

    recipe: str
    prompts: tuple[str, ...]
    obeys_words: bool
    rooms: dict[str, str]


def taught(session: Session, actor: trust.Actor, saved: Sequence[Checkpoint]) -> list[Taught]:
    """What each checkpoint's run taught it; matrices for another network were taught no sentence of ours."""
    trust.require(actor, "training.read")
    wanted = select(Run.id, Run.recipe).where(Run.id.in_({checkpoint.run_id for checkpoint in saved}))
    recipes: dict[str, dict[str, Any]] = dict(session.execute(trust.visible(wanted, actor)).all())
    return [_taught(recipes[each.run_id]) for each in saved]


def _taught(recipe: dict[str, Any]) -> Taught:
    return Taught(recipe["name"], prompts_of(recipe), obeys_words(recipe), rooms_of(recipe))


def _suits(recipe: dict[str, Any], room: str | None, from_words: bool) -> bool:
    if room is not None:
        return room in rooms_of(recipe)
    return obeys_words(recipe) or (is_of_footage_alone(recipe) and not from_words)


def require_use(session: Session, actor: trust.Actor, checkpoint: Checkpoint) -> None:
    """None of the footage that a checkpoint learned from has been revoked. Raises AssetForbidden naming it."""
    trust.require(actor, "training.read", checkpoint)
    rights.require_past(session, actor, checkpoint.id)


def open_weights(session: Session, actor: trust.Actor, checkpoint_id: str, store: Store, folder: Path) -> Path:
    """A local file of a checkpoint's bytes, checked by digest; fetched into `folder` where the store is remote.

    Raises NotFound, AssetForbidden (footage it learned from was revoked).
    """
    checkpoint = trust.load(session, actor, Checkpoint, checkpoint_id)
    require_use(session, actor, checkpoint)
    return store.path_of(checkpoint.digest, folder)
