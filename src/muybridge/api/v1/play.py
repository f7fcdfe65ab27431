"""Sessions: playing a checkpoint. Opening, ending, saving clips; and the channel, a WebSocket that only relays bytes.

docs/guides/play.md is the protocol. No network is loaded here: what is played is in the child of a job.
"""

import asyncio
import base64
import contextlib
import selectors
import time
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, WebSocket
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocketDisconnect

from muybridge import jobs, trust
from muybridge.api.deps import (
    CurrentActor,
    Cursor,
    IdempotencyKey,
    Limit,
    Parts,
    PartsDep,
    Reader,
    Writer,
    current_actor,
)
from muybridge.api.errors import RESPONSES, answer
from muybridge.api.ids import pattern_of
from muybridge.api.v1.generation import GenerationOut
from muybridge.errors import Forbidden, MuybridgeError
from muybridge.generation import messages, sessions, stills
from muybridge.generation.journal import NoSuchBranch
from muybridge.generation.messages import BadMessage
from muybridge.generation.tables import Generation, PlaySession
from muybridge.jobs.channels import Line
from muybridge.jobs.errors import ChannelClosed, NoChannel
from muybridge.training.tables import Checkpoint

router = APIRouter(prefix="/v1", tags=["generation"], responses=RESPONSES)

POLL_S = 0.2
SAY_WAITING_S = 5.0
RECHECK_S = 30.0
"""How long a channel goes on after its log-in or key has ended."""
KEPT_WITHIN_S = 3.0
"""How long saving a clip waits for frames that were seen a moment ago to be kept."""
MAX_MESSAGE_BYTES = messages.MAX_HEADER_BYTES + 1024

SessionId = Annotated[str, Path(pattern=pattern_of("ses"), description="ses_…")]


