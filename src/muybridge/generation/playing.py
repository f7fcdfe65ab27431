"""One session as a child process plays it: what it does with each message, and when it imagines.

Torch; no rows, and sockets only through `stage`. It yields the door's address first, then what is to be kept of the
journal, and why it ended last. docs/guides/play.md is the protocol.
"""

import contextlib
import queue
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from muybridge.errors import MuybridgeError
from muybridge.generation import messages
from muybridge.generation.engines import ours
from muybridge.generation.first import FirstFrame, read_first
from muybridge.generation.imagining import Opening, Player, Shown, hears_words, room_as_shown
from muybridge.generation.journal import Branch, Entry, Journal, Op
from muybridge.generation.messages import BadMessage
from muybridge.generation.stage import MESSAGES_WAITING, TICK_S, Client, Said, Stage
from muybridge.jobs.channels import Address
from muybridge.simulator import ghosts
from muybridge.training.checkpoint_files import OpenCheckpoint, open_checkpoint
from muybridge.worldmodel.sampler import ActionOutOfRange, Sampler, Sampling

_MAX_SAID_TOLD = 64
"""Of what was said in a branch, this many are told to who comes: the newest."""
_FRAMES_WAITING = 2
"""Frames that may wait for a client before imagining waits too."""
KEYS = {"left": "ArrowLeft", "right": "ArrowRight", "up": "ArrowUp", "down": "ArrowDown", "stay": " "}


@dataclass(frozen=True, slots=True)
class Plan:
    """A session before it is played. ops: its journal, if an earlier attempt has begun it."""

    session_id: str
    checkpoint: dict[str, Any]
    """{id, digest, name, size}, as the client is told."""
    engine: str
    weights: Path
    room: str | None
    prompt: str
    seed: int
    how: Sampling
    first: FirstFrame | None
    ops: tuple[Op, ...]
    idle_s: float
    max_frames: int
    """How many may be imagined in all."""
    reason_at_most: str
    """What it means to have imagined so many: quota or full."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was done since the last one; often nothing."""

    ops: list[Op] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Ended:
    reason: str


