"""Imagine frame by frame with a cache of constant size.

A `Rollout` holds keys and values of at most `window` frames in a ring, with <bos> and the prompt pinned beside it. The
footage never reads the prompt (see `sequence`), so a prompt may change between two frames at the cost of its own
tokens. Time may run for ever: text follows the window, as it stood before the first frame in training.

A frame that happened is read in the same pass as the first step of the frame after it, which sees it there: a frame
of two steps costs two passes, one of them twice as long, and not three.

Shapes: B batch, P patches, C channels, N = 1 + P tokens a frame, L text tokens, H heads, E head width.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from muybridge.worldmodel import flow, matching, passes, sequence, text
from muybridge.worldmodel.cache import Cache, Past, Said
from muybridge.worldmodel.net import NATIVE_FPS, FrameInputs, WorldModel
from muybridge.worldmodel.trunk import KeysValues, additive


class Rollout:
    """One batch of imagined (or watched) videos. Not for training: everything runs without gradients."""

    def __init__(
        self, model: WorldModel, batch: int, *, fps: float = NATIVE_FPS, trunk: passes.Pass | None = None
    ) -> None:
        """trunk: what runs the model's trunk, if not the model itself (see `passes`)."""
        self.model, self.batch, self.config = model, batch, model.config
        self._trunk = trunk or model.trunk
        self.device = model.control.device
        self.fps = torch.full((batch,), fps, device=self.device)
        self.num_frames = 0
        """Frames committed so far; the next frame's time."""
        shape = (batch, self.config.history, self.config.patches, self.config.channels)
        self._remember(torch.zeros(shape, device=self.device, dtype=model.control.dtype))
        self._cache = Cache(self.config, self._read_bos())
        self._unread: FrameInputs | None = None
        """The last frame, where it has happened and its keys and values are not yet in the cache."""

    @property
    def last(self) -> Tensor:
        """The last committed frame's patches (zeros before the first)."""
        return self._history[:, 0]

    @torch.no_grad()
    def say(self, prompts: Sequence[Sequence[int]]) -> None:
        """Condition the frames that follow on these tokens, one list a row (an empty one says nothing).

        Before the first frame they are a prompt, later an event in mid-stream, which reads the footage so far.
        """
        if len(prompts) != self.batch:
            raise ValueError(f"{len(prompts)} prompts for a batch of {self.batch}")
        piece = _event if self.num_frames else sequence.prompt
        rows = [list(piece(tokens).tokens) if len(tokens) else [] for tokens in prompts]
        longest = max((len(row) for row in rows), default=0)
        if not longest:
            return
        self._read_last()
        # Right-aligned: what is said ends where the next frame begins, whatever its length.
        tokens = torch.tensor([[text.PAD] * (longest - len(row)) + row for row in rows], device=self.device)
        seen = tokens != text.PAD
        times = torch.arange(longest, device=self.device) - float(longest) + self.num_frames
        past = self._cache.past(self.num_frames, self.config.window - 1, with_texts=True)
        _, fresh = self._read_text(tokens, times[None], seen, past)
        self._cache.pin(Said(tokens, seen), self.num_frames, fresh, most=self.config.max_text)

    def forget(self) -> None:
        """Let the frames that follow obey nothing said before."""
        self._cache.unpin()

    @torch.no_grad()
    def commit(self, frame_BPC: Tensor, *, action_B: Tensor | None = None, time: int | None = None) -> None:
        """Take a frame as having happened. `time` out of turn (in-betweens) leaves the clock and the last frame."""
        self._read_last()
        inputs = self._inputs(frame_BPC, tau=1.0, step=0.0, action_B=action_B)
        if time is not None:
            inputs = replace(inputs, history=torch.zeros_like(inputs.history), motion=None)
            _, fresh = self._read_frame(inputs, time, self.num_frames, with_texts=False)
            self._cache.put(time, fresh)
            return
        self._unread = inputs
        self._remember(torch.cat([frame_BPC[:, None], self._history[:, :-1]], dim=1))
        self.num_frames += 1

    @torch.no_grad()
    def imagine(
        self,
        noise_BPC: Tensor,
        *,
        steps: int,
        guidance: float = 1.0,
        action_B: Tensor | None = None,
        time: int | None = None,
    ) -> Tensor:
        """The next frame's patches [B,P,C], not yet committed. `time`: another frame than the next (in-betweens)."""
        if time is not None:
            self._read_last()
        when = self.num_frames if time is None else time
        z, taus, words = noise_BPC, flow.step_taus(steps), self._felt()
        for tau, next_tau in pairwise(taus):
            inputs = self._inputs(z, tau=tau, step=0.0, action_B=action_B)
            predicted = self._predict(replace(inputs, words=words), when, with_texts=True)
            if guidance != 1.0 and self._cache.has_texts:
                predicted = flow.guide(predicted, self._predict(inputs, when, with_texts=False), guidance)
            z = flow.euler_step(z, predicted.clamp(-1.2, 1.2), tau, next_tau)
        return z.clamp(-1.0, 1.0)

    def snapshot(self) -> "Snapshot":
        """The roll-out as it stands, to go back to; costs one copy of the cache."""
        return Snapshot(self.num_frames, self._history, self._motion, self._unread, self._cache.copy())

    def restore(self, snapshot: "Snapshot") -> None:
        """Go back to a moment of this roll-out: what follows is as it was then, bit for bit. May be done again."""
        self.num_frames, self._unread = snapshot.num_frames, snapshot.unread
        self._history, self._motion = snapshot.history, snapshot.motion
        self._cache = snapshot.cache.copy()

    @torch.no_grad()
    def write(self, openings: Sequence[Sequence[int]], max_tokens: int) -> list[list[int]]:
        """Continue each row's opening tokens greedily after the frames so far, until <eos>.

        A caption opens with (CAPTION,), an answer with (QUESTION, ..., ANSWER). Leaves the roll-out as it was.
        """
        self._read_last()
        longest = max(len(row) for row in openings)
        tokens = torch.tensor([[text.PAD] * (longest - len(row)) + list(row) for row in openings], device=self.device)
        seen = tokens != text.PAD
        # Answers begin where the footage ends: each row's first real token stands at that time.
        times = torch.arange(longest, device=self.device) - (~seen).sum(dim=1, keepdim=True) + float(self.num_frames)
        past = _with_room(self._cache.past(self.num_frames, self.config.window, with_texts=False), longest + max_tokens)
        at = self._cache.num_positions
        written: list[list[int]] = [[] for _ in range(self.batch)]
        for _ in range(max_tokens):
            hidden, fresh = self._read_text(tokens, times, seen, past)
            chosen = self.model.read_text(hidden[:, -1]).argmax(dim=-1)
            for row, token in zip(written, chosen.tolist(), strict=True):
                if not row or row[-1] != text.EOS:
                    row.append(token)
            if all(row[-1] == text.EOS for row in written):
                break
            _write(past, at, fresh, seen)
            at += tokens.shape[1]
            tokens, times, seen = chosen[:, None], times[:, -1:] + 1.0, torch.ones_like(seen[:, :1])
        return [[token for token in row if token != text.EOS] for row in written]

    def _remember(self, history_BKPC: Tensor) -> None:
        """The last frames, and how they moved: found once for the frame that is imagined and the one that happens."""
        self._history = history_BKPC
        self._motion = matching.matched(history_BKPC[:, None], self.config)

    def _felt(self) -> Tensor | None:
        """What the next frame feels of all that was said to it."""
        said = self._cache.said
        return None if said is None else self.model.felt(said.tokens, said.seen[:, None])

    def _predict(self, inputs: FrameInputs, time: int, *, with_texts: bool) -> Tensor:
        if self._unread is not None:
            hidden = self._read_last_and(inputs)
        else:
            hidden, _ = self._read_frame(inputs, time, self.num_frames, with_texts=with_texts)
        return self.model.read_frames(hidden, inputs)[:, 0]

    def _read_last(self) -> None:
        """Bring the cache up to the last frame."""
        if self._unread is not None:
            time = self.num_frames - 1
            _, fresh = self._read_frame(self._unread, time, time, with_texts=False)
            self._cache.put(time, fresh)
            self._unread = None

    def _read_last_and(self, inputs: FrameInputs) -> Tensor:
        """Bring the cache up to the last frame, and read the next one with it; the next one's hidden states."""
        assert self._unread is not None
        tokens, time = self.config.tokens_per_frame, self.num_frames - 1
        past = self._cache.past_of_two(self.num_frames, self.config.window - 1)
        seen = torch.tensor([[True, False], [True, True]], device=self.device)
        own = additive(seen, past.mask.dtype).expand(self.batch, 1, 2, 2).repeat_interleave(tokens, dim=3)
        mask = torch.cat([past.mask, own], dim=3).repeat_interleave(tokens, dim=2)
        positions = sequence.frame_positions(torch.tensor([time, time + 1], device=self.device), self.config)
        x = torch.cat([self.model.embed_frames(self._unread), self.model.embed_frames(inputs)], dim=1)
        hidden, fresh = self._trunk(x, positions[None], mask, past.layers)
        self._cache.put(time, [KeysValues(*(part[:, :, :tokens] for part in layer)) for layer in fresh])
        self._unread = None
        return hidden[:, tokens:]

    def _read_frame(
        self, inputs: FrameInputs, time: int, now: int, *, with_texts: bool
    ) -> tuple[Tensor, list[KeysValues]]:
        past = self._cache.past(now, self.config.window - 1, with_texts=with_texts)
        own = past.mask.new_zeros(self.batch, 1, 1, self.config.tokens_per_frame)
        positions = sequence.frame_positions(torch.tensor([time], device=self.device), self.config)
        x = self.model.embed_frames(inputs)
        return self._trunk(x, positions[None], torch.cat([past.mask, own], dim=3), past.layers)

    def _read_text(
        self, tokens: Tensor, times: Tensor, seen: Tensor, past: Past | None
    ) -> tuple[Tensor, list[KeysValues]]:
        length = tokens.shape[1]
        itself = torch.eye(length, dtype=torch.bool, device=self.device)
        own = (torch.ones_like(itself).tril() & seen[:, None, :]) | itself
        mask = additive(own, self._history.dtype)[:, None]
        if past is not None:
            mask = torch.cat([past.mask.expand(-1, -1, length, -1), mask], dim=3)
        positions = sequence.text_positions(times.expand(self.batch, -1))
        return self._trunk(self.model.embed_text(tokens), positions, mask, past.layers if past else None)

    def _inputs(self, z: Tensor, *, tau: float, step: float, action_B: Tensor | None) -> FrameInputs:
        if action_B is None:
            action_B = torch.zeros(self.batch, dtype=torch.int64, device=self.device)
        filled = torch.ones(self.batch, 1, device=self.device)
        history, action = self._history[:, None], action_B[:, None]
        return FrameInputs(z[:, None], history, filled * tau, action, self.fps, filled * step, self._motion)

    @torch.no_grad()
    def _read_bos(self) -> list[KeysValues]:
        tokens = torch.full((self.batch, 1), text.BOS, device=self.device)
        time = tokens.new_full((1, 1), -1, dtype=torch.float32)
        return self._read_text(tokens, time, torch.ones_like(tokens, dtype=torch.bool), None)[1]


class Snapshot(NamedTuple):
    """A moment of a roll-out, with all that the frames after it depend on."""

    num_frames: int
    history: Tensor
    motion: Tensor | None
    unread: FrameInputs | None
    cache: Cache


def _event(tokens: Sequence[int]) -> sequence.Piece:
    return sequence.event(tokens, 0)


def _with_room(past: Past, room: int) -> Past:
    """A copy with room behind it, unseen until it is written to."""
    layers = [KeysValues(*(functional.pad(part, (0, 0, 0, room)) for part in layer)) for layer in past.layers]
    return Past(layers, functional.pad(past.mask, (0, room), value=float("-inf")))


def _write(past: Past, at: int, fresh: list[KeysValues], seen_BL: Tensor) -> None:
    span = slice(at, at + seen_BL.shape[1])
    for layer, new in zip(past.layers, fresh, strict=True):
        layer.keys[:, :, span], layer.values[:, :, span] = new.keys, new.values
    past.mask[:, 0, 0, span] = additive(seen_BL, past.mask.dtype)
