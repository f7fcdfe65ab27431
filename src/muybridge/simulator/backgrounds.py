"""Backgrounds as functions of world coordinates, so that a panning camera slides over them at any resolution.

All are low in saturation: the judge tells things from grounds by chroma.
"""

import torch
from torch import Tensor

from .vocabulary import BACKGROUNDS

_WHITE = (246, 247, 249)
_SKY, _EARTH = (214, 226, 241), (250, 243, 233)
_GRID, _GRID_LINE = (238, 241, 245), (212, 219, 229)
_NIGHT, _NIGHT_LOW = (17, 21, 38), (43, 48, 72)
_PAPER, _PAPER_DOT = (239, 233, 221), (219, 210, 194)
GRID_STEP = 0.125


def _rgb(colour: tuple[int, int, int], like: Tensor) -> Tensor:
    return torch.tensor(colour, dtype=like.dtype, device=like.device) / 255.0


def _mix(first: Tensor, second: Tensor, weight: Tensor) -> Tensor:
    return first + (second - first) * weight[..., None]


def _lines(u: Tensor, step: float, half_width: Tensor) -> Tensor:
    """Anti-aliased coverage of lines every `step`; half_width is half a pixel at least."""
    away = ((u / step + 0.5) % 1.0 - 0.5).abs() * step
    return ((1.6 * half_width - away) / half_width).clamp(0.0, 1.0)


def _stars(x: Tensor, y: Tensor, pixel: Tensor) -> Tensor:
    # One star a cell at a place hashed from the cell, so that it stays put in the world.
    step = 0.11
    cell_x, cell_y = torch.floor(x / step), torch.floor(y / step)
    jitter = torch.frac(torch.sin(cell_x * 12.9898 + cell_y * 78.233).abs() * 4375.5)
    centre_x = (cell_x + 0.2 + 0.6 * jitter) * step
    centre_y = (cell_y + 0.2 + 0.6 * torch.frac(jitter * 7.3)) * step
    size = torch.maximum(pixel, torch.full_like(pixel, 0.004))
    away2 = ((x - centre_x) ** 2 + (y - centre_y) ** 2) / (size * size)
    return torch.exp(-1.2 * away2) * (0.15 + 0.5 * torch.frac(jitter * 3.7))


def background_rgb(kind: int, x: Tensor, y: Tensor, pixel: Tensor) -> Tensor:
    """Colours [..., 3] in [0, 1] of background `kind` at world points; `pixel` is a pixel's size in the world."""
    name = BACKGROUNDS[kind]
    if name == "white":
        return _rgb(_WHITE, x).expand(*x.shape, 3)
    if name == "gradient":
        return _mix(_rgb(_SKY, x), _rgb(_EARTH, x), y.clamp(0.0, 1.0))
    if name == "grid":
        lines = torch.maximum(_lines(x, GRID_STEP, pixel / 2), _lines(y, GRID_STEP, pixel / 2))
        return _mix(_rgb(_GRID, x), _rgb(_GRID_LINE, x), lines)
    if name == "night":
        sky = _mix(_rgb(_NIGHT, x), _rgb(_NIGHT_LOW, x), y.clamp(0.0, 1.0) ** 2)
        return sky + _stars(x, y, pixel)[..., None] * 0.55
    step = GRID_STEP / 2
    dot_x, dot_y = ((x / step) % 1.0 - 0.5) * step, ((y / step) % 1.0 - 0.5) * step
    dots = ((0.006 - torch.sqrt(dot_x**2 + dot_y**2)) / pixel + 0.5).clamp(0.0, 1.0)
    return _mix(_rgb(_PAPER, x), _rgb(_PAPER_DOT, x), dots)
