"""The moved frame: whole displacements are exact, nothing is let through a shut gate, borders repeat."""

import pytest
import torch
from torch import Tensor

from muybridge.worldmodel.config import ModelConfig
from muybridge.worldmodel.moving import Mover
from muybridge.worldmodel.patches import RawPatches

CONFIG = ModelConfig("small", width=16, layers=1, heads=2, height=16, frame_width=24, patch=8, reach=3)
MOVE, KEEP, ACROSS, DOWN = range(4)
"""Which value of a hidden state drives what, in `driven`."""


def driven(dx: int, dy: int) -> Mover:
    """A mover that answers hidden states of ones by moving everything by (dx, dy) pixels."""
    mover = Mover(CONFIG)
    assert mover.move_out is not None
    assert mover.keep_out is not None
    with torch.no_grad():
        mover.move_out.weight[:, MOVE] = mover.keep_out.weight[:, KEEP] = 60.0
        # What moves right by dx is read dx to the left.
        mover.shift_out.weight[CONFIG.reach - dx, ACROSS] = 60.0
        mover.shift_out.weight[mover.choices + CONFIG.reach - dy, DOWN] = 60.0
    return mover


def hidden(**sizes: float) -> Tensor:
    """Hidden states that ask for that much of moving and keeping."""
    states = torch.ones(1, 2, CONFIG.patches, CONFIG.width)
    states[..., MOVE], states[..., KEEP] = sizes.get("move", 0.0), sizes.get("keep", 0.0)
    return states


def made(mover: Mover, states: Tensor, painted: Tensor, before: Tensor) -> Tensor:
    frame: Tensor = mover(states, painted, before, mover.moved(states, before))
    return frame


@pytest.fixture
def frames() -> Tensor:
    return torch.randint(0, 256, (1, 2, 16, 24, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(3))


@pytest.mark.parametrize(("dx", "dy"), [(0, 0), (3, 0), (0, -2), (-3, 3)])
def test_a_whole_displacement_is_exact_across_patches(frames: Tensor, dx: int, dy: int) -> None:
    codec = RawPatches(CONFIG)
    before = codec.encode(frames)
    moved = codec.decode(made(driven(dx, dy), hidden(move=1.0), torch.zeros_like(before), before))
    rows = (torch.arange(16) - dy).clamp(0, 15)
    columns = (torch.arange(24) - dx).clamp(0, 23)
    assert torch.equal(moved, frames[:, :, rows][:, :, :, columns])


def test_what_is_kept_or_painted_is_so_exactly(frames: Tensor) -> None:
    before = RawPatches(CONFIG).encode(frames)
    paint = torch.randn_like(before)
    assert torch.allclose(made(driven(1, 1), hidden(keep=1.0), paint, before), before, atol=1e-6)
    assert torch.allclose(made(driven(1, 1), hidden(keep=-1.0, move=-1.0), paint, before), paint, atol=1e-6)


def test_displacements_and_shares_learn(frames: Tensor) -> None:
    mover, before = Mover(CONFIG), RawPatches(CONFIG).encode(frames)
    states = torch.randn(1, 2, CONFIG.patches, CONFIG.width)
    made(mover, states, torch.randn_like(before), before).square().sum().backward()
    assert all(weight.grad is not None and weight.grad.abs().max() > 0 for weight in mover.parameters())


def test_what_is_decided_by_half_is_decided_where_it_imagines(frames: Tensor) -> None:
    mover, before = driven(0, 0), RawPatches(CONFIG).encode(frames)
    paint, unsure = torch.zeros_like(before), hidden(keep=0.01)
    softly = made(mover.train(), unsure, paint, before)
    firmly = made(mover.eval(), unsure, paint, before)
    assert (firmly - before).abs().mean() < 0.1 * (softly - before).abs().mean()
