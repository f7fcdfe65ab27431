"""Laws are measured on true clips without error, and on clips that break them as broken as they are."""

import math

import pytest
import torch
from torch import Tensor

from muybridge.simulator import judge
from muybridge.simulator.measures import Seen
from muybridge.simulator.phyworld import GRAVITY, WORLD_SCALE
from muybridge.simulator.render import render
from muybridge.simulator.scenes import SceneBatch, room_config, sample
from muybridge.simulator.vocabulary import REGIMES


def lab(regime: str, num_clips: int = 12) -> SceneBatch:
    config = room_config("lab", regimes=(REGIMES.index(regime),), is_camera_moving=False, min_objects=2, max_objects=2)
    return sample("lab", "dev", range(num_clips), config)


def seen_in(scene: SceneBatch, frames: Tensor | None = None) -> Seen:
    return judge.watch(render(scene) if frames is None else frames, scene)


def exactly(scene: SceneBatch) -> Seen:
    """What a judge without error would see."""
    return seen_in(scene)._replace(position_BTO2=scene.position_BTO2.clone())


def test_true_collisions_conserve_momentum_and_energy() -> None:
    scene = sample("collision", "dev", range(16))
    met = judge.collisions(seen_in(scene), scene, first_frame=3)
    assert (~met.momentum_drift.isnan()).sum() >= 12
    assert met.momentum_drift.nanmean() < 0.01
    assert met.energy_drift.nanmean() < 0.03
    assert met.velocity_error.nanmean() * WORLD_SCALE < 0.03


def test_bodies_that_vanish_lose_all_energy() -> None:
    scene = sample("collision", "dev", range(8))
    seen = exactly(scene)
    seen.position_BTO2[:, 3:] = torch.nan
    met = judge.collisions(seen, scene, first_frame=3)
    assert met.energy_drift[~met.energy_drift.isnan()].tolist() == pytest.approx([1.0] * 8)


def test_bodies_that_pass_through_each_other_conserve_everything_and_are_found_out_by_their_velocities() -> None:
    scene = sample("collision", "dev", range(8))
    met = judge.collisions(judge.carry_on(exactly(scene), 3), scene, first_frame=3)
    assert met.momentum_drift.nanmean() < 1e-4
    assert met.energy_drift.nanmean() < 1e-4
    assert met.velocity_error.nanmean() * WORLD_SCALE > 1.0


def test_gravity_is_read_from_a_parabola() -> None:
    scene = sample("parabola", "dev", range(16))
    pull = judge.fall(seen_in(scene), scene, first_frame=2) * WORLD_SCALE
    assert pull[~pull.isnan()].tolist() == pytest.approx([GRAVITY] * int((~pull.isnan()).sum()), rel=0.02)


def test_what_goes_straight_on_feels_no_gravity() -> None:
    scene = sample("parabola", "dev", range(8))
    straight = judge.carry_on(exactly(scene), 3)
    assert judge.fall(straight, scene, first_frame=3).abs().nan_to_num().max() < 1e-3


def test_too_few_frames_of_flight_say_nothing() -> None:
    scene = sample("parabola", "dev", range(4)).frames(0, 5)
    assert judge.fall(exactly(scene), scene, first_frame=2).isnan().all()


def test_true_bounces_leave_at_the_right_angle() -> None:
    scene = lab("bounce")
    errors = judge.bounce_errors(seen_in(scene), scene, first_frame=2)
    assert (~errors.isnan()).sum() >= 6
    assert errors.nanmean() < 2.0


def test_a_body_that_goes_through_the_wall_is_as_wrong_as_it_should_have_turned() -> None:
    scene = lab("bounce")
    through = judge.carry_on(exactly(scene), 2)
    errors = judge.bounce_errors(through, scene, first_frame=2)
    assert errors.nanmean() > 45.0


def test_a_body_that_is_gone_after_a_bounce_is_as_wrong_as_can_be() -> None:
    scene = lab("bounce")
    seen = exactly(scene)
    seen.position_BTO2[:, 2:] = torch.nan
    errors = judge.bounce_errors(seen, scene, first_frame=2)
    assert errors[~errors.isnan()].unique().tolist() == [180.0]


def test_what_a_screen_hid_is_back_in_true_clips_and_not_where_it_vanished() -> None:
    scene = lab("occluder")
    back = judge.reappears(seen_in(scene), scene, first_frame=2)
    assert (~back.isnan()).sum() >= 8
    assert back.nanmean() >= 0.9
    gone = exactly(scene)
    gone.position_BTO2[:, 8:] = torch.nan
    assert judge.reappears(gone, scene, first_frame=2).nanmean() == 0.0


def test_rooms_without_a_screen_hide_nothing() -> None:
    scene = lab("bounce", 3)
    assert judge.reappears(exactly(scene), scene).isnan().all()


def test_inertia_extrapolates_what_was_seen_and_nothing_else() -> None:
    position = torch.zeros(1, 5, 1, 2)
    position[0, :, 0, 0] = torch.tensor([0.1, 0.2, 0.9, 0.9, math.nan])
    carried = judge.carry_on(Seen(position, torch.ones(1, 5, 1, dtype=torch.bool)), 2)
    assert carried.position_BTO2[0, :, 0, 0].tolist() == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5])
    still = judge.carry_on(Seen(position, torch.ones(1, 5, 1, dtype=torch.bool)), 1)
    assert still.position_BTO2[0, :, 0, 0].tolist() == pytest.approx([0.1] * 5)
