"""Sessions as commands and as a job, with a scrambled network; the child's work runs in a thread of the test."""

import base64
import importlib.util
import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import select

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "fixtures"))

from labelled import Studio
from untrained import an_untrained_checkpoint

from muybridge import artifacts, jobs, trust
from muybridge.catalog import rights
from muybridge.catalog.rights import AssetForbidden
from muybridge.errors import NotFound
from muybridge.generation import messages, sessions, stills
from muybridge.generation.engines import ENGINES, BeyondLimits, ours
from muybridge.generation.generations import spec_of
from muybridge.generation.journal import NoSuchBranch
from muybridge.generation.sessions import Picture, SessionOver, TooManySessions, Wish
from muybridge.generation.spec import BadSpec, spec_from_json
from muybridge.generation.tables import Generation, PlaySession
from muybridge.jobs import Job, Worker
from muybridge.jobs.channels import Line
from muybridge.jobs.errors import ChannelClosed, NoChannel
from muybridge.jobs.executors.inline import InlineExecutor
from muybridge.plugins import MissingExtra
from muybridge.training.tables import Checkpoint
from muybridge.trust.quotas import QuotaExceeded
from muybridge.worldmodel.config import model_config

IN_THE_ARCADE = Wish("arcade", seed=5)
needs_onnx = pytest.mark.skipif(
    not all(importlib.util.find_spec(name) for name in ("onnx", "onnxruntime")),
    reason="the extra `onnx` is not installed: pip install 'muybridge[onnx]'",
)


@pytest.fixture
def checkpoint(studio: Studio, tmp_path: Path) -> Checkpoint:
    return an_untrained_checkpoint(studio.database, studio.store, studio.actor, tmp_path, is_scrambled=True)


@pytest.fixture
def working(studio: Studio) -> Iterator[Worker]:
    worker = Worker(
        studio.database,
        studio.store,
        workdir=studio.folder / "work",
        executor=InlineExecutor(),
        live=frozenset({sessions.PLAY}),
        live_slots=2,
    )
    stop = threading.Event()
    thread = threading.Thread(target=worker.run_until, args=(stop,), kwargs={"grace_s": 0.0}, daemon=True)
    thread.start()
    yield worker
    stop.set()
    thread.join(20)


@pytest.fixture
def open_session(studio: Studio, checkpoint: Checkpoint) -> Callable[..., PlaySession]:
    def opened(
        wish: Wish = IN_THE_ARCADE,
        picture: Picture | None = None,
        idle_s: float = 60.0,
    ) -> PlaySession:
        with studio.database.write() as session:
            return sessions.open_session(
                session, studio.actor, wish, checkpoint=checkpoint, picture=picture, idle_s=idle_s
            )

    return opened


class Client:
    """One end of a session's channel, without the server between."""

    def __init__(self, studio: Studio, session_id: str) -> None:
        self._line = _connected(studio, session_id)
        self.opened = self.until("opened").header
        self.size = self.opened["width"] * self.opened["height"] * 3
        self.first = self.until("frame")

    def say(self, type_: str, **fields: Any) -> None:
        self._line.send(messages.pack({"type": type_, **fields}))

    def until(self, type_: str) -> messages.Message:
        while True:
            received = self._line.receive(60)
            assert received is not None
            message = messages.unpack(received)
            if message.header["type"] == type_:
                return message
            assert message.header["type"] not in ("error", "closed"), message.header

    def steps(self, *actions: int) -> list[bytes]:
        shown = []
        for action in actions:
            self.say("step", action=action)
            shown.append(self.until("frame").payload[: self.size])
        return shown

    def leave(self) -> None:
        self._line.close()


def _connected(studio: Studio, session_id: str) -> Line:
    deadline = time.monotonic() + 120
    while True:
        try:
            with studio.database.read() as session:
                return sessions.connect(session, studio.actor, session_id)
        except (NoChannel, ChannelClosed):
            assert time.monotonic() < deadline, studio.rows(Job)
            time.sleep(0.05)


def until(studio: Studio, session_id: str, reached: Callable[[PlaySession], bool]) -> PlaySession:
    deadline = time.monotonic() + 60
    while True:
        with studio.database.read() as session:
            play = sessions.load_session(session, studio.actor, session_id)
        if reached(play):
            return play
        assert time.monotonic() < deadline, (play.num_frames, play.end_reason, studio.rows(Job)[-1].failure)
        time.sleep(0.05)


def save_clip(studio: Studio, session_id: str, start_frame: int, end_frame: int) -> Generation:
    with studio.database.write() as session:
        return sessions.save_clip(
            session, studio.actor, session_id, branch="b0", start_frame=start_frame, end_frame=end_frame
        )


def imagined_again(studio: Studio, made: Generation, checkpoint: Checkpoint) -> list[bytes]:
    """The frames that the engine makes of a saved clip's spec, as it was stored."""
    spec = spec_from_json(made.spec)
    weights = studio.store.path_of(checkpoint.digest, studio.folder)
    chunks = ENGINES.get(spec.engine).generate(spec, weights, None)
    return [frame.tobytes() for chunk in chunks for frame in chunk]


