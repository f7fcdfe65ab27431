"""How one thing looks: coverage and colour at points around its centre.

Legend: N things (one slot of several frames), P points. Coordinates are in pixels from the thing's centre, y down.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from . import shapes
from .vocabulary import PALETTE, TEXTURES

SHADOW_OFFSET = (0.10, 0.16)
"""Where the light comes from, in radii: up and slightly left."""
SHADOW_BLUR = 0.45
SHADOW_DEPTH = 0.22
REACH = shapes.REACH + max(SHADOW_OFFSET) + SHADOW_BLUR / 2
"""Half side of the window that holds a thing and its shadow, in radii."""

STRIPE_PERIOD = 0.9
"""Radii from one dark band to the next, along x + y."""
STRIPE_DARKNESS = 0.58

_STRIPED = TEXTURES.index("striped")


@dataclass(frozen=True, slots=True)
class Look:
    """What N shapes look like in their frames; every field's first axis is N."""

    shape_N: Tensor
    colour_N: Tensor
    texture_N: Tensor
    angle_N: Tensor
    radius_N: Tensor
    "Pixels."

    def rows(self, rows: Tensor) -> "Look":
        return Look(*(getattr(self, name)[rows] for name in self.__slots__))


def _turned(x_NP: Tensor, y_NP: Tensor, angle_N: Tensor) -> tuple[Tensor, Tensor]:
    if not bool(angle_N.any()):
        return x_NP, y_NP
    cos, sin = angle_N.cos()[:, None], angle_N.sin()[:, None]
    return cos * x_NP + sin * y_NP, cos * y_NP - sin * x_NP


def coverage(look: Look, x_NP: Tensor, y_NP: Tensor) -> Tensor:
    """How much of each pixel the shape covers, in [0, 1]: one pixel of anti-aliasing."""
    radius = look.radius_N[:, None].clamp(min=1e-6)
    x, y = _turned(x_NP / radius, y_NP / radius, look.angle_N)
    return (0.5 - shapes.distance(look.shape_N, x, y) * radius).clamp_(0.0, 1.0)


def shadow(look: Look, x_NP: Tensor, y_NP: Tensor) -> Tensor:
    """Darkness in [0, SHADOW_DEPTH] of the soft shadow that the shape drops on what lies under it."""
    radius = look.radius_N[:, None].clamp(min=1e-6)
    x, y = x_NP / radius - SHADOW_OFFSET[0], y_NP / radius - SHADOW_OFFSET[1]
    x, y = _turned(x, y, look.angle_N)
    depth = (0.5 - shapes.distance(look.shape_N, x, y) / SHADOW_BLUR).clamp_(0.0, 1.0)
    return depth * depth * (3.0 - 2.0 * depth) * SHADOW_DEPTH


def colour(look: Look, x_NP: Tensor, y_NP: Tensor, *, is_shaded: bool) -> Tensor:
    """sRGB [N, P, 3] in [0, 1] of the shape's surface: palette, stripes, and shading from the light above."""
    palette = torch.tensor(PALETTE, dtype=x_NP.dtype, device=x_NP.device) / 255.0
    rgb = palette[look.colour_N][:, None, :]
    radius = look.radius_N[:, None].clamp(min=1e-6)
    if bool((look.texture_N == _STRIPED).any()):
        # Bands across the diagonal, softened over one pixel; darker, so that hue and outline stay.
        phase = (((x_NP + y_NP) / radius / STRIPE_PERIOD) % 1.0 - 0.5).abs() - 0.25
        band = (0.5 + phase * radius * STRIPE_PERIOD / 1.42).clamp(0.0, 1.0)
        band = band * (look.texture_N == _STRIPED)[:, None]
        rgb = rgb * (1.0 - (1.0 - STRIPE_DARKNESS) * band)[..., None]
    if is_shaded:
        # Added rather than multiplied, so that shading leaves chroma (what the judge reads) alone.
        rgb = rgb + (-0.06 * (0.5 * x_NP + y_NP) / radius).clamp(-0.08, 0.08)[..., None]
    return rgb.clamp(0.0, 1.0).expand(*x_NP.shape, 3)