class _Over(Exception):
    """The session ends, and why."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


def play(plan: Plan) -> Iterator[Address | Kept | Ended]:
    """Play until it ends: by its client, by nobody being there, by its budget."""
    stage = Stage()
    reason = "ended"
    try:
        yield stage.address
        yield Kept()
        opened = open_checkpoint(plan.weights)
        table = _Table(plan, opened, stage)
        try:
            yield from table.run()
        except _Over as over:
            reason = over.reason
            yield Kept(table.take_ops())
            yield Ended(reason)
    except MuybridgeError as error:
        reason = "failed"
        stage.tell(messages.error_message(error))
        raise
    finally:
        stage.close(reason)


class _Table:
    """The session itself: what it does with each message, and when it imagines."""

    def __init__(self, plan: Plan, opened: OpenCheckpoint, stage: Stage) -> None:
        self._plan, self._stage = plan, stage
        self._config = opened.model.config
        self._num_parameters = sum(weights.numel() for weights in opened.model.parameters())
        size = (self._config.frame_width, self._config.height)
        given = None if plan.first is None else torch.from_numpy(read_first(plan.first, size))
        opening = Opening(plan.room, plan.prompt, plan.how, given, room_as_shown(opened, plan.room))
        self._player = Player(Sampler(opened.model, opened.tokenizer, runtime=ours.runtime_of(plan.engine)), opening)
        self._hears_words = hears_words(opened.manifest["recipe"], plan.room)
        self._journal = Journal(plan.ops)
        self._ops: list[Op] = []
        self._actions = ghosts.actions_of(plan.room)
        self._action = 0
        self._words: list[str] = []
        self._play_fps: float | None = None
        """None while it is paused."""
        self._due_s = 0.0
        self._told_s = 0.0
        self._handlers = {
            "act": self._act,
            "say": self._say,
            "play": self._play,
            "pause": self._pause,
            "step": self._step,
            "rewind": self._rewind,
            "branch": self._branch,
            "switch": self._switch,
            "restart": self._restart,
            "close": self._close,
        }

    def run(self) -> Iterator[Kept]:
        """Raises _Over."""
        if self._journal.branches:
            self._stand()
        else:
            self._begin(self._plan.seed)
        yield Kept(self.take_ops())
        while True:
            if (joined := self._stage.look_up()) is not None:
                self._greet(joined)
            self._listen(self._patience_s())
            if self._is_time():
                self._imagine(self._action)
            if self._ops or time.monotonic() - self._told_s > TICK_S:
                yield Kept(self.take_ops())
            if self._stage.client is None and time.monotonic() - self._stage.left_at_s > self._plan.idle_s:
                raise _Over("idle")

    def take_ops(self) -> list[Op]:
        taken, self._ops = self._ops, []
        self._told_s = time.monotonic()
        return taken

    # What a client may ask.

    def _act(self, header: dict[str, Any]) -> None:
        self._action = self._action_of(messages.whole_of(header, "action"))

    def _say(self, header: dict[str, Any]) -> None:
        words = [*self._words, messages.text_of(header, "text")]
        self._imagination.tokens_of(words[-1])
        self._imagination.tokens_of(". ".join(words))
        self._words = words

    def _play(self, header: dict[str, Any]) -> None:
        self._play_fps = messages.number_of(header, "fps", self._plan.how.fps, low=0.5, high=60.0)
        self._due_s = time.monotonic()
        self._tell({"type": "playing", "fps": self._play_fps})

    def _pause(self, header: dict[str, Any]) -> None:
        self._play_fps = None
        self._tell({"type": "paused"})

    def _step(self, header: dict[str, Any]) -> None:
        action = self._action_of(messages.whole_of(header, "action", self._action))
        self._halt()
        self._imagine(action)

    def _rewind(self, header: dict[str, Any]) -> None:
        frame = messages.whole_of(header, "frame")
        self._do(self._journal.rewind(frame))
        self._stand()
        self._tell({"type": "rewound", "branch": self._journal.current, "frame": frame})
        self._show_again()

    def _branch(self, header: dict[str, Any]) -> None:
        self._do(self._journal.fork(messages.text_of(header, "branch"), messages.whole_of(header, "frame")))
        self._stand()
        self._tell(_branched(self._journal.branch))
        self._show_again()

    def _switch(self, header: dict[str, Any]) -> None:
        self._do(self._journal.switch(messages.text_of(header, "branch")))
        self._stand()
        frame = len(self._journal.branch.entries) - 1
        self._tell({"type": "switched", "branch": self._journal.current, "frame": frame})
        self._show_again()

    def _restart(self, header: dict[str, Any]) -> None:
        seed = messages.whole_of(header, "seed", self._journal.branch.seed)
        if not 0 <= seed < 2**31:
            raise BadMessage(f"Seed {seed} is out of range.", remedy="Choose 0 to 2147483647.")
        self._begin(seed)

    def _close(self, header: dict[str, Any]) -> None:
        raise _Over("closed")

    # How it is done.

    @property
    def _imagination(self) -> Any:
        return self._player.imagination

    def _begin(self, seed: int) -> None:
        """A new branch and its first frame."""
        self._require_budget()
        self._do(self._journal.begin(seed))
        self._stand()
        self._tell(_branched(self._journal.branch))
        self._imagine(0)

    def _do(self, op: Op) -> None:
        """Take note of an op, which ends what was being done before."""
        self._halt()
        self._keep(op)
        self._words = []

    def _keep(self, op: Op) -> None:
        self._journal.apply(op)
        self._ops.append(op)

    def _halt(self) -> None:
        if self._play_fps is not None:
            self._pause({})

    def _stand(self) -> None:
        """Go to the end of the current branch."""
        branch = self._journal.branch
        told_s = time.monotonic()

        def tell(number: int) -> None:
            nonlocal told_s
            if time.monotonic() - told_s > 1.0:
                told_s = time.monotonic()
                detail = f"imagining frame {number} of {len(branch.entries)} again"
                self._tell({"type": "waiting", "state": "running", "detail": detail})

        self._player.go_to(branch.seed, branch.entries, tell)

    def _imagine(self, action: int) -> None:
        """One frame on, told to the client and noted in the journal."""
        self._require_budget()
        entry = Entry(action, ". ".join(self._words) if self._words else None)
        self._words = []
        shown = self._player.step(entry)
        self._keep(self._journal.frame(entry))
        self._show(shown, is_again=False)
        if self._play_fps is not None:
            # From when it was due, so that the rate holds; but what was missed is not made up for.
            self._due_s = max(self._due_s + 1.0 / self._play_fps, time.monotonic())

    def _require_budget(self) -> None:
        if self._journal.num_imagined >= self._plan.max_frames:
            raise _Over(self._plan.reason_at_most)

    def _action_of(self, action: int) -> int:
        if not 0 <= action < len(self._actions):
            raise ActionOutOfRange(
                f"There is no action {action}.",
                remedy=f"Here are 0 to {len(self._actions) - 1}: {', '.join(self._actions)}.",
            )
        return action

    def _is_time(self) -> bool:
        client = self._stage.client
        if self._play_fps is None or client is None or client.num_waiting >= _FRAMES_WAITING:
            return False
        return time.monotonic() >= self._due_s

    def _patience_s(self) -> float:
        """How long to listen before something else is to be done."""
        if self._play_fps is None:
            return TICK_S / 2
        return min(TICK_S / 2, max(0.002, self._due_s - time.monotonic()))

    def _listen(self, patience_s: float) -> None:
        """Take what clients have said; wait for it at most so long."""
        client = self._stage.client
        if client is not None and client.num_waiting >= MESSAGES_WAITING:
            time.sleep(patience_s)  # it asks and does not listen: let it wait too
            return
        with contextlib.suppress(queue.Empty):
            said = self._stage.inbox.get(timeout=patience_s)
            while True:
                self._answer(said)
                said = self._stage.inbox.get_nowait()

    def _answer(self, said: Said) -> None:
        if said.client is not self._stage.client:
            return  # said before it left
        if said.message is None:
            self._stage.lose()
            self._play_fps = None
            return
        try:
            header = messages.unpack(said.message).header
            if header["type"] not in self._handlers:
                known = ", ".join(self._handlers)
                raise BadMessage(f"There is no message {header['type'][:40]!r}.", remedy=f"There are: {known}.")
            self._handlers[header["type"]](header)
        except MuybridgeError as error:
            self._stage.tell(messages.error_message(error))

    def _greet(self, client: Client) -> None:
        journal, plan, ghost = self._journal, self._plan, self._imagination.ghost
        opened = {
            "type": "opened",
            "session": plan.session_id,
            "checkpoint": {**plan.checkpoint, "parameters": self._num_parameters},
            "width": self._config.frame_width,
            "height": self._config.height,
            "fps": plan.how.fps,
            "steps": plan.how.steps,
            "engine": plan.engine,
            "actions": [{"id": n, "name": name, "key": KEYS[name]} for n, name in enumerate(self._actions)],
            "room": plan.room,
            "prompt": self._imagination.prompt,
            "seed": journal.branch.seed,
            "has_ghost": ghost is not None,
            "scene": "" if ghost is None else ghost.caption(),
            "hears_words": self._hears_words,
            "window": self._config.window,
            "max_text_tokens": self._config.max_text // 2,
            "branch": journal.current,
            "branches": [_told(branch) for branch in journal.branches.values()],
            "is_playing": self._play_fps is not None,
            "idle_s": plan.idle_s,
        }
        client.tell(messages.pack(opened))
        self._show_again()

    def _show_again(self) -> None:
        """The frame that stands, for a client that may not have it."""
        stands = self._imagination
        self._show(Shown(stands.frame(), self._journal.branch.entries[-1], stands.is_imagined, 0), is_again=True)

    def _show(self, shown: Shown, *, is_again: bool) -> None:
        if self._stage.client is None:
            return
        imagination = self._imagination
        payload, ghost = shown.frame.numpy().tobytes(), imagination.ghost_frame()
        drift = None if ghost is None else ghosts.drift(imagination.ghost, shown.frame)
        header = {
            "type": "frame",
            "branch": self._journal.current,
            "frame": len(self._journal.branch.entries) - 1,
            "action": shown.entry.action,
            "said": shown.entry.said,
            "ms": shown.ms,
            "ghost": ghost is not None,
            "ghost_note": imagination.ghost_note,
            "drift": None if drift is None else round(drift, 4),
            "is_imagined": shown.is_imagined,
            "is_again": is_again,
        }
        self._stage.tell(messages.pack(header, payload + (b"" if ghost is None else ghost.numpy().tobytes())))

    def _tell(self, header: dict[str, Any]) -> None:
        self._stage.tell(messages.pack(header))


def _told(branch: Branch) -> dict[str, Any]:
    return {
        "id": branch.id,
        "seed": branch.seed,
        "from_branch": branch.from_branch,
        "from_frame": branch.from_frame,
        "num_frames": len(branch.entries),
        "said": [
            {"frame": number, "words": entry.said}
            for number, entry in enumerate(branch.entries)
            if entry.said is not None
        ][-_MAX_SAID_TOLD:],
    }


def _branched(branch: Branch) -> dict[str, Any]:
    return {
        "type": "branched",
        "branch": branch.id,
        "from_branch": branch.from_branch,
        "from_frame": branch.from_frame,
        "seed": branch.seed,
    }
