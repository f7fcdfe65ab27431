import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muybridge.evaluation.intervals import (
    Estimate,
    estimate_difference,
    estimate_mean,
    estimate_share,
    means_within,
)

VALUES = st.lists(st.floats(-100, 100), min_size=1, max_size=40)


@given(VALUES)
def test_the_interval_lies_around_the_mean(values: list[float]) -> None:
    told = estimate_mean(values)
    assert told is not None
    assert told.low <= told.mean <= told.high
    assert told.mean == pytest.approx(np.mean(values))
    assert told.n == len(values)


def test_the_same_seed_gives_the_same_interval() -> None:
    values = np.random.default_rng(0).normal(size=50).tolist()
    assert estimate_mean(values, seed=3) == estimate_mean(values, seed=3)
    assert estimate_mean(values, seed=3) != estimate_mean(values, seed=4)


def test_what_is_not_finite_is_not_counted() -> None:
    assert estimate_mean([1.0, float("nan"), 3.0, float("inf")]) == estimate_mean([1.0, 3.0])
    assert estimate_mean([float("nan")]) is None
    assert estimate_mean([]) is None


def test_paired_differences_cancel_what_the_clips_share() -> None:
    hard = np.random.default_rng(0).normal(0, 100, 64)
    told = estimate_difference((hard + 1).tolist(), hard.tolist())
    assert told is not None
    assert (told.mean, told.low, told.high) == pytest.approx((1.0, 1.0, 1.0))


@pytest.mark.parametrize("n", [3, 4, 8, 40])
def test_the_interval_of_few_or_many_holds_the_truth_about_as_often_as_it_says(n: int) -> None:
    generator = np.random.default_rng(5)
    samples = generator.normal(2.0, 1.0, (400, n))
    told = [estimate_mean(sample.tolist(), seed=number) for number, sample in enumerate(samples)]
    held = np.mean([each is not None and each.low <= 2.0 <= each.high for each in told])
    assert 0.92 <= held <= 0.98


def test_an_interval_of_errors_does_not_go_below_none() -> None:
    signed, errors = estimate_mean([0.0, 0.0, 1.0]), estimate_mean([0.0, 0.0, 1.0], least=0.0)
    assert signed is not None
    assert errors is not None
    assert signed.low < 0.0
    assert errors == signed._replace(low=0.0)


def test_several_values_of_one_clip_are_one() -> None:
    assert means_within([1.0, 3.0, 5.0, 7.0], ["a", "b", "a", "b"]) == [3.0, 5.0]


@pytest.mark.parametrize(
    ("share", "n", "low", "high"),
    # Agresti & Coull 1998's examples and the edges; statsmodels' proportion_confint(method="wilson") agrees.
    [(0.5, 10, 0.2366, 0.7634), (0.0, 10, 0.0, 0.2775), (1.0, 10, 0.7225, 1.0), (0.9, 512, 0.8710, 0.9231)],
)
def test_a_share_has_wilsons_interval(share: float, n: int, low: float, high: float) -> None:
    told = estimate_share(share, n)
    assert told == Estimate(share, pytest.approx(low, abs=1e-3), pytest.approx(high, abs=1e-3), n)
