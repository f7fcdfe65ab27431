"""Sessions: opening one, keeping its journal, saving clips of it, ending it. Light: the door imports this.

What is played is `playing`'s work, in the child of a `generation.play` job.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from muybridge import artifacts, db, jobs, trust
from muybridge.artifacts import Stored
from muybridge.catalog import assets, rights
from muybridge.errors import Conflict, Forbidden, LimitExceeded
from muybridge.generation import generations
from muybridge.generation.engines import ENGINES, BeyondLimits, ours
from muybridge.generation.journal import Entry, Journal, Op
from muybridge.generation.spec import BadSpec, ClipInput, GenerationSpec, Kind, Script
from muybridge.generation.tables import Generation, PlaySession, SessionStretch
from muybridge.jobs import Job, channels
from muybridge.jobs.channels import Line
from muybridge.simulator.configs import ROOMS
from muybridge.training import checkpoints
from muybridge.training.tables import Checkpoint, Run

PLAY = "generation.play"
MAX_OPEN = 3
"""Sessions that a member holds open at once."""
MAX_FRAMES = 20_000
"""Frames that a session may imagine: forty minutes at eight a second."""
IDLE_S = 300.0


class SessionOver(Conflict):
    code = "generation.session_over"


class NotYourSession(Forbidden):
    code = "generation.not_your_session"


class TooManySessions(LimitExceeded):
    code = "generation.too_many_sessions"


class NotYetKept(Conflict):
    code = "generation.not_yet_kept"


@dataclass(frozen=True, slots=True)
class Wish:
    """How a session shall begin. At most one of room, asset_id and a picture; without any, a prompt."""

    room: str | None = None
    prompt: str = ""
    asset_id: str | None = None
    frame: int = 0
    seed: int = 0
    first_steps: int = 16
    steps: int = 2
    fps: float = 8.0
    engine: str = ""
    """Empty: `ours.for_play` chooses; the session says what."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Stored bytes of a picture to begin with."""

    stored: Stored
    media_type: str


def open_session(
    session: Session,
    actor: trust.Actor,
    wish: Wish,
    *,
    checkpoint: Checkpoint | None = None,
    picture: Picture | None = None,
    idle_s: float = IDLE_S,
) -> PlaySession:
    """Begin to play a checkpoint (default: the newest finished one).

    Raises BadSpec, BeyondLimits, BadModelConfig (the checkpoint is a LoRA), AssetForbidden (the footage may not be used
    to generate, or what the checkpoint learned from was revoked), NoCheckpoint, TooManySessions, QuotaExceeded.
    """
    trust.require(actor, "generation.create")
    _check(wish, picture)
    from_words = wish.asset_id is None and picture is None
    checkpoint = checkpoint or checkpoints.newest_final(session, actor, wish.room, from_words=from_words)
    wish = replace(wish, engine=wish.engine or ours.for_play(checkpoint.config))
    ours.runtime_of(wish.engine)
    ENGINES.get(wish.engine).limits(checkpoint.config).check(_spec(wish, Script((Entry(0),), room=wish.room)))
    checkpoints.require_use(session, actor, checkpoint)
    if wish.asset_id is not None:
        _require_footage(session, actor, wish.asset_id, wish.frame)
    _require_room_for_one(session, actor)
    play = PlaySession(
        tenant_id=actor.tenant_id,
        owner_id=actor.id,
        checkpoint_id=checkpoint.id,
        engine=wish.engine,
        room=wish.room,
        prompt=wish.prompt,
        asset_id=wish.asset_id,
        frame=wish.frame if wish.asset_id else None,
        seed=wish.seed,
        first_steps=wish.first_steps,
        steps=wish.steps,
        fps=wish.fps,
        reserved_frames=trust.reserve_up_to(session, actor, "play_frames", MAX_FRAMES),
    )
    session.add(play)
    session.flush()
    parents = [each for each in (checkpoint.id, wish.asset_id, _keep_picture(session, actor, play, picture)) if each]
    # Not the footage's name: who may see the play need not be one who may see that.
    title = f"play of {wish.room or wish.prompt[:60] or ('footage' if wish.asset_id else 'a picture')}"
    artifacts.derive(session, actor, play.id, parents, title=title, facts={"seed": wish.seed, "engine": wish.engine})
    play.job_id = jobs.enqueue(session, actor, PLAY, play.id, args={"idle_s": idle_s}).id
    trust.record(
        session, actor, "session.opened", play.id,
        checkpoint_id=checkpoint.id, checkpoint_digest=checkpoint.digest, engine=wish.engine, room=wish.room,
        asset_id=wish.asset_id,
    )  # fmt: skip
    return play


