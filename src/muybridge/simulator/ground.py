"""Which background a clip has and how its camera moves, judged by drawing every candidate and comparing.

Legend: B clips, T frames, G candidate grounds, V candidate views.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from .attributes import member_mask
from .backgrounds import background_rgb
from .configs import RoomConfig
from .lab import camera_view
from .vocabulary import BACKGROUNDS, CAMERAS

_FRAMES = 4
_PALE = 0.13
_FORGIVEN = 0.06
"""Differences beyond this are things and shadows, not ground."""


class Ground(NamedTuple):
    background_B: Tensor
    camera_B: Tensor
    error_B: Tensor
    "Mean absolute difference in [0, 1] to the ground that was chosen."


def _drawn(kind: int, view_T3: Tensor, height: int, width: int) -> Tensor:
    """The ground under each view: [T, H, W, 3]."""
    zoom = (view_T3[:, 2] * height)[:, None, None]
    column = torch.arange(width, device=view_T3.device) + (0.5 - width / 2)
    row = torch.arange(height, device=view_T3.device) + (0.5 - height / 2)
    shape = (len(view_T3), height, width)
    x = (view_T3[:, 0, None, None] + column / zoom).expand(shape)
    y = (view_T3[:, 1, None, None] + row[:, None] / zoom).expand(shape)
    return background_rgb(kind, x, y, (1.0 / zoom).expand(shape))


def judge_ground(frames_BTHW3: Tensor, config: RoomConfig) -> Ground:
    """The ground and camera motion, of those the room can have, that explain the pale pixels of the clips best."""
    num_clips, num_frames, height, width, _ = frames_BTHW3.shape
    device = frames_BTHW3.device
    at = torch.linspace(0, num_frames - 1, min(_FRAMES, num_frames), device=device).round().to(torch.int64)
    seen = frames_BTHW3[:, at].to(torch.float32) / 255.0
    pale = ((seen.amax(-1) - seen.amin(-1)) < _PALE).to(torch.float32)
    cameras = torch.arange(len(CAMERAS) if config.is_camera_moving else 1, device=device)
    views = camera_view(config, cameras, num_frames)[:, at]
    errors = torch.full((num_clips, len(BACKGROUNDS), len(cameras)), torch.inf, device=device)
    for kind in member_mask(config.backgrounds, len(BACKGROUNDS), device).nonzero()[:, 0].tolist():
        for camera in range(len(cameras)):
            away = (seen - _drawn(kind, views[camera], height, width)).abs().mean(-1).clamp(max=_FORGIVEN)
            errors[:, kind, camera] = (away * pale).sum((1, 2, 3)) / pale.sum((1, 2, 3)).clamp(min=1.0)
    # A tie means that nothing moved in sight: the camera is then taken to be still.
    errors[:, :, 0] -= 1e-5
    best = errors.flatten(1).argmin(1)
    return Ground(best // len(cameras), best % len(cameras), errors.flatten(1).amin(1))
