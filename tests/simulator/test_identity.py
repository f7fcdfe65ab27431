"""Things in true clips stay themselves; melted, grown and wrongly coloured ones do not."""

from dataclasses import replace

import torch

from muybridge.simulator.identity import identity
from muybridge.simulator.render import render
from muybridge.simulator.scenes import room_config, sample
from muybridge.simulator.segmentation import off_palette
from muybridge.simulator.vocabulary import REGIMES

CONFIG = room_config(
    "lab", regimes=(REGIMES.index("bounce"),), is_camera_moving=False, max_objects=2, num_frames=32, textures=(0,)
)


def test_true_clips_keep_every_identity() -> None:
    scene = sample("lab", "dev", range(12), CONFIG)
    told = identity(render(scene), scene, 32)
    assert told.kept.nanmean() >= 0.95
    assert told.area_drift.nanmean() < 0.05
    assert told.off_palette.max() == 0.0


def test_an_empty_clip_keeps_none() -> None:
    scene = sample("lab", "dev", range(4), CONFIG)
    told = identity(torch.full((4, 32, 64, 64, 3), 246, dtype=torch.uint8), scene, 32)
    assert told.kept.nan_to_num().sum() == 0.0
    assert told.area_drift.isnan().all()


def test_bodies_that_grew_are_not_themselves_and_say_by_how_much() -> None:
    scene = sample("bakeoff", "dev", range(12))
    told = identity(render(replace(scene, radius_BTO=scene.radius_BTO * 1.3)), scene, 6)
    assert told.kept.nanmean() == 0.0
    assert abs(float(told.area_drift.nanmean()) - 0.69) < 0.06


def test_a_colour_that_no_thing_has_is_off_the_palette() -> None:
    frames = torch.full((1, 32, 32, 3), 246, dtype=torch.uint8)
    frames[0, :16] = torch.tensor([120, 255, 60], dtype=torch.uint8)
    assert off_palette(frames).tolist() == [0.5]
    frames[0, :16] = torch.tensor([229, 57, 53], dtype=torch.uint8)
    assert off_palette(frames).tolist() == [0.0]
