"""Keys and values of a roll-out in one buffer that is written in place: pinned text in front, a ring of frames behind.

Leaves what is read and said to `rollout`. The buffer is made anew when text is pinned or the ring takes more slots
(until the window is full), never from frame to frame: what reads it sees whole, unmoved tensors, and a mask. The first
text, <bos>, stands twice: as the next frame sees it, and as the frame before that does, for a pass over both.

Shapes: B batch, H heads, E head width, L pinned positions, N tokens a frame, C = L + slots * N positions in all.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from muybridge.worldmodel import text
from muybridge.worldmodel.config import ModelConfig
from muybridge.worldmodel.trunk import KeysValues, additive, rotate, rotation

_TWICE = 2
"""How often <bos> is pinned."""


class Said(NamedTuple):
    """Text: tokens [B,L], and which of them are no padding [B,L]."""

    tokens: Tensor
    seen: Tensor


class Pinned(NamedTuple):
    """Text that stays: what it says, the frame it stands before, its keys and values [layers,B,H,L,E]."""

    said: Said
    before_frame: int
    keys: Tensor
    values: Tensor


class Past(NamedTuple):
    """What new positions see: each layer's keys and values, views [B,H,C,E] of the buffer, and a mask to be added."""

    layers: list[KeysValues]
    mask: Tensor
    """[B,1,Q,C]: 0 where seen, -inf where not; a row for all new positions, or one for each of two frames."""


