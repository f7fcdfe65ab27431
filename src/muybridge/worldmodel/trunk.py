"""The transformer: pre-norm blocks over any mix of text and frame positions, told apart by rotations and a mask only.

Leaves embeddings and heads to `net`, and who-sees-whom to `sequence`. RMSNorm is written out because exporters know it
that way; queries and keys are normalised (Henry et al. 2020), the feed-forward is SwiGLU (Shazeer 2020), output
projections start at zero, nothing has a bias. Positions are 3-D rotary: half of a head turns with time, a quarter each
with y and x, so text (y = x = 0) and frames share one clock.

Shapes: B batch, S positions, D width, H heads, E head width, C cached positions.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from muybridge.worldmodel.config import ModelConfig

TIME_BASE = 10_000.0
# The grid has at most 16 steps a side: slower turns than this would never be seen to move.
SPACE_BASE = 100.0


class Rotation(NamedTuple):
    """cos and sin of each position's angles, [B or 1, 1, S, E/2]."""

    cos: Tensor
    sin: Tensor


def rotation(positions_BS3: Tensor, head_width: int) -> Rotation:
    """Angles of (time, y, x) positions; time may be fractional or negative, only differences matter."""
    eighth = head_width // 8
    device = positions_BS3.device
    time_rates = TIME_BASE ** -(torch.arange(2 * eighth, device=device) / (2 * eighth))
    space_rates = SPACE_BASE ** -(torch.arange(eighth, device=device) / eighth)
    time, y, x = positions_BS3.float().unbind(-1)
    angles = torch.cat(
        [time[..., None] * time_rates, y[..., None] * space_rates, x[..., None] * space_rates], dim=-1
    ).unsqueeze(1)
    return Rotation(angles.cos(), angles.sin())


def rotate(heads_BHSE: Tensor, turn: Rotation) -> Tensor:
    first, second = heads_BHSE.chunk(2, dim=-1)
    return torch.cat([first * turn.cos - second * turn.sin, first * turn.sin + second * turn.cos], dim=-1)


def additive(seen: Tensor, dtype: torch.dtype = torch.float32) -> Tensor:
    """A boolean mask as numbers to be added to scores, once for all layers: attention would convert it in each."""
    return torch.zeros(seen.shape, device=seen.device, dtype=dtype).masked_fill_(~seen, float("-inf"))


class RMSNorm(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        scale = torch.rsqrt(x.float().square().mean(dim=-1, keepdim=True) + 1e-6)
        return x * (scale * self.gain).to(x.dtype)


class KeysValues(NamedTuple):
    """One layer's keys (already rotated) and values, [B,H,S,E]."""

    keys: Tensor
    values: Tensor


class Attention(nn.Module):
    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.heads = config.heads
        # Three matrices rather than one: Muon makes each orthogonal by itself.
        self.query = nn.Linear(config.width, config.width, bias=False)
        self.key = nn.Linear(config.width, config.width, bias=False)
        self.value = nn.Linear(config.width, config.width, bias=False)
        self.out = nn.Linear(config.width, config.width, bias=False)
        self.query_norm = RMSNorm(config.head_width)
        self.key_norm = RMSNorm(config.head_width)

    def forward(
        self, x_BSD: Tensor, turn: Rotation, mask: Tensor | None, past: KeysValues | None
    ) -> tuple[Tensor, KeysValues]:
        query = rotate(self.query_norm(self._split(self.query(x_BSD))), turn)
        keys = rotate(self.key_norm(self._split(self.key(x_BSD))), turn)
        values = self._split(self.value(x_BSD))
        fresh = KeysValues(keys, values)
        if past is not None:
            keys = torch.cat([past.keys, keys], dim=2)
            values = torch.cat([past.values, values], dim=2)
        mixed = functional.scaled_dot_product_attention(query, keys, values, attn_mask=mask)
        batch, _, length, _ = mixed.shape
        return self.out(mixed.transpose(1, 2).reshape(batch, length, -1)), fresh

    def _split(self, x_BSD: Tensor) -> Tensor:
        batch, length, _ = x_BSD.shape
        return x_BSD.view(batch, length, self.heads, -1).transpose(1, 2)


class SwiGLU(nn.Module):
    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.gate = nn.Linear(config.width, config.hidden, bias=False)
        self.up = nn.Linear(config.width, config.hidden, bias=False)
        self.out = nn.Linear(config.hidden, config.width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        mixed: Tensor = self.out(functional.silu(self.gate(x)) * self.up(x))
        return mixed


class Block(nn.Module):
    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.attention_norm = RMSNorm(config.width)
        self.attention = Attention(config)
        self.mlp_norm = RMSNorm(config.width)
        self.mlp = SwiGLU(config)

    def forward(
        self, x: Tensor, turn: Rotation, mask: Tensor | None, past: KeysValues | None
    ) -> tuple[Tensor, KeysValues]:
        mixed, fresh = self.attention(self.attention_norm(x), turn, mask, past)
        x = x + mixed
        return x + self.mlp(self.mlp_norm(x)), fresh


class Trunk(nn.Module):
    """All blocks. Raises nothing: shapes are the caller's promise."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.norm = RMSNorm(config.width)
        self.head_width = config.head_width
        for block in self.blocks:
            assert isinstance(block, Block)
            nn.init.zeros_(block.attention.out.weight)
            nn.init.zeros_(block.mlp.out.weight)

    def forward(
        self,
        x_BSD: Tensor,
        positions_BS3: Tensor,
        mask: Tensor | None,
        past: list[KeysValues] | None = None,
    ) -> tuple[Tensor, list[KeysValues]]:
        """Hidden states [B,S,D] and each layer's fresh keys and values.

        mask: boolean or additive, broadcastable to [B,H,S,C+S]; None lets every position see every other.
        past: each layer's cached keys (rotated) and values [B,H,C,E], seen before the new positions.
        """
        turn = rotation(positions_BS3, self.head_width)
        fresh: list[KeysValues] = []
        for number, block in enumerate(self.blocks):
            x_BSD, layer = block(x_BSD, turn, mask, past[number] if past is not None else None)
            fresh.append(layer)
        return self.norm(x_BSD), fresh
