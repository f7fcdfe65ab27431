"""The moved frame: whole displacements are exact, nothing is let through a shut gate, borders repeat."""

import pytest
import torch
from torch import Tensor

from muybridge.worldmodel.config import ModelConfig
from muybridge.worldmodel.moving import Mover
from muybridge.worldmodel.patches import RawPatches

CONFIG = ModelConfig("small", width=16, layers=1, heads=2, height=16, frame_width=24, patch=8, reach=3)
OPEN, ACROSS, DOWN = 0, 1, 2
"""Which value of a hidden state drives what, in `driven`."""


def driven(dx: int, dy: int) -> Mover:
    """A mover that answers hidden states of ones by moving everything by (dx, dy) pixels."""
    mover = Mover(CONFIG)
    with torch.no_grad():
        mover.gate_out.weight[:, OPEN] = 60.0
        # What moves right by dx is read dx to the left.
        mover.shift_out.weight[CONFIG.reach - dx, ACROSS] = 60.0
        mover.shift_out.weight[mover.choices + CONFIG.reach - dy, DOWN] = 60.0
    return mover


@pytest.fixture
def frames() -> Tensor:
    return torch.randint(0, 256, (1, 2, 16, 24, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(3))


@pytest.mark.parametrize(("dx", "dy"), [(0, 0), (3, 0), (0, -2), (-3, 3)])
def test_a_whole_displacement_is_exact_across_patches(frames: Tensor, dx: int, dy: int) -> None:
    codec, hidden = RawPatches(CONFIG), torch.ones(1, 2, CONFIG.patches, CONFIG.width)
    moved = codec.decode(driven(dx, dy)(hidden, codec.encode(frames)))
    rows = (torch.arange(16) - dy).clamp(0, 15)
    columns = (torch.arange(24) - dx).clamp(0, 23)
    assert torch.equal(moved, frames[:, :, rows][:, :, :, columns])


def test_a_shut_gate_lets_nothing_through(frames: Tensor) -> None:
    hidden = torch.ones(1, 2, CONFIG.patches, CONFIG.width)
    hidden[..., OPEN] = -1.0
    assert driven(1, 1)(hidden, RawPatches(CONFIG).encode(frames)).abs().max() < 1e-6


def test_displacement_and_gate_learn(frames: Tensor) -> None:
    mover = Mover(CONFIG)
    hidden = torch.randn(1, 2, CONFIG.patches, CONFIG.width)
    mover(hidden, RawPatches(CONFIG).encode(frames)).square().sum().backward()
    assert all(weight.grad is not None and weight.grad.abs().max() > 0 for weight in mover.parameters())
