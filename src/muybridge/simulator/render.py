"""Draw scenes: one vector scene, any resolution, anti-aliased, back to front.

Each thing is drawn in a window around its centre, so the cost goes with the area of things, not with the frame.
Legend: N = clips x frames of a chunk, S = height x width, K = side of a window, P = K x K.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from . import paint, shapes
from .backgrounds import background_rgb
from .state import SceneBatch
from .vocabulary import AVATAR, BLOCK, BODY, COIN, HAZARD, OCCLUDER

_CHUNK_VALUES = 6_000_000
"""Floats of canvas at a time: small enough for caches and for laptops."""


@dataclass(slots=True)
class Canvas:
    """Frames in the making: rgb [N, S, 3] and where the world falls on them."""

    rgb_NS3: Tensor
    height: int
    width: int
    scale: float
    "Pixels per frame height of the world at zoom 1."

    def screen(self, world_N2: Tensor, view_N3: Tensor) -> Tensor:
        """Pixel coordinates [N, 2] (pixel centres at .5) of world points."""
        middle = world_N2.new_tensor([self.width / 2, self.height / 2])
        return (world_N2 - view_N3[:, :2]) * (view_N3[:, 2:] * self.scale) + middle


def pixel_scale(aspect: float, height: int, width: int) -> float:
    """Pixels per frame height of the world, at zoom 1: the world fits and is centred."""
    return min(float(height), width / aspect)


def _points(canvas: Canvas, centre_N2: Tensor, half: float) -> tuple[Tensor | None, Tensor, Tensor]:
    """(flat pixel indices [N, P] or None for the whole frame, x [N, P], y [N, P] from the centre) of a window."""
    side = 2 * math.ceil(half) + 2
    device = centre_N2.device
    tall, wide = min(side, canvas.height), min(side, canvas.width)
    top_N = (torch.floor(centre_N2[:, 1] - tall / 2)).clamp(0, canvas.height - tall)
    left_N = (torch.floor(centre_N2[:, 0] - wide / 2)).clamp(0, canvas.width - wide)
    # A window clamped into the frame still holds every pixel of the frame that the thing can touch.
    row_NK = top_N[:, None] + torch.arange(tall, device=device)
    column_NK = left_N[:, None] + torch.arange(wide, device=device)
    shape = (len(centre_N2), tall, wide)
    x = (column_NK + 0.5 - centre_N2[:, :1])[:, None, :].expand(shape).reshape(shape[0], -1)
    y = (row_NK + 0.5 - centre_N2[:, 1:])[:, :, None].expand(shape).reshape(shape[0], -1)
    if tall == canvas.height and wide == canvas.width:
        return None, x, y
    flat = (row_NK[:, :, None] * canvas.width + column_NK[:, None, :]).reshape(shape[0], -1)
    return flat.to(torch.int64), x, y


def _blend(canvas: Canvas, rows_N: Tensor, flat_NP: Tensor | None, alpha_NP: Tensor, rgb: Tensor) -> None:
    """Lay rgb over the canvas with weight alpha at the window's pixels."""
    if flat_NP is None:
        under = canvas.rgb_NS3[rows_N]
        canvas.rgb_NS3[rows_N] = under + (rgb - under) * alpha_NP[..., None]
        return
    flat = rows_N[:, None] * (canvas.height * canvas.width) + flat_NP
    pixels = canvas.rgb_NS3.view(-1, 3)
    under = pixels[flat]
    pixels[flat] = under + (rgb - under) * alpha_NP[..., None]


def _draw_shape(canvas: Canvas, rows_N: Tensor, centre_N2: Tensor, look: paint.Look, *, is_shaded: bool) -> None:
    half = float(look.radius_N.max()) * (paint.REACH if is_shaded else shapes.REACH) + 1.0
    flat_NP, x_NP, y_NP = _points(canvas, centre_N2, half)
    if is_shaded:
        _blend(canvas, rows_N, flat_NP, paint.shadow(look, x_NP, y_NP), x_NP.new_zeros(3))
    cover_NP = paint.coverage(look, x_NP, y_NP)
    _blend(canvas, rows_N, flat_NP, cover_NP, paint.colour(look, x_NP, y_NP, is_shaded=is_shaded))


def _draw_rectangle(canvas: Canvas, rows_N: Tensor, centre_N2: Tensor, half_N2: Tensor) -> None:
    flat_NP, x_NP, y_NP = _points(canvas, centre_N2, float(half_N2.max()) * 1.25 + 2.0)
    shade = paint.rectangle_shadow(x_NP, y_NP, half_N2)
    _blend(canvas, rows_N, flat_NP, shade, x_NP.new_zeros(3))
    _blend(canvas, rows_N, flat_NP, paint.rectangle_coverage(x_NP, y_NP, half_N2), paint.screen_rgb(y_NP, half_N2))


