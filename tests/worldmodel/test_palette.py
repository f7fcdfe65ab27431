"""Indexed colour: each pixel is one of the patch's colours, and both colours and places learn."""

import torch

from muybridge.worldmodel.config import ModelConfig
from muybridge.worldmodel.net import WorldModel
from muybridge.worldmodel.palette import Palette
from muybridge.worldmodel.patches import RawPatches

CONFIG = ModelConfig("small", width=16, layers=1, heads=2, height=16, frame_width=16, patch=8, palette=2)


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
    painted = RawPatches(CONFIG).decode(palette(states))[0, 0]
    expected = torch.where(left[..., None], torch.tensor([255, 0, 0]), 255).repeat(2, 2, 1)
    assert torch.equal(painted, expected.to(torch.uint8))


def test_colours_and_places_learn_from_the_start() -> None:
    palette = Palette(CONFIG)
    palette(torch.randn(1, 2, CONFIG.patches, CONFIG.width)).square().sum().backward()
    assert all(weight.grad is not None and weight.grad.abs().max() > 0 for weight in palette.parameters())


def test_only_a_network_that_asks_for_a_palette_has_one() -> None:
    assert isinstance(WorldModel(CONFIG).patch_out, Palette)
    assert "patch_out.weight" in WorldModel(ModelConfig("plain", width=16, layers=1, heads=2)).state_dict()
