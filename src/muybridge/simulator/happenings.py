"""Events read from tracks: who hit whom, who bounced off which wall, who passed behind the screen."""

import itertools
from dataclasses import dataclass

import torch
from torch import Tensor

from .facts import EventFact
from .props import SCREEN_RGB
from .vocabulary import WALLS

_NEAR = 1.3
"""Bodies this many sums of radii apart may have touched between two frames."""
_KICK = 0.06
"""Frame heights per second of change in velocity that only a collision explains, for the lighter body."""
_LEAST_KICK = 0.025
_SCREEN_TOLERANCE = 0.10
_SCREEN_AREA = 0.015


@dataclass(frozen=True, slots=True)
class Seen:
    """One body's track in the world."""

    name: str
    position_T2: Tensor
    is_seen_T: Tensor
    radius: float
    area_T: Tensor


def _around(values_T2: Tensor, frame: int, fps: float) -> tuple[Tensor, Tensor] | None:
    """(rate before, rate after) a frame, over two frames each where there are two; None at the clip's ends."""
    first, last = max(0, frame - 2), min(len(values_T2) - 1, frame + 2)
    before, after = values_T2[first : max(frame, first + 2)], values_T2[min(frame + 1, last - 1) : last + 1]
    if frame - first < 1 or last - frame < 1 or len(before) < 2 or len(after) < 2:
        return None
    return (before[-1] - before[0]) * fps / (len(before) - 1), (after[-1] - after[0]) * fps / (len(after) - 1)


def _hit_frame(first: Seen, second: Seen, fps: float) -> int | None:
    """When two bodies came near and both were kicked (a wall kicks one only)."""
    apart = second.position_T2 - first.position_T2
    gap = torch.nan_to_num(apart.norm(dim=1), nan=torch.inf)
    for frame in (gap < (first.radius + second.radius) * _NEAR).nonzero()[:, 0].tolist():
        rates = [_around(body.position_T2, frame, fps) for body in (first, second)]
        kicks = [float((pair[1] - pair[0]).norm()) if pair else 0.0 for pair in rates]
        if min(kicks) > _LEAST_KICK and max(kicks) > _KICK:
            return int(frame)
    return None


def _bounce_frames(body: Seen, fps: float) -> list[tuple[int, int]]:
    """(frame, wall) where the body turned back at a wall, each wall once."""
    found = []
    for wall in range(4):
        place = body.position_T2[:, wall // 2]
        toward = torch.nan_to_num(place if wall % 2 else 1.0 - place, nan=-1.0)
        frame = int(toward.argmax())
        rates = _around(toward[:, None], frame, fps)
        if rates is None or not (float(rates[0]) > 0.02 and float(rates[1]) < -0.02):
            continue
        # The turn may lie between frames, and a star's tip touches before its middle comes near.
        pace = max(abs(float(rate)) for rate in rates)
        if float(toward[frame]) > 1.0 - 1.45 * body.radius - 0.02 - 0.6 / fps * pace:
            found.append((frame, wall))
    return found


def _has_screen(frames_THW3: Tensor) -> bool:
    """Whether a patch of the screen's grey stands in the clip."""
    grey = torch.tensor(SCREEN_RGB, device=frames_THW3.device) / 255.0
    away = (frames_THW3[:: max(1, len(frames_THW3) // 3)].to(torch.float32) / 255.0 - grey).abs().amax(-1)
    share = (away < _SCREEN_TOLERANCE).to(torch.float32).mean()
    return float(share) > _SCREEN_AREA


def _hidden_frame(body: Seen) -> int | None:
    """The middle of the body's disappearance, if it was seen before and after."""
    hidden = (body.area_T < 0.3 * body.area_T.amax()).nonzero()[:, 0].tolist()
    seen = body.is_seen_T.nonzero()[:, 0].tolist()
    inner = [frame for frame in hidden if seen and seen[0] < frame < seen[-1]]
    return inner[len(inner) // 2] if inner else None


def happenings(bodies: list[Seen], frames_THW3: Tensor, fps: float, *, is_flight: bool) -> list[tuple[int, EventFact]]:
    """(frame, event) in order of time, each event once. is_flight: bodies fall, and falling ones never meet."""
    if _has_screen(frames_THW3):
        # What a screen hides looks like a kick, and behind screens nothing meets.
        passed = [(frame, body) for body in bodies if (frame := _hidden_frame(body)) is not None]
        return [(frame, EventFact(body.name, "passes behind", "screen")) for frame, body in passed[:1]]
    events: list[tuple[int, EventFact]] = []
    for first, second in () if is_flight else itertools.combinations(bodies, 2):
        if (frame := _hit_frame(first, second, fps)) is not None:
            events.append((frame, EventFact(first.name, "hits", second.name)))
    for body in bodies:
        for frame, wall in _bounce_frames(body, fps):
            events.append((frame, EventFact(body.name, "bounces off", f"{WALLS[wall]} wall")))
    return sorted(events)