@pytest.mark.parametrize("engine", ["ours", pytest.param("ours-int8", marks=needs_onnx)])
def test_a_clip_holds_the_frames_that_were_seen_words_included(
    engine: str, studio: Studio, checkpoint: Checkpoint, working: Worker, open_session: Callable[..., PlaySession]
) -> None:
    play = open_session(replace(IN_THE_ARCADE, engine=engine))
    client = Client(studio, play.id)
    seen = [client.first.payload[: client.size], *client.steps(1, 2, 2)]
    client.say("say", text="rain")
    seen += client.steps(4, 4, 1)
    client.say("close")
    until(studio, play.id, lambda row: row.ended_at is not None)
    made = save_clip(studio, play.id, 2, 7)
    assert made.engine == engine
    assert imagined_again(studio, made, checkpoint) == seen[2:]
    assert spec_of(made).script == spec_from_json(made.spec).script
    deadline = time.monotonic() + 120
    while (clip := studio.rows(Generation)[0]).asset_id is None:
        assert time.monotonic() < deadline, studio.rows(Job)[-1].failure
        time.sleep(0.1)
    assert (clip.kind, clip.verdict["state"]) == ("play", "trusted")
    with studio.database.read() as session:
        forebears = {node.id for node in artifacts.ancestors(session, studio.actor, clip.asset_id or "")}
        events = session.scalars(select(trust.Event).where(trust.Event.subject_id == play.id).order_by(trust.Event.id))
        told = [(event.name, event.facts["checkpoint_digest"], event.facts.get("engine")) for event in events]
    assert {clip.id, play.id, checkpoint.id} <= forebears
    assert told == [("session.opened", checkpoint.digest, engine), ("session.closed", checkpoint.digest, None)]


@needs_onnx
def test_a_wide_network_is_played_in_eight_bits_where_that_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    nano, base = (model_config(size).to_json() for size in ("nano", "base"))
    assert (ours.for_play(nano), ours.for_play(base)) == ("ours", "ours-int8")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert ours.for_play(base) == "ours"
    with pytest.raises(MissingExtra, match=r"pip install 'muybridge\[onnx\]'"):
        ours.EIGHT_BIT.limits(base)


def test_an_engine_of_others_cannot_be_played(open_session: Callable[..., PlaySession]) -> None:
    with pytest.raises(BeyondLimits, match="These can: ours, ours-int8"):
        open_session(replace(IN_THE_ARCADE, engine="wan"))


def test_nobody_there_ends_it_and_gives_the_rest_of_the_quota_back(
    studio: Studio, working: Worker, open_session: Callable[..., PlaySession]
) -> None:
    play = open_session(Wish(prompt="rain", first_steps=2), idle_s=0.5)
    ended = until(studio, play.id, lambda row: row.ended_at is not None)
    assert (ended.end_reason, ended.num_frames) == ("idle", 1)
    with studio.database.read() as session:
        quota = {row.resource: row for row in trust.list_quotas(session, studio.actor)}["play_frames"]
        assert (quota.used, quota.reserved) == (1, 0)
        with pytest.raises(SessionOver, match="idle"):
            sessions.connect(session, studio.actor, play.id)


def test_a_used_up_quota_ends_it_and_says_so(
    studio: Studio, working: Worker, open_session: Callable[..., PlaySession]
) -> None:
    with studio.database.write() as session:
        trust.set_limit(session, studio.actor, "play_frames", 3)
    play = open_session()
    with pytest.raises(QuotaExceeded):
        open_session()
    client = Client(studio, play.id)
    client.steps(1, 1)
    client.say("step")
    assert client._line.receive(60) == messages.closed_message("quota")
    assert until(studio, play.id, lambda row: row.ended_at is not None).num_frames == 3


