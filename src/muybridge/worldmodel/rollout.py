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

from muybridge.worldmodel import flow, sequence, text
from muybridge.worldmodel.net import NATIVE_FPS, FrameInputs, WorldModel
from muybridge.worldmodel.trunk import KeysValues, rotate, rotation


class Rollout:
    """One batch of imagined (or watched) videos. Not for training: everything runs without gradients."""

    def __init__(self, model: WorldModel, batch: int, *, fps: float = NATIVE_FPS) -> None:
        self.model, self.batch, self.config = model, batch, model.config
        self.device = model.control.device
        self.fps = torch.full((batch,), fps, device=self.device)
        self.num_frames = 0
        """Frames committed so far; the next frame's time."""
        slots = self.config.window * self.config.tokens_per_frame
        shape = (batch, self.config.heads, slots, self.config.head_width)
        self._ring = [KeysValues(self._zeros(shape), self._zeros(shape)) for _ in range(self.config.layers)]
        self._slot_times: list[int | None] = [None] * self.config.window
        self._history = self._zeros((batch, self.config.history, self.config.patches, self.config.channels))
        self._is_first = True
        self._bos = self._read_bos()
        self._texts: list[_Pinned] = []

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
        piece = sequence.prompt if self._is_first else _event
        rows = [list(piece(tokens).tokens) if len(tokens) else [] for tokens in prompts]
        longest = max((len(row) for row in rows), default=0)
        if not longest:
            return
        # Right-aligned: what is said ends where the next frame begins, whatever its length.
        tokens = torch.tensor([[text.PAD] * (longest - len(row)) + row for row in rows], device=self.device)
        seen = tokens != text.PAD
        times = torch.arange(longest, device=self.device) - float(longest) + self.num_frames
        past, past_seen = self._past(self.config.window - 1, with_texts=True)
        _, fresh = self._read_text(tokens, times[None], seen, past, past_seen)
        self._texts.append(_Pinned(self.num_frames, fresh, seen))
        while sum(pinned.seen.shape[1] for pinned in self._texts[:-1]) + longest > self.config.max_text:
            self._texts.pop(0)

    def forget(self) -> None:
        """Let the frames that follow obey nothing said before."""
        self._texts.clear()

    @torch.no_grad()
    def commit(self, frame_BPC: Tensor, *, action_B: Tensor | None = None, time: int | None = None) -> None:
        """Take a frame as having happened. `time` out of turn (in-betweens) leaves the clock and the last frame."""
        when = self.num_frames if time is None else time
        history = self._history if time is None else torch.zeros_like(self._history)
        inputs = self._inputs(frame_BPC, history, tau=1.0, step=0.0, action_B=action_B)
        _, fresh = self._read_frame(inputs, when, with_texts=False)
        slot = self._free_slot()
        tokens = self.config.tokens_per_frame
        for layer, new in zip(self._ring, fresh, strict=True):
            layer.keys[:, :, slot * tokens : (slot + 1) * tokens] = new.keys
            layer.values[:, :, slot * tokens : (slot + 1) * tokens] = new.values
        self._slot_times[slot] = when
        if time is None:
            self._history = torch.cat([frame_BPC[:, None], self._history[:, :-1]], dim=1)
            self._is_first = False
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
            if guidance != 1.0 and self._texts:
                predicted = flow.guide(predicted, self._predict(inputs, when, with_texts=False), guidance)
            z = flow.euler_step(z, predicted.clamp(-1.2, 1.2), tau, next_tau)
        return z.clamp(-1.0, 1.0)

    def snapshot(self) -> "Snapshot":
        """The roll-out as it stands, to go back to; costs one copy of the cache."""
        texts = tuple(self._texts)
        return Snapshot(self.num_frames, _copied(self._ring), tuple(self._slot_times), self._history, texts)

    def restore(self, snapshot: "Snapshot") -> None:
        """Go back to a moment of this roll-out: what follows is as it was then, bit for bit. May be done again."""
        self.num_frames, ring, times, self._history, texts = snapshot
        self._ring, self._slot_times, self._texts = _copied(ring), list(times), list(texts)
        self._is_first = self.num_frames == 0

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
        past, past_seen = self._past(self.config.window, with_texts=False)
        written: list[list[int]] = [[] for _ in range(self.batch)]
        for _ in range(max_tokens):
            hidden, fresh = self._read_text(tokens, times, seen, past, past_seen)
            chosen = self.model.read_text(hidden[:, -1]).argmax(dim=-1)
            for row, token in zip(written, chosen.tolist(), strict=True):
                if not row or row[-1] != text.EOS:
                    row.append(token)
            if all(row[-1] == text.EOS for row in written):
                break
            past = [_join(old, new) for old, new in zip(past, fresh, strict=True)]
            past_seen = torch.cat([past_seen, seen], dim=1)
            tokens, times, seen = chosen[:, None], times[:, -1:] + 1.0, torch.ones_like(seen[:, :1])
        return [[token for token in row if token != text.EOS] for row in written]

    def _predict(self, inputs: FrameInputs, time: int, *, with_texts: bool) -> Tensor:
        hidden, _ = self._read_frame(inputs, time, with_texts=with_texts)
        return self.model.read_frames(hidden, inputs.history[:, :, 0])[:, 0]

    def _read_frame(self, inputs: FrameInputs, time: int, *, with_texts: bool) -> tuple[Tensor, list[KeysValues]]:
        past, seen = self._past(self.config.window - 1, with_texts=with_texts)
        own = torch.ones(self.batch, self.config.tokens_per_frame, dtype=torch.bool, device=self.device)
        mask = torch.cat([seen, own], dim=1)[:, None, None]
        positions = sequence.frame_positions(torch.tensor([time], device=self.device), self.config)
        hidden, fresh = self.model.trunk(self.model.embed_frames(inputs), positions[None], mask, past)
        return hidden, fresh

    def _read_text(
        self, tokens: Tensor, times: Tensor, seen: Tensor, past: list[KeysValues] | None, past_seen: Tensor
    ) -> tuple[Tensor, list[KeysValues]]:
        length = tokens.shape[1]
        itself = torch.eye(length, dtype=torch.bool, device=self.device)
        own = (torch.ones_like(itself).tril() & seen[:, None, :]) | itself
        mask = torch.cat([past_seen[:, None].expand(-1, length, -1), own], dim=2)[:, None]
        positions = sequence.text_positions(times.expand(self.batch, -1))
        hidden, fresh = self.model.trunk(self.model.embed_text(tokens), positions, mask, past)
        return hidden, fresh

    def _past(self, at_most: int, *, with_texts: bool) -> tuple[list[KeysValues], Tensor]:
        """<bos>, the ring with its latest `at_most` frames seen, and what was said."""
        times = [time for time in self._slot_times if time is not None]
        latest = sorted(times, reverse=True)[:at_most]
        slots = [time in latest for time in self._slot_times]
        ring_seen = torch.tensor(slots, device=self.device).repeat_interleave(self.config.tokens_per_frame)
        past, seen = self._shifted(self._bos, at_most), [self._bos.seen]
        past = [_join(layer, ring) for layer, ring in zip(past, self._ring, strict=True)]
        seen.append(ring_seen.expand(self.batch, -1))
        for pinned in self._texts if with_texts else []:
            past = [_join(layer, extra) for layer, extra in zip(past, self._shifted(pinned, at_most), strict=True)]
            seen.append(pinned.seen)
        return past, torch.cat(seen, dim=1)

    def _shifted(self, pinned: "_Pinned", at_most: int) -> list[KeysValues]:
        """Text keeps its distance to the window once the frame it stood before has left it."""
        shift = max(0, self.num_frames - at_most - pinned.before_frame)
        if not shift:
            return pinned.layers
        turn = rotation(torch.tensor([[[shift, 0, 0]]], device=self.device), self.config.head_width)
        return [KeysValues(rotate(layer.keys, turn), layer.values) for layer in pinned.layers]

    def _free_slot(self) -> int:
        if None in self._slot_times:
            return self._slot_times.index(None)
        return min(range(len(self._slot_times)), key=lambda slot: self._slot_times[slot] or 0)

    def _inputs(self, z: Tensor, history: Tensor, *, tau: float, step: float, action_B: Tensor | None) -> FrameInputs:
        if action_B is None:
            action_B = torch.zeros(self.batch, dtype=torch.int64, device=self.device)
        filled = torch.ones(self.batch, 1, device=self.device)
        return FrameInputs(z[:, None], history[:, None], filled * tau, action_B[:, None], self.fps, filled * step)

    @torch.no_grad()
    def _read_bos(self) -> "_Pinned":
        seen = self._zeros((self.batch, 1)).bool().logical_not()
        tokens = torch.full((self.batch, 1), text.BOS, device=self.device)
        time = torch.full((1, 1), -1.0, device=self.device)
        _, fresh = self._read_text(tokens, time, seen, None, seen[:, :0])
        return _Pinned(0, fresh, seen)

    def _zeros(self, shape: tuple[int, ...]) -> Tensor:
        return torch.zeros(shape, device=self.device, dtype=self.model.control.dtype)


class Snapshot(NamedTuple):
    """A moment of a roll-out, with all that the frames after it depend on."""

    num_frames: int
    ring: list[KeysValues]
    slot_times: "tuple[int | None, ...]"
    history: Tensor
    texts: "tuple[_Pinned, ...]"


class _Pinned(NamedTuple):
    """Text that stays: the frame it stands before, its keys and values, and which of it is no padding [B,L]."""

    before_frame: int
    layers: list[KeysValues]
    seen: Tensor


def _event(tokens: Sequence[int]) -> sequence.Piece:
    return sequence.event(tokens, 0)


def _copied(layers: list[KeysValues]) -> list[KeysValues]:
    return [KeysValues(layer.keys.clone(), layer.values.clone()) for layer in layers]


def _join(first: KeysValues, second: KeysValues) -> KeysValues:
    return KeysValues(torch.cat([first.keys, second.keys], dim=2), torch.cat([first.values, second.values], dim=2))