class SessionIn(BaseModel):
    """At most one of room, asset_id and image; without any, a prompt."""

    model_config = ConfigDict(extra="forbid")

    checkpoint_id: str | None = Field(default=None, pattern=pattern_of("ckp"))
    """Default: the newest finished one."""
    engine: str = Field(default="", max_length=64, pattern=r"^[\w.-]*$")
    """`ours` or `ours-int8`; empty: the faster of them that is installed and worth it for the network."""
    room: str | None = Field(default=None, max_length=32, pattern=r"^[a-z]+$")
    """Begin with the first frame of scene `seed` of this room of the simulator, whose truth then runs beside."""
    prompt: str = Field(default="", max_length=4000, pattern=r"^[^\x00]*$")
    """Said before the first frame; in a room, empty means the scene's own caption."""
    asset_id: str | None = Field(default=None, pattern=pattern_of("ast"))
    """Begin with a frame of this footage."""
    frame: int = Field(default=0, ge=0, lt=2**31)
    image: str | None = Field(default=None, max_length=4 * -(-stills.MAX_BYTES // 3))
    """Begin with this picture: PNG or JPEG, base64."""
    seed: int = Field(default=0, ge=0, lt=2**31)
    first_steps: int = Field(default=16, ge=1, le=64)
    steps: int = Field(default=2, ge=1, le=64)
    fps: float = Field(default=8.0, ge=0.5, le=60.0)


class SessionOut(BaseModel):
    id: str
    created_at: datetime
    owner_id: str
    """Who opened it, and may steer it."""
    checkpoint_id: str
    engine: str
    """What imagines it, and every clip of it."""
    room: str | None
    prompt: str
    asset_id: str | None
    frame: int | None
    image_artifact_id: str | None
    seed: int
    first_steps: int
    steps: int
    fps: float
    job_id: str | None
    """The playing; its state says how it stands."""
    num_frames: int
    """Imagined and kept so far."""
    ended_at: datetime | None
    end_reason: str
    """closed, ended, idle, quota, full, failed or cancelled; empty while it is open."""

    @classmethod
    def of(cls, row: PlaySession) -> "SessionOut":
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class BranchOut(BaseModel):
    id: str
    seed: int
    from_branch: str | None
    from_frame: int | None
    num_frames: int


class SessionDetail(SessionOut):
    branch: str
    """The current one; empty before the first frame is kept."""
    branches: list[BranchOut]


class SessionPage(BaseModel):
    items: list[SessionOut]
    next_cursor: str | None


class SessionClipIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    branch: str = Field(default="b0", max_length=12, pattern=r"^b\d+$")
    start_frame: int = Field(default=0, ge=0, lt=2**31)
    end_frame: int = Field(ge=1, lt=2**31)
    """Frames [start_frame, end_frame) of the branch."""


@router.post("/sessions", status_code=201)
def open_session(
    session: Writer, actor: CurrentActor, parts: PartsDep, body: SessionIn, key: IdempotencyKey = None
) -> SessionOut:
    """Begin to play a checkpoint; then connect to the session's channel."""
    known = trust.once(session, actor, key, "session.open", body.model_dump(mode="json"))
    if known is not None:
        return SessionOut.of(trust.load(session, actor, PlaySession, known))
    trust.require(actor, "generation.create")
    chosen = trust.load(session, actor, Checkpoint, body.checkpoint_id) if body.checkpoint_id else None
    wish = sessions.Wish(**body.model_dump(exclude={"checkpoint_id", "image"}))
    opened = sessions.open_session(session, actor, wish, checkpoint=chosen, picture=_picture(parts, body.image))
    trust.remember(session, actor, key, "session.open", opened.id)
    return SessionOut.of(opened)


@router.get("/sessions")
def list_sessions(session: Reader, actor: CurrentActor, limit: Limit = 50, cursor: Cursor = None) -> SessionPage:
    """Sessions, newest first."""
    page = sessions.list_sessions(session, actor, limit=limit, cursor=cursor)
    return SessionPage(items=[SessionOut.of(row) for row in page.items], next_cursor=page.next_cursor)


@router.get("/sessions/{id}")
def get_session(session: Reader, actor: CurrentActor, id: SessionId) -> SessionDetail:
    """One session, with the branches that are kept of it."""
    row = sessions.load_session(session, actor, id)
    journal = sessions.journal_of(session, actor, row)
    branches = [
        BranchOut(
            id=each.id,
            seed=each.seed,
            from_branch=each.from_branch,
            from_frame=each.from_frame,
            num_frames=len(each.entries),
        )
        for each in journal.branches.values()
    ]
    return SessionDetail(**SessionOut.of(row).model_dump(), branch=journal.current, branches=branches)


@router.delete("/sessions/{id}")
def end_session(session: Writer, actor: CurrentActor, id: SessionId) -> SessionOut:
    """End a session: at once while it waits for a worker, within seconds while it is played. What it kept stays."""
    return SessionOut.of(sessions.end_session(session, actor, id))


@router.post("/sessions/{id}/clips", status_code=202)
def save_clip(
    actor: CurrentActor, parts: PartsDep, id: SessionId, body: SessionClipIn, key: IdempotencyKey = None
) -> GenerationOut:
    """Make frames of a branch a clip: imagined again from the journal, signed, traced and adopted as footage."""
    fields = {"session_id": id, **body.model_dump(mode="json")}
    until_s = time.monotonic() + KEPT_WITHIN_S
    while True:
        try:
            # A transaction for each look, none while waiting: the worker needs the database to keep what was seen.
            with parts.database.write() as session:
                known = trust.once(session, actor, key, "session.clip", fields)
                if known is not None:
                    return GenerationOut.of(session, actor, trust.load(session, actor, Generation, known))
                made = sessions.save_clip(session, actor, id, **body.model_dump())
                trust.remember(session, actor, key, "session.clip", made.id)
                return GenerationOut.of(session, actor, made)
        except (sessions.NotYetKept, NoSuchBranch):  # of a branch, too, one may have heard before it is kept
            if time.monotonic() > until_s or not _is_open(parts, actor, id):
                raise
        time.sleep(POLL_S)


def _is_open(parts: Parts, actor: trust.Actor, session_id: str) -> bool:
    with parts.database.read() as session:
        return sessions.load_session(session, actor, session_id).ended_at is None


def _picture(parts: Parts, image: str | None) -> sessions.Picture | None:
    if image is None:
        return None
    try:
        content = base64.b64decode(image, validate=True)
    except ValueError as wrong:  # binascii.Error, or a character beyond ASCII
        raise stills.BadImage(f"The picture is no base64: {wrong}.", remedy="Encode the file's bytes.") from wrong
    media_type = stills.media_type_of(content)
    return sessions.Picture(parts.store.put_bytes(content), media_type)


@router.websocket("/sessions/{id}/channel")
async def open_channel(socket: WebSocket, parts: PartsDep, id: str) -> None:
    """Relay a session's channel: binary messages both ways, until either side hangs up."""
    try:
        actor = await run_in_threadpool(current_actor, socket, parts)
        await run_in_threadpool(_require_steering, parts, actor, id)
    except MuybridgeError as refused:
        await socket.send_denial_response(answer(refused))
        return
    await socket.accept()
    with contextlib.suppress(WebSocketDisconnect):
        line = await _connect(socket, parts, actor, id)
        if line is not None:
            await _relay(socket, parts, actor, id, line)


def _require_steering(parts: Parts, actor: trust.Actor, session_id: str) -> None:
    with parts.database.read() as session:
        sessions.require_steering(session, actor, session_id)


async def _connect(socket: WebSocket, parts: Parts, actor: trust.Actor, session_id: str) -> Line | None:
    """The line to the job, as soon as it listens; None when the session ended before."""
    told, told_at_s = "", 0.0
    while True:
        try:
            return await run_in_threadpool(_try_to_connect, parts, actor, session_id)
        except (NoChannel, ChannelClosed):
            state = await run_in_threadpool(_state_of_job, parts, actor, session_id)
        except sessions.SessionOver:
            await _say_closed(socket, await run_in_threadpool(_reason, parts, actor, session_id))
            return None
        if state != told or time.monotonic() - told_at_s > SAY_WAITING_S:
            told, told_at_s = state, time.monotonic()
            detail = "waiting for a worker" if state == jobs.JobState.QUEUED else "loading the network"
            await socket.send_bytes(messages.pack({"type": "waiting", "state": state, "detail": detail}))
        with contextlib.suppress(TimeoutError):
            # What is said before anybody listens is lost; but a client that leaves is noticed.
            async with asyncio.timeout(POLL_S):
                await socket.receive_bytes()


def _try_to_connect(parts: Parts, actor: trust.Actor, session_id: str) -> Line:
    with parts.database.read() as session:
        return sessions.connect(session, actor, session_id)


def _state_of_job(parts: Parts, actor: trust.Actor, session_id: str) -> str:
    with parts.database.read() as session:
        return jobs.load_job(session, actor, sessions.load_session(session, actor, session_id).job_id or "").state


def _reason(parts: Parts, actor: trust.Actor, session_id: str) -> str:
    """Why a session has ended, or `lost` if it has not: then its worker has."""
    with parts.database.read() as session:
        return sessions.load_session(session, actor, session_id).end_reason or "lost"


async def _relay(socket: WebSocket, parts: Parts, actor: trust.Actor, session_id: str, line: Line) -> None:
    """Carry messages until one side is gone, or the client's right to be here is."""
    work = [
        asyncio.create_task(_to_client(socket, line)),
        asyncio.create_task(_to_job(socket, line)),
        asyncio.create_task(_watch_right(socket, parts, session_id)),
    ]
    try:
        done, _ = await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
        has_said_why = work[0] in done and work[0].exception() is None and work[0].result()
        if work[1] not in done and not has_said_why:
            await _say_closed(socket, await run_in_threadpool(_reason, parts, actor, session_id))
    finally:
        for task in work:
            task.cancel()
        # Not gather: it would swallow whose cancellation this is, and whoever cancelled us would not know its own.
        await asyncio.wait(work)
        line.close()
        with contextlib.suppress(RuntimeError):  # closed by the client already
            await socket.close()


async def _to_client(socket: WebSocket, line: Line) -> bool:
    """Carry what the job says; whether its last word was why it closed."""
    has_said_why = False
    try:
        while True:
            await _readable(line)
            message = await run_in_threadpool(line.receive, 0.0)
            if message is not None:
                # Waits while the client does not take it: nothing piles up here.
                await socket.send_bytes(message)
                has_said_why = messages.unpack(message).header["type"] == "closed"
    except ChannelClosed:
        return has_said_why


async def _readable(line: Line) -> None:
    """Wait for the line without holding a thread."""
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    # The loop watches a selector that watches the line: uvloop makes what it watches non-blocking, for good, and then
    # half a message that has come raises instead of waiting for the other half.
    with selectors.DefaultSelector() as watch:
        watch.register(line.fileno(), selectors.EVENT_READ)
        number = watch.fileno()
        loop.add_reader(number, ready.set)
        try:
            await ready.wait()
        finally:
            loop.remove_reader(number)


async def _to_job(socket: WebSocket, line: Line) -> None:
    with contextlib.suppress(WebSocketDisconnect, ChannelClosed):
        while True:
            received = await socket.receive()
            if received["type"] == "websocket.disconnect":
                return
            message = received.get("bytes")
            if message is None or len(message) > MAX_MESSAGE_BYTES:
                wrong = BadMessage("A message is text, or too long.", remedy="Send a binary one of 64 KiB at most.")
                await socket.send_bytes(messages.error_message(wrong))
                continue
            await run_in_threadpool(line.send, message)


async def _watch_right(socket: WebSocket, parts: Parts, session_id: str) -> None:
    """Ends when who connected may do so no more."""
    with contextlib.suppress(Forbidden):
        while True:
            await asyncio.sleep(RECHECK_S)
            actor = await run_in_threadpool(current_actor, socket, parts)
            trust.require(actor, "generation.create")


async def _say_closed(socket: WebSocket, reason: str) -> None:
    await socket.send_bytes(messages.closed_message(reason))
    await socket.close()
