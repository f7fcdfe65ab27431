"""The frame before, moved: each patch says how far its pixels came, softly over whole steps of a pixel.

What moves without changing need not be painted again (dynamic filters: De Brabandere et al. 2016, Finn et al. 2016).
A displacement is two softmaxes, over x and over y, so fractions of a pixel are blends of neighbours. Only for channels
that are pixels. Shapes: B batch, T frames, P patches, C = p p 3 channels, K = 1 + 2 reach displacements an axis.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from muybridge.worldmodel.config import ModelConfig


class Mover(nn.Module):
    """Displacements and a gate per pixel from hidden states; `forward` is what they add to a painted frame."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config, self.choices = config, 1 + 2 * config.reach
        self.shift_out = nn.Linear(config.width, 2 * self.choices, bias=False)
        self.gate_out = nn.Linear(config.width, config.patch**2, bias=False)
        nn.init.zeros_(self.shift_out.weight)
        nn.init.zeros_(self.gate_out.weight)

    def forward(self, tokens_BTPD: Tensor, previous_BTPC: Tensor) -> Tensor:
        """[B,T,P,C]: the moved frame, as far as each pixel's gate lets it through."""
        shifts = self.shift_out(tokens_BTPD).float().flatten(0, 1)
        across, down = (axis.softmax(dim=-1) for axis in shifts.chunk(2, dim=-1))
        moved = self._patches(self._moved(self._image(previous_BTPC.float().flatten(0, 1)), across, down))
        gate = torch.sigmoid(self.gate_out(tokens_BTPD))[..., None].expand(*tokens_BTPD.shape[:3], -1, 3)
        let_through: Tensor = gate.flatten(-2) * moved.view_as(previous_BTPC)
        return let_through

    def _moved(self, image_N3HW: Tensor, across_NPK: Tensor, down_NPK: Tensor) -> Tensor:
        reach, (height, width) = self.config.reach, image_N3HW.shape[2:]
        wide = functional.pad(image_N3HW, (reach, reach, 0, 0), mode="replicate")
        shifted = [wide[..., at : at + width] for at in range(self.choices)]
        tall = functional.pad(self._blend(shifted, across_NPK), (0, 0, reach, reach), mode="replicate")
        return self._blend([tall[:, :, at : at + height] for at in range(self.choices)], down_NPK)

    def _blend(self, shifted: list[Tensor], weights_NPK: Tensor) -> Tensor:
        """The sum of shifted images, each weighed patch by patch."""
        rows, columns = self.config.grid
        weights = weights_NPK.view(-1, 1, rows, 1, columns, 1, self.choices)
        split = (-1, 3, rows, self.config.patch, columns, self.config.patch)
        blended = weights[..., 0] * shifted[0].reshape(split)
        for at in range(1, self.choices):
            blended = torch.addcmul(blended, weights[..., at], shifted[at].reshape(split))
        return blended.reshape(shifted[0].shape)

    def _image(self, patches_NPC: Tensor) -> Tensor:
        (rows, columns), patch = self.config.grid, self.config.patch
        cut = patches_NPC.view(-1, rows, columns, patch, patch, 3)
        return cut.permute(0, 5, 1, 3, 2, 4).reshape(-1, 3, rows * patch, columns * patch)

    def _patches(self, image_N3HW: Tensor) -> Tensor:
        (rows, columns), patch = self.config.grid, self.config.patch
        cut = image_N3HW.view(-1, 3, rows, patch, columns, patch)
        return cut.permute(0, 2, 4, 3, 5, 1).reshape(-1, rows * columns, self.config.channels)
