"""Momentum, energy, angles and flight."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from muybridge.simulator.physics import World, collide, simulate
from muybridge.simulator.phyworld import GRAVITY, WORLD_SCALE
from muybridge.simulator.scenes import room_config, sample
from muybridge.simulator.shapes import AREAS, BODY_REACH

Double = torch.float64


def a_world(
    radii: list[float], masses: list[float], *, walls: bool = False, gravity: float = 0.0, restitution: float = 1.0
) -> World:
    radius = torch.tensor([radii], dtype=Double)
    one = torch.ones(1, dtype=Double)
    return World(
        radius_BO=radius,
        reach_BO4=radius[..., None].expand(-1, -1, 4),
        mass_BO=torch.tensor([masses], dtype=Double),
        active_BO=torch.ones(1, len(radii), dtype=torch.bool),
        gravity_B=one * gravity,
        restitution_B=one * restitution,
        walls_B4=torch.full((1, 4), walls),
        collides_B=torch.ones(1, dtype=torch.bool),
    )


def momentum_and_energy(world: World, velocity: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    mass = world.mass_BO[..., None]
    return (mass * velocity).sum(-2), (0.5 * mass * velocity**2).sum((-1, -2))


unit = st.floats(-1, 1, allow_nan=False, width=32)


@given(
    places=st.lists(st.tuples(unit, unit), min_size=3, max_size=3),
    speeds=st.lists(st.tuples(unit, unit), min_size=3, max_size=3),
    masses=st.lists(st.floats(0.1, 5), min_size=3, max_size=3),
)
def test_collisions_keep_momentum_and_energy_whoever_meets(
    places: list[tuple[float, float]], speeds: list[tuple[float, float]], masses: list[float]
) -> None:
    world = a_world([0.6, 0.5, 0.7], masses)
    velocity = torch.tensor([speeds], dtype=Double)
    after, _ = collide(world, torch.tensor([places], dtype=Double), velocity)
    for was, now in zip(momentum_and_energy(world, velocity), momentum_and_energy(world, after), strict=True):
        assert torch.allclose(was, now, atol=1e-12)


def test_equal_masses_that_meet_head_on_swap_velocities() -> None:
    world = a_world([0.1, 0.1], [1.0, 1.0])
    position = torch.tensor([[[0.3, 0.5], [0.7, 0.5]]], dtype=Double)
    velocity = torch.tensor([[[0.4, 0.0], [-0.1, 0.0]]], dtype=Double)
    motion = simulate(world, position, velocity, num_frames=20, fps=8)
    assert torch.allclose(motion.velocity_BTO2[0, -1], velocity[0].flip(0), atol=1e-12)
    assert motion.hits_BTOO[0].any(0).tolist() == [[False, True], [True, False]]


def test_unequal_masses_follow_the_textbook() -> None:
    world = a_world([0.1, 0.1], [3.0, 1.0])
    position = torch.tensor([[[0.3, 0.5], [0.7, 0.5]]], dtype=Double)
    velocity = torch.tensor([[[0.4, 0.0], [0.0, 0.0]]], dtype=Double)
    after = simulate(world, position, velocity, num_frames=20, fps=8).velocity_BTO2[0, -1, :, 0]
    assert after.tolist() == pytest.approx([0.4 * (3 - 1) / (3 + 1), 0.4 * 2 * 3 / (3 + 1)])


@settings(max_examples=25)
@given(st.floats(0.1, math.pi / 2 - 0.1))
def test_a_bounce_leaves_at_the_angle_it_came_in(angle: float) -> None:
    world = a_world([0.1], [1.0], walls=True)
    velocity = torch.tensor([[[0.5 * math.cos(angle), 0.5 * math.sin(angle)]]], dtype=Double)
    motion = simulate(world, torch.full((1, 1, 2), 0.5, dtype=Double), velocity, num_frames=40, fps=8)
    assert torch.allclose(motion.velocity_BTO2.abs(), velocity.abs()[:, None].expand(-1, 40, -1, -1), atol=1e-12)
    assert motion.bounces_BTO4.any()
    assert ((motion.position_BTO2 > 0.1 - 1e-9) & (motion.position_BTO2 < 0.9 + 1e-9)).all()


def test_flight_is_exact_and_bouncing_on_an_elastic_floor_keeps_energy() -> None:
    world = a_world([0.1], [1.0], walls=True, gravity=0.9)
    position = torch.tensor([[[0.3, 0.2]]], dtype=Double)
    velocity = torch.tensor([[[0.1, 0.0]]], dtype=Double)
    motion = simulate(world, position, velocity, num_frames=64, fps=8)
    fall = motion.position_BTO2[0, :8, 0, 1]
    times = torch.arange(8, dtype=Double) / 8
    assert torch.allclose(fall, 0.2 + 0.45 * times**2, atol=1e-12)
    y, speed = motion.position_BTO2[0, :, 0, 1], motion.velocity_BTO2[0, :, 0]
    energy = 0.5 * (speed**2).sum(-1) - 0.9 * y
    assert torch.allclose(energy, energy[0].expand(64), atol=1e-9)
    assert motion.bounces_BTO4[0, :, 0, 3].sum() >= 2


def test_gravity_can_be_read_off_a_falling_clip() -> None:
    scene = sample("parabola", "test", range(8))
    y = scene.position_BTO2[:, :, 0, 1].to(Double) * WORLD_SCALE
    times = torch.arange(y.shape[1], dtype=Double) / 10
    basis = torch.stack([times**0, times, times**2], 1)
    found = torch.linalg.lstsq(basis.expand(8, -1, -1), y[..., None]).solution[:, 2, 0] * 2
    assert found.tolist() == pytest.approx([GRAVITY] * 8, abs=1e-3)


def test_lab_collisions_keep_momentum_and_energy_from_first_frame_to_last() -> None:
    scene = sample("lab", "test", range(60), room_config("lab", regimes=(3,), max_objects=2))
    area = torch.tensor(AREAS)[scene.shape_BTO[:, 0]] * scene.radius_BTO[:, 0] ** 2 * (scene.role_BO == 1)
    velocity = scene.velocity_BTO2
    momentum = (area[:, None, :, None] * velocity).sum(2)
    energy = (area[:, None] * (velocity**2).sum(-1)).sum(2)
    assert torch.allclose(momentum[:, 0], momentum[:, -1], atol=1e-6)
    assert torch.allclose(energy[:, 0], energy[:, -1], rtol=1e-4)
    assert len(AREAS) == len(BODY_REACH)


def test_phyworld_keeps_its_published_bands() -> None:
    inside = sample("uniform", "train", range(500))
    speed = inside.velocity_BTO2[:, 0, 0, 0] * WORLD_SCALE
    radius = inside.radius_BTO[:, 0, 0] * WORLD_SCALE
    assert (speed.min().item(), speed.max().item()) == pytest.approx((1.0, 4.0), abs=0.05)
    assert (radius.min().item(), radius.max().item()) == pytest.approx((0.7, 1.4), abs=0.01)
    outside = sample("uniform", "test", range(500), room_config("uniform", is_out_of_distribution=True))
    speed = outside.velocity_BTO2[:, 0, 0, 0] * WORLD_SCALE
    assert ((speed <= 0.8) | (speed >= 4.5)).all()
    assert ((outside.radius_BTO * WORLD_SCALE <= 0.6001) | (outside.radius_BTO * WORLD_SCALE >= 1.4999)).all()
    assert (inside.num_frames, inside.config.fps) == (32, 10.0)