def load_session(session: Session, actor: trust.Actor, session_id: str) -> PlaySession:
    """Raises NotFound."""
    trust.require(actor, "generation.read")
    return trust.load(session, actor, PlaySession, session_id)


def list_sessions(
    session: Session, actor: trust.Actor, *, limit: int = 50, cursor: str | None = None
) -> db.Page[PlaySession]:
    """Sessions, newest first."""
    trust.require(actor, "generation.read")
    return db.page(session, trust.visible(select(PlaySession), actor), PlaySession.id, limit=limit, cursor=cursor)


def end_session(session: Session, actor: trust.Actor, session_id: str) -> PlaySession:
    """Ask a session to end: at once while its job waits, within seconds while it plays. Ended already, it stays so.

    Raises NotFound, NotYourSession.
    """
    play = _load_own(session, actor, session_id, for_update=True)
    if play.ended_at is None and play.end_requested_at is None:
        play.end_requested_at = db.now(session)
        job = jobs.load_job(session, actor, play.job_id or "")
        if job.state == jobs.JobState.QUEUED:
            jobs.cancel(session, actor, job.id)
    return play


def connect(session: Session, actor: trust.Actor, session_id: str) -> Line:
    """The client's end of a session that is being played.

    Raises NotFound, NotYourSession, SessionOver, NoChannel while its job does not listen yet.
    """
    play = require_steering(session, actor, session_id)
    return channels.connect(session, actor, play.job_id or "")


def require_steering(session: Session, actor: trust.Actor, session_id: str) -> PlaySession:
    """The session, if it is the actor's to steer and has not ended. Raises NotFound, NotYourSession, SessionOver."""
    play = _load_own(session, actor, session_id)
    if play.ended_at is not None:
        raise SessionOver(f"Session {play.id} has ended ({play.end_reason}).", remedy="Open another one.")
    return play


def journal_of(session: Session, actor: trust.Actor, play: PlaySession) -> Journal:
    """What has been kept of a session so far."""
    trust.require(actor, "generation.read", play)
    return Journal(ops_of(session, actor, play))


def ops_of(session: Session, actor: trust.Actor, play: PlaySession) -> list[Op]:
    """The ops of a session's stretches, in order."""
    trust.require(actor, "generation.read", play)
    stretches = select(SessionStretch.ops).where(SessionStretch.session_id == play.id).order_by(SessionStretch.number)
    return [op for ops in session.scalars(trust.visible(stretches, actor)) for op in ops]


def save_clip(
    session: Session, actor: trust.Actor, session_id: str, *, branch: str, start_frame: int, end_frame: int
) -> Generation:
    """Make frames [start_frame, end_frame) of a branch a generation: imagined again, signed, traced, adopted.

    Raises NotFound, NotYourSession, NoSuchBranch, NotYetKept (the journal holds fewer frames), BeyondLimits and all
    that create_generation raises.
    """
    play = _load_own(session, actor, session_id)
    line = journal_of(session, actor, play).find(branch)
    if not 0 <= start_frame < end_frame:
        raise BadSpec(f"Frames {start_frame} to {end_frame} are no clip.", remedy="Begin before you end.")
    if end_frame > len(line.entries):
        raise NotYetKept(
            f"{len(line.entries)} frames of branch {branch} are kept, not {end_frame}.",
            remedy="Ask again in a second, or for fewer frames.",
        )
    wish = Wish(
        play.room, play.prompt, play.asset_id, play.frame or 0, line.seed, play.first_steps, play.steps, play.fps,
        play.engine,
    )  # fmt: skip
    digest = None
    if play.image_artifact_id:
        digest = artifacts.load(session, actor, play.image_artifact_id).digest
    script = Script(tuple(line.entries[:end_frame]), start_frame, play.room, digest)
    spec = _spec(wish, script)
    checkpoint = trust.load(session, actor, Checkpoint, play.checkpoint_id)
    return generations.create_generation(session, actor, spec, checkpoint=checkpoint, derived_from=[play.id])


def keep(session: Session, actor: trust.Actor, session_id: str, ops: Sequence[Op]) -> bool:
    """Add a stretch to the journal; whether somebody asked for the session to end."""
    play = trust.load(session, actor, PlaySession, session_id)
    if ops:
        last = select(func.max(SessionStretch.number)).where(SessionStretch.session_id == play.id)
        number = (session.scalar(trust.visible(last, actor)) or 0) + 1
        session.add(SessionStretch(tenant_id=play.tenant_id, session_id=play.id, number=number, ops=list(ops)))
        play.num_frames += sum(op["op"] == "frame" for op in ops)
    return play.end_requested_at is not None


