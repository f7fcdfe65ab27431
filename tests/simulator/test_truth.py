"""Boxes, masks and tracks: what the pixels show is what truth says."""

import pytest
import torch

from muybridge.simulator.render import render
from muybridge.simulator.scenes import room_config, sample
from muybridge.simulator.truth import box_tracks, boxes, masks, visibility
from muybridge.simulator.vocabulary import OCCLUDER


def test_a_box_fits_its_mask_to_a_pixel() -> None:
    scene = sample("lab", "test", range(12), room_config("lab", regimes=(0,), max_objects=1, num_frames=4))
    seen, where = masks(scene, 96, 96), boxes(scene, 96, 96)
    for clip in range(12):
        for frame in range(4):
            rows, columns = (seen[clip, frame, 0] > 0.02).nonzero().unbind(1)
            x, y, width, height = where[clip, frame, 0].tolist()
            if min(x, y) < 0 or max(x + width, y + height) > 96:
                continue
            assert (columns.min().item(), rows.min().item()) == pytest.approx((x, y), abs=1.5)
            assert (columns.max().item() + 1, rows.max().item() + 1) == pytest.approx((x + width, y + height), abs=1.5)


def test_masks_are_where_the_picture_differs_from_the_empty_ground() -> None:
    config = room_config("lab", regimes=(0,), is_shaded=False, is_camera_moving=False, num_frames=2, backgrounds=(0,))
    scene = sample("lab", "test", range(6), config)
    picture = render(scene, height=64, width=64).to(torch.float32)
    covered = masks(scene, 64, 64).sum(2)
    ground = picture.new_tensor([246, 247, 249])
    differs = (picture - ground).abs().amax(-1) > 30
    assert torch.equal(differs & (covered < 0.05), torch.zeros_like(differs))
    assert (covered[differs] > 0.1).all()
    assert (covered <= 1.0 + 1e-5).all()


def test_the_screen_hides_what_passes_behind_it() -> None:
    scene = sample("lab", "test", range(20), room_config("lab", regimes=(5,), max_objects=1, is_camera_moving=False))
    seen = visibility(scene)[:, :, 0]
    assert (scene.role_BO[:, -1] == OCCLUDER).all()
    assert (seen.min(1).values < 0.05).float().mean() > 0.9
    assert (seen[:, 0] > 0.5).float().mean() > 0.9


def test_tracks_count_frames_from_where_they_are_told_and_stay_in_the_frame() -> None:
    scene = sample("lab", "test", range(5))
    for track in box_tracks(scene, 3, 90, 160, first_frame=100):
        assert track.frames[0] >= 100
        assert len(track.frames) == len(track.boxes) == len(track.is_occluded)
        assert all(x >= 0 and y >= 0 and x + w <= 160 and y + h <= 90 for x, y, w, h in track.boxes)
        assert track.attributes["colour"]


def test_boxes_scale_with_the_resolution() -> None:
    scene = sample("arcade", "test", range(3))
    assert torch.allclose(boxes(scene, 64, 64) * 3, boxes(scene, 192, 192), atol=1e-3)
