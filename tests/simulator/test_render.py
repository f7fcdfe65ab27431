"""Frames: one scene at any resolution, and areas that are what the state says."""

import pytest
import torch
from torch.nn.functional import avg_pool2d

from muybridge.simulator import shapes
from muybridge.simulator.render import render
from muybridge.simulator.scenes import ROOMS, room_config, sample
from muybridge.simulator.vocabulary import PALETTE, SHAPES


@pytest.mark.parametrize("room", ROOMS)
def test_frames_have_the_rooms_size_or_any_other(room: str) -> None:
    scene = sample(room, "test", range(2))
    config = ROOMS[room]
    assert render(scene).shape == (2, config.num_frames, config.height, config.width, 3)
    odd = render(scene, height=45, width=77, frames=(1, 3))
    assert (odd.shape, odd.dtype) == ((2, 2, 45, 77, 3), torch.uint8)


@pytest.mark.parametrize("room", ["bakeoff", "lab", "desk", "arcade"])
def test_a_fine_picture_shrunk_is_the_coarse_picture(room: str) -> None:
    # Grounds with lines and dots a pixel wide are drawn for each resolution, so things are compared on plain ground.
    changes = {} if room == "bakeoff" else {"backgrounds": (0, 1)}
    scene = sample(room, "test", range(8), room_config(room, num_frames=4, **changes))
    coarse = render(scene, height=64, width=64).to(torch.float32)
    fine = render(scene, height=256, width=256).to(torch.float32)
    shrunk = avg_pool2d(fine.flatten(0, 1).permute(0, 3, 1, 2), 4).permute(0, 2, 3, 1).view_as(coarse)
    assert (shrunk - coarse).abs().mean().item() < 0.6
    assert ((shrunk - coarse).abs().amax(-1) > 40).float().mean().item() < 0.004


@pytest.mark.parametrize("shape", range(len(SHAPES)))
def test_a_shape_covers_its_area(shape: int) -> None:
    grid = (torch.arange(1200) + 0.5) / 1200 * 3 - 1.5
    y, x = torch.meshgrid(grid, grid, indexing="ij")
    inside = shapes.distance(torch.tensor([shape]), x.reshape(1, -1), y.reshape(1, -1)) < 0
    assert inside.float().mean().item() * 9 == pytest.approx(shapes.AREAS[shape], rel=2e-3)
    reach = (x.reshape(-1)[inside[0]] ** 2 + y.reshape(-1)[inside[0]] ** 2).sqrt().max().item()
    assert reach <= shapes.REACH


@pytest.mark.parametrize("shape", range(len(SHAPES)))
def test_a_shape_reaches_as_far_toward_each_wall_as_it_says(shape: int) -> None:
    grid = (torch.arange(1200) + 0.5) / 1200 * 3 - 1.5
    y, x = torch.meshgrid(grid, grid, indexing="ij")
    inside = (shapes.distance(torch.tensor([shape]), x.reshape(1, -1), y.reshape(1, -1)) < 0)[0]
    far = [-x.reshape(-1)[inside].min(), x.reshape(-1)[inside].max(), -y.reshape(-1)[inside].min()]
    far.append(y.reshape(-1)[inside].max())
    assert [value.item() for value in far] == pytest.approx(shapes.WALL_REACH[shape], abs=6e-3)


def test_the_middle_of_a_plain_body_has_its_palette_colour() -> None:
    scene = sample("bakeoff", "test", range(30))
    frames = render(scene, height=64, width=64)
    for clip in range(30):
        x, y = (scene.position_BTO2[clip, 0, 0] * 64).floor().to(torch.int64).tolist()
        assert tuple(frames[clip, 0, y, x].tolist()) == PALETTE[int(scene.colour_BTO[clip, 0, 0])]


def test_nothing_is_drawn_for_an_empty_batch() -> None:
    assert render(sample("lab", "test", [])).shape == (0, 16, 64, 64, 3)


def test_a_moving_camera_moves_the_picture_of_things_that_stay() -> None:
    scene = sample("lab", "test", range(80))
    moving = scene.camera_B > 0
    frames = render(scene, height=32, width=32)[moving]
    assert int(moving.sum()) >= 3
    assert torch.equal(scene.position_BTO2[moving][:, 0], scene.position_BTO2[moving][:, -1])
    assert (frames[:, 0] != frames[:, -1]).flatten(1).any(1).all()
