"""Indexed colour: each pixel is one of the patch's colours, and both colours and places learn."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from muybridge.worldmodel.config import BadModelConfig, ModelConfig
from muybridge.worldmodel.net import WorldModel
from muybridge.worldmodel.palette import Palette
from muybridge.worldmodel.patches import RawPatches

CONFIG = ModelConfig("small", width=16, layers=1, heads=2, height=16, frame_width=16, patch=8, palette=2)
RECOLOURING = replace(CONFIG, recolours=True)


def test_a_field_that_is_decided_gives_flat_colours_with_a_sharp_edge() -> None:
    palette = Palette(CONFIG)
    red, white = (1.0, -1.0, -1.0), (1.0, 1.0, 1.0)
    left = (torch.arange(8) < 3).expand(8, 8)
    with torch.no_grad():
        palette.colour_out.weight.zero_()
        palette.colour_out.weight[:, 0] = torch.tensor([*red, *white])
        palette.field_out.weight[:64, 1] = torch.where(left, 20.0, -20.0).flatten()
    states = torch.zeros(1, 1, CONFIG.patches, CONFIG.width)
    states[..., :2] = 1.0
    painted = RawPatches(CONFIG).decode(palette(states, torch.zeros(1, 1, CONFIG.patches, CONFIG.channels)))[0, 0]
    expected = torch.where(left[..., None], torch.tensor([255, 0, 0]), 255).repeat(2, 2, 1)
    assert torch.equal(painted, expected.to(torch.uint8))


@pytest.mark.parametrize("config", [CONFIG, RECOLOURING])
def test_colours_and_places_learn_from_the_start(config: ModelConfig) -> None:
    palette, before = Palette(config), torch.randn(1, 2, config.patches, config.channels)
    palette(torch.randn(1, 2, config.patches, config.width), before).square().sum().backward()
    assert all(weight.grad is not None and weight.grad.abs().max() > 0 for weight in palette.parameters())


@pytest.fixture
def frames() -> Tensor:
    """A red disc on white, as one frame of one clip."""
    across = torch.arange(16) - 7.5
    is_disc = (across**2 + across[:, None] ** 2 < 30)[..., None]
    return torch.where(is_disc, torch.tensor([255, 0, 0]), 255).to(torch.uint8)[None, None]


def test_what_turns_another_colour_keeps_its_outline_to_the_pixel(frames: Tensor) -> None:
    palette, codec = Palette(RECOLOURING), RawPatches(RECOLOURING)
    white, green = (1.0, 1.0, 1.0), (-1.0, 1.0, -1.0)
    assert palette.recolour_out is not None
    assert palette.keep_out is not None
    with torch.no_grad():
        palette.colour_out.weight.zero_()
        palette.colour_out.weight[:, 0] = torch.tensor([*white, *green])
        # White is what was blue, too; green is what was not.
        palette.recolour_out.weight[:, 0] = torch.tensor([0.0, 0.0, 10.0, 0.0, 0.0, -10.0])
        palette.keep_out.weight[:, 0] = -20.0
    states = torch.zeros(1, 1, RECOLOURING.patches, RECOLOURING.width)
    states[..., 0] = 1.0
    turned = codec.decode(palette(states, codec.encode(frames)))
    is_disc = frames[..., 1:2] == 0
    assert torch.equal(turned, torch.where(is_disc, torch.tensor([0, 255, 0]), 255).to(torch.uint8))


def test_what_is_kept_is_so_exactly(frames: Tensor) -> None:
    palette, codec = Palette(RECOLOURING), RawPatches(RECOLOURING)
    assert palette.keep_out is not None
    with torch.no_grad():
        palette.keep_out.weight[:, 0] = 20.0
    states = torch.zeros(1, 1, RECOLOURING.patches, RECOLOURING.width)
    states[..., 0] = 1.0
    assert torch.equal(codec.decode(palette(states, codec.encode(frames))), frames)


@pytest.mark.parametrize("changes", [{"palette": 0}, {"reach": 3}])
def test_recolouring_without_a_palette_or_of_what_moves_is_refused(changes: dict[str, int]) -> None:
    with pytest.raises(BadModelConfig, match="Give it a palette"):
        replace(RECOLOURING, **changes)


def test_only_a_network_that_asks_for_a_palette_has_one() -> None:
    assert isinstance(WorldModel(CONFIG).patch_out, Palette)
    assert "patch_out.weight" in WorldModel(ModelConfig("plain", width=16, layers=1, heads=2)).state_dict()
