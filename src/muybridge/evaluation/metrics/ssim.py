"""Structural similarity of luma (Wang, Bovik, Sheikh & Simoncelli 2004): Gaussian window of 11 pixels, sigma 1.5."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
_SIDE, _SIGMA = 11, 1.5
_LUMA = np.array([0.299, 0.587, 0.114])

Plane = NDArray[np.float64]


class Ssim:
    name = "ssim"
    unit = ""
    is_higher_better = True

    def score(self, made: NDArray[np.uint8], true: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Mean SSIM of each frame, in [-1, 1], over the pixels whose whole window lies inside."""
        return np.array([_mean_ssim(one @ _LUMA, other @ _LUMA) for one, other in zip(made, true, strict=True)])


def _mean_ssim(one: Plane, other: Plane) -> float:
    mean_1, mean_2 = _blur(one), _blur(other)
    variance_1 = _blur(one * one) - mean_1**2
    variance_2 = _blur(other * other) - mean_2**2
    covariance = _blur(one * other) - mean_1 * mean_2
    similarity = ((2 * mean_1 * mean_2 + _C1) * (2 * covariance + _C2)) / (
        (mean_1**2 + mean_2**2 + _C1) * (variance_1 + variance_2 + _C2)
    )
    return float(similarity.mean())


def _blur(plane: Plane) -> Plane:
    ticks = np.arange(_SIDE) - _SIDE // 2
    kernel = np.exp(-(ticks**2) / (2 * _SIGMA**2))
    kernel /= kernel.sum()
    rows = sliding_window_view(plane, _SIDE, axis=0) @ kernel
    blurred: Plane = sliding_window_view(rows, _SIDE, axis=1) @ kernel
    return blurred


METRIC = Ssim()
