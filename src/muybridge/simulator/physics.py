"""Rigid discs in the plane: flight under gravity, elastic walls, elastic collisions with mass = area.

Time is cut into substeps, within which flight is exact. An impulse changes velocities only and never moves a body, so
momentum and kinetic energy through a collision hold to rounding; a wall mirrors position and velocity, and gives
back the height that mirroring adds. float64 throughout: clips must not depend on batch or device.

Legend: B clips, T frames, O bodies.
"""

import itertools
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class World:
    """What acts on the bodies of each clip. All float64 or bool."""

    radius_BO: Tensor
    "Of the disc as which a body meets others."
    reach_BO4: Tensor
    "From a body's centre toward each of vocabulary.WALLS."
    mass_BO: Tensor
    active_BO: Tensor
    gravity_B: Tensor
    "Downwards, frame heights per second squared."
    restitution_B: Tensor
    "Of walls; 1 is elastic. Bodies among themselves are always elastic."
    walls_B4: Tensor
    "bool, which of vocabulary.WALLS exist."
    collides_B: Tensor
    "bool, whether bodies feel each other."
    size_2: tuple[float, float] = (1.0, 1.0)
    "Width and height of the walled box."


class Motion(NamedTuple):
    """What happened, at frame times; events are between frame t-1 and frame t."""

    position_BTO2: Tensor
    velocity_BTO2: Tensor
    hits_BTOO: Tensor
    bounces_BTO4: Tensor


def _meeting(world: World, position: Tensor, velocity: Tensor) -> Tensor:
    """bool [B, O, O]: pairs that touch while approaching."""
    apart = position[:, None] - position[:, :, None]
    relative = velocity[:, None] - velocity[:, :, None]
    closing = apart[..., 0] * relative[..., 0] + apart[..., 1] * relative[..., 1] < 0
    reach = world.radius_BO[:, :, None] + world.radius_BO[:, None]
    touching = apart[..., 0] ** 2 + apart[..., 1] ** 2 < reach**2
    return touching & closing & (world.active_BO & world.collides_B[:, None])[:, :, None] & world.active_BO[:, None]


def collide(world: World, position_BO2: Tensor, velocity_BO2: Tensor) -> tuple[Tensor, Tensor]:
    """Velocities after the elastic impulses between touching, approaching bodies, and who met whom [B, O, O].

    Pairs are served one after the other, so that every impulse conserves momentum and energy, three bodies or two.
    """
    hits = _meeting(world, position_BO2, velocity_BO2)
    rows = hits.flatten(1).any(1).nonzero()[:, 0]
    if not len(rows):
        return velocity_BO2, hits
    position, velocity = position_BO2[rows], velocity_BO2[rows]
    met, mass = hits[rows], world.mass_BO[rows]
    for i, j in itertools.combinations(range(position.shape[1]), 2):
        apart = position[:, j] - position[:, i]
        normal = apart / torch.sqrt(apart[:, :1] ** 2 + apart[:, 1:] ** 2).clamp(min=1e-9)
        relative = velocity[:, i] - velocity[:, j]
        closing = relative[:, 0] * normal[:, 0] + relative[:, 1] * normal[:, 1]
        share = 2.0 * mass[:, i] * mass[:, j] / (mass[:, i] + mass[:, j])
        impulse = torch.where(met[:, i, j] & (closing > 0), closing * share, 0.0)[:, None] * normal
        velocity[:, i] -= impulse / mass[:, i, None]
        velocity[:, j] += impulse / mass[:, j, None]
    return velocity_BO2.index_copy(0, rows, velocity), hits


def _bounce(world: World, position: Tensor, velocity: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Mirror bodies that left the box through a wall: (position, velocity, which walls [B, O, 4])."""
    size = position.new_tensor(world.size_2)
    beyond_near, beyond_far = world.reach_BO4[..., 0::2] - position, position - (size - world.reach_BO4[..., 1::2])
    walls = world.walls_B4[:, None] & world.active_BO[..., None]
    near = (beyond_near > 0) & (velocity < 0) & walls[..., 0::2]
    far = (beyond_far > 0) & (velocity > 0) & walls[..., 1::2]
    if not bool((near | far).any()):
        return position, velocity, torch.zeros_like(walls)
    depth = torch.where(far, beyond_far, torch.where(near, -beyond_near, 0.0))
    # Mirroring moves a body by 2 x depth against gravity: take that energy back.
    pull = torch.stack([torch.zeros_like(world.gravity_B), world.gravity_B], -1)[:, None]
    speed = torch.sqrt((velocity**2 - 4.0 * pull * depth).clamp(min=0.0)) * world.restitution_B[:, None, None]
    velocity = torch.where(far, -speed, torch.where(near, speed, velocity))
    bounced = torch.stack([near[..., 0], far[..., 0], near[..., 1], far[..., 1]], -1)
    return position - 2.0 * depth, velocity, bounced


def simulate(
    world: World, position_BO2: Tensor, velocity_BO2: Tensor, *, num_frames: int, fps: float, substeps: int = 8
) -> Motion:
    """Move the bodies for `num_frames` frames; frame 0 is the given state."""
    step_s = 1.0 / (fps * substeps)
    fall = torch.stack([torch.zeros_like(world.gravity_B), world.gravity_B], -1)[:, None] * world.active_BO[..., None]
    position, velocity = position_BO2, velocity_BO2
    num = position.shape[1]
    none = torch.zeros_like(world.active_BO)[..., None]
    no_hits, no_bounces = none.expand(-1, -1, num), none.expand(-1, -1, 4)
    frames = [(position, velocity, no_hits, no_bounces)]
    has_walls, has_hits = bool(world.walls_B4.any()), bool(world.collides_B.any()) and num > 1
    for _ in range(num_frames - 1):
        hits, bounces = no_hits, no_bounces
        for _ in range(substeps):
            position = position + (velocity + (0.5 * step_s) * fall) * step_s
            velocity = velocity + step_s * fall
            if has_walls:
                position, velocity, bounced = _bounce(world, position, velocity)
                bounces = bounces | bounced
            if has_hits:
                velocity, met = collide(world, position, velocity)
                hits = hits | met
        frames.append((position, velocity, hits, bounces))
    return Motion(*(torch.stack(parts, 1) for parts in zip(*frames, strict=True)))
