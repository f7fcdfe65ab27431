import pytest
import torch

from muybridge.worldmodel.config import ModelConfig
from muybridge.worldmodel.patches import RawPatches


def test_frames_come_back_exactly(small_config: ModelConfig) -> None:
    frames = torch.randint(0, 256, (2, 3, 16, 24, 3), dtype=torch.uint8)
    codec = RawPatches(small_config)
    patches = codec.encode(frames)
    assert patches.shape == (2, 3, codec.patches, codec.channels)
    assert torch.equal(codec.decode(patches), frames)
    turned = frames.permute(0, 1, 4, 2, 3).contiguous().permute(0, 1, 3, 4, 2)
    assert torch.equal(codec.encode(turned), patches), "however they lie in memory"


def test_a_patch_is_a_square_of_the_picture(small_config: ModelConfig) -> None:
    frames = torch.zeros((1, 1, 16, 24, 3), dtype=torch.uint8)
    frames[0, 0, 8:16, 8:16] = 255
    patches = RawPatches(small_config).encode(frames)[0, 0]
    assert patches.mean(dim=1).tolist() == [-1.0, -1.0, -1.0, -1.0, 1.0, -1.0]


def test_values_beyond_the_range_are_clipped(small_config: ModelConfig) -> None:
    codec = RawPatches(small_config)
    loud = torch.full((1, 1, codec.patches, codec.channels), 7.0)
    assert codec.decode(loud).unique().tolist() == [255]


def test_frames_of_another_size_are_a_programmers_error(small_config: ModelConfig) -> None:
    with pytest.raises(ValueError, match=r"uint8 \[B,T,16,24,3\]"):
        RawPatches(small_config).encode(torch.zeros((1, 1, 8, 8, 3), dtype=torch.uint8))
