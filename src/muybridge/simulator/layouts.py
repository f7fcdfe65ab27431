"""Where bodies of the Lab start: candidate layouts, tried in order, the first that suits its regime is taken.

Layouts are drawn K at a time and judged in closed form, so a batch costs the same whatever it rejects.
Legend: B clips, K candidates, O bodies, T frames.
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from .seeds import Draws
from .vocabulary import REGIMES

CANDIDATES = 16
MARGIN = 1.15
"""Bodies start (and, drifting, end) at least so many radii inside the frame."""
DRIFT, GRAVITY, BOUNCE, COLLIDE, ORBIT, OCCLUDED = range(len(REGIMES))


@dataclass(frozen=True, slots=True)
class Intent:
    """What each body is meant to do; float64."""

    regime_B: Tensor
    active_BO: Tensor
    radius_BO: Tensor
    velocity_BO2: Tensor
    seconds: float
    aspect: float = 1.0
    "Width of the room in its heights."

    @property
    def size_2(self) -> Tensor:
        return self.velocity_BO2.new_tensor([self.aspect, 1.0])


class Starts(NamedTuple):
    position_BO2: Tensor
    is_suitable_B: Tensor
    "bool: whether a layout was found that keeps every promise of its regime."


def _roomy(draws: Draws, intent: Intent) -> Tensor:
    """Starts [B, K, O, 2] from which a straight path stays inside the frame for the whole clip."""
    num_slots = intent.radius_BO.shape[1]
    travel = intent.velocity_BO2 * intent.seconds
    margin = (intent.radius_BO * MARGIN)[..., None]
    low, high = margin - travel.clamp(max=0.0), intent.size_2 - margin - travel.clamp(min=0.0)
    middle = (low + high) / 2
    low, high = torch.minimum(low, middle), torch.maximum(high, middle)
    return low[:, None] + (high - low)[:, None] * draws.uniform("starts", CANDIDATES, num_slots, 2)


def _gravity_starts(draws: Draws, intent: Intent, roomy: Tensor) -> Tensor:
    num_slots = roomy.shape[2]
    low = intent.radius_BO[:, None] * MARGIN
    high_up = low + (0.4 - low).clamp(min=0.0) * draws.uniform("heights", CANDIDATES, num_slots)
    return torch.stack([roomy[..., 0], high_up], -1)


def _boxed_starts(draws: Draws, intent: Intent) -> Tensor:
    margin = (intent.radius_BO * MARGIN)[:, None, :, None]
    num_slots = intent.radius_BO.shape[1]
    return margin + (intent.size_2 - 2.0 * margin) * draws.uniform("boxed starts", CANDIDATES, num_slots, 2)


def _colliding_starts(draws: Draws, intent: Intent, roomy: Tensor) -> Tensor:
    """Bodies 0 and 1 start where they will touch at a drawn time, the contact up to 45 degrees off head-on."""
    if roomy.shape[2] < 2:
        return roomy
    first, second = intent.velocity_BO2[:, 0], intent.velocity_BO2[:, 1]
    closing = first - second
    speed = torch.sqrt((closing**2).sum(-1, keepdim=True)).clamp(min=1e-6)
    ahead = (closing / speed)[:, None]
    off = draws.uniform("contact angle", CANDIDATES, low=-0.25, high=0.25) * torch.pi
    cos, sin = off.cos()[..., None], off.sin()[..., None]
    normal = torch.cat([ahead[..., :1] * cos - ahead[..., 1:] * sin, ahead[..., :1] * sin + ahead[..., 1:] * cos], -1)
    when = draws.uniform("contact time", CANDIDATES, low=0.25, high=0.6)[..., None] * intent.seconds
    where = draws.uniform("contact place", CANDIDATES, 2, low=0.3, high=0.7) * intent.size_2
    reach = (intent.radius_BO[:, 0] + intent.radius_BO[:, 1])[:, None, None]
    starts = roomy.clone()
    starts[:, :, 0] = where - 0.5 * reach * normal - first[:, None] * when
    starts[:, :, 1] = where + 0.5 * reach * normal - second[:, None] * when
    return starts


def _separation(intent: Intent, starts: Tensor, until: Tensor, num_times: int) -> Tensor:
    """The smallest gap [B, K, O, O], in sums of radii, between straight paths up to `until` (share of the clip)."""
    fraction = torch.linspace(0, 1, num_times, dtype=starts.dtype, device=starts.device)
    times = until[:, None] * fraction * intent.seconds
    path = starts[:, :, None] + intent.velocity_BO2[:, None, None] * times[:, None, :, None, None]
    apart = path[..., :, None, :] - path[..., None, :, :]
    gap = torch.sqrt((apart**2).sum(-1)).amin(2)
    reach = intent.radius_BO[:, :, None] + intent.radius_BO[:, None, :]
    return gap / reach[:, None]


def _keeps_apart(intent: Intent, starts: Tensor) -> Tensor:
    """bool [B, K]: bodies that should not meet do not, and nothing overlaps at the start."""
    num_slots = starts.shape[2]
    pair = intent.active_BO[:, :, None] & intent.active_BO[:, None, :]
    pair = (pair & ~torch.eye(num_slots, dtype=torch.bool, device=starts.device))[:, None]
    ignore = ~pair
    at_start = (_separation(intent, starts, torch.zeros_like(intent.radius_BO[:, 0]), 1) > 1.12) | ignore
    along = (_separation(intent, starts, torch.ones_like(intent.radius_BO[:, 0]), 12) > 1.08) | ignore
    if num_slots > 1:
        # Bodies 0 and 1 of a collision are meant to meet.
        collides = (intent.regime_B == COLLIDE)[:, None]
        along[:, :, 0, 1] |= collides
        along[:, :, 1, 0] |= collides
    # In flight all fall alike, so paths that keep apart without gravity keep apart with it.
    free = (intent.regime_B == BOUNCE)[:, None, None, None]
    return (at_start & (along | free)).flatten(2).all(-1)


def _inside(intent: Intent, starts: Tensor) -> Tensor:
    margin = intent.radius_BO[:, None, :, None] * 1.05
    inside = ((starts > margin - 1e-9) & (starts < intent.size_2 - margin + 1e-9)).all(-1)
    return (inside | ~intent.active_BO[:, None]).all(-1)


def _reaches_wall(intent: Intent, starts: Tensor) -> Tensor:
    """bool [B, K]: body 0 comes to a wall, but not before its direction can be seen."""
    radius = intent.radius_BO[:, :1, None]
    soon, later = (
        starts[:, :, 0] + intent.velocity_BO2[:, None, 0] * (share * intent.seconds) for share in (0.2, 0.75)
    )
    far = intent.size_2 - radius
    return ((later < radius) | (later > far)).any(-1) & ((soon > radius) & (soon < far)).all(-1)


def _clears_screen(intent: Intent, starts: Tensor) -> Tensor:
    """bool [B, K]: nobody but body 0 stands where the occluder will (around the middle of body 0's path)."""
    middle = starts[:, :, :1] + 0.5 * intent.seconds * intent.velocity_BO2[:, None, :1]
    apart = (starts - middle).abs()
    half_width = 1.25 * intent.radius_BO[:, None, :1] + 1.2 * intent.radius_BO[:, None]
    half_height = 1.7 * intent.radius_BO[:, None, :1] + 1.2 * intent.radius_BO[:, None]
    clear = (apart[..., 0] > half_width) | (apart[..., 1] > half_height) | ~intent.active_BO[:, None]
    return clear[:, :, 1:].all(-1)


def draw_starts(draws: Draws, intent: Intent) -> Starts:
    """The first suitable layout of each clip (orbits excepted: see `lab`); the first drawn where none suits."""
    roomy = _roomy(draws, intent)
    regime = intent.regime_B[:, None, None, None]
    starts = torch.where(regime == GRAVITY, _gravity_starts(draws, intent, roomy), roomy)
    starts = torch.where(regime == BOUNCE, _boxed_starts(draws, intent), starts)
    starts = torch.where(regime == COLLIDE, _colliding_starts(draws, intent, roomy), starts)
    suits = _keeps_apart(intent, starts) & _inside(intent, starts)
    suits &= _reaches_wall(intent, starts) | (intent.regime_B != BOUNCE)[:, None]
    suits &= _clears_screen(intent, starts) | (intent.regime_B != OCCLUDED)[:, None]
    rank = torch.arange(CANDIDATES, 0, -1, device=starts.device)
    best = (suits * CANDIDATES * 2 + rank).argmax(1)
    rows = torch.arange(len(best), device=starts.device)
    return Starts(starts[rows, best], suits[rows, best])
