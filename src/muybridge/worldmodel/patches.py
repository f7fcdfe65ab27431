"""Frames to the channels the trunk predicts, and back: the `Codec` socket.

Raw patches by default: no tokenizer, no autoencoder, no ceiling on quality. The latent codec for high resolution
(`latents`) answers to the same four names and changes nothing else. Shapes: B batch, T frames, P patches, C channels,
H W pixels.
"""

from typing import Protocol

import torch
from torch import Tensor

from muybridge.worldmodel.config import ModelConfig


class Codec(Protocol):
    """Maps frames to `patches` vectors of `channels` values near [-1, 1], and back."""

    @property
    def patches(self) -> int: ...
    @property
    def channels(self) -> int: ...
    def encode(self, frames_BTHW3: Tensor) -> Tensor:
        """uint8 [B,T,H,W,3] -> float32 [B,T,P,C] in [-1,1]."""
        ...

    def decode(self, patches_BTPC: Tensor) -> Tensor:
        """float [B,T,P,C] -> uint8 [B,T,H,W,3]; values outside [-1,1] are clipped."""
        ...


def in_full(device: torch.device) -> torch.autocast:
    """Within it pixels are worked on in float32, though the trunk around them be in bfloat16: differences of squares
    and blends of 256 levels do not survive eight bits of mantissa."""
    return torch.autocast(device.type, enabled=False)


def to_image(patches_NPC: Tensor, config: ModelConfig) -> Tensor:
    """Patches whose channels are pixels, laid out as pictures [N,3,H,W]."""
    (rows, columns), patch = config.grid, config.patch
    cut = patches_NPC.view(-1, rows, columns, patch, patch, 3)
    return cut.permute(0, 5, 1, 3, 2, 4).reshape(-1, 3, rows * patch, columns * patch)


def to_patches(image_N3HW: Tensor, config: ModelConfig) -> Tensor:
    """`to_image` undone [N,P,C]."""
    (rows, columns), patch = config.grid, config.patch
    cut = image_N3HW.view(-1, 3, rows, patch, columns, patch)
    return cut.permute(0, 2, 4, 3, 5, 1).reshape(-1, rows * columns, config.channels)


def pixels_of(frames_BTHW3: Tensor, config: ModelConfig) -> Tensor:
    """Frames uint8 as float32 in [-1,1]. Raises ValueError for those of another kind or size."""
    if frames_BTHW3.dtype != torch.uint8 or frames_BTHW3.shape[-3:] != (config.height, config.frame_width, 3):
        shape, kind = tuple(frames_BTHW3.shape), frames_BTHW3.dtype
        raise ValueError(f"frames must be uint8 [B,T,{config.height},{config.frame_width},3], not {kind} {shape}")
    return frames_BTHW3.float().div_(127.5).sub_(1.0)


class RawPatches:
    """Square patches of pixels, row by row. Lossless but for clipping."""

    def __init__(self, config: ModelConfig) -> None:
        self.config = config
        self.height, self.width, self.patch = config.height, config.frame_width, config.patch
        self.rows, self.columns = config.grid

    @property
    def patches(self) -> int:
        return self.rows * self.columns

    @property
    def channels(self) -> int:
        return 3 * self.patch * self.patch

    def encode(self, frames_BTHW3: Tensor) -> Tensor:
        pixels = pixels_of(frames_BTHW3, self.config)
        batch, time = pixels.shape[:2]
        cut = pixels.reshape(batch, time, self.rows, self.patch, self.columns, self.patch, 3)
        return cut.permute(0, 1, 2, 4, 3, 5, 6).reshape(batch, time, self.patches, self.channels)

    def decode(self, patches_BTPC: Tensor) -> Tensor:
        batch, time = patches_BTPC.shape[:2]
        cut = patches_BTPC.float().reshape(batch, time, self.rows, self.columns, self.patch, self.patch, 3)
        frames = cut.permute(0, 1, 2, 4, 3, 5, 6).reshape(batch, time, self.height, self.width, 3)
        return frames.add(1.0).mul(127.5).round_().clamp_(0, 255).to(torch.uint8)
