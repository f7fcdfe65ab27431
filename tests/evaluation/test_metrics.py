"""What every metric keeps to, ours and yours; and the figures of ours beside other people's."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from muybridge import wiring
from muybridge.evaluation.metrics import METRICS, Metric

wiring.connect_plugins()
Frames = NDArray[np.uint8]


@pytest.fixture(params=sorted(METRICS.names()))
def metric(request: pytest.FixtureRequest) -> Metric:
    """Each metric that is known here; a third party's joins by being installed."""
    return METRICS.get(request.param)


@pytest.fixture
def true() -> Frames:
    """Smooth moving blobs, uint8 [4, 48, 64, 3]."""
    noise = np.random.default_rng(7).integers(0, 256, (4, 48, 64, 3), dtype=np.uint8)
    return np.stack([cv2.GaussianBlur(frame, (9, 9), 3) for frame in noise])


def noisy(true: Frames, sigma: float) -> Frames:
    noise = np.random.default_rng(1).normal(0, sigma, true.shape)
    return np.clip(true + noise, 0, 255).astype(np.uint8)


def test_a_metric_gives_one_finite_number_a_frame(metric: Metric, true: Frames) -> None:
    scores = metric.score(noisy(true, 9), true)
    assert scores.shape == (4,)
    assert np.isfinite(scores).all()


def test_the_same_frames_score_best(metric: Metric, true: Frames) -> None:
    sign = 1 if metric.is_higher_better else -1
    assert (sign * metric.score(true, true) > sign * metric.score(noisy(true, 5), true)).all()


def test_worse_frames_score_worse(metric: Metric, true: Frames) -> None:
    sign = 1 if metric.is_higher_better else -1
    scores = [sign * metric.score(noisy(true, sigma), true).mean() for sigma in (3, 9, 27)]
    assert scores == sorted(scores, reverse=True)


def test_frames_are_scored_one_by_one(metric: Metric, true: Frames) -> None:
    made = noisy(true, 9)
    alone = [float(metric.score(made[i : i + 1], true[i : i + 1])[0]) for i in range(4)]
    assert metric.score(made, true).tolist() == pytest.approx(alone)


def test_psnr_is_opencvs(true: Frames) -> None:
    made = noisy(true, 9)
    expected = [cv2.PSNR(one, other) for one, other in zip(made, true, strict=True)]
    assert METRICS.get("psnr").score(made, true).tolist() == pytest.approx(expected, abs=1e-6)
    assert METRICS.get("psnr").score(true, true).tolist() == [60.0] * 4


def test_ssim_of_a_flat_change_of_light_is_the_formulas() -> None:
    """Flat planes have no variance, so SSIM is its luminance term: (2ab + C1) / (a² + b² + C1), Wang et al. 2004."""
    one, other = np.full((1, 16, 16, 3), 100, np.uint8), np.full((1, 16, 16, 3), 150, np.uint8)
    c1 = (0.01 * 255) ** 2
    expected = (2 * 100 * 150 + c1) / (100**2 + 150**2 + c1)
    assert METRICS.get("ssim").score(one, other).tolist() == pytest.approx([expected], abs=1e-9)


def test_ssim_of_an_inverted_picture_is_negative() -> None:
    """Strong contrast, so that structure and not the stabilising constants decides."""
    sharp = np.random.default_rng(7).integers(0, 256, (2, 32, 32, 1), dtype=np.uint8).repeat(3, axis=-1)
    assert (METRICS.get("ssim").score(255 - sharp, sharp) < -0.5).all()
