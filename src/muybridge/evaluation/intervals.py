"""Intervals: every figure of a model comes with one. Percentile bootstrap over clips (Efron 1979), seeded."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

NUM_RESAMPLES = 2000


class Estimate(NamedTuple):
    """A mean with its 95 % interval and the number of clips it is over."""

    mean: float
    low: float
    high: float
    n: int


def estimate_mean(values: Sequence[float], *, seed: int = 0) -> Estimate | None:
    """The mean of one value a clip; None for no clips. Values that are not finite are left out and not counted."""
    finite = np.asarray([value for value in values if np.isfinite(value)], dtype=np.float64)
    if not len(finite):
        return None
    generator = np.random.default_rng(seed)
    means = finite[generator.integers(0, len(finite), (NUM_RESAMPLES, len(finite)))].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return Estimate(float(finite.mean()), float(low), float(high), len(finite))


def estimate_difference(one: Sequence[float], other: Sequence[float], *, seed: int = 0) -> Estimate | None:
    """Mean of paired differences one − other: the same clip on both sides, so clips' own difficulty cancels."""
    return estimate_mean([a - b for a, b in zip(one, other, strict=True)], seed=seed)


def estimate_share(share: float, n: int) -> Estimate:
    """A share of n clips with its Wilson 95 % interval (Wilson 1927), which stays within [0, 1]."""
    z = 1.959964
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return Estimate(share, max(0.0, float(centre - half)), min(1.0, float(centre + half)), n)
