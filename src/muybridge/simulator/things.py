"""Where each thing of a scene falls on the frame, what it covers and what colour it has there.

One slot of a chunk of frames at a time; `render` lays things over each other, `truth` reads boxes and masks off them.
Legend: N = frames that hold the thing, P = points of its window.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from . import paint, props, shapes
from .state import SceneBatch
from .vocabulary import AVATAR, COUNTER, HAND, OCCLUDER


@dataclass(frozen=True, slots=True)
class Screen:
    """A frame's size in pixels and how the world falls on it."""

    height: int
    width: int
    aspect: float

    @property
    def scale(self) -> float:
        """Pixels per frame height of the world at zoom 1: the world fits and is centred."""
        return min(float(self.height), self.width / self.aspect)

    def place(self, world_N2: Tensor, view_N3: Tensor) -> Tensor:
        """Pixel coordinates [N, 2] (pixel centres at .5) of world points."""
        middle = world_N2.new_tensor([self.width / 2, self.height / 2])
        return (world_N2 - view_N3[:, :2]) * (view_N3[:, 2:] * self.scale) + middle


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing in N frames of a chunk."""

    rows_N: Tensor
    "Which frames of the chunk, clips x frames counted through."
    flat_NP: Tensor | None
    "Places of the window's pixels in the frame; None where the window is the frame."
    cover_NP: Tensor
    rgb_NP3: Tensor
    shadow_NP: Tensor | None


def _window(screen: Screen, centre_N2: Tensor, half: float) -> tuple[Tensor | None, Tensor, Tensor]:
    """(places [N, P] or None for the whole frame, x [N, P], y [N, P] from the centre) of a window."""
    side = 2 * math.ceil(half) + 2
    device = centre_N2.device
    tall, wide = min(side, screen.height), min(side, screen.width)
    top_N = torch.floor(centre_N2[:, 1] - tall / 2).clamp(0, screen.height - tall)
    left_N = torch.floor(centre_N2[:, 0] - wide / 2).clamp(0, screen.width - wide)
    # A window clamped into the frame still holds every pixel of the frame that the thing can touch.
    row_NK = top_N[:, None] + torch.arange(tall, device=device)
    column_NK = left_N[:, None] + torch.arange(wide, device=device)
    shape = (len(centre_N2), tall, wide)
    x = (column_NK + 0.5 - centre_N2[:, :1])[:, None, :].expand(shape).reshape(shape[0], -1)
    y = (row_NK + 0.5 - centre_N2[:, 1:])[:, :, None].expand(shape).reshape(shape[0], -1)
    if tall == screen.height and wide == screen.width:
        return None, x, y
    flat = (row_NK[:, :, None] * screen.width + column_NK[:, None, :]).reshape(shape[0], -1)
    return flat.to(torch.int64), x, y


@dataclass(frozen=True, slots=True)
class _Place:
    """State of one slot in N frames, in pixels."""

    rows_N: Tensor
    centre_N2: Tensor
    half_N2: Tensor
    look: paint.Look
    value_N: Tensor
    gaze_N2: Tensor


def _place(screen: Screen, scene: SceneBatch, slot: int, rows_N: Tensor) -> _Place:
    def of(values_BTO: Tensor) -> Tensor:
        return values_BTO[:, :, slot].flatten(0, 1)[rows_N]

    clip_N = rows_N // scene.num_frames
    view_N3 = scene.view_BT3.reshape(-1, 3)[rows_N]
    zoom_N = view_N3[:, 2] * screen.scale
    velocity_N2 = of(scene.velocity_BTO2)
    return _Place(
        rows_N=rows_N,
        centre_N2=screen.place(of(scene.position_BTO2), view_N3),
        half_N2=scene.extent_BO2[clip_N, slot] * zoom_N[:, None],
        look=paint.Look(
            shape_N=of(scene.shape_BTO),
            colour_N=of(scene.colour_BTO),
            texture_N=scene.texture_BO[clip_N, slot],
            angle_N=of(scene.angle_BTO),
            radius_N=of(scene.radius_BTO) * zoom_N,
        ),
        value_N=of(scene.value_BTO),
        gaze_N2=torch.sign(velocity_N2) * (velocity_N2.abs() > 1e-3),
    )


def _shape_thing(screen: Screen, place: _Place, *, is_shaded: bool, has_eyes: bool) -> Thing:
    look = place.look
    half = float(look.radius_N.max()) * (paint.REACH if is_shaded else shapes.REACH) + 1.0
    flat_NP, x_NP, y_NP = _window(screen, place.centre_N2, half)
    rgb = paint.colour(look, x_NP, y_NP, is_shaded=is_shaded)
    if has_eyes:
        rgb = props.eyes_rgb(rgb, x_NP, y_NP, look.radius_N, place.gaze_N2)
    shadow = paint.shadow(look, x_NP, y_NP) if is_shaded else None
    return Thing(place.rows_N, flat_NP, paint.coverage(look, x_NP, y_NP), rgb, shadow)


def _plate_thing(screen: Screen, place: _Place, role: int) -> Thing:
    half = float(place.half_N2.max()) * 1.25 + 2.0
    flat_NP, x_NP, y_NP = _window(screen, place.centre_N2, half)
    if role == OCCLUDER:
        rgb = props.screen_rgb(y_NP, place.half_N2)
    else:
        rgb = props.counter_rgb(x_NP, y_NP, place.half_N2, place.value_N)
    shadow = props.plate_shadow(x_NP, y_NP, place.half_N2, paint.SHADOW_DEPTH)
    return Thing(place.rows_N, flat_NP, props.plate_coverage(x_NP, y_NP, place.half_N2), rgb, shadow)


def _clock_thing(screen: Screen, place: _Place) -> Thing:
    radius_N = place.look.radius_N
    flat_NP, x_NP, y_NP = _window(screen, place.centre_N2, float(radius_N.max()) * paint.REACH + 1.0)
    plain = torch.zeros_like(place.look.shape_N)
    disc = paint.Look(plain, plain, plain, torch.zeros_like(radius_N), radius_N)
    rgb = props.clock_rgb(x_NP, y_NP, radius_N, place.look.angle_N)
    return Thing(place.rows_N, flat_NP, paint.coverage(disc, x_NP, y_NP), rgb, paint.shadow(disc, x_NP, y_NP))


def things(screen: Screen, scene: SceneBatch, slot: int) -> Iterator[Thing]:
    """What stands in one slot, role by role (clips of a batch may use a slot differently)."""
    role_B = scene.role_BO[:, slot]
    for role in sorted(set(role_B.tolist()) - {0}):
        present_N = (scene.present_BTO[..., slot] & (role_B == role)[:, None]).reshape(-1)
        rows_N = present_N.nonzero()[:, 0]
        if not len(rows_N):
            continue
        place = _place(screen, scene, slot, rows_N)
        if role in (OCCLUDER, COUNTER):
            yield _plate_thing(screen, place, role)
        elif role == HAND:
            yield _clock_thing(screen, place)
        else:
            yield _shape_thing(screen, place, is_shaded=scene.config.is_shaded, has_eyes=role == AVATAR)
