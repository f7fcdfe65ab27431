"""A latent codec: what a small convolutional autoencoder makes of each patch, where it has too many pixels to predict.

Each frame by itself, so that frames stream as they do in pixels. It is learned before the network that predicts its
latents, from the same clips, and then left as it is (see `training.loop`); its weights are part of the network's.
Latents lie in [-1, 1], as pixels do, and are learned under noise: those of a roll-out are never quite what the encoder
would say.

Shapes: N frames, B batch, T frames of a clip, P patches, C latents of a patch, h w the grid, H W pixels.
"""

import math
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from muybridge.worldmodel.config import ModelConfig
from muybridge.worldmodel.patches import pixels_of

FIRST_CUT = 4
"""Squares of so many pixels a side are the finest that it works on: full resolution costs most and says least."""
NOISE = 0.1
"""Standard deviation of what is added to latents while the codec is learned."""
_WIDEST = 4
"""Times the codec's first width."""


class Block(nn.Module):
    """Two convolutions beside what came in (He et al. 2016, before their normalisations); nothing at first."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(1, width)
        self.wide = nn.Conv2d(width, width, 3, padding=1)
        self.back = nn.Conv2d(width, width, 3, padding=1)
        nn.init.zeros_(self.back.weight)

    def forward(self, x_NDhw: Tensor) -> Tensor:
        added: Tensor = self.back(functional.silu(self.wide(self.norm(x_NDhw))))
        return x_NDhw + added


class Latents(nn.Module):
    """The codec of a config whose `latents` are not 0; answers to `patches.Codec`.

    It begins as the picture shrunk to as many numbers, and scaled up again: what it learns is added to either.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.side = math.isqrt(config.latents // 3)
        """Pixels a side of the shrunken patch, which are its first latents."""
        halvings = round(math.log2(config.patch // FIRST_CUT))
        widths = [config.codec_width * min(_WIDEST, 2**level) for level in range(halvings + 1)]
        down: list[nn.Module] = [nn.PixelUnshuffle(FIRST_CUT), nn.Conv2d(3 * FIRST_CUT**2, widths[0], 1)]
        up: list[nn.Module] = [nn.Conv2d(config.latents, widths[-1], 1), Block(widths[-1])]
        for above, below in pairwise(widths):
            down += [nn.PixelUnshuffle(2), nn.Conv2d(4 * above, below, 1), Block(below)]
        for above, below in reversed(list(pairwise(widths))):
            up += [nn.Conv2d(below, 4 * above, 1), nn.PixelShuffle(2), Block(above)]
        last_down = nn.Conv2d(widths[-1], config.latents, 1)
        last_up = nn.Conv2d(widths[0], 3 * FIRST_CUT**2, 3, padding=1)
        for last in (last_down, last_up):
            nn.init.zeros_(last.weight)
            assert last.bias is not None
            nn.init.zeros_(last.bias)
        self.down = nn.Sequential(*down, last_down)
        self.up = nn.Sequential(*up, last_up, nn.PixelShuffle(FIRST_CUT))

    @property
    def patches(self) -> int:
        return self.config.patches

    @property
    def channels(self) -> int:
        return self.config.latents

    @torch.no_grad()
    def encode(self, frames_BTHW3: Tensor) -> Tensor:
        latents = self._encoded(self._image(frames_BTHW3)).clamp(-1.0, 1.0).flatten(2).transpose(1, 2)
        return latents.reshape(*frames_BTHW3.shape[:2], self.patches, self.channels).float()

    @torch.no_grad()
    def decode(self, patches_BTPC: Tensor) -> Tensor:
        grid = patches_BTPC.flatten(0, 1).transpose(1, 2).reshape(-1, self.channels, *self.config.grid)
        image = self._decoded(grid.to(self._dtype)).float()
        frames = image.permute(0, 2, 3, 1).add(1.0).mul(127.5).round().clamp(0, 255).to(torch.uint8)
        return frames.view(*patches_BTPC.shape[:2], self.config.height, self.config.frame_width, 3)

    def latents_of(self, frames_BTHW3: Tensor) -> tuple[int, ...]:
        """Shape of each clip's latents as `loss` takes noise for them: [T,C,h,w]."""
        return (frames_BTHW3.shape[1], self.channels, *self.config.grid)

    def loss(self, frames_BTHW3: Tensor, noise_NChw: Tensor) -> Tensor:
        """Mean absolute error of frames [-1, 1] that came back, and of their edges: errors there are what one sees."""
        image = self._image(frames_BTHW3)
        made = self._decoded(self._encoded(image) + NOISE * noise_NChw)
        error: Tensor = (made - image).float()
        edges = error.diff(dim=2).abs().mean() + error.diff(dim=3).abs().mean()
        return error.abs().mean() + edges

    def _encoded(self, image_N3HW: Tensor) -> Tensor:
        image = image_N3HW.to(self._dtype)
        rows, columns = self.config.grid
        shrunken = functional.adaptive_avg_pool2d(image, (rows * self.side, columns * self.side))
        first = functional.pixel_unshuffle(shrunken, self.side)
        spare = self.channels - first.shape[1]
        latents: Tensor = self.down(image) + functional.pad(first, (0, 0, 0, 0, 0, spare))
        return latents

    def _decoded(self, latents_NChw: Tensor) -> Tensor:
        shrunken = functional.pixel_shuffle(latents_NChw[:, : 3 * self.side**2], self.side)
        size = (self.config.height, self.config.frame_width)
        image: Tensor = self.up(latents_NChw) + functional.interpolate(shrunken, size, mode="bicubic")
        return image

    def _image(self, frames_BTHW3: Tensor) -> Tensor:
        pixels = pixels_of(frames_BTHW3, self.config).to(next(self.parameters()).device)
        return pixels.flatten(0, 1).permute(0, 3, 1, 2)

    @property
    def _dtype(self) -> torch.dtype:
        return next(self.parameters()).dtype
