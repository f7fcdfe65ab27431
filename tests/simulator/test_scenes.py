"""Scenes: the same clip whatever it is asked for with, and nothing held out where training looks."""

import pytest
import torch

from muybridge.errors import Invalid
from muybridge.simulator.holdouts import (
    HELD_OUT_PAIRS,
    held_out_backgrounds,
    held_out_pairs,
    held_out_triples,
)
from muybridge.simulator.lab import ORBITS
from muybridge.simulator.render import render
from muybridge.simulator.scenes import ROOMS, SPLITS, room_config, sample
from muybridge.simulator.state import SceneBatch
from muybridge.simulator.vocabulary import BODY, REGIMES

CPU = torch.device("cpu")


def bodies(scene: SceneBatch) -> torch.Tensor:
    return scene.role_BO == BODY


@pytest.mark.parametrize("room", ROOMS)
def test_a_clip_is_the_same_in_any_batch_and_order(room: str) -> None:
    together = sample(room, "test", range(40))
    apart = sample(room, "test", torch.tensor([31, 5]))
    for name in ("position_BTO2", "shape_BTO", "colour_BTO", "hits_BTOO", "view_BT3", "background_B", "action_BT"):
        assert torch.equal(getattr(together, name)[[31, 5]], getattr(apart, name)), name
    few = together.clips(torch.tensor([31, 5]))
    assert torch.equal(render(few, height=32, width=32), render(apart, height=32, width=32))


@pytest.mark.parametrize("room", ROOMS)
def test_splits_hold_different_clips(room: str) -> None:
    scenes = [sample(room, split, range(20)) for split in SPLITS]
    # A collision's height and colours are PhyWorld's constants: compare everything that a seed decides.
    marks = [(scene.position_BTO2.flatten(1).sum(1) + scene.radius_BTO.flatten(1).sum(1)).tolist() for scene in scenes]
    assert len({round(mark, 5) for row in marks for mark in row}) > 0.9 * 80


def test_training_never_sees_held_out_pairs_triples_or_grounds() -> None:
    scene = sample("lab", "train", range(1000))
    shape, colour, here = scene.shape_BTO[:, 0], scene.colour_BTO[:, 0], bodies(scene)
    assert not held_out_pairs(CPU)[shape, colour][here].any()
    straight = here & (scene.direction_BO >= 0) & (scene.direction_BO < 8)
    assert not held_out_triples(CPU)[shape, colour, scene.direction_BO.clamp(0, 7)][straight].any()
    grounds = held_out_backgrounds(CPU)[shape, scene.background_B[:, None].expand_as(shape)]
    assert not grounds[here].any()
    assert int(here.sum(1).max()) == 3


def test_training_sees_every_shape_colour_and_pair_that_is_not_held_out() -> None:
    scene = sample("lab", "train", range(1000))
    here = bodies(scene)
    pairs = set(zip(scene.shape_BTO[:, 0][here].tolist(), scene.colour_BTO[:, 0][here].tolist(), strict=True))
    assert len(pairs) == 40 - len(HELD_OUT_PAIRS)


@pytest.mark.parametrize("holdout", ["pairs", "triples", "count", "background"])
def test_every_held_out_clip_holds_what_training_never_saw(holdout: str) -> None:
    scene = sample("lab", "test", range(200), room_config("lab", holdout=holdout))
    shape, colour = scene.shape_BTO[:, 0, 0], scene.colour_BTO[:, 0, 0]
    if holdout == "pairs":
        assert held_out_pairs(CPU)[shape, colour].all()
    if holdout == "background":
        assert held_out_backgrounds(CPU)[shape, scene.background_B].all()
    if holdout == "count":
        assert (bodies(scene).sum(1) == 4).all()
    if holdout == "triples":
        held = held_out_triples(CPU)[shape, colour, scene.direction_BO[:, 0].clamp(0, 7)]
        assert int((held & (scene.direction_BO[:, 0] >= 0)).sum()) > 10


def test_the_bakeoff_holds_out_three_of_its_eighteen_pairs() -> None:
    scene = sample("bakeoff", "train", range(2000))
    pairs = set(zip(scene.shape_BTO[:, 0, 0].tolist(), scene.colour_BTO[:, 0, 0].tolist(), strict=True))
    assert len(pairs) == 15
    held = sample("bakeoff", "test", range(200), room_config("bakeoff", holdout="pairs"))
    unseen = set(zip(held.shape_BTO[:, 0, 0].tolist(), held.colour_BTO[:, 0, 0].tolist(), strict=True))
    assert len(unseen) == 3
    assert not pairs & unseen


@pytest.mark.parametrize(
    "changes", [{"holdout": "pairs"}, {"max_objects": 4}, {"holdout": "count"}, {"is_out_of_distribution": True}]
)
def test_training_on_held_out_clips_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(Invalid, match="train"):
        sample("lab", "train", range(2), room_config("lab", **changes))


def test_unknown_rooms_and_impossible_sizes_are_refused() -> None:
    with pytest.raises(Invalid, match="attic"):
        room_config("attic")
    with pytest.raises(Invalid, match="5 objects"):
        room_config("lab", max_objects=5)


def test_regimes_keep_their_promises() -> None:
    scene = sample("lab", "test", range(400))
    regime = {name: scene.regime_B == number for number, name in enumerate(REGIMES)}
    assert scene.hits_BTOO.flatten(1).any(1)[regime["collide"]].all()
    assert scene.bounces_BTO4.flatten(1).any(1)[regime["bounce"]].float().mean() > 0.9
    assert (scene.motion_BO == ORBITS).any(1)[regime["orbit"]].all()
    assert not scene.hits_BTOO.flatten(1).any(1)[regime["drift"] | regime["occluder"] | regime["orbit"]].any()
    assert (scene.camera_B[~regime["drift"]] == 0).all()


def test_bodies_of_a_lab_scene_start_apart_and_in_view() -> None:
    scene = sample("lab", "test", range(400))
    here = bodies(scene)
    place = scene.position_BTO2[:, 0]
    assert ((place > 0) & (place < 1)).all(-1)[here].float().mean() > 0.995
    apart = (place[:, :, None] - place[:, None]).norm(dim=-1)
    pair = here[:, :, None] & here[:, None] & ~torch.eye(place.shape[1], dtype=torch.bool)
    reach = scene.radius_BTO[:, 0, :, None] + scene.radius_BTO[:, 0, None]
    assert (apart > reach)[pair].float().mean() > 0.99


def test_a_batch_can_be_cut_by_clips_and_by_frames() -> None:
    scene = sample("lab", "dev", range(6))
    part = scene.clips(slice(2, 4)).frames(3, 7)
    assert (part.num_clips, part.num_frames) == (2, 4)
    assert torch.equal(part.position_BTO2, scene.position_BTO2[2:4, 3:7])
    assert torch.equal(render(part, height=24, width=24), render(scene, height=24, width=24)[2:4, 3:7])
