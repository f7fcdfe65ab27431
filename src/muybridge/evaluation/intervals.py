"""Intervals: every figure of a model comes with one.

Means: percentile bootstrap over clips (Efron 1979), seeded, and drawn out for few of them: a bootstrap takes the spread
of n values for that of all, and their number for many (Hesterberg 2015), so that of three clips its 95 % are .76.
"""

import math
from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np

NUM_RESAMPLES = 2000
_Z = 1.959964
"""97.5 % of a normal distribution lie below."""


class Estimate(NamedTuple):
    """A mean with its 95 % interval and the number of clips it is over."""

    mean: float
    low: float
    high: float
    n: int


def estimate_mean(values: Sequence[float], *, seed: int = 0, least: float = -math.inf) -> Estimate | None:
    """The mean of one value a clip; None for no clips. Values that are not finite are left out and not counted.

    Of one clip the interval is that one value, and says nothing. least: what no value can be below, as an error cannot
    be below 0; no interval goes beyond it.
    """
    finite = np.asarray([value for value in values if np.isfinite(value)], dtype=np.float64)
    if not len(finite):
        return None
    generator = np.random.default_rng(seed)
    means = finite[generator.integers(0, len(finite), (NUM_RESAMPLES, len(finite)))].mean(axis=1)
    mean, wider = finite.mean(), _drawn_out(len(finite))
    low, high = (mean + wider * (end - mean) for end in np.percentile(means, [2.5, 97.5]))
    return Estimate(float(mean), float(min(max(low, least), mean)), float(max(high, mean)), len(finite))


def estimate_difference(one: Sequence[float], other: Sequence[float], *, seed: int = 0) -> Estimate | None:
    """Mean of paired differences one − other: the same clip on both sides, so clips' own difficulty cancels."""
    return estimate_mean([a - b for a, b in zip(one, other, strict=True)], seed=seed)


def means_within(values: Sequence[float], owners: Sequence[Hashable]) -> list[float]:
    """One value an owner: the mean of its own. Several values of one clip say less than as many clips do."""
    together: dict[Hashable, list[float]] = {}
    for value, owner in zip(values, owners, strict=True):
        together.setdefault(owner, []).append(value)
    return [float(np.mean(own)) for own in together.values()]


def _drawn_out(n: int) -> float:
    """By how much a bootstrap interval of n values is too narrow: as Student's interval is wider than the normal one
    (its quantile by Abramowitz & Stegun 1964, 26.7.5), of a spread that n - 1 differences tell."""
    if n < 2:
        return 1.0
    free, z = n - 1, _Z
    if free <= 2:
        t = (12.7062, 4.3027)[free - 1]
    else:
        t = z + (z**3 + z) / (4 * free) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * free**2)
        t += (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * free**3)
    return t / z * math.sqrt(n / free)


def estimate_share(share: float, n: int) -> Estimate:
    """A share of n clips with its Wilson 95 % interval (Wilson 1927), which stays within [0, 1]."""
    z = _Z
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return Estimate(share, max(0.0, float(centre - half)), min(1.0, float(centre + half)), n)
