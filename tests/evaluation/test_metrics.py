"""PSNR and SSIM against other implementations and against what they must say of known corruptions."""

import cv2
import numpy as np
import pytest

from muybridge.evaluation.metrics import Metric
from muybridge.evaluation.metrics.psnr import METRIC as PSNR
from muybridge.evaluation.metrics.ssim import METRIC as SSIM


@pytest.fixture(scope="module")
def clip() -> np.ndarray:
    generator = np.random.default_rng(0)
    coarse = generator.integers(0, 256, (6, 9, 12, 3), dtype=np.uint8)
    return np.stack([cv2.resize(frame, (96, 72), interpolation=cv2.INTER_CUBIC) for frame in coarse])


def test_psnr_is_opencvs(clip: np.ndarray) -> None:
    noisy = np.clip(clip.astype(int) + np.random.default_rng(1).integers(-9, 10, clip.shape), 0, 255).astype(np.uint8)
    expected = [cv2.PSNR(one, other) for one, other in zip(noisy, clip, strict=True)]
    assert PSNR.score(noisy, clip) == pytest.approx(expected, abs=1e-6)


def test_frames_that_agree_have_the_highest_scores(clip: np.ndarray) -> None:
    assert PSNR.score(clip, clip) == pytest.approx([60.0] * 6)
    assert SSIM.score(clip, clip) == pytest.approx([1.0] * 6)


def test_ssim_is_what_its_definition_gives_with_opencvs_blur(clip: np.ndarray) -> None:
    other = cv2.GaussianBlur(clip[0], (0, 0), 1.2)
    one, two = (frame.astype(np.float64) @ [0.299, 0.587, 0.114] for frame in (clip[0], other))

    def blur(plane: np.ndarray) -> np.ndarray:
        return cv2.GaussianBlur(plane, (11, 11), 1.5)[5:-5, 5:-5]

    mean_1, mean_2 = blur(one), blur(two)
    variance_1, variance_2 = blur(one * one) - mean_1**2, blur(two * two) - mean_2**2
    covariance = blur(one * two) - mean_1 * mean_2
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    expected = ((2 * mean_1 * mean_2 + c1) * (2 * covariance + c2)) / (
        (mean_1**2 + mean_2**2 + c1) * (variance_1 + variance_2 + c2)
    )
    assert SSIM.score(clip[:1], other[None])[0] == pytest.approx(expected.mean(), abs=1e-6)


@pytest.mark.parametrize("metric", [PSNR, SSIM], ids=lambda metric: metric.name)
def test_more_blur_and_more_noise_score_worse(metric: Metric, clip: np.ndarray) -> None:
    generator = np.random.default_rng(2)
    noise = generator.normal(0, 1, clip.shape)
    blurred = [np.stack([cv2.GaussianBlur(frame, (0, 0), sigma) for frame in clip]) for sigma in (0.6, 1.5, 4)]
    noised = [np.clip(clip + noise * sigma, 0, 255).astype(np.uint8) for sigma in (2, 8, 30)]
    for row in (blurred, noised):
        scores = [float(metric.score(made, clip).mean()) for made in row]
        assert scores == sorted(scores, reverse=True)
        assert len(set(scores)) == 3
    assert metric.is_higher_better


@pytest.mark.parametrize("metric", [PSNR, SSIM], ids=lambda metric: metric.name)
def test_a_metric_tells_one_number_a_frame(metric: Metric, clip: np.ndarray) -> None:
    scores = metric.score(clip[::-1].copy(), clip)
    assert scores.shape == (6,)
    assert np.isfinite(scores).all()
