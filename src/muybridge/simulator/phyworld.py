"""PhyWorld's three setups (Kang et al. 2024, arXiv 2411.02385) with its published constants: uniform motion, elastic
collision in one dimension, parabola.

World of 10 x 10 units on a white ground, 0.1 s a frame, 32 frames, red and blue balls, density-equal so mass = area,
gravity 2.5 downwards. In distribution: speeds in [1, 4], radii in [0.7, 1.4]; out of it: speeds in [0, 0.8] or
[4.5, 6], radii in [0.3, 0.6] or [1.5, 2]. Ours differs in resolution and renderer, and where a ball would leave the
frame it leaves the frame; both are said wherever the figures are printed.
"""

import torch
from torch import Tensor

from .configs import RoomConfig
from .physics import World, simulate
from .seeds import Draws
from .state import SceneBatch, blank, direction_of
from .vocabulary import BODY, COLOURS, MOTIONS

WORLD_SCALE = 10.0
"""PhyWorld's world units per frame height: velocity errors are quoted in its units per second."""
GRAVITY = 2.5
SPEED_BANDS = ((1.0, 4.0),)
RADIUS_BANDS = ((0.7, 1.4),)
OUT_SPEED_BANDS = ((0.0, 0.8), (4.5, 6.0))
OUT_RADIUS_BANDS = ((0.3, 0.6), (1.5, 2.0))
_BALL_COLOURS = (COLOURS.index("red"), COLOURS.index("blue"))


def _draw_from(draws: Draws, name: str, bands: tuple[tuple[float, float], ...], count: int) -> Tensor:
    """float64 [B, count], uniform over the union of the bands by length."""
    spot = draws.uniform(name, count) * sum(high - low for low, high in bands)
    value = torch.zeros_like(spot)
    for low, high in bands:
        inside = (spot >= 0) & (spot < high - low)
        value = torch.where(inside, low + spot, value)
        spot = spot - (high - low)
    return value


def _starts(config: RoomConfig, draws: Draws, radius: Tensor, speed: Tensor) -> tuple[Tensor, Tensor]:
    """(position, velocity) [B, O, 2] in world units: along x from the left; in collisions towards each other."""
    num = len(radius)
    zeros = torch.zeros(num, dtype=torch.float64, device=radius.device)
    if config.room == "collision":
        y = torch.full_like(zeros, 0.5 * WORLD_SCALE)
        position = [radius[:, 0] + 0.2, WORLD_SCALE - radius[:, 1] - 0.2]
        ways = (1.0, -1.0)
        velocity = [torch.stack([way * speed[:, k], zeros], -1) for k, way in enumerate(ways)]
        return torch.stack([torch.stack([x, y], -1) for x in position], 1), torch.stack(velocity, 1)
    height = draws.uniform("height")
    low = radius[:, 0] + 0.2
    top = WORLD_SCALE - low if config.room == "uniform" else torch.full_like(low, 4.0)
    y = low + height * (top - low).clamp(min=0.0)
    return torch.stack([low, y], -1)[:, None], torch.stack([speed[:, 0], zeros], -1)[:, None]


def sample_phyworld(config: RoomConfig, split: str, indices_B: Tensor, draws: Draws) -> SceneBatch:
    """Clips of the room that `config` names; out of distribution both speed and radius leave their bands."""
    num_balls, device = (2 if config.room == "collision" else 1), indices_B.device
    is_out = config.is_out_of_distribution
    radius = _draw_from(draws, "radius", OUT_RADIUS_BANDS if is_out else RADIUS_BANDS, num_balls)
    speed = _draw_from(draws, "speed", OUT_SPEED_BANDS if is_out else SPEED_BANDS, num_balls)
    position, velocity = (part / WORLD_SCALE for part in _starts(config, draws, radius, speed))
    radius = radius / WORLD_SCALE
    clips = torch.ones(len(indices_B), dtype=torch.float64, device=device)
    world = World(
        radius_BO=radius,
        reach_BO4=radius[..., None].expand(-1, -1, 4),
        mass_BO=torch.pi * radius**2,
        active_BO=torch.ones_like(radius, dtype=torch.bool),
        gravity_B=clips * (GRAVITY / WORLD_SCALE if config.room == "parabola" else 0.0),
        restitution_B=clips,
        walls_B4=torch.zeros(len(indices_B), 4, dtype=torch.bool, device=device),
        collides_B=clips > 0,
    )
    # PhyWorld steps Box2D at 0.01 s and shows every tenth step.
    motion = simulate(world, position, velocity, num_frames=config.num_frames, fps=config.fps, substeps=10)
    scene = blank(config, split, indices_B, num_balls)
    scene["role_BO"][:] = BODY
    scene["colour_BTO"][:] = torch.tensor(_BALL_COLOURS[:num_balls], device=device)
    scene["radius_BTO"][:] = radius[:, None].to(torch.float32)
    scene["position_BTO2"] = motion.position_BTO2.to(torch.float32)
    scene["velocity_BTO2"] = motion.velocity_BTO2.to(torch.float32)
    scene["hits_BTOO"] = motion.hits_BTOO
    scene["present_BTO"][:] = True
    scene["motion_BO"][:] = MOTIONS.index("moves")
    scene["direction_BO"] = direction_of(velocity)
    return SceneBatch(**scene)
