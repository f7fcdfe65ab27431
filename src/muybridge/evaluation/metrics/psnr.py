"""Peak signal-to-noise ratio over RGB, in dB."""

import numpy as np
from numpy.typing import NDArray

CEILING_DB = 60.0
"""Given to frames that agree to the last bit, whose ratio has no end."""


class Psnr:
    name = "psnr"
    unit = "dB"
    is_higher_better = True

    def score(self, made: NDArray[np.uint8], true: NDArray[np.uint8]) -> NDArray[np.float64]:
        """10 log10(255² / MSE) of each frame, at most 60 dB."""
        error = (made.astype(np.float64) - true.astype(np.float64)) ** 2
        mean = np.maximum(error.mean(axis=(1, 2, 3)), 255.0**2 / 10 ** (CEILING_DB / 10))
        ratio: NDArray[np.float64] = 10 * np.log10(255.0**2 / mean)
        return ratio


METRIC = Psnr()
