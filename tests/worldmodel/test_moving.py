"""The moved frame: whole displacements are exact, nothing is let through a shut gate, borders repeat."""

import pytest
import torch
from torch import Tensor

from muybridge.worldmodel import moving
from muybridge.worldmodel.config import ModelConfig
from muybridge.worldmodel.moving import Mover
from muybridge.worldmodel.patches import RawPatches

CONFIG = ModelConfig("small", width=16, layers=1, heads=2, height=16, frame_width=24, patch=8, reach=3)
MOVE, KEEP, ACROSS, DOWN = range(4)
"""Which value of a hidden state drives what, in `driven`."""


def driven(dx: int, dy: int) -> Mover:
    """A mover that answers hidden states of ones by moving everything by (dx, dy) pixels."""
    mover = Mover(CONFIG)
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


@pytest.fixture
def frames() -> Tensor:
    return torch.randint(0, 256, (1, 2, 16, 24, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(3))


@pytest.mark.parametrize(("dx", "dy"), [(0, 0), (3, 0), (0, -2), (-3, 3)])
def test_a_whole_displacement_is_exact_across_patches(frames: Tensor, dx: int, dy: int) -> None:
    codec = RawPatches(CONFIG)
    before = codec.encode(frames)
    moved = codec.decode(driven(dx, dy)(hidden(move=1.0), torch.zeros_like(before), before))
    rows = (torch.arange(16) - dy).clamp(0, 15)
    columns = (torch.arange(24) - dx).clamp(0, 23)
    assert torch.equal(moved, frames[:, :, rows][:, :, :, columns])


def test_what_is_kept_or_painted_is_so_exactly(frames: Tensor) -> None:
    before = RawPatches(CONFIG).encode(frames)
    paint = torch.randn_like(before)
    assert torch.allclose(driven(1, 1)(hidden(keep=1.0), paint, before), before, atol=1e-6)
    assert torch.allclose(driven(1, 1)(hidden(keep=-1.0, move=-1.0), paint, before), paint, atol=1e-6)


def test_displacements_and_shares_learn(frames: Tensor) -> None:
    mover, before = Mover(CONFIG), RawPatches(CONFIG).encode(frames)
    states = torch.randn(1, 2, CONFIG.patches, CONFIG.width)
    mover(states, torch.randn_like(before), before).square().sum().backward()
    assert all(weight.grad is not None and weight.grad.abs().max() > 0 for weight in mover.parameters())


def test_what_is_decided_by_half_is_decided_where_it_imagines(frames: Tensor) -> None:
    mover, before = driven(0, 0), RawPatches(CONFIG).encode(frames)
    paint, unsure = torch.zeros_like(before), hidden(keep=0.01)
    softly, firmly = mover.train()(unsure, paint, before), mover.eval()(unsure, paint, before)
    assert (firmly - before).abs().mean() < 0.1 * (softly - before).abs().mean()


@pytest.mark.parametrize(("fraction", "weights"), [(0.0, [0, 1, 0, 0]), (0.5, [-1 / 16, 9 / 16, 9 / 16, -1 / 16])])
def test_between_two_pixels_weights_are_those_of_a_cubic(fraction: float, weights: list[float]) -> None:
    blend = torch.tensor([[[0.0, 1.0 - fraction, fraction, 0.0]]])
    assert moving._unblurred(blend)[0, 0].tolist() == pytest.approx(weights)


def test_weights_at_the_end_of_the_reach_still_sum_to_one() -> None:
    blend = torch.tensor([[[0.5, 0.5, 0.0, 0.0], [0.0, 0.0, 0.3, 0.7]]])
    assert torch.allclose(moving._unblurred(blend).sum(dim=-1), torch.ones(1, 2))


def test_a_disc_that_moves_by_half_pixels_stays_sharp() -> None:
    mover = Mover(CONFIG)
    across = torch.arange(24) - 6.5
    disc = ((4.0 - (across**2 + (torch.arange(16)[:, None] - 7.5) ** 2).sqrt()).clamp(0, 1) * 255).to(torch.uint8)
    codec = RawPatches(CONFIG)
    frame = codec.encode(disc[None, None, ..., None].expand(-1, -1, -1, -1, 3))
    with torch.no_grad():
        # As sure of no displacement as of one pixel to the right.
        mover.shift_out.weight[[CONFIG.reach, CONFIG.reach - 1], ACROSS] = 20.0
        mover.shift_out.weight[mover.choices + CONFIG.reach, DOWN] = 20.0
        for _ in range(16):
            frame = mover.moved(torch.ones(1, 1, CONFIG.patches, CONFIG.width), frame)
    after = codec.decode(frame)[0, 0, ..., 0].float()
    assert (after - disc.roll(8, dims=1).float()).abs().mean() < 4.0


@pytest.mark.parametrize(
    "weights", [[0.5, 0.0, 0.5, 0.0], [0.97, 0.0, 0.03, 0.0], [0.5, 0.0, 0.0, 0.5], [0.1, 0.6, 0.3, 0.0]]
)
def test_no_wave_grows_however_weights_lie(weights: list[float]) -> None:
    given = moving._unblurred(torch.tensor([[weights]]))[0, 0]
    turns = torch.arange(4.0)[:, None] * torch.linspace(0.0, torch.pi, 61)
    assert float(torch.hypot(given @ turns.cos(), given @ turns.sin()).max()) < 1.01


def test_a_blend_that_lets_no_wave_pass_still_learns() -> None:
    blend = torch.tensor([[[0.0, 0.5, 0.5, 0.0], [0.25, 0.25, 0.25, 0.25]]], requires_grad=True)
    moving._unblurred(blend).square().sum().backward()
    assert blend.grad is not None
    assert blend.grad.isfinite().all()
