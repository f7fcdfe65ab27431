"""The Lab: one to four bodies that drift, fall, bounce, collide, orbit or pass behind a screen, under a camera.

Every clip has one regime; bodies of all regimes run through the same integrator, so a batch mixes them freely.
The camera moves only over still bodies: then `drifts` always means the body and `pans` always the camera.
"""

from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from . import layouts
from .attributes import Attributes, draw_attributes, draw_background, draw_direction
from .configs import RoomConfig
from .layouts import BOUNCE, COLLIDE, DRIFT, GRAVITY, OCCLUDED, ORBIT, Intent
from .physics import Motion, World, simulate
from .seeds import Draws
from .shapes import AREAS, BODY_REACH, WALL_REACH
from .state import SceneBatch, blank
from .vocabulary import BODY, MOTIONS, OCCLUDER, SIZE_RADIUS

SPEED = (0.08, 0.18, 0.32)
"""Frame heights per second."""
TURN_SPEED = (0.7, 1.4, 2.4)
"""Radians per second of an orbit."""
ORBIT_RADII = (0.0, 0.24, 0.385)
_CIRCLE_OF = (0, 1, 2, 2)
"""Which circle each body of an orbit is on; the fourth follows the third, half a turn behind."""
GRAVITY_PULL = 0.9
FLOOR_RESTITUTION = 0.8
PAN_SPEED, ZOOM_RATE = 0.11, 0.16
STAYS, DRIFTS, FALLS, ORBITS = (MOTIONS.index(name) for name in ("stays", "drifts", "falls", "orbits"))


class Plan(NamedTuple):
    """What each body of each clip is told to do; int64 and bool."""

    regime_B: Tensor
    camera_B: Tensor
    active_BO: Tensor
    motion_BO: Tensor
    direction_BO: Tensor
    speed_BO: Tensor


def _draw_regime(config: RoomConfig, draws: Draws) -> Tensor:
    alone = config.max_objects == 1
    regimes = tuple(r for r in config.regimes if not (alone and r in (COLLIDE, ORBIT)))
    return draws.choice("regime", regimes or (DRIFT,))


def _draw_active(config: RoomConfig, draws: Draws, regime_B: Tensor, num_slots: int) -> Tensor:
    count_B = config.min_objects + draws.integers("count", config.max_objects - config.min_objects + 1)
    count_B = torch.where((regime_B == COLLIDE) | (regime_B == ORBIT), count_B.clamp(min=2), count_B)
    if config.holdout == "count":
        count_B = torch.full_like(count_B, num_slots)
    return torch.arange(num_slots, device=count_B.device) < count_B[:, None]


def _allowed_directions(regime_BO: Tensor) -> Tensor:
    """bool [B, O, 8]: gravity throws sideways or drops; a screen is passed sideways."""
    direction = torch.arange(8, device=regime_BO.device)
    sideways = (direction == 0) | (direction == 4)
    allowed = torch.ones(*regime_BO.shape, 8, dtype=torch.bool, device=regime_BO.device)
    allowed = torch.where((regime_BO == GRAVITY)[..., None], sideways | (direction == 2), allowed)
    return torch.where((regime_BO == OCCLUDED)[..., None], sideways, allowed)


def _draw_motion(draws: Draws, regime_B: Tensor, camera_B: Tensor, num_slots: int) -> Tensor:
    """What each body does. Body 0 always acts, but under a moving camera and at the centre of an orbit."""
    regime = regime_B[:, None]
    slot = torch.arange(num_slots, device=regime_B.device)
    rests = draws.uniform("rests", num_slots) < torch.where(regime == COLLIDE, 0.6, 0.25)
    rests = (rests & (slot > 0)) | ((regime == COLLIDE) & (slot > 1)) | ((regime == OCCLUDED) & (slot > 0))
    motion = torch.where(rests, STAYS, DRIFTS)
    motion = torch.where(regime == BOUNCE, DRIFTS, motion)
    motion = torch.where(regime == GRAVITY, FALLS, motion)
    motion = torch.where(regime == ORBIT, torch.where(slot > 0, ORBITS, STAYS), motion)
    return torch.where(camera_B[:, None] > 0, STAYS, motion)


