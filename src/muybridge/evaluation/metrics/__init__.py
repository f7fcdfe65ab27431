"""Metrics: one number with a direction, of a made clip against the true one.

A plugin socket. `METRICS` knows the built-ins that `wiring` lists and third parties' entry points `muybridge.metrics`.
A metric sees two clips of one shape and knows no row; floors, ceilings and intervals are `scoring`'s.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from muybridge.plugins import Registry


class Metric(Protocol):
    """Compares frames with frames."""

    name: str
    unit: str
    is_higher_better: bool

    def score(self, made: NDArray[np.uint8], true: NDArray[np.uint8]) -> NDArray[np.float64]:
        """One number a frame, float64 [T]. made, true: uint8 [T, H, W, 3] of one shape."""
        ...


METRICS: Registry[Metric] = Registry("metric", "muybridge.metrics")
