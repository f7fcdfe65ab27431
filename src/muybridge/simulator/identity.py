"""Whether things stay themselves in long clips: shape and size kept, area, and pixels of no colour that exists.

Legend: B clips, T frames, O bodies of the truth.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from .detection import detect
from .measures import smallest_radius
from .segmentation import off_palette
from .shapes import AREAS
from .state import SceneBatch
from .vocabulary import AVATAR, BODY

LOOK = 4
"""Frames before a horizon from which a body's looks are read: one frame's edge pixels say little."""
_SAME_SIZE = 0.15


class Identity(NamedTuple):
    """Of each clip [B]; nan where by the truth no whole body stands in the frame."""

    kept: Tensor
    "Share of bodies that are seen with their own shape, and their size to 15 %."
    area_drift: Tensor
    "Mean relative difference of the area of seen bodies from their own; nan also where none is seen."
    off_palette: Tensor
    "Share of pixels that have a colour which no thing of the world has."


def identity(frames_BTHW3: Tensor, scene: SceneBatch, horizon: int) -> Identity:
    """How the bodies of the truth look in frames [horizon - 4, horizon), found by the colours they should have."""
    first = max(0, horizon - LOOK)
    look = frames_BTHW3[:, first:horizon]
    found = detect(look, smallest_radius=smallest_radius(scene.config))
    colour, shape = scene.colour_BTO[:, horizon - 1], scene.shape_BTO[:, horizon - 1]
    radius = scene.radius_BTO[:, horizon - 1]
    body = found.is_body_BC.gather(1, colour)
    same = body & (found.shape_BC.gather(1, colour) == shape)
    same &= (found.radius_BC.gather(1, colour) / radius.clamp(min=1e-6) - 1.0).abs() <= _SAME_SIZE
    counted = _whole(scene, first, horizon)
    own = torch.tensor(AREAS, device=radius.device)[shape] * radius**2
    shown = found.area_BTC.median(1).values.gather(1, colour)
    drift = (shown / own.clamp(min=1e-6) - 1.0).abs()
    return Identity(
        _mean(same.to(torch.float32), counted),
        _mean(drift, counted & body),
        off_palette(look.flatten(0, 1)).view(look.shape[:2]).mean(1),
    )


def _whole(scene: SceneBatch, first: int, last: int) -> Tensor:
    """bool [B, O]: bodies and avatars that stand wholly inside the frame in all of these frames."""
    place, radius = scene.position_BTO2[:, first:last], scene.radius_BTO[:, first:last, :, None]
    room = place.new_tensor([scene.config.aspect, 1.0])
    inside = ((place >= radius) & (place <= room - radius)).all(-1) & scene.present_BTO[:, first:last]
    return inside.all(1) & ((scene.role_BO == BODY) | (scene.role_BO == AVATAR))


def _mean(values_BO: Tensor, counted_BO: Tensor) -> Tensor:
    weight = counted_BO.to(values_BO.dtype)
    total = weight.sum(1)
    return (torch.nan_to_num(values_BO) * weight).sum(1) / torch.where(total > 0, total, torch.nan)