def finish(session: Session, actor: trust.Actor, session_id: str, reason: str) -> None:
    """The session has ended: its frames are counted, the rest of its quota is given back."""
    play = trust.load(session, actor, PlaySession, session_id, for_update=True)
    if play.ended_at is not None:
        return
    play.ended_at, play.end_reason = db.now(session), reason
    trust.settle(session, actor, "play_frames", play.reserved_frames, actual=play.num_frames)
    digest = trust.load(session, actor, Checkpoint, play.checkpoint_id).digest
    trust.record(
        session, actor, "session.closed", play.id, reason=reason, num_frames=play.num_frames, checkpoint_digest=digest
    )


def give_up(session: Session, actor: trust.Actor, job: Job) -> None:
    """Its job failed or was called off."""
    play = trust.load(session, actor, PlaySession, job.subject_id or "")
    failed = "ended" if play.end_requested_at else "cancelled"
    finish(session, actor, play.id, "failed" if job.failure else failed)


def told_of_checkpoint(session: Session, actor: trust.Actor, checkpoint_id: str) -> dict[str, Any]:
    """What a client is told of a checkpoint: {id, digest, name, size}."""
    trust.require(actor, "training.read")
    checkpoint = trust.load(session, actor, Checkpoint, checkpoint_id)
    run = trust.load(session, actor, Run, checkpoint.run_id)
    names = dict.fromkeys((run.recipe["name"], run.name))
    name = f"{', '.join(names)}, step {checkpoint.step}"
    return {"id": checkpoint.id, "digest": checkpoint.digest, "name": name, "size": checkpoint.config["name"]}


def _load_own(session: Session, actor: trust.Actor, session_id: str, *, for_update: bool = False) -> PlaySession:
    trust.require(actor, "generation.create")
    play = trust.load(session, actor, PlaySession, session_id, for_update=for_update)
    if play.owner_id != actor.id:
        raise NotYourSession(f"Session {play.id} is another member's.", remedy="Open one of your own.")
    return play


def _check(wish: Wish, picture: Picture | None) -> None:
    begun = [each for each in (wish.room, wish.asset_id, picture) if each is not None]
    if len(begun) > 1:
        raise BadSpec("A session has one first frame.", remedy="Give one of room, asset_id and image.")
    if not begun and not wish.prompt.strip():
        raise BadSpec("Nothing says how the session begins.", remedy="Give a room, a prompt, footage or a picture.")
    if wish.room is not None and wish.room not in ROOMS:
        raise BadSpec(f"There is no room {wish.room!r}.", remedy=f"There are: {', '.join(ROOMS)}.")


def _spec(wish: Wish, script: Script) -> GenerationSpec:
    from_footage = ClipInput(wish.asset_id, wish.frame + 1) if wish.asset_id else None
    return GenerationSpec(
        kind=Kind.PLAY,
        engine=wish.engine,
        prompt=wish.prompt,
        seed=wish.seed,
        num_frames=len(script.entries) - script.start_frame,
        fps=wish.fps,
        first_steps=wish.first_steps,
        steps=wish.steps,
        input=from_footage,
        script=script,
    )


def _require_footage(session: Session, actor: trust.Actor, asset_id: str, frame: int) -> None:
    asset = assets.load_asset(session, actor, asset_id)
    rights.require_use(session, actor, [asset.id], "generate")
    if not asset.is_ready or asset.num_frames is None:
        raise BadSpec(f"Asset {asset.name!r} is not ready.", remedy="Wait for its ingest to end.")
    if not 0 <= frame < asset.num_frames:
        raise BeyondLimits(f"Frame {frame} does not lie in {asset.name!r}.", remedy=f"It has {asset.num_frames}.")


def _require_room_for_one(session: Session, actor: trust.Actor) -> None:
    mine = select(func.count()).select_from(PlaySession)
    mine = mine.where(PlaySession.owner_id == actor.id, PlaySession.ended_at.is_(None))
    num_open = session.scalar(trust.visible(mine, actor)) or 0
    if num_open >= MAX_OPEN:
        raise TooManySessions(f"You have {num_open} sessions open.", remedy="End one: DELETE /v1/sessions/{id}.")


def _keep_picture(session: Session, actor: trust.Actor, play: PlaySession, picture: Picture | None) -> str | None:
    if picture is None:
        return None
    name = f"first frame.{picture.media_type.rpartition('/')[2]}"
    kept = artifacts.put(session, actor, picture.stored, kind="still", media_type=picture.media_type, filename=name)
    play.image_artifact_id = kept.id
    return kept.id
