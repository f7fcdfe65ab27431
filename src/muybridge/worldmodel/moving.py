"""Each pixel is kept from the frame before, moved from elsewhere in it, or painted: three shares that sum to one.

What stands still or moves without changing need not be painted again, and a share of one keeps it exactly, however
long the roll-out. Each patch says how far what moves came (dynamic filters: De Brabandere et al. 2016, Finn et al.
2016): two softmaxes, over x and over y, so fractions of a pixel are blends of neighbours. Only for channels that are
pixels.

Shapes: B batch, T frames, P patches, C = p p 3 channels, K = 1 + 2 reach displacements an axis.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from muybridge.worldmodel.config import ModelConfig
from muybridge.worldmodel.patches import in_full, to_image, to_patches

SHARPNESS = 2.0
"""Shares and displacements are this much steeper than what the network says."""
FIRMNESS = 4.0
"""Shares are steeper still by this where it imagines and does not learn: what each frame moves a little too faintly
fades in a long play. Displacements are not: a fraction of a pixel is a blend."""
_DOUBT = 1e-3
"""The chance that a patch does not go on as it came, for each displacement."""
_WAVES = (1.0, 0.8, 2 / 3, 0.5, 1 / 3)
"""In half turns a pixel: from one that changes sign with each pixel to one six pixels long."""
_MOST_OF_TWO = 0.25
"""The variance of an even blend of two neighbours; of wider ones the patch is not sure, and blur is what it means."""


def _unblurred(weights_NPK: Tensor) -> Tensor:
    """The same displacements, without the blur of a blend of two neighbours; sums stay.

    A blend with weights of variance v takes v/2 of the second difference from a picture, and gets it back here: between
    two pixels that makes the weights of Catmull & Rom (1974), on a whole pixel it changes nothing. Never so much that a
    wave of any of a few lengths would grow, as it would where weights have gaps: a roll-out would end in stripes.
    """
    at = torch.arange(weights_NPK.shape[-1], device=weights_NPK.device, dtype=weights_NPK.dtype)
    mean = (weights_NPK * at).sum(dim=-1, keepdim=True)
    variance = (weights_NPK * (at - mean).square()).sum(dim=-1, keepdim=True)
    angles = math.pi * torch.tensor(_WAVES, device=at.device, dtype=at.dtype)
    turns = at[:, None] * angles
    # A little more than passes: the root has no slope where nothing does.
    passed = ((weights_NPK @ turns.cos()).square() + (weights_NPK @ turns.sin()).square() + 1e-6).sqrt()
    harmless = (1.0 / passed - 1.0).clamp(min=0.0) / (1.0 - angles.cos())
    given_back = torch.minimum(variance, harmless.amin(dim=-1, keepdim=True)).clamp(max=_MOST_OF_TWO)
    wide = functional.pad(weights_NPK, (1, 1), mode="replicate")
    bend = wide[..., 2:] - 2.0 * weights_NPK + wide[..., :-2]
    return weights_NPK - 0.5 * given_back * bend


class Mover(nn.Module):
    """Displacements and shares from hidden states; `forward` makes a frame of what they say."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config, self.choices = config, 1 + 2 * config.reach
        self.shift_out = nn.Linear(config.width, 2 * self.choices, bias=False)
        self.keep_out = nn.Linear(config.width, config.patch**2, bias=False)
        self.move_out = nn.Linear(config.width, config.patch**2, bias=False)
        for layer in (self.shift_out, self.keep_out, self.move_out):
            nn.init.zeros_(layer.weight)

    def forward(
        self, tokens_BTPD: Tensor, painted_BTPC: Tensor, previous_BTPC: Tensor, motion_BTP2S: Tensor | None = None
    ) -> Tensor:
        """The frame [B,T,P,C] that is partly painted, partly the frame before, partly that frame moved."""
        moved = self.moved(tokens_BTPD, previous_BTPC, motion_BTP2S)
        keep, move = self.keep_out(tokens_BTPD).float(), self.move_out(tokens_BTPD).float()
        steepness = SHARPNESS if self.training else SHARPNESS * FIRMNESS
        shares = (steepness * torch.stack([torch.zeros_like(keep), keep, move])).softmax(dim=0)[..., None]
        paint, keep, move = shares.expand(*shares.shape[:-1], 3).flatten(-2)
        made: Tensor = paint * painted_BTPC + keep * previous_BTPC + move * moved
        return made

    def moved(self, tokens_BTPD: Tensor, previous_BTPC: Tensor, motion_BTP2S: Tensor | None = None) -> Tensor:
        """The frame before with each patch's displacement applied [B,T,P,C]."""
        shifts = SHARPNESS * self.shift_out(tokens_BTPD).float().unflatten(-1, (2, self.choices))
        if motion_BTP2S is not None:
            # Until it says otherwise, what moved goes on as it did.
            shifts = shifts + (motion_BTP2S.float() + _DOUBT).log()
        with in_full(shifts.device):
            weights_M2K = _unblurred(shifts.softmax(dim=-1).flatten(0, 2))
            across, down = weights_M2K.view(-1, self.config.patches, 2, self.choices).unbind(dim=2)
            image = self._moved(to_image(previous_BTPC.float().flatten(0, 1), self.config), across, down)
        return to_patches(image, self.config).view_as(previous_BTPC)

    def _moved(self, image_N3HW: Tensor, across_NPK: Tensor, down_NPK: Tensor) -> Tensor:
        sideways = self._along(image_N3HW, across_NPK)
        # The other axis is the same with rows and columns exchanged.
        rows, columns = self.config.grid
        turned = down_NPK.view(-1, rows, columns, self.choices).transpose(1, 2).flatten(1, 2)
        return self._along(sideways.transpose(2, 3), turned).transpose(2, 3)

    def _along(self, image_N3RX: Tensor, weights_NPK: Tensor) -> Tensor:
        """Each patch's blend of displacements along the last axis, as one product of small matrices a patch."""
        patch, (num, _, height, width) = self.config.patch, image_N3RX.shape
        rows, columns = height // patch, width // patch
        reached = patch + 2 * self.config.reach
        wide = functional.pad(image_N3RX, (self.config.reach, self.config.reach, 0, 0), mode="replicate")
        windows = torch.stack([wide[..., at * patch : at * patch + reached] for at in range(columns)], dim=2)
        windows = windows.view(num, 3, columns, rows, patch, reached).permute(0, 3, 2, 1, 4, 5)
        blended = windows.reshape(num * rows * columns, 3 * patch, reached) @ self._bands(weights_NPK)
        cut = blended.view(num, rows, columns, 3, patch, patch)
        return cut.permute(0, 3, 1, 4, 2, 5).reshape(image_N3RX.shape)

    def _bands(self, weights_NPK: Tensor) -> Tensor:
        """[NP, p + 2 reach, p]: column x holds the weights from row x on, zeros elsewhere."""
        patch, reached = self.config.patch, self.config.patch + 2 * self.config.reach
        # Rows of one more than their length, cut anew, each begin one further on.
        padded = functional.pad(weights_NPK.flatten(0, 1), (0, reached + 1 - self.choices))
        skewed = padded[:, None].expand(-1, patch, -1).reshape(len(padded), -1)[:, : patch * reached]
        return skewed.reshape(-1, patch, reached).transpose(1, 2)