def _draw_speed(config: RoomConfig, draws: Draws, regime_B: Tensor, num_slots: int) -> Tensor:
    any_speed = draws.choice("speed", config.speeds, num_slots)
    brisk = tuple(s for s in config.speeds if s > 0) or config.speeds
    quick = draws.choice("brisk speed", brisk, num_slots)
    regime = regime_B[:, None]
    speed = torch.where((regime == BOUNCE) | (regime == COLLIDE), quick, any_speed)
    return torch.where(regime == OCCLUDED, max(config.speeds), speed)


def _draw_plan(config: RoomConfig, draws: Draws, attributes: Attributes) -> Plan:
    num_slots = attributes.shape_BO.shape[1]
    regime_B = _draw_regime(config, draws)
    moves_B = (regime_B == DRIFT) & (draws.uniform("camera moves") < 0.35) & config.is_camera_moving
    camera_B = torch.where(moves_B, 1 + draws.integers("camera", 4), 0)
    motion = _draw_motion(draws, regime_B, camera_B, num_slots)
    direction = draw_direction(draws, config, attributes, _allowed_directions(regime_B[:, None].expand_as(motion)))
    if num_slots > 1:
        # A struck body that ran exactly as the striking one could never be caught.
        same = (regime_B == COLLIDE) & (direction[:, 1] == direction[:, 0])
        motion[:, 1] = torch.where(same, STAYS, motion[:, 1])
    speed = _draw_speed(config, draws, regime_B, num_slots)
    circle = torch.tensor(_CIRCLE_OF[:num_slots], device=direction.device)
    orbits = motion == ORBITS
    direction = torch.where(orbits, 8 + draws.integers("turn", 2, num_slots)[:, circle], direction)
    speed = torch.where(orbits, speed[:, circle], speed)
    direction = torch.where(motion == STAYS, -1, direction)
    speed = torch.where((motion == STAYS) | ((motion == FALLS) & (direction == 2)), -1, speed)
    active = _draw_active(config, draws, regime_B, num_slots)
    return Plan(regime_B, camera_B, active, motion, direction, speed)


def _velocity(draws: Draws, plan: Plan) -> Tensor:
    """float64 [B, O, 2] at the first frame; speeds vary by 8 % within their class."""
    table = torch.tensor((*SPEED, 0.0), dtype=torch.float64, device=plan.speed_BO.device)
    pace = table[plan.speed_BO] * draws.uniform("pace", plan.speed_BO.shape[1], low=0.92, high=1.08)
    angle = plan.direction_BO.clamp(min=0).to(torch.float64) * (torch.pi / 4)
    straight = (plan.motion_BO == DRIFTS) | (plan.motion_BO == FALLS)
    return torch.stack([angle.cos(), angle.sin()], -1) * (pace * straight)[..., None]


def _orbit_motion(config: RoomConfig, draws: Draws, plan: Plan, motion: Motion) -> Motion:
    """Replace the motion of orbit clips: body 0 rests near the middle, the others circle it."""
    num_slots, device = plan.motion_BO.shape[1], plan.motion_BO.device
    middle = torch.tensor([config.aspect / 2, 0.5], dtype=torch.float64, device=device)
    centre = middle + draws.uniform("orbit centre", 2, low=-0.02, high=0.02)
    circle = torch.tensor(_CIRCLE_OF[:num_slots], device=device)
    radii = torch.tensor(ORBIT_RADII, dtype=torch.float64, device=device)[circle]
    turn = torch.tensor((*TURN_SPEED, 0.0), dtype=torch.float64, device=device)[plan.speed_BO]
    sense = torch.where(plan.direction_BO == 8, 1.0, -1.0)
    opposite = torch.arange(num_slots, device=device) - circle
    phase = draws.uniform("orbit phase", num_slots, high=2 * torch.pi)[:, circle] + torch.pi * opposite
    times = torch.arange(config.num_frames, dtype=torch.float64, device=device) / config.fps
    rate = (turn * sense)[:, None]
    angle = phase[:, None] + rate * times[:, None]
    around = torch.stack([angle.cos(), angle.sin()], -1) * radii[:, None]
    velocity = torch.stack([-angle.sin(), angle.cos()], -1) * (radii * rate)[..., None]
    orbit = (plan.regime_B == ORBIT)[:, None, None, None]
    return Motion(
        torch.where(orbit, centre[:, None, None] + around, motion.position_BTO2),
        torch.where(orbit, velocity, motion.velocity_BTO2),
        motion.hits_BTOO & ~orbit,
        motion.bounces_BTO4 & ~orbit,
    )


