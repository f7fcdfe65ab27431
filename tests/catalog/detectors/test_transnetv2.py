import random

import numpy as np
import pytest
import torch

from muybridge.catalog.detectors.transnetv2 import _cuts_from, _net

pytestmark = pytest.mark.compute


def probabilities(num_frames: int, **at: float) -> np.ndarray:
    row = np.zeros(num_frames, np.float32)
    for frame, value in at.items():
        row[int(frame[1:])] = value
    return row


def test_a_hard_cut_starts_a_shot_after_its_frame() -> None:
    assert _cuts_from(probabilities(50, f20=0.99), 0.3) == [(21, pytest.approx(0.99))]


def test_a_dissolve_is_cut_in_its_middle() -> None:
    assert _cuts_from(probabilities(50, f20=0.6, f21=0.9, f22=0.8), 0.3) == [(22, pytest.approx(0.9))]


def test_a_fade_out_and_in_is_one_cut() -> None:
    assert _cuts_from(probabilities(50, f20=0.4, f28=0.5), 0.3) == [(25, pytest.approx(0.5))]


def test_two_sure_cuts_close_together_stay_two() -> None:
    assert [frame for frame, _ in _cuts_from(probabilities(50, f20=0.95, f28=0.99), 0.3)] == [21, 29]


def test_a_change_at_the_very_end_starts_no_empty_shot() -> None:
    assert _cuts_from(probabilities(30, f29=0.99), 0.3) == []


def test_making_the_net_leaves_global_randomness_alone() -> None:
    _net.cache_clear()
    random.seed(1)
    torch.manual_seed(1)
    expected = random.Random(1).random(), torch.rand(1, generator=torch.Generator().manual_seed(1))
    _net()
    assert random.random() == expected[0]
    assert torch.equal(torch.rand(1), expected[1])
    assert not torch.are_deterministic_algorithms_enabled()
