import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muybridge.evaluation.intervals import Estimate, estimate_difference, estimate_mean, estimate_share


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=30), st.integers(0, 5))
def test_the_mean_lies_within_its_interval_and_the_interval_within_the_values(values: list[float], seed: int) -> None:
    found = estimate_mean(values, seed=seed)
    assert found is not None
    slack = 1e-9 + 1e-9 * max(map(abs, values))
    assert min(values) - slack <= found.low <= found.mean + slack
    assert found.mean - slack <= found.high <= max(values) + slack
    assert found.n == len(values)


def test_nothing_measured_is_no_estimate() -> None:
    assert estimate_mean([]) is None
    assert estimate_mean([math.nan, math.inf]) is None


def test_the_same_seed_gives_the_same_interval() -> None:
    values = np.random.default_rng(1).normal(size=40).tolist()
    assert estimate_mean(values, seed=3) == estimate_mean(values, seed=3)


def test_a_95_percent_interval_covers_the_truth_about_95_times_in_100() -> None:
    generator = np.random.default_rng(0)
    covered = 0
    for seed in range(300):
        found = estimate_mean(generator.normal(5.0, 2.0, 60).tolist(), seed=seed)
        assert found is not None
        covered += found.low <= 5.0 <= found.high
    assert 0.90 <= covered / 300 <= 0.98


def test_paired_differences_cancel_what_both_sides_share() -> None:
    hard = np.random.default_rng(2).normal(0, 50, 40)
    found = estimate_difference((hard + 1).tolist(), hard.tolist())
    assert found is not None
    assert found == pytest.approx(Estimate(1.0, 1.0, 1.0, 40))


@pytest.mark.parametrize(
    ("share", "n", "low", "high"),
    [(0.0, 64, 0.0, 0.0566), (1.0, 64, 0.9434, 1.0), (0.5, 100, 0.4038, 0.5962)],
)
def test_wilsons_interval_of_a_share(share: float, n: int, low: float, high: float) -> None:
    found = estimate_share(share, n)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-4)
