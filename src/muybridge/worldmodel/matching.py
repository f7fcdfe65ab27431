"""Where each patch of the last frame came from in the one before it: how things were moving, as far as pixels tell.

Block matching (Jain & Jain 1981) by the mean squared error of grey values, refined to a fraction of a pixel by a
parabola through the best match and its neighbours. Nothing is learned here: a network that moves pixels is told how
they moved, and goes on so until it learns better.

Shapes: B batch, T frames, K frames of history, P patches, C = p p 3 channels, S = 1 + 2 reach displacements an axis.
"""

import torch
from torch import Tensor
from torch.nn import functional

from muybridge.worldmodel.config import ModelConfig

_STILLNESS = 1e-5
"""What a displacement of one pixel must win in squared error, in [0, 4], over none: what is flat stands still."""


@torch.no_grad()
def matched(history_BTKPC: Tensor, config: ModelConfig) -> Tensor | None:
    """Each patch's displacement [B,T,P,2,S], across and down, as weights of the two whole pixels that it lies between.

    Displacement s - reach is where the patch's pixels came from. None for a network that is not told (`matches`).
    """
    if not config.matches:
        return None
    last, before = (_grey(history_BTKPC[:, :, k].flatten(0, 1).float(), config) for k in (0, 1))
    error_NPYX = _errors(last, before, config)
    choices = error_NPYX.shape[-1]
    best = error_NPYX.flatten(2).argmin(dim=2)
    row, column = best // choices, best % choices
    along_row = error_NPYX.gather(2, row[..., None, None].expand(-1, -1, 1, choices))[:, :, 0]
    along_column = error_NPYX.gather(3, column[..., None, None].expand(-1, -1, choices, 1))[..., 0]
    weights = torch.stack([_between(along_row, column), _between(along_column, row)], dim=2)
    return weights.view(*history_BTKPC.shape[:2], *weights.shape[1:]).to(history_BTKPC.dtype)


def _grey(patches_NPC: Tensor, config: ModelConfig) -> Tensor:
    """Frames [N,H,W]."""
    (rows, columns), patch = config.grid, config.patch
    cut = patches_NPC.view(-1, rows, columns, patch, patch, 3).mean(dim=-1)
    return cut.transpose(2, 3).reshape(-1, rows * patch, columns * patch)


def _errors(last_NHW: Tensor, before_NHW: Tensor, config: ModelConfig) -> Tensor:
    """Mean squared errors [N,P,S,S], by row and column of the displacement, with the little that stillness is worth."""
    patch, reach, choices = config.patch, config.reach, 1 + 2 * config.reach
    num, patches = len(last_NHW), config.patches
    wide = functional.pad(before_NHW[:, None], (reach, reach, reach, reach), mode="replicate")[:, 0]
    reached = patch + 2 * reach
    around = wide.unfold(1, reached, patch).unfold(2, reached, patch).reshape(1, num * patches, reached, reached)
    own = last_NHW.unfold(1, patch, patch).unfold(2, patch, patch).reshape(num * patches, 1, patch, patch)
    # (a - b)² = a² + b² - 2ab, and all ab of a patch are one convolution.
    shared = functional.conv2d(around, own / patch**2, groups=num * patches)
    theirs = functional.avg_pool2d(around.square(), patch, stride=1)
    errors = (own.square().mean(dim=(1, 2, 3))[:, None, None] + theirs - 2.0 * shared)[0]
    away = torch.arange(choices, device=errors.device).sub(reach).square() * _STILLNESS
    return (errors + away[:, None] + away).view(num, patches, choices, choices)


def _between(error_NPS: Tensor, best_NP: Tensor) -> Tensor:
    """Weights [N,P,S] of the two whole displacements around the lowest point of a parabola through three errors."""
    last = error_NPS.shape[-1] - 1
    below, at, above = (error_NPS.gather(2, (best_NP + step).clamp(0, last)[..., None])[..., 0] for step in (-1, 0, 1))
    bend = below - 2.0 * at + above
    fraction = torch.where(bend > 1e-9, 0.5 * (below - above) / bend.clamp(min=1e-9), 0.0).clamp(-0.5, 0.5)
    exact = (best_NP + fraction).clamp(0, last)
    return (1.0 - (torch.arange(last + 1, device=exact.device) - exact[..., None]).abs()).clamp(min=0.0)
