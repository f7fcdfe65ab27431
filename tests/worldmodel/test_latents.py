"""The latent codec: what any codec owes the network, and that it learns to give back what it saw."""

from dataclasses import replace

import pytest
import torch

from muybridge.worldmodel import weights as eight_bit
from muybridge.worldmodel.config import BadModelConfig, ModelConfig, model_config
from muybridge.worldmodel.latents import Latents
from muybridge.worldmodel.net import WorldModel
from muybridge.worldmodel.patches import Codec, RawPatches
from muybridge.worldmodel.sampler import Sampler, Wish
from muybridge.worldmodel.text import Tokenizer

PIXELS = ModelConfig(
    "small", width=64, layers=2, heads=2, vocab_size=320, height=32, frame_width=48, patch=16, window=5
)
SMALL = replace(PIXELS, latents=12, codec_width=8)


@pytest.fixture
def discs() -> torch.Tensor:
    """Four clips of three frames: a bright disc on black, somewhere."""
    place = (
        torch.rand((4, 3, 2, 1, 1), generator=torch.Generator().manual_seed(1))
        * torch.tensor([28.0, 44.0])[:, None, None]
    )
    rows, columns = torch.arange(32)[:, None], torch.arange(48)
    away = ((rows - place[:, :, 0]) ** 2 + (columns - place[:, :, 1]) ** 2).sqrt()
    return (255 * (6.0 - away).clamp(0, 1)).to(torch.uint8)[..., None].expand(-1, -1, -1, -1, 3).contiguous()


@pytest.mark.parametrize("config", [PIXELS, SMALL], ids=["pixels", "latents"])
def test_a_codec_speaks_in_the_shapes_of_its_config(config: ModelConfig, discs: torch.Tensor) -> None:
    codec: Codec = WorldModel(config).codec
    assert isinstance(codec, Latents if config.latents else RawPatches)
    patches = codec.encode(discs)
    assert patches.shape == (4, 3, codec.patches, codec.channels) == (4, 3, config.patches, config.channels)
    assert patches.dtype == torch.float32
    assert patches.abs().max() <= 1.0
    assert not patches.requires_grad
    seen = codec.decode(patches)
    assert (seen.shape, seen.dtype) == (discs.shape, torch.uint8)
    assert torch.equal(codec.decode(codec.encode(discs[1:2])), seen[1:2]), "whatever the batch"
    assert torch.equal(codec.decode(patches[:, 1:2]), seen[:, 1:2]), "whatever the frames around"
    with pytest.raises(ValueError, match=r"uint8 \[B,T,32,48,3\]"):
        codec.encode(discs[:, :, :8])


def test_it_begins_as_a_shrunken_picture_and_learns_to_give_back_more(discs: torch.Tensor) -> None:
    torch.manual_seed(0)
    codec = Latents(SMALL)
    # Twelve numbers a patch of 16 x 16: two pixels by two, of three values.
    small = torch.nn.functional.avg_pool2d(discs.flatten(0, 1).permute(0, 3, 1, 2).float(), 8)
    large = torch.nn.functional.interpolate(small, (32, 48), mode="bicubic").round().clamp(0, 255)
    begun = codec.decode(codec.encode(discs)).flatten(0, 1).permute(0, 3, 1, 2).float()
    assert (begun - large).abs().max() <= 1.0
    optimizer, chance = torch.optim.Adam(codec.parameters(), lr=3e-3), torch.Generator().manual_seed(0)
    shape = (len(discs), *codec.latents_of(discs))

    def error() -> float:
        return float((codec.decode(codec.encode(discs)).float() - discs.float()).abs().mean())

    before = error()
    for _ in range(120):
        optimizer.zero_grad()
        codec.loss(discs, torch.randn(shape, generator=chance).flatten(0, 1)).backward()
        optimizer.step()
    assert error() < 0.5 * before


def test_a_network_of_latents_imagines_pictures_and_keeps_its_codec_in_eight_bits(
    tokenizer: Tokenizer, discs: torch.Tensor
) -> None:
    torch.manual_seed(0)
    model = WorldModel(SMALL)
    wishes = [Wish("a red circle", seed=3), Wish("a blue square", seed=4)]
    made = Sampler(model, tokenizer).sample(wishes, 7)
    assert (made.shape, made.dtype) == ((2, 7, 32, 48, 3), torch.uint8)
    assert torch.equal(Sampler(model, tokenizer).sample(wishes[1:], 7), made[1:])
    small = WorldModel(SMALL)
    small.load_state_dict(eight_bit.dequantise(eight_bit.quantise(model.state_dict())))
    apart = (
        small.codec.decode(small.codec.encode(discs)).float() - model.codec.decode(model.codec.encode(discs)).float()
    )
    assert apart.abs().max() <= 2.0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"latents": 2}, "no colour"),
        ({"reach": 7}, "sees no pixels"),
        ({"palette": 3}, "sees no pixels"),
        ({"patch": 24}, "patches of 24 pixels"),
    ],
)
def test_what_latents_cannot_do_is_refused(changes: dict[str, int], said: str) -> None:
    with pytest.raises(BadModelConfig, match=said):
        model_config("nano", **{"height": 96, "frame_width": 96, "patch": 32, "latents": 8, **changes})


def test_a_config_with_latents_comes_back_through_json() -> None:
    assert ModelConfig.from_json(SMALL.to_json()) == SMALL
    old = {name: value for name, value in PIXELS.to_json().items() if name not in ("latents", "codec_width")}
    assert ModelConfig.from_json(old) == PIXELS, "as checkpoints of before have it"
