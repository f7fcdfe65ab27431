"""How the Playground's furniture looks: screens, counters, clocks and tiles. All neutral in hue: bodies own colour.

Legend: N things, P points; coordinates in pixels from the thing's centre, y down.
"""

import torch
from torch import Tensor

SCREEN_RGB = (118, 124, 134)
PLATE_RGB = (232, 234, 238)
INK_RGB = (58, 63, 74)
TILE_RGB = (104, 112, 126)

SEGMENTS = (
    (0.0, -0.62, 0.30, 0.0),
    (0.34, -0.31, 0.0, 0.24),
    (0.34, 0.31, 0.0, 0.24),
    (0.0, 0.62, 0.30, 0.0),
    (-0.34, 0.31, 0.0, 0.24),
    (-0.34, -0.31, 0.0, 0.24),
    (0.0, 0.0, 0.30, 0.0),
)
"""Centre x, y and half length along x and y of the seven strokes of a digit, in half heights of its plate."""
STROKE = 0.085
DIGIT_SEGMENTS = (
    0b0111111,
    0b0000110,
    0b1011011,
    0b1001111,
    0b1100110,
    0b1101101,
    0b1111101,
    0b0000111,
    0b1111111,
    0b1101111,
)
"""Which strokes each digit lights; bit k is SEGMENTS[k]."""

HAND_LENGTH, HAND_WIDTH, RIM_WIDTH = 0.7, 0.1, 0.14
"""In radii of the clock's face."""


def _rgb(colour: tuple[int, int, int], like: Tensor) -> Tensor:
    return torch.tensor(colour, dtype=like.dtype, device=like.device) / 255.0


def _box_distance(x_NP: Tensor, y_NP: Tensor, half_N2: Tensor, corner_N: Tensor) -> Tensor:
    dx, dy = x_NP.abs() - half_N2[:, :1] + corner_N, y_NP.abs() - half_N2[:, 1:] + corner_N
    outside = torch.sqrt(dx.clamp(min=0.0) ** 2 + dy.clamp(min=0.0) ** 2)
    return outside + torch.maximum(dx, dy).clamp(max=0.0) - corner_N


def plate_coverage(x_NP: Tensor, y_NP: Tensor, half_N2: Tensor) -> Tensor:
    """Coverage of a rounded rectangle; half sizes in pixels."""
    corner_N = half_N2.amin(-1, keepdim=True) * 0.12
    return (0.5 - _box_distance(x_NP, y_NP, half_N2, corner_N)).clamp_(0.0, 1.0)


def plate_shadow(x_NP: Tensor, y_NP: Tensor, half_N2: Tensor, depth: float) -> Tensor:
    """Darkness of a plate's soft shadow."""
    blur_N = half_N2.amin(-1, keepdim=True) * 0.3
    away = _box_distance(x_NP - blur_N * 0.4, y_NP - blur_N * 0.7, half_N2, blur_N)
    return (0.5 - away / blur_N).clamp_(0.0, 1.0) * depth


def screen_rgb(y_NP: Tensor, half_N2: Tensor) -> Tensor:
    """The occluder's surface [N, P, 3]: lighter at the top."""
    return _rgb(SCREEN_RGB, y_NP) - (0.05 * y_NP / half_N2[:, 1:])[..., None]


def _segment_coverage(x_NP: Tensor, y_NP: Tensor, ends_N4: Tensor, width_N1: Tensor) -> Tensor:
    """Coverage of strokes with round ends: from (x0, y0) to (x1, y1), all in pixels."""
    along_x, along_y = ends_N4[:, 2:3] - ends_N4[:, 0:1], ends_N4[:, 3:4] - ends_N4[:, 1:2]
    px, py = x_NP - ends_N4[:, 0:1], y_NP - ends_N4[:, 1:2]
    share = ((px * along_x + py * along_y) / (along_x**2 + along_y**2).clamp(min=1e-9)).clamp(0.0, 1.0)
    away = torch.sqrt((px - share * along_x) ** 2 + (py - share * along_y) ** 2)
    return (0.5 - (away - width_N1)).clamp_(0.0, 1.0)


def counter_rgb(x_NP: Tensor, y_NP: Tensor, half_N2: Tensor, digit_N: Tensor) -> Tensor:
    """A plate showing one digit, [N, P, 3]."""
    unit_N1 = half_N2[:, 1:]
    lit_N = torch.tensor(DIGIT_SEGMENTS, device=digit_N.device)[digit_N.clamp(0, 9)]
    ink = torch.zeros_like(x_NP)
    for number, (x, y, half_x, half_y) in enumerate(SEGMENTS):
        ends = unit_N1 * x_NP.new_tensor([x - half_x, y - half_y, x + half_x, y + half_y])
        stroke = _segment_coverage(x_NP, y_NP, ends, unit_N1 * STROKE)
        ink = torch.maximum(ink, stroke * ((lit_N >> number) & 1)[:, None])
    plate, dark = _rgb(PLATE_RGB, x_NP), _rgb(INK_RGB, x_NP)
    return plate + (dark - plate) * ink[..., None]


