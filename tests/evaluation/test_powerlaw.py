"""A law that made the losses is found again, and what the losses do not say is not claimed."""

import numpy as np
import pytest

from muybridge.evaluation.powerlaw import Law, fit, fit_with_intervals, predict

SIZES = (1e5, 3e5, 6e5, 1e6)
AMOUNTS = (2e3, 6e3, 18e3)
N = [n for n in SIZES for _ in AMOUNTS]
D = [d for _ in SIZES for d in AMOUNTS]
TRUE = Law(E=0.1, A=0.3, alpha=0.62, B=0.5, beta=0.8, error=0.0)


def noisy(sigma: float, batches: int = 32) -> np.ndarray:
    chance = np.random.default_rng(0)
    return predict(TRUE, N, D)[:, None] * (1 + sigma * chance.normal(size=(len(N), batches)))


def test_a_law_without_noise_is_found_again() -> None:
    law = fit(N, D, predict(TRUE, N, D).tolist())
    assert (law.alpha, law.beta, law.E) == pytest.approx((TRUE.alpha, TRUE.beta, TRUE.E), abs=0.05)
    assert law.error < 0.003


def test_intervals_hold_the_truth() -> None:
    told = fit_with_intervals(N, D, noisy(0.01), resamples=60)
    for name in ("alpha", "beta"):
        low, high = told["intervals"][name]
        assert low <= getattr(TRUE, name) <= high
    assert told["law"]["error"] < 0.02


def test_terms_are_never_negative() -> None:
    law = fit(N, D, [1.0 + 0.01 * np.log(n) for n in N])
    assert min(law.E, law.A, law.B) >= 0.0


def test_losses_that_do_not_depend_on_size_leave_its_exponent_undetermined() -> None:
    flat = predict(Law(0.1, 0.0, 0.5, 0.5, 0.8, 0.0), N, D)[:, None] * np.ones((1, 8))
    chance = np.random.default_rng(1)
    told = fit_with_intervals(N, D, flat * (1 + 0.01 * chance.normal(size=flat.shape)), resamples=60)
    assert "alpha" in told["not_determined"]