_DRAWN_AS_SHAPES = (BODY, AVATAR, BLOCK, COIN, HAZARD)


def _draw_slot(canvas: Canvas, scene: SceneBatch, slot: int) -> None:
    role_B = scene.role_BO[:, slot]
    for role in sorted(set(role_B.tolist()) - {0}):
        present_N = (scene.present_BTO[..., slot] & (role_B == role)[:, None]).reshape(-1)
        rows_N = present_N.nonzero()[:, 0]
        if len(rows_N):
            _draw_things(canvas, scene, slot, role, rows_N)


def _draw_things(canvas: Canvas, scene: SceneBatch, slot: int, role: int, rows_N: Tensor) -> None:
    """Draw the things of one role in one slot, in frames `rows_N`."""
    clip_N = rows_N // scene.num_frames
    view_N3 = scene.view_BT3.reshape(-1, 3)[rows_N]
    centre_N2 = canvas.screen(scene.position_BTO2[:, :, slot].reshape(-1, 2)[rows_N], view_N3)
    zoom_N = view_N3[:, 2] * canvas.scale
    if role == OCCLUDER:
        _draw_rectangle(canvas, rows_N, centre_N2, scene.extent_BO2[clip_N, slot] * zoom_N[:, None])
    if role in _DRAWN_AS_SHAPES:
        look = paint.Look(
            shape_N=scene.shape_BTO[..., slot].reshape(-1)[rows_N],
            colour_N=scene.colour_BTO[..., slot].reshape(-1)[rows_N],
            texture_N=scene.texture_BO[clip_N, slot],
            angle_N=scene.angle_BTO[..., slot].reshape(-1)[rows_N],
            radius_N=scene.radius_BTO[..., slot].reshape(-1)[rows_N] * zoom_N,
        )
        _draw_shape(canvas, rows_N, centre_N2, look, is_shaded=scene.config.is_shaded)


def _draw_ground(scene: SceneBatch, height: int, width: int, scale: float) -> Tensor:
    """Backgrounds [N, S, 3]; drawn once a clip where the camera is still."""
    is_still = bool((scene.view_BT3 == scene.view_BT3[:, :1]).all())
    view = scene.view_BT3[:, :1] if is_still else scene.view_BT3
    zoom = (view[..., 2] * scale)[..., None, None]
    column = torch.arange(width, device=scene.device) + (0.5 - width / 2)
    row = torch.arange(height, device=scene.device) + (0.5 - height / 2)
    shape = (*view.shape[:2], height, width)
    x = (view[..., 0, None, None] + column / zoom).expand(shape)
    y = (view[..., 1, None, None] + row[:, None] / zoom).expand(shape)
    out = torch.empty(*shape, 3, device=scene.device)
    for kind in sorted(set(scene.background_B.tolist())):
        clips = (scene.background_B == kind).nonzero()[:, 0]
        out[clips] = background_rgb(kind, x[clips], y[clips], (1.0 / zoom)[clips].expand(len(clips), *shape[1:]))
    return out.expand(-1, scene.num_frames, -1, -1, -1).reshape(-1, height * width, 3)


def _render_chunk(scene: SceneBatch, height: int, width: int) -> Tensor:
    scale = pixel_scale(scene.config.aspect, height, width)
    ground = _draw_ground(scene, height, width, scale).contiguous()
    canvas = Canvas(ground, height, width, scale)
    for slot in range(scene.num_slots):
        _draw_slot(canvas, scene, slot)
    frames = (canvas.rgb_NS3 * 255.0 + 0.5).clamp_(0.0, 255.0).to(torch.uint8)
    return frames.view(scene.num_clips, scene.num_frames, height, width, 3)


def render(
    scene: SceneBatch, *, height: int | None = None, width: int | None = None, frames: tuple[int, int] | None = None
) -> Tensor:
    """Draw the scene: uint8 [B, T, H, W, 3] on the scene's device.

    height, width: pixels; by default the room's own. frames: half-open span; by default all.
    """
    height, width = height or scene.config.height, width or scene.config.width
    if frames is not None:
        scene = scene.frames(*frames)
    step = max(1, _CHUNK_VALUES // (3 * height * width * scene.num_frames))
    chunks = [
        _render_chunk(scene.clips(slice(start, start + step)), height, width)
        for start in range(0, scene.num_clips, step)
    ]
    return torch.cat(chunks) if chunks else torch.empty(0, scene.num_frames, height, width, 3, dtype=torch.uint8)
