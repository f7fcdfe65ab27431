"""Which background a clip has and how its camera moves, judged by drawing every candidate and comparing.

Legend: B clips, T frames, G candidate grounds, V candidate views.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from .attributes import TEXTURED
from .backgrounds import background_rgb
from .configs import RoomConfig
from .lab import camera_view
from .vocabulary import BACKGROUNDS, CAMERAS

_FRAMES = 7
"""Looked at of each clip: enough that a pan by whole periods of a texture shows between them."""
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


def _judge_kind(seen_BFHW3: Tensor, pale_BFHW: Tensor, config: RoomConfig) -> tuple[Tensor, Tensor]:
    """(background, error) [B] under a still camera; grounds differ enough in colour to be told whatever it does."""
    height, width = seen_BFHW3.shape[2:4]
    still = camera_view(config, torch.zeros(1, dtype=torch.int64, device=seen_BFHW3.device), 1)[0]
    errors = torch.full((len(seen_BFHW3), len(BACKGROUNDS)), torch.inf, device=seen_BFHW3.device)
    for kind in sorted(set(config.backgrounds)):
        away = (seen_BFHW3 - _drawn(kind, still, height, width)).abs().mean(-1).clamp(max=_FORGIVEN)
        errors[:, kind] = (away * pale_BFHW).sum((1, 2, 3)) / pale_BFHW.sum((1, 2, 3)).clamp(min=1.0)
    return errors.argmin(1), errors.amin(1)


def _judge_camera(grey_BFHW: Tensor, pale_BFHW: Tensor, kind: int, views_VF3: Tensor) -> Tensor:
    """The camera [B] whose view of this ground differs least from the clips, in grey."""
    height, width = grey_BFHW.shape[2:]
    errors = []
    for view_F3 in views_VF3:
        away = (grey_BFHW - _drawn(kind, view_F3, height, width).mean(-1)).abs().clamp(max=_FORGIVEN)
        errors.append((away * pale_BFHW).sum((1, 2, 3)) / pale_BFHW.sum((1, 2, 3)).clamp(min=1.0))
    errors[0] = errors[0] - 1e-5  # a tie means that nothing was seen to move
    return torch.stack(errors, 1).argmin(1)


def judge_ground(frames_BTHW3: Tensor, config: RoomConfig) -> Ground:
    """The ground and camera motion, of those the room can have, that explain the pale pixels of the clips best."""
    num_frames, device = frames_BTHW3.shape[1], frames_BTHW3.device
    at = torch.linspace(0, num_frames - 1, min(_FRAMES, num_frames), device=device).round().to(torch.int64)
    seen = frames_BTHW3[:, at].to(torch.float32) / 255.0
    pale = ((seen.amax(-1) - seen.amin(-1)) < _PALE).to(torch.float32)
    background, error = _judge_kind(seen[:, :1], pale[:, :1], config)
    camera = torch.zeros_like(background)
    if config.is_camera_moving and num_frames > 1:
        views = camera_view(config, torch.arange(len(CAMERAS), device=device), num_frames)[:, at]
        for kind in TEXTURED:
            rows = (background == kind).nonzero()[:, 0]
            if len(rows):
                camera[rows] = _judge_camera(seen[rows].mean(-1), pale[rows], kind, views)
    return Ground(background, camera, error)