def _world(config: RoomConfig, plan: Plan, attributes: Attributes, radius_BO: Tensor) -> World:
    regime = plan.regime_B
    area = torch.tensor(AREAS, dtype=torch.float64, device=regime.device)[attributes.shape_BO]
    walls = torch.zeros(len(regime), 4, dtype=torch.bool, device=regime.device)
    walls |= (regime == BOUNCE)[:, None]
    walls[:, 3] |= regime == GRAVITY
    disc = torch.tensor(BODY_REACH, dtype=torch.float64, device=regime.device)[attributes.shape_BO]
    reach = torch.tensor(WALL_REACH, dtype=torch.float64, device=regime.device)[attributes.shape_BO]
    return World(
        radius_BO=radius_BO * disc,
        reach_BO4=radius_BO[..., None] * reach,
        mass_BO=area * radius_BO**2,
        active_BO=plan.active_BO,
        gravity_B=torch.where(regime == GRAVITY, GRAVITY_PULL, 0.0).to(torch.float64),
        restitution_B=torch.where(regime == GRAVITY, FLOOR_RESTITUTION, 1.0).to(torch.float64),
        walls_B4=walls,
        collides_B=(regime == BOUNCE) | (regime == COLLIDE),
        size_2=(config.aspect, 1.0),
    )


def camera_view(config: RoomConfig, camera_B: Tensor, num_frames: int | None = None) -> Tensor:
    """float32 [B, T, 3]: pans at constant speed through the middle, zooms at a constant rate."""
    times = torch.arange(num_frames or config.num_frames, dtype=torch.float64, device=camera_B.device) / config.fps
    middle = times - times[-1] / 2
    pan = torch.where(camera_B == 1, -PAN_SPEED, torch.where(camera_B == 2, PAN_SPEED, 0.0))[:, None]
    into = torch.where(camera_B == 3, times[:, None], torch.where(camera_B == 4, times.flip(0)[:, None], 0.0)).T
    x = config.aspect / 2 + pan * middle
    return torch.stack([x, torch.full_like(x, 0.5), torch.exp(ZOOM_RATE * into)], -1).to(torch.float32)


def _fit_sizes(config: RoomConfig, plan: Plan, size_BO: Tensor) -> Tensor:
    """Orbits need room: small things around a medium one. What passes a screen must fit behind it."""
    slot = torch.arange(size_BO.shape[1], device=size_BO.device)
    snug = torch.where(slot > 0, min(config.sizes), min(1, max(config.sizes)))
    size = torch.where((plan.regime_B == ORBIT)[:, None], snug, size_BO)
    behind = (plan.regime_B == OCCLUDED)[:, None] & (slot == 0)
    return torch.where(behind, size.clamp(max=1), size)


def _thin_out(
    config: RoomConfig, draws: Draws, plan: Plan, intent: Intent, starts: layouts.Starts
) -> tuple[Plan, layouts.Starts]:
    """Where no layout suits every body, keep only as many bodies as the clip must have."""
    slot = torch.arange(plan.active_BO.shape[1], device=plan.active_BO.device)
    needs_two = (plan.regime_B == COLLIDE) | (plan.regime_B == ORBIT)
    least_B = torch.where(needs_two, max(2, config.min_objects), config.min_objects)
    lean_BO = plan.active_BO if config.holdout == "count" else plan.active_BO & (slot < least_B[:, None])
    lean = layouts.draw_starts(draws, replace(intent, active_BO=lean_BO))
    keeps = starts.is_suitable_B
    active_BO = torch.where(keeps[:, None], plan.active_BO, lean_BO)
    position = torch.where(keeps[:, None, None], starts.position_BO2, lean.position_BO2)
    return plan._replace(active_BO=active_BO), layouts.Starts(position, keeps | lean.is_suitable_B)


