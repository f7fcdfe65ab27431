"""How the last frame's patches came to where they are: found to a fraction of a pixel, and gone on with at first."""

import pytest
import torch
from torch import Tensor

from muybridge.simulator import render, scenes
from muybridge.simulator.configs import room_config
from muybridge.worldmodel.config import BadModelConfig, ModelConfig
from muybridge.worldmodel.matching import matched
from muybridge.worldmodel.moving import Mover
from muybridge.worldmodel.patches import RawPatches

CONFIG = ModelConfig("small", width=16, layers=1, heads=2, height=64, frame_width=64, patch=16, reach=5, matches=True)
CODEC = RawPatches(CONFIG)


def displacement(last: Tensor, before: Tensor) -> Tensor:
    """[P,2]: across and down, in pixels, where each patch of a uint8 frame [H,W,3] came from."""
    history = torch.stack([CODEC.encode(frame[None, None])[:, 0] for frame in (last, before)], dim=1)[:, None]
    weights = matched(history, CONFIG)
    assert weights is not None
    sure = weights.sum(dim=-1)
    assert (sure >= 0.0).all()
    assert (sure < 1.0).all()
    return (((torch.arange(11) - 5) * weights).sum(dim=-1) / sure.clamp(min=1e-6))[0, 0]


@pytest.fixture
def picture() -> Tensor:
    coarse = torch.rand(1, 3, 16, 16, generator=torch.Generator().manual_seed(4))
    smooth = torch.nn.functional.interpolate(coarse, size=(64, 64), mode="bicubic").clamp(0, 1)
    return smooth[0].permute(1, 2, 0).mul(255).to(torch.uint8)


@pytest.mark.parametrize(("dx", "dy"), [(0, 0), (3, 0), (0, -2), (-5, 4)])
def test_a_whole_displacement_is_found(picture: Tensor, dx: int, dy: int) -> None:
    inner = displacement(picture.roll((dy, dx), dims=(0, 1)), picture)[[5, 6, 9, 10]]
    assert torch.allclose(inner, torch.tensor([-dx, -dy], dtype=torch.float32), atol=0.1)


def test_what_is_found_in_a_training_of_half_precision_is_the_same(picture: Tensor) -> None:
    faint = picture // 8 + 100
    full = displacement(faint.roll((1, 2), dims=(0, 1)), faint)
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(displacement(faint.roll((1, 2), dims=(0, 1)), faint), full)


def test_fractions_of_a_pixel_of_a_rolling_ball_are_found() -> None:
    scene = scenes.sample("uniform", "train", range(16), room_config("uniform"))
    frames = render.render(scene, height=64, width=64, frames=(3, 5))
    spots = scene.position_BTO2[:, 3:5, 0] * 64
    errors = []
    for clip, (before, last) in enumerate(frames.unbind(dim=1) for frames in frames.split(1)):
        column, row = (spots[clip, 1] / 16).to(torch.int64).clamp(0, 3).tolist()
        found = displacement(last[0], before[0])[4 * row + column]
        errors.append((found + spots[clip, 1] - spots[clip, 0]).abs())
    assert float(torch.stack(errors).mean()) < 0.1


def test_a_patch_that_a_ball_is_about_to_enter_knows_how_it_comes() -> None:
    across, down = torch.arange(64), torch.arange(64)[:, None]
    last, before = (
        torch.where((across - x) ** 2 + (down - 24) ** 2 < 25, 60, 246).to(torch.uint8)[..., None].repeat(1, 1, 3)
        for x in (26, 23)
    )
    # It ends where the third patch of the second row begins.
    assert (last[:, 32:] == 246).all()
    assert displacement(last, before)[6].tolist() == pytest.approx([-3.0, 0.0], abs=0.1)


def test_of_what_is_flat_and_of_what_has_no_past_nothing_is_known() -> None:
    flat = torch.full((1, 1, 2, CONFIG.patches, CONFIG.channels), 0.9)
    for history in (flat, torch.zeros_like(flat)):
        weights = matched(history, CONFIG)
        assert weights is not None
        assert float(weights.sum(dim=-1).max()) < 0.01


def test_before_it_has_learned_anything_a_network_goes_on_as_things_went(picture: Tensor) -> None:
    before, last, after = (picture.roll((-2 * step, 3 * step), dims=(0, 1)) for step in range(3))
    history = torch.stack([CODEC.encode(frame[None, None])[:, 0] for frame in (last, before)], dim=1)[:, None]
    states = torch.zeros(1, 1, CONFIG.patches, CONFIG.width)
    moved = CODEC.decode(Mover(CONFIG).moved(states, history[:, :, 0], matched(history, CONFIG)))[0, 0]
    away = (moved.int() - after.int())[16:48, 16:48].abs().float()
    assert float(away.mean()) < 4.0
    assert float((last.int() - after.int())[16:48, 16:48].abs().float().mean()) > 20.0


def test_a_network_that_is_not_told_matches_nothing() -> None:
    still = ModelConfig("small", width=16, layers=1, heads=2, height=64, frame_width=64, patch=16, reach=5)
    assert matched(torch.zeros(1, 1, 2, still.patches, still.channels), still) is None


@pytest.mark.parametrize("changes", [{"reach": 0}, {"reach": 5, "history": 1}])
def test_who_cannot_move_or_sees_one_frame_is_told_so(changes: dict[str, int]) -> None:
    with pytest.raises(BadModelConfig, match="matches two frames"):
        ModelConfig("small", width=16, layers=1, heads=2, matches=True, **changes)
