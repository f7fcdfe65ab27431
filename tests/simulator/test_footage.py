"""Sample films: cuts, tracks and captions that fit the frames."""

import pytest
import torch

from muybridge.errors import Invalid
from muybridge.simulator.captions import parse
from muybridge.simulator.footage import footage


def test_a_film_has_the_shots_frames_and_truth_it_was_asked_for() -> None:
    plan = footage(5, height=90, width=160, fps=24, num_shots=3, frames_per_shot=10)
    frames = torch.stack(list(plan.frames()))
    assert (frames.shape, frames.dtype) == ((30, 90, 160, 3), torch.uint8)
    assert (plan.num_frames, plan.cuts) == (30, (10, 20))
    assert len(plan.captions) == len(plan.facts) == 3
    assert [parse(caption) for caption in plan.captions] == list(plan.facts)
    for track in plan.tracks:
        shot = track.frames[0] // 10
        assert all(frame // 10 == shot for frame in track.frames)
        assert track.class_name == plan.facts[shot].objects[track.slot].shape


def test_cuts_are_the_places_where_the_picture_changes() -> None:
    for seed in range(4):
        plan = footage(seed, height=64, width=64, fps=24, num_shots=4, frames_per_shot=8)
        frames = torch.stack(list(plan.frames())).to(torch.float32)
        change = frames.diff(dim=0).abs().mean((1, 2, 3))
        at_cuts = change[[cut - 1 for cut in plan.cuts]]
        inside = torch.ones(31, dtype=torch.bool)
        inside[[cut - 1 for cut in plan.cuts]] = False
        assert at_cuts.min() > 2 * change[inside].max()


def test_the_same_seed_makes_the_same_film() -> None:
    first, second = (list(footage(9, height=32, width=48, num_shots=2, frames_per_shot=4).frames()) for _ in range(2))
    assert torch.equal(torch.stack(first), torch.stack(second))


def test_a_film_without_frames_is_refused() -> None:
    with pytest.raises(Invalid):
        footage(1, num_shots=0)
