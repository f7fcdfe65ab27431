"""Laws of motion, measured in what a clip shows: momentum and energy through collisions, gravity, bounces, permanence.

The truth says where a law can be tested (which bodies meet, and when); the numbers are read from what was seen.
Each measure gives one value a clip, nan where its law has nothing to say there.
Legend: B clips, T frames, O bodies of the truth.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor

from .measures import Seen
from .shapes import AREAS
from .state import SceneBatch
from .truth import visibility
from .vocabulary import OCCLUDER

_AROUND = 2
"""Frames after an event over which a velocity is taken; nothing else may happen so near it."""
_FLIGHT_FRAMES = 4
"""A parabola needs so many, one more than fit any three points."""
_IN_PLACE = 0.1
_HIDDEN, _BACK = 0.2, 0.9
_LOST_ANGLE = 180.0


class Collision(NamedTuple):
    """What became of the first pair that meets, [B] each; nan where no meeting could be measured."""

    momentum_drift: Tensor
    "Change of momentum, as a share of the two bodies' momenta summed without sign; 0 is conserved."
    energy_drift: Tensor
    "Change of kinetic energy as a share of it; 0 is conserved."
    velocity_error: Tensor
    "Mean absolute error of the velocities afterwards, frame heights per second: bodies that pass through each other."


def _rate_after(seen: Seen, clip: int, frame: int, slot: int, fps: float) -> Tensor | None:
    """A body's velocity [2] after an event between frames frame-1 and frame; None where it does not stay whole."""
    whole = seen.is_whole_BTO[clip, :, slot]
    last = frame
    while last < min(len(whole) - 1, frame + _AROUND) and whole[last + 1]:
        last += 1
    if last == frame or not whole[frame]:
        return None
    return seen.velocity(fps)[clip, frame:last, slot].mean(0)


def _is_alone(scene: SceneBatch, clip: int, frame: int, slots: list[int]) -> bool:
    """Whether nothing else happens to these bodies within the frames that their velocities are taken from."""
    low, high = max(0, frame - _AROUND), min(scene.num_frames, frame + _AROUND + 1)
    hits = scene.hits_BTOO[clip, low:high][:, slots].any(2).sum()
    bounces = scene.bounces_BTO4[clip, low:high][:, slots].any(2).sum()
    own = scene.hits_BTOO[clip, frame][slots].any(1).sum()
    return int(hits + bounces) == int(own + scene.bounces_BTO4[clip, frame][slots].any(1).sum())


def collisions(seen: Seen, scene: SceneBatch, *, first_frame: int = 0) -> Collision:
    """How the first pair that meets leaves its collision, against what it brought by the truth.

    Only meetings after first_frame are counted, with both bodies whole and nothing else happening to them; a body that
    is gone has no velocity.
    """
    found = Collision(*(torch.full((scene.num_clips,), torch.nan) for _ in range(3)))
    area = torch.tensor(AREAS, device=scene.device)[scene.shape_BTO[:, 0]] * scene.radius_BTO[:, 0] ** 2
    for clip, frame, *pair in scene.hits_BTOO[:, : seen.position_BTO2.shape[1]].nonzero().tolist():
        if pair[0] > pair[1] or frame < first_frame or not found.momentum_drift[clip].isnan():
            continue
        rates = [_rate_after(seen, clip, frame, slot, scene.config.fps) for slot in pair]
        if any(rate is None for rate in rates) or not _is_alone(scene, clip, frame, pair):
            continue
        after = torch.stack([rate for rate in rates if rate is not None])
        mass = area[clip, pair, None]
        before, wanted = (scene.velocity_BTO2[clip, at, pair] for at in (frame - 1, frame))
        scale = (mass * before.norm(dim=1, keepdim=True)).sum().clamp(min=1e-6)
        energy = [(mass * speed**2).sum() for speed in (before, after)]
        found.momentum_drift[clip] = (mass * (after - before)).sum(0).norm() / scale
        found.energy_drift[clip] = (energy[1] - energy[0]).abs() / energy[0].clamp(min=1e-6)
        found.velocity_error[clip] = (after - wanted).abs().mean()
    return found


def fall(seen: Seen, scene: SceneBatch, *, first_frame: int = 0) -> Tensor:
    """The downward acceleration [B] (frame heights per second squared) of body 0, by a parabola through its path.

    Only frames from first_frame on, before the body bounces, in which it is whole and seen.
    """
    num_frames = seen.position_BTO2.shape[1]
    free = scene.bounces_BTO4[:, :num_frames, 0].any(-1).cumsum(1) == 0
    height = seen.position_BTO2[:, :, 0, 1]
    usable = seen.is_whole_BTO[:, :, 0] & free & ~height.isnan()
    usable[:, :first_frame] = False
    found = torch.full((scene.num_clips,), torch.nan)
    for clip in range(scene.num_clips):
        frames = usable[clip].nonzero()[:, 0]
        if len(frames) < _FLIGHT_FRAMES:
            continue
        times = frames.to(torch.float64) / scene.config.fps
        basis = torch.stack([torch.ones_like(times), times, times**2], 1)
        fitted = torch.linalg.lstsq(basis, height[clip, frames].to(torch.float64)[:, None]).solution
        found[clip] = 2 * float(fitted[2, 0])
    return found


def bounce_errors(seen: Seen, scene: SceneBatch, *, first_frame: int = 0) -> Tensor:
    """Degrees [B] between the way a body leaves the first wall it bounces off and the way it should.

    A body that stands still or is gone afterwards counts as 180 degrees off.
    """
    found = torch.full((scene.num_clips,), torch.nan)
    for clip, frame, slot, _ in scene.bounces_BTO4[:, : seen.position_BTO2.shape[1]].nonzero().tolist():
        if frame < first_frame or not found[clip].isnan() or not _is_alone(scene, clip, frame, [slot]):
            continue
        shown, wanted = _rate_after(seen, clip, frame, slot, scene.config.fps), scene.velocity_BTO2[clip, frame, slot]
        if shown is None:
            continue
        size = float(shown.norm() * wanted.norm())
        cosine = float(shown @ wanted) / size if size > 1e-6 else math.nan
        found[clip] = _LOST_ANGLE if math.isnan(cosine) else math.degrees(math.acos(min(1.0, max(-1.0, cosine))))
    return found


def reappears(seen: Seen, scene: SceneBatch, *, first_frame: int = 0) -> Tensor:
    """Whether a body that a screen hid is back where it should be [B]: 1 or 0, nan where none was hidden.

    It must have been hidden after first_frame and, by the truth, stand in the open in the last frame.
    """
    num_frames = seen.position_BTO2.shape[1]
    found = torch.full((scene.num_clips,), torch.nan)
    rows = (scene.role_BO == OCCLUDER).any(1).nonzero()[:, 0]
    if not len(rows):
        return found
    share = visibility(scene.clips(rows).frames(0, num_frames))[:, :, 0]
    tested = (share[:, first_frame:] < _HIDDEN).any(1) & (share[:, -1] > _BACK)
    away = (seen.position_BTO2[rows, -1, 0] - scene.position_BTO2[rows, num_frames - 1, 0]).norm(dim=-1)
    # nan compares false: what is gone is not back.
    found[rows] = torch.where(tested, (away < _IN_PLACE).to(torch.float32), torch.nan).cpu()
    return found
