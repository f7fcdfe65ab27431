"""Where each patch of the last frame came from in the one before it: how things were moving, as far as pixels tell.

Block matching (Jain & Jain 1981) by the mean squared error of grey values, refined to a fraction of a pixel by a
parabola through the best match and its neighbours. A block is half a patch wider than its patch on each side: what is
about to come in is seen there. Nothing is learned here: a network that moves pixels is told how they moved, and goes on
so until it learns better.

Shapes: B batch, T frames, K frames of history, P patches, C = p p 3 channels, S = 1 + 2 reach displacements an axis.
"""

import torch
from torch import Tensor
from torch.nn import functional

from muybridge.worldmodel.config import ModelConfig
from muybridge.worldmodel.patches import in_full, to_image

_FAINT = 0.003
"""A match is half sure where the squared error, of values in [-1, 1], bends by so much around it; in the flat, not."""


@torch.no_grad()
def matched(history_BTKPC: Tensor, config: ModelConfig) -> Tensor | None:
    """Each patch's displacement [B,T,P,2,S], across and down, as weights of the two whole pixels that it lies between.

    Displacement s - reach is where the patch's pixels came from. Weights sum to how sure that is, in [0, 1): to little
    where all is flat. None for a network that is not told (`matches`).
    """
    if not config.matches:
        return None
    seen = (to_image(history_BTKPC[:, :, k].flatten(0, 1).float(), config) for k in (0, 1))
    last, before = (image.mean(dim=1) for image in seen)
    with in_full(last.device):
        error_NPYX = _errors(last, before, config)
    choices = error_NPYX.shape[-1]
    best = error_NPYX.flatten(2).argmin(dim=2)
    row, column = best // choices, best % choices
    along_row = error_NPYX.gather(2, row[..., None, None].expand(-1, -1, 1, choices))[:, :, 0]
    along_column = error_NPYX.gather(3, column[..., None, None].expand(-1, -1, choices, 1))[..., 0]
    weights = torch.stack([_between(along_row, column), _between(along_column, row)], dim=2)
    return weights.view(*history_BTKPC.shape[:2], *weights.shape[1:]).to(history_BTKPC.dtype)


def _errors(last_NHW: Tensor, before_NHW: Tensor, config: ModelConfig) -> Tensor:
    """Mean squared errors of blocks [N,P,S,S], by row and column of the displacement."""
    (rows, columns), reach, choices = config.grid, config.reach, 1 + 2 * config.reach
    num, cell = len(last_NHW), config.patch // 2
    cells = num * 4 * config.patches
    wide = functional.pad(before_NHW[:, None], (reach, reach, reach, reach), mode="replicate")[:, 0]
    reached = cell + 2 * reach
    around = wide.unfold(1, reached, cell).unfold(2, reached, cell).reshape(1, cells, reached, reached)
    own = last_NHW.unfold(1, cell, cell).unfold(2, cell, cell).reshape(cells, 1, cell, cell)
    # (a - b)² = a² + b² - 2ab, and all ab of a cell are one convolution.
    shared = functional.conv2d(around, own / cell**2, groups=cells)
    theirs = functional.avg_pool2d(wide[:, None].square(), cell, stride=1)[:, 0]
    theirs = theirs.unfold(1, choices, cell).unfold(2, choices, cell).reshape(cells, choices, choices)
    errors = own.square().mean(dim=(1, 2, 3))[:, None, None] + theirs - 2.0 * shared[0]
    # A patch is two cells wide and a block four.
    by_place = errors.view(num, 2 * rows, 2 * columns, choices**2).permute(0, 3, 1, 2)
    blocks = functional.avg_pool2d(by_place, 4, stride=2, padding=1, count_include_pad=False)
    return blocks.flatten(2).transpose(1, 2).reshape(num, rows * columns, choices, choices)


def _between(error_NPS: Tensor, best_NP: Tensor) -> Tensor:
    """Weights [N,P,S] of the two whole displacements around the lowest point of a parabola through three errors.

    They sum to how sure that point is.
    """
    last = error_NPS.shape[-1] - 1
    below, at, above = (error_NPS.gather(2, (best_NP + step).clamp(0, last)[..., None])[..., 0] for step in (-1, 0, 1))
    bend = below - 2.0 * at + above
    fraction = torch.where(bend > 1e-9, 0.5 * (below - above) / bend.clamp(min=1e-9), 0.0).clamp(-0.5, 0.5)
    exact = (best_NP + fraction).clamp(0, last)
    near = (1.0 - (torch.arange(last + 1, device=exact.device) - exact[..., None]).abs()).clamp(min=0.0)
    sure = bend.clamp(min=0.0) / (bend.clamp(min=0.0) + _FAINT)
    return near * sure[..., None]
