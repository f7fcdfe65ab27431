"""Keys and values of a roll-out in one buffer that is written in place: pinned text in front, a ring of frames behind.

Leaves what is read and said to `rollout`. The buffer is made anew when text is pinned or the ring takes more slots
(until the window is full), never from frame to frame: what reads it sees whole, unmoved tensors, and a mask.

Shapes: B batch, H heads, E head width, L pinned positions, N tokens a frame, C = L + slots * N positions in all.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from muybridge.worldmodel.config import ModelConfig
from muybridge.worldmodel.trunk import KeysValues, rotate, rotation


class Pinned(NamedTuple):
    """Text that stays: the frame it stands before, its keys and values [layers,B,H,L,E], what is no padding [B,L]."""

    before_frame: int
    keys: Tensor
    values: Tensor
    seen: Tensor


class Past(NamedTuple):
    """What new positions see: each layer's keys and values, views [B,H,C,E] of the buffer, and a mask to be added."""

    layers: list[KeysValues]
    mask: Tensor
    """[B,1,1,C]: 0 where seen, -inf where not."""


class Cache:
    def __init__(self, config: ModelConfig, like_BHSE: Tensor) -> None:
        """like_BHSE: any keys of the batch, for their sizes, kind and place."""
        self.config = config
        self._pinned: list[Pinned] = []
        self._shifts: list[int] = []
        self._slot_times: list[int | None] = []
        self._hold(like_BHSE.new_zeros(2, config.layers, *like_BHSE.shape)[..., :0, :])

    @property
    def num_positions(self) -> int:
        return self._buffer.shape[-2]

    @property
    def num_bytes(self) -> int:
        return self._buffer.numel() * self._buffer.element_size()

    @property
    def has_texts(self) -> bool:
        return len(self._pinned) > 1

    def copy(self) -> "Cache":
        """Another with the same content, which goes its own way."""
        other = Cache.__new__(Cache)
        other.config = self.config
        other._slot_times, other._pinned, other._shifts = [*self._slot_times], [*self._pinned], [*self._shifts]
        other._hold(self._buffer.clone())
        return other

    def pin(self, before_frame: int, fresh: Sequence[KeysValues], seen_BL: Tensor, *, most: int | None = None) -> None:
        """Keep text beside the frames; the oldest gives way (never the first of all) where it is more than `most`."""
        keys, values = (torch.stack([layer[part] for layer in fresh]) for part in (0, 1))
        first_frame = self._num_pinned
        self._pinned.append(Pinned(before_frame, keys, values, seen_BL))
        while most is not None and len(self._pinned) > 2 and sum(_lengths(self._pinned[1:])) > most:
            self._pinned.pop(1)
        self._lay_out(first_frame)

    def unpin(self) -> None:
        """Let go of all text but the first."""
        first_frame = self._num_pinned
        del self._pinned[1:]
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
        """The first text, the latest `at_most` frames, and what was said, as they stand before frame `now`."""
        self._turn([max(0, now - at_most - pinned.before_frame) for pinned in self._pinned])
        times = [time for time in self._slot_times if time is not None]
        latest = sorted(times, reverse=True)[:at_most]
        slots = torch.tensor([time in latest for time in self._slot_times], dtype=torch.bool)
        frames = slots.repeat_interleave(self.config.tokens_per_frame).to(self._buffer.device)
        texts = [
            pinned.seen if with_texts or not number else torch.zeros_like(pinned.seen)
            for number, pinned in enumerate(self._pinned)
        ]
        seen = torch.cat([*texts, frames.expand(self._buffer.shape[2], -1)], dim=1)
        return Past(self.layers, additive(seen, self._buffer.dtype)[:, None, None])

    def _turn(self, shifts: list[int]) -> None:
        """Text keeps its distance to the window once the frame it stood before has left it."""
        at = 0
        for pinned, new, old in zip(self._pinned, shifts, self._shifts, strict=True):
            length = pinned.seen.shape[1]
            if new != old:
                turn = rotation(torch.tensor([[[new, 0, 0]]], device=self._buffer.device), self.config.head_width)
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
            length = pinned.seen.shape[1]
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


def additive(seen: Tensor, dtype: torch.dtype) -> Tensor:
    """A boolean mask as numbers to be added to scores, once for all layers: attention would convert it in each."""
    return torch.zeros(seen.shape, device=seen.device, dtype=dtype).masked_fill_(~seen, float("-inf"))


def _lengths(pinned: Sequence[Pinned]) -> list[int]:
    return [each.seen.shape[1] for each in pinned]