class Cache:
    def __init__(self, config: ModelConfig, bos: Sequence[KeysValues]) -> None:
        self.config = config
        self._pinned: list[Pinned] = []
        self._shifts: list[int] = []
        self._slot_times: list[int | None] = []
        keys = bos[0].keys
        self._hold(keys.new_zeros(2, config.layers, *keys.shape)[..., :0, :])
        opening = torch.full((keys.shape[0], 1), text.BOS, device=keys.device)
        for _ in range(_TWICE):
            self.pin(Said(opening, torch.ones_like(opening, dtype=torch.bool)), 0, bos)

    @property
    def num_positions(self) -> int:
        return self._buffer.shape[-2]

    @property
    def num_bytes(self) -> int:
        return self._buffer.numel() * self._buffer.element_size()

    @property
    def has_texts(self) -> bool:
        return len(self._pinned) > _TWICE

    @property
    def said(self) -> Said | None:
        """The text that is kept, but <bos>."""
        if not self.has_texts:
            return None
        kept = zip(*(pinned.said for pinned in self._pinned[_TWICE:]), strict=True)
        return Said(*(torch.cat(part, dim=1) for part in kept))

    def copy(self) -> "Cache":
        """Another with the same content, which goes its own way."""
        other = Cache.__new__(Cache)
        other.config = self.config
        other._slot_times, other._pinned, other._shifts = [*self._slot_times], [*self._pinned], [*self._shifts]
        other._hold(self._buffer.clone())
        return other

    def pin(self, said: Said, before_frame: int, fresh: Sequence[KeysValues], *, most: int | None = None) -> None:
        """Keep text beside the frames; the oldest gives way (but <bos>) where it is more than `most`."""
        keys, values = (torch.stack([layer[part] for layer in fresh]) for part in (0, 1))
        first_frame = self._num_pinned
        self._pinned.append(Pinned(said, before_frame, keys, values))
        while most is not None and len(self._pinned) > 1 + _TWICE and sum(_lengths(self._pinned[_TWICE:])) > most:
            self._pinned.pop(_TWICE)
        self._lay_out(first_frame)

    def unpin(self) -> None:
        """Let go of all text but <bos>."""
        first_frame = self._num_pinned
        del self._pinned[_TWICE:]
        self._lay_out(first_frame)

    def put(self, time: int, fresh: Sequence[KeysValues]) -> None:
        """Keep a frame, in the place of the oldest if the window is full."""
        slot = self._free_slot()
        tokens = self.config.tokens_per_frame
        begin = self._num_pinned + slot * tokens
        for layer, new in zip(self.layers, fresh, strict=True):
            layer.keys[:, :, begin : begin + tokens] = new.keys
            layer.values[:, :, begin : begin + tokens] = new.values
        self._slot_times[slot] = time

    def past(self, now: int, at_most: int, *, with_texts: bool) -> Past:
        """<bos>, the latest `at_most` frames, and what was said, as they stand before frame `now`."""
        self._turn(now, at_most)
        return self._past(self._seen(at_most, bos=1, with_texts=with_texts))

    def past_of_two(self, now: int, at_most: int) -> Past:
        """What frame `now - 1`, read now, sees, and what frame `now` sees but for that one; a row each."""
        self._turn(now, at_most)
        before = self._seen(at_most, bos=0, with_texts=False)
        return self._past(before, self._seen(at_most - 1, bos=1, with_texts=True))

    def _past(self, *rows_BC: Tensor) -> Past:
        return Past(self.layers, additive(torch.stack(rows_BC, dim=1), self._buffer.dtype)[:, None])

    def _seen(self, at_most: int, *, bos: int, with_texts: bool) -> Tensor:
        """[B,C]: the latest `at_most` frames, one of the two <bos>, and perhaps what was said."""
        latest = sorted((time for time in self._slot_times if time is not None), reverse=True)[:at_most]
        slots = torch.tensor([time in latest for time in self._slot_times], dtype=torch.bool)
        frames = slots.repeat_interleave(self.config.tokens_per_frame).to(self._buffer.device)
        texts = [
            pinned.said.seen
            if number == bos or (with_texts and number >= _TWICE)
            else torch.zeros_like(pinned.said.seen)
            for number, pinned in enumerate(self._pinned)
        ]
        return torch.cat([*texts, frames.expand(self._buffer.shape[2], -1)], dim=1)

    def _turn(self, now: int, at_most: int) -> None:
        """Text keeps its distance to the window once the frame it stood before has left it."""
        at, shifts = 0, []
        for number, (pinned, old) in enumerate(zip(self._pinned, self._shifts, strict=True)):
            before, length = now - (number == 0), pinned.said.seen.shape[1]
            shifts.append(max(0, before - at_most - pinned.before_frame))
            if shifts[-1] != old:
                turn = rotation(
                    torch.tensor([[[shifts[-1], 0, 0]]], device=self._buffer.device), self.config.head_width
                )
                self._buffer[0, :, :, :, at : at + length] = rotate(pinned.keys, turn)
            at += length
        self._shifts = shifts

    def _free_slot(self) -> int:
        if None not in self._slot_times:
            if len(self._slot_times) == self.config.window:
                return min(range(self.config.window), key=lambda slot: self._slot_times[slot] or 0)
            self._grow()
        return self._slot_times.index(None)

    def _grow(self) -> None:
        """Twice the slots: the first frames, which take the most passes, do not pay for a window of nothing."""
        slots = min(self.config.window, max(1, 2 * len(self._slot_times)))
        self._slot_times += [None] * (slots - len(self._slot_times))
        self._lay_out(self._num_pinned)

    def _lay_out(self, first_frame: int) -> None:
        """Make the buffer anew for what is pinned and the slots there are; frames stood from `first_frame` on."""
        frames = self._buffer[..., first_frame:, :]
        slots = len(self._slot_times) * self.config.tokens_per_frame
        *sizes, _, head_width = frames.shape
        buffer = frames.new_zeros(*sizes, self._num_pinned + slots, head_width)
        at = 0
        for pinned in self._pinned:
            length = pinned.said.seen.shape[1]
            buffer[0, ..., at : at + length, :], buffer[1, ..., at : at + length, :] = pinned.keys, pinned.values
            at += length
        buffer[..., at : at + frames.shape[-2], :] = frames
        self._shifts = [0] * len(self._pinned)
        self._hold(buffer)

    def _hold(self, buffer: Tensor) -> None:
        self._buffer = buffer
        self.layers = [KeysValues(keys, values) for keys, values in zip(*buffer, strict=True)]

    @property
    def _num_pinned(self) -> int:
        return sum(_lengths(self._pinned))


def _lengths(pinned: Sequence[Pinned]) -> list[int]:
    return [each.said.seen.shape[1] for each in pinned]