def clock_rgb(x_NP: Tensor, y_NP: Tensor, radius_N: Tensor, angle_N: Tensor) -> Tensor:
    """A pale face with a rim, a hub and one hand pointing at `angle` (radians, clockwise from up), [N, P, 3]."""
    radius = radius_N[:, None]
    away = torch.sqrt(x_NP**2 + y_NP**2)
    rim = (0.5 - (away - radius * (1.0 - RIM_WIDTH / 2)).abs() + radius * RIM_WIDTH / 2).clamp(0.0, 1.0)
    zero = torch.zeros_like(radius)
    tip_x, tip_y = radius * HAND_LENGTH * angle_N.sin()[:, None], -radius * HAND_LENGTH * angle_N.cos()[:, None]
    hand = _segment_coverage(x_NP, y_NP, torch.cat([zero, zero, tip_x, tip_y], 1), radius * HAND_WIDTH)
    hub = (0.5 - away + radius * 0.16).clamp(0.0, 1.0)
    ink = torch.maximum(torch.maximum(rim, hand), hub)
    plate, dark = _rgb(PLATE_RGB, x_NP), _rgb(INK_RGB, x_NP)
    return plate + (dark - plate) * ink[..., None]


def disc_coverage(x_NP: Tensor, y_NP: Tensor, radius_N: Tensor) -> Tensor:
    """Coverage of a disc; radius in pixels."""
    return (0.5 - torch.sqrt(x_NP**2 + y_NP**2) + radius_N[:, None]).clamp_(0.0, 1.0)


def eyes_rgb(rgb_NP3: Tensor, x_NP: Tensor, y_NP: Tensor, radius_N: Tensor, gaze_N2: Tensor) -> Tensor:
    """The avatar's surface with two eyes that look where it goes."""
    radius = radius_N[:, None]
    for side in (-0.36, 0.36):
        eye_x, eye_y = x_NP - radius * (side + 0.16 * gaze_N2[:, :1]), y_NP - radius * (-0.18 + 0.16 * gaze_N2[:, 1:])
        white = (0.5 - torch.sqrt(eye_x**2 + eye_y**2) + radius * 0.27).clamp(0.0, 1.0)
        pupil_x, pupil_y = eye_x - radius * 0.1 * gaze_N2[:, :1], eye_y - radius * 0.1 * gaze_N2[:, 1:]
        pupil = (0.5 - torch.sqrt(pupil_x**2 + pupil_y**2) + radius * 0.13).clamp(0.0, 1.0)
        rgb_NP3 = rgb_NP3 + (0.98 - rgb_NP3) * white[..., None]
        rgb_NP3 = rgb_NP3 + (0.12 - rgb_NP3) * pupil[..., None]
    return rgb_NP3


def tile_coverage(tiles_BGG: Tensor, x: Tensor, y: Tensor, pixel: Tensor) -> Tensor:
    """Coverage [B, T, H, W] of wall tiles at world points, anti-aliased against empty neighbours.

    Tiles cover the unit square; a point's coverage is that of the pixel-sized box around it.
    """
    rows, columns = tiles_BGG.shape[1:]
    clip = torch.arange(len(tiles_BGG), device=x.device)[:, None, None, None]

    def at(u: Tensor, v: Tensor) -> Tensor:
        column = torch.floor(u * columns).to(torch.int64).clamp(0, columns - 1)
        row = torch.floor(v * rows).to(torch.int64).clamp(0, rows - 1)
        return tiles_BGG[clip, row, column].to(x.dtype)

    quarter = pixel * 0.25
    corners = [at(x + quarter * i, y + quarter * j) for i in (-1, 1) for j in (-1, 1)]
    return torch.stack(corners).mean(0)


def tile_rgb(x: Tensor, y: Tensor, num_tiles: int) -> Tensor:
    """Tiles' surface [..., 3]: a light upper-left edge and a dark lower-right one on each."""
    u, v = (x * num_tiles) % 1.0, (y * num_tiles) % 1.0
    bevel = 0.10 * (torch.minimum(u, v) < 0.12) - 0.10 * (torch.maximum(u, v) > 0.88)
    return _rgb(TILE_RGB, x) + bevel[..., None].to(x.dtype)
