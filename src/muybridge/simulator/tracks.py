"""Tracks of what was detected, in world coordinates, and what their motion says.

Legend: B clips, T frames, C palette colours. nan stands for an unseen frame.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from .bakeoff import STEP
from .configs import RoomConfig
from .detection import Detections
from .lab import SPEED, TURN_SPEED
from .shapes import AREAS

_STAYS_BELOW = 0.04
_FALLS_ABOVE = 0.4
_STRAIGHT_WITHIN = 0.007
"""How far (frame heights) centroids may lie off a straight line that fits them."""
_FULL_VIEW = 0.92


@dataclass(frozen=True, slots=True)
class Tracks:
    """Where each colour's body is in the world, and how fully it is seen."""

    position_BTC2: Tensor
    is_full_BTC: Tensor
    "bool: seen nearly whole, so that the centroid is the body's own."
    is_seen_BTC: Tensor
    radius_BC: Tensor
    "float32: frame heights of the world, by the fullest views."


def world_tracks(detections: Detections, view_BT3: Tensor, aspect: float) -> Tracks:
    """Undo the camera: screen centroids to world positions."""
    zoom = view_BT3[:, :, None, 2:]
    middle = torch.tensor([aspect / 2, 0.5], device=view_BT3.device)
    position = (detections.centroid_BTC2 - middle) / zoom + view_BT3[:, :, None, :2]
    world_area = detections.area_BTC / zoom[..., 0] ** 2
    fullest = world_area.quantile(0.9, dim=1, keepdim=True) if world_area.shape[1] > 1 else world_area
    unit_area = torch.tensor(AREAS, device=world_area.device)[detections.shape_BC]
    return Tracks(
        position_BTC2=position,
        is_full_BTC=detections.is_seen_BTC & (world_area > _FULL_VIEW * fullest),
        is_seen_BTC=detections.is_seen_BTC,
        radius_BC=torch.sqrt(fullest[:, 0] / unit_area),
    )


@dataclass(frozen=True, slots=True)
class Opening:
    """How one body moves at first: before anything happens to it."""

    motion: str
    speed: float
    angle: float
    "Radians, y down."


def _fit(times: Tensor, path: Tensor, order: int) -> tuple[Tensor, float]:
    """(coefficients [order + 1, 2], worst residual) of a polynomial through a path [K, 2]."""
    basis = torch.stack([times**power for power in range(order + 1)], 1)
    found = torch.linalg.lstsq(basis, path).solution
    return found, float((basis @ found - path).norm(dim=1).max())


def opening(position_T2: Tensor, is_full_T: Tensor, fps: float, *, may_fall: bool) -> Opening:
    """Read a body's first motion from its track: the longest straight (or falling) beginning."""
    frames = is_full_T.nonzero()[:, 0]
    if len(frames) < 2:
        return Opening("stays", 0.0, 0.0)
    times = frames.to(torch.float64) / fps
    path = position_T2[frames].to(torch.float64)
    for count in range(len(frames), 1, -1):
        line, residual = _fit(times[:count], path[:count], 1)
        if residual < _STRAIGHT_WITHIN or count == 2:
            break
    if may_fall and len(frames) >= 4:
        for length in range(min(len(frames), 10), 3, -1):
            curve, off = _fit(times[:length], path[:length], 2)
            if off < _STRAIGHT_WITHIN:
                break
        if length > count and 2 * float(curve[2, 1]) > _FALLS_ABOVE:
            sideways = float(curve[1, 0])
            return Opening("falls", abs(sideways), 0.0 if sideways >= 0 else math.pi)
    velocity = line[1]
    speed = float(velocity.norm())
    if speed < _STAYS_BELOW:
        return Opening("stays", 0.0, 0.0)
    return Opening("drifts", speed, math.atan2(float(velocity[1]), float(velocity[0])))


def orbit(position_T2: Tensor, centre_2: Tensor, is_full_T: Tensor, fps: float) -> float | None:
    """Radians per second (clockwise on screen positive) if the body circles the centre, else None."""
    frames = is_full_T.nonzero()[:, 0]
    if len(frames) < 5:
        return None
    away = position_T2[frames] - centre_2
    radius = away.norm(dim=1)
    if float(radius.std()) > 0.02 or float(radius.mean()) < 0.15:
        return None
    angle = torch.atan2(away[:, 1], away[:, 0]).to(torch.float64)
    turns = torch.cat([angle[:1], angle[:1] + torch.cumsum(_wrapped(angle.diff()), 0)])
    found, _ = _fit(frames.to(torch.float64) / fps, turns[:, None].expand(-1, 2), 1)
    rate = float(found[1, 0])
    return rate if abs(rate) > 0.4 else None


def _wrapped(angle: Tensor) -> Tensor:
    return torch.remainder(angle + math.pi, 2 * math.pi) - math.pi


def nearest(value: float, table: tuple[float, ...], options: tuple[int, ...]) -> int:
    """The option whose entry in the table is nearest in ratio."""
    return min(options, key=lambda k: abs(math.log(max(value, 1e-6) / table[k])))


def speed_class(config: RoomConfig, speed: float, *, is_orbit: bool = False) -> int:
    """The speed's class among those of the room: frame heights per second, or radians per second of an orbit."""
    if config.room == "bakeoff":
        return nearest(speed / config.fps, STEP, config.speeds)
    return nearest(speed, TURN_SPEED if is_orbit else SPEED, config.speeds)