def sample_lab(config: RoomConfig, split: str, indices_B: Tensor, draws: Draws) -> SceneBatch:
    """Lab clips; the last slot is the screen of the occluder regime."""
    num_bodies = 4 if config.holdout == "count" else max(config.max_objects, 2)
    attributes = draw_attributes(config, draws, num_bodies)
    plan = _draw_plan(config, draws, attributes)
    attributes = attributes._replace(size_BO=_fit_sizes(config, plan, attributes.size_BO))
    device = indices_B.device
    radius_BO = torch.tensor(SIZE_RADIUS, dtype=torch.float64, device=device)[attributes.size_BO]
    velocity = _velocity(draws, plan)
    seconds = (config.num_frames - 1) / config.fps
    intent = Intent(plan.regime_B, plan.active_BO, radius_BO, velocity, seconds, config.aspect)
    starts = layouts.draw_starts(draws, intent)
    plan, starts = _thin_out(config, draws, plan, intent, starts)
    world = _world(config, plan, attributes, radius_BO)
    motion = simulate(world, starts.position_BO2, velocity, num_frames=config.num_frames, fps=config.fps)
    motion = _orbit_motion(config, draws, plan, motion)

    scene = blank(config, split, indices_B, num_bodies + 1)
    bodies = slice(0, num_bodies)
    scene["role_BO"][:, bodies] = torch.where(plan.active_BO, BODY, 0)
    scene["shape_BTO"][:, :, bodies] = attributes.shape_BO[:, None]
    scene["colour_BTO"][:, :, bodies] = attributes.colour_BO[:, None]
    scene["texture_BO"][:, bodies] = attributes.texture_BO
    scene["size_BO"][:, bodies] = attributes.size_BO
    scene["radius_BTO"][:, :, bodies] = radius_BO[:, None].to(torch.float32)
    scene["position_BTO2"][:, :, bodies] = motion.position_BTO2.to(torch.float32)
    scene["velocity_BTO2"][:, :, bodies] = motion.velocity_BTO2.to(torch.float32)
    scene["present_BTO"][:, :, bodies] = plan.active_BO[:, None]
    scene["hits_BTOO"][:, :, bodies, bodies] = motion.hits_BTOO
    scene["bounces_BTO4"][:, :, bodies] = motion.bounces_BTO4
    scene["motion_BO"][:, bodies] = plan.motion_BO
    scene["direction_BO"][:, bodies] = plan.direction_BO
    scene["speed_BO"][:, bodies] = plan.speed_BO
    scene["regime_B"] = plan.regime_B
    scene["camera_B"] = plan.camera_B
    scene["view_BT3"] = camera_view(config, plan.camera_B)
    scene["background_B"] = draw_background(draws, config, attributes, plan.active_BO, plan.camera_B > 0)
    _add_screen(scene, intent)
    return SceneBatch(**scene)


def _add_screen(scene: dict[str, Tensor], intent: Intent) -> None:
    """Stand the occluder over the middle of body 0's path, in the last slot."""
    has_screen = intent.regime_B == OCCLUDED
    num_frames = scene["position_BTO2"].shape[1]
    middle = scene["position_BTO2"][:, [0, num_frames - 1], 0].mean(1)
    radius = intent.radius_BO[:, 0].to(torch.float32)
    scene["role_BO"][:, -1] = torch.where(has_screen, OCCLUDER, 0)
    scene["present_BTO"][:, :, -1] = has_screen[:, None]
    scene["position_BTO2"][:, :, -1] = middle[:, None]
    scene["extent_BO2"][:, -1] = torch.stack([radius * 1.25, radius * 1.7], -1) * has_screen[:, None]
