"""Counter-based randomness: a clip's draws are a function of (split, room, index) and a draw's name.

SplitMix64 (Steele, Lea & Flood 2014) on int64 tensors. Its finaliser is a bijection of 64-bit words and the key packs
split, room and index into disjoint bits, so no two clips of different splits ever share a seed, and clip i is the
same in any batch and on any device.
"""

import hashlib
from dataclasses import dataclass

import torch
from torch import Tensor

from muybridge.errors import Invalid

SPLITS = ("train", "dev", "test", "demo")
"""Order is part of the seed: append only."""

MAX_INDEX = 1 << 48


def _signed(word: int) -> int:
    return word - (1 << 64) if word >= 1 << 63 else word


_GOLDEN = _signed(0x9E3779B97F4A7C15)
_MIX_1 = _signed(0xBF58476D1CE4E5B9)
_MIX_2 = _signed(0x94D049BB133111EB)


def _shift_right(x: Tensor, bits: int) -> Tensor:
    # int64 shifts are arithmetic in torch; the mask makes them logical.
    return (x >> bits) & ((1 << (64 - bits)) - 1)


def mix64(x: Tensor) -> Tensor:
    """SplitMix64's finaliser, a bijection of int64 words."""
    x = (x ^ _shift_right(x, 30)) * _MIX_1
    x = (x ^ _shift_right(x, 27)) * _MIX_2
    return x ^ _shift_right(x, 31)


def keys(split: str, room_number: int, indices_B: Tensor) -> Tensor:
    """One int64 key per clip; different (split, room, index) give different keys.

    Raises Invalid for an unknown split or an index outside [0, 2^48).
    """
    if split not in SPLITS:
        raise Invalid(f"There is no split {split!r}.", remedy=f"Use one of {', '.join(SPLITS)}.")
    if indices_B.numel() and (int(indices_B.min()) < 0 or int(indices_B.max()) >= MAX_INDEX):
        raise Invalid("A clip index is negative or too large.", remedy="Use indices in [0, 2^48).")
    base = SPLITS.index(split) << 60 | room_number << 50
    return mix64(indices_B.to(torch.int64) + base)


def _name_word(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little", signed=True)


@dataclass(frozen=True, slots=True)
class Draws:
    """Named random draws of a batch of clips. A name always gives the same numbers; draws do not disturb each other."""

    keys_B: Tensor

    def words(self, name: str, *shape: int) -> Tensor:
        """Uniform int64 words [B, *shape]."""
        count = 1
        for size in shape:
            count *= size
        stream_B = mix64(self.keys_B ^ _name_word(name))
        counter = torch.arange(1, count + 1, dtype=torch.int64, device=self.keys_B.device) * _GOLDEN
        return mix64(stream_B[:, None] + counter).reshape(-1, *shape)

    def uniform(self, name: str, *shape: int, low: float = 0.0, high: float = 1.0) -> Tensor:
        """float64 [B, *shape] in [low, high)."""
        unit = _shift_right(self.words(name, *shape), 11).to(torch.float64) * 2.0**-53
        return low + (high - low) * unit

    def integers(self, name: str, high: int, *shape: int) -> Tensor:
        """int64 [B, *shape] in [0, high)."""
        return (self.uniform(name, *shape) * high).to(torch.int64).clamp_(max=high - 1)

    def choice(self, name: str, options: tuple[int, ...], *shape: int) -> Tensor:
        """int64 [B, *shape], each one of `options`."""
        table = torch.tensor(options, dtype=torch.int64, device=self.keys_B.device)
        return table[self.integers(name, len(options), *shape)]

    def masked_choice(self, name: str, allowed: Tensor) -> Tensor:
        """A uniform index along the last axis of `allowed` (bool [B, ..., n]) among its true entries.

        A row with no true entry gives an arbitrary index: callers make sure that there is one.
        """
        scores = self.uniform(name, *allowed.shape[1:])
        return torch.where(allowed, scores, -1.0).argmax(-1)
