"""Imagine frame by frame with a cache of constant size.

A `Rollout` holds keys and values of at most `window` frames in a ring, with <bos> and the prompt pinned beside it. The
footage never reads the prompt (see `sequence`), so a prompt may change between two frames at the cost of its own
tokens. Time may run for ever: text follows the window, as it stood before the first frame in training.

Shapes: B batch, P patches, C channels, N = 1 + P tokens a frame, L text tokens, H heads, E head width.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from muybridge.worldmodel import flow, passes, sequence, text
from muybridge.worldmodel.cache import Cache, Past, additive
from muybridge.worldmodel.net import NATIVE_FPS, FrameInputs, WorldModel
from muybridge.worldmodel.trunk import KeysValues


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
        self._history = torch.zeros(shape, device=self.device, dtype=model.control.dtype)
        self._cache = self._begun()

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
        # Right-aligned: what is said ends where the next frame begins, whatever its length.
        tokens = torch.tensor([[text.PAD] * (longest - len(row)) + row for row in rows], device=self.device)
        seen = tokens != text.PAD
        times = torch.arange(longest, device=self.device) - float(longest) + self.num_frames
        past = self._past(self.config.window - 1, with_texts=True)
        _, fresh = self._read_text(tokens, times[None], seen, past)
        self._cache.pin(self.num_frames, fresh, seen, most=self.config.max_text)

    def forget(self) -> None:
        """Let the frames that follow obey nothing said before."""
        self._cache.unpin()

    @torch.no_grad()
    def commit(self, frame_BPC: Tensor, *, action_B: Tensor | None = None, time: int | None = None) -> None:
        """Take a frame as having happened. `time` out of turn (in-betweens) leaves the clock and the last frame."""
        when = self.num_frames if time is None else time
        history = self._history if time is None else torch.zeros_like(self._history)
        inputs = self._inputs(frame_BPC, history, tau=1.0, step=0.0, action_B=action_B)
        _, fresh = self._read_frame(inputs, when, with_texts=False)
        self._cache.put(when, fresh)
        if time is None:
            self._history = torch.cat([frame_BPC[:, None], self._history[:, :-1]], dim=1)
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
        when = self.num_frames if time is None else time
        z, taus = noise_BPC, flow.step_taus(steps)
        for tau, next_tau in pairwise(taus):
            inputs = self._inputs(z, self._history, tau=tau, step=0.0, action_B=action_B)
            predicted = self._predict(inputs, when, with_texts=True)
            if guidance != 1.0 and self._cache.has_texts:
                predicted = flow.guide(predicted, self._predict(inputs, when, with_texts=False), guidance)
            z = flow.euler_step(z, predicted.clamp(-1.2, 1.2), tau, next_tau)
        return z.clamp(-1.0, 1.0)

    def snapshot(self) -> "Snapshot":
        """The roll-out as it stands, to go back to; costs one copy of the cache."""
        return Snapshot(self.num_frames, self._history, self._cache.copy())

    def restore(self, snapshot: "Snapshot") -> None:
        """Go back to a moment of this roll-out: what follows is as it was then, bit for bit. May be done again."""
        self.num_frames, self._history = snapshot.num_frames, snapshot.history
        self._cache = snapshot.cache.copy()

    @torch.no_grad()
    def write(self, openings: Sequence[Sequence[int]], max_tokens: int) -> list[list[int]]:
        """Continue each row's opening tokens greedily after the frames so far, until <eos>.

        A caption opens with (CAPTION,), an answer with (QUESTION, ..., ANSWER). Leaves the roll-out as it was.
        """
        longest = max(len(row) for row in openings)
        tokens = torch.tensor([[text.PAD] * (longest - len(row)) + list(row) for row in openings], device=self.device)
        seen = tokens != text.PAD
        # Answers begin where the footage ends: each row's first real token stands at that time.
        times = torch.arange(longest, device=self.device) - (~seen).sum(dim=1, keepdim=True) + float(self.num_frames)
        past = _with_room(self._past(self.config.window, with_texts=False), longest + max_tokens)
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

    def _predict(self, inputs: FrameInputs, time: int, *, with_texts: bool) -> Tensor:
        hidden, _ = self._read_frame(inputs, time, with_texts=with_texts)
        return self.model.read_frames(hidden, inputs.history[:, :, 0])[:, 0]

    def _read_frame(self, inputs: FrameInputs, time: int, *, with_texts: bool) -> tuple[Tensor, list[KeysValues]]:
        past = self._past(self.config.window - 1, with_texts=with_texts)
        own = past.mask.new_zeros(self.batch, 1, 1, self.config.tokens_per_frame)
        positions = sequence.frame_positions(torch.tensor([time], device=self.device), self.config)
        x = self.model.embed_frames(inputs)
        hidden, fresh = self._trunk(x, positions[None], torch.cat([past.mask, own], dim=3), past.layers)
        return hidden, fresh

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
        x = self.model.embed_text(tokens)
        hidden, fresh = self._trunk(x, positions, mask, past.layers if past else None)
        return hidden, fresh

    def _past(self, at_most: int, *, with_texts: bool) -> Past:
        return self._cache.past(self.num_frames, at_most, with_texts=with_texts)

    def _inputs(self, z: Tensor, history: Tensor, *, tau: float, step: float, action_B: Tensor | None) -> FrameInputs:
        if action_B is None:
            action_B = torch.zeros(self.batch, dtype=torch.int64, device=self.device)
        filled = torch.ones(self.batch, 1, device=self.device)
        return FrameInputs(z[:, None], history[:, None], filled * tau, action_B[:, None], self.fps, filled * step)

    @torch.no_grad()
    def _begun(self) -> Cache:
        """A cache that holds <bos> and nothing else."""
        tokens = torch.full((self.batch, 1), text.BOS, device=self.device)
        seen = torch.ones_like(tokens, dtype=torch.bool)
        _, fresh = self._read_text(tokens, tokens.new_full((1, 1), -1, dtype=torch.float32), seen, None)
        cache = Cache(self.config, fresh[0].keys)
        cache.pin(0, fresh, seen)
        return cache


class Snapshot(NamedTuple):
    """A moment of a roll-out, with all that the frames after it depend on."""

    num_frames: int
    history: Tensor
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
