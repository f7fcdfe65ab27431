"""Signed distances of the Playground's shapes at radius 1, y down; negative inside.

Star after Inigo Quilez' 2-D distance functions. Distances are exact along edges, which is all that one pixel of
anti-aliasing needs.
"""

import math

import torch
from torch import Tensor

from .vocabulary import SHAPES

SQUARE_HALF = 0.88
TRIANGLE_RADIUS = 1.35
STAR_OUTER, STAR_INNER = 1.32, 0.62
RING_OUTER, RING_INNER = 1.05, 0.6
REACH = 1.36
"""No shape extends farther from its centre than this many radii."""

AREAS = (
    math.pi,
    4 * SQUARE_HALF**2,
    0.75 * math.sqrt(3.0) * TRIANGLE_RADIUS**2,
    5 * STAR_OUTER * STAR_INNER * math.sin(math.pi / 5),
    math.pi * (RING_OUTER**2 - RING_INNER**2),
)
"""Area of each shape at radius 1."""

_TRIANGLE_SIDE = TRIANGLE_RADIUS * math.sqrt(3.0) / 2
_STAR_SIDE, _STAR_FOOT = STAR_OUTER * math.sin(2 * math.pi / 5), STAR_OUTER * math.cos(math.pi / 5)
WALL_REACH = (
    (1.0, 1.0, 1.0, 1.0),
    (SQUARE_HALF, SQUARE_HALF, SQUARE_HALF, SQUARE_HALF),
    (_TRIANGLE_SIDE, _TRIANGLE_SIDE, TRIANGLE_RADIUS, TRIANGLE_RADIUS / 2),
    (_STAR_SIDE, _STAR_SIDE, STAR_OUTER, _STAR_FOOT),
    (RING_OUTER, RING_OUTER, RING_OUTER, RING_OUTER),
)
"""How far each shape reaches toward vocabulary.WALLS (left, right, top, bottom), in radii."""
BODY_REACH = (1.0, 0.95, 1.05, 1.1, 1.05)
"""Radius of the disc as which each shape meets other bodies, in radii."""


def circle(x: Tensor, y: Tensor) -> Tensor:
    return torch.sqrt(x * x + y * y) - 1.0


def square(x: Tensor, y: Tensor) -> Tensor:
    dx, dy = x.abs() - SQUARE_HALF, y.abs() - SQUARE_HALF
    return torch.hypot(dx.clamp(min=0.0), dy.clamp(min=0.0)) + torch.maximum(dx, dy).clamp(max=0.0)


def triangle(x: Tensor, y: Tensor) -> Tensor:
    half_side, root3 = TRIANGLE_RADIUS * 0.8660254037844386, 1.7320508075688772
    x, y = x.abs() - half_side, half_side / root3 - y
    folds = x + root3 * y > 0
    x, y = torch.where(folds, (x - root3 * y) / 2, x), torch.where(folds, -(root3 * x + y) / 2, y)
    x = x - x.clamp(-2.0 * half_side, 0.0)
    return -torch.hypot(x, y) * torch.sign(y)


def star(x: Tensor, y: Tensor) -> Tensor:
    # The edge from the outer tip to the inner notch, after folding the plane into one tenth of the star.
    cos36, sin36 = 0.8090169943749475, 0.5877852522924731
    x, y = x.abs(), -y
    fold = 2.0 * (cos36 * x - sin36 * y).clamp(min=0.0)
    x, y = x - fold * cos36, y + fold * sin36
    fold = 2.0 * (-cos36 * x - sin36 * y).clamp(min=0.0)
    x, y = (x + fold * cos36).abs(), y + fold * sin36 - STAR_OUTER
    edge_x, edge_y = STAR_INNER * sin36, STAR_INNER * cos36 - STAR_OUTER
    length2 = edge_x**2 + edge_y**2
    along = ((x * edge_x + y * edge_y) / length2).clamp(0.0, 1.0)
    away = torch.sqrt((x - edge_x * along) ** 2 + (y - edge_y * along) ** 2)
    return away * torch.sign(y * edge_x - x * edge_y)


def ring(x: Tensor, y: Tensor) -> Tensor:
    middle, half = (RING_OUTER + RING_INNER) / 2, (RING_OUTER - RING_INNER) / 2
    return (torch.sqrt(x * x + y * y) - middle).abs() - half


_DISTANCES = (circle, square, triangle, star, ring)


def distance(shape_N: Tensor, x_NP: Tensor, y_NP: Tensor) -> Tensor:
    """Signed distance at points (x, y) [N, P] of shapes [N], in radii."""
    if len(present := sorted(set(shape_N.tolist()))) == 1:
        return _DISTANCES[present[0]](x_NP, y_NP)
    out = torch.empty_like(x_NP)
    for shape in present:
        rows = (shape_N == shape).nonzero()[:, 0]
        out[rows] = _DISTANCES[shape](x_NP[rows], y_NP[rows])
    return out


assert len(_DISTANCES) == len(SHAPES) == len(AREAS)