def test_a_picture_is_cut_to_the_model_s_size_and_begins_it(
    studio: Studio, checkpoint: Checkpoint, working: Worker, open_session: Callable[..., PlaySession]
) -> None:
    drawn = io.BytesIO()
    Image.fromarray(np.full((64, 128, 3), (200, 30, 10), np.uint8)).save(drawn, "PNG")
    media_type = stills.media_type_of(drawn.getvalue())
    picture = Picture(studio.store.put_bytes(drawn.getvalue()), media_type)
    play = open_session(Wish(), picture=picture)
    client = Client(studio, play.id)
    assert (client.opened["has_ghost"], client.first.header["is_imagined"]) == (False, False)
    assert client.first.payload == bytes([200, 30, 10]) * (client.size // 3)
    client.steps(0)
    client.say("close")
    until(studio, play.id, lambda row: row.ended_at is not None)
    made = save_clip(studio, play.id, 0, 2)
    assert made.spec["script"]["image_digest"] == picture.stored.digest


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", base64.b64decode("/9j/4AAQ"), b"x" * (stills.MAX_BYTES + 1)]
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(stills.BadImage):
        stills.media_type_of(content)


def test_footage_may_begin_it_only_with_the_right_to_generate(
    studio: Studio, open_session: Callable[..., PlaySession]
) -> None:
    with pytest.raises(AssetForbidden):
        open_session(Wish(asset_id=studio.an_asset("not ours.mp4")))
    allowed = studio.an_asset("ours.mp4", uses=("generate",))
    with pytest.raises(BeyondLimits, match="100"):
        open_session(Wish(asset_id=allowed, frame=100))
    play = open_session(Wish(asset_id=allowed, frame=99))
    with studio.database.read() as session:
        assert allowed in {node.id for node in artifacts.ancestors(session, studio.actor, play.id)}


def test_footage_revoked_before_its_session_begins_is_not_read(
    studio: Studio, open_session: Callable[..., PlaySession]
) -> None:
    asset_id = studio.an_asset("ours.mp4", uses=("generate",))
    play = open_session(Wish(asset_id=asset_id, frame=0))
    with studio.database.write() as session:
        rights.revoke(session, studio.actor, asset_id, "withdrawn")
    worker = Worker(studio.database, studio.store, workdir=studio.folder / "work", executor=InlineExecutor())
    worker.run_until_idle(120)
    with studio.database.read() as session:
        ended = trust.load(session, studio.actor, PlaySession, play.id)
        failure = trust.load(session, studio.actor, Job, play.job_id or "").failure
    assert (ended.end_reason, (failure or {})["code"]) == ("failed", AssetForbidden.code)
    assert [event for event in studio.rows(trust.Event) if event.name == "asset.exported"] == []


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        (Wish(), BadSpec),
        (Wish(prompt="  "), BadSpec),
        (Wish("kitchen"), BadSpec),
        (Wish("arcade", asset_id="ast_01m82pr0000000000000000000"), BadSpec),
        (Wish(asset_id="ast_01m82pr0000000000000000000"), NotFound),
        (Wish("arcade", prompt="x" * 2001), BeyondLimits),
        (Wish("arcade", steps=65), BeyondLimits),
        (Wish("arcade", seed=-1), BadSpec),
    ],
)
def test_what_cannot_be_played_is_refused_in_the_reply(
    studio: Studio, open_session: Callable[..., PlaySession], wish: Wish, error: type[Exception]
) -> None:
    with pytest.raises(error):
        open_session(wish)
    assert studio.rows(PlaySession) == []


def test_a_member_holds_three_open_and_one_that_waits_ends_at_once(
    studio: Studio, open_session: Callable[..., PlaySession]
) -> None:
    held = [open_session() for _ in range(sessions.MAX_OPEN)]
    with pytest.raises(TooManySessions):
        open_session()
    with studio.database.write() as session:
        ended = sessions.end_session(session, studio.actor, held[0].id)
        assert (ended.end_reason, ended.num_frames) == ("ended", 0)
        with pytest.raises(NoSuchBranch):
            sessions.save_clip(session, studio.actor, held[1].id, branch="b0", start_frame=0, end_frame=1)
    open_session()


WORKER = """
import sys
from pathlib import Path
from muybridge import artifacts, db, wiring
from muybridge.jobs import Worker
url, folder = sys.argv[1], Path(sys.argv[2])
wiring.load_tables()
wiring.connect_plugins()
store = artifacts.open_store((folder / "store").as_uri(), data_dir=folder / "data")
Worker(db.open_database(url), store, workdir=folder / "work").run_until_idle(300)
"""


def a_worker_process(studio: Studio) -> "subprocess.Popen[bytes]":
    url = studio.database.engine.url.render_as_string(hide_password=False)
    return subprocess.Popen([sys.executable, "-c", WORKER, url, str(studio.folder)])


@pytest.mark.timeout(400)
def test_a_killed_worker_loses_seconds_and_the_next_one_goes_on(
    studio: Studio, checkpoint: Checkpoint, open_session: Callable[..., PlaySession]
) -> None:
    play = open_session()
    first = a_worker_process(studio)
    client = Client(studio, play.id)
    seen = [client.first.payload[: client.size], *client.steps(1, 2, 3, 4, 1)]
    until(studio, play.id, lambda row: row.num_frames == 6)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    with pytest.raises(ChannelClosed):
        client._line.receive(60)
    made = save_clip(studio, play.id, 0, 6)
    assert imagined_again(studio, made, checkpoint) == seen, "what was kept can be saved while nobody works"
    with studio.database.write() as session:
        jobs.cancel(session, studio.actor, made.job_id or "")
    second = a_worker_process(studio)
    try:
        again = Client(studio, play.id)
        assert again.opened["branches"][0]["num_frames"] == 6
        assert again.first.payload[: again.size] == seen[-1]
        again.steps(2)
        again.say("close")
        assert until(studio, play.id, lambda row: row.ended_at is not None).num_frames == 7
        assert second.wait(60) == 0
    finally:
        second.kill()
