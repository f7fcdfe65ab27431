"""How good the detectors are on footage whose cuts are known; the figures are printed (`pytest -s`)."""

import sys
from pathlib import Path

import pytest

from muybridge.catalog.detectors import ShotDetector
from muybridge.catalog.detectors.histogram import HistogramDetector
from muybridge.catalog.detectors.transnetv2 import TransNetDetector
from muybridge.media import describe

sys.path.insert(0, str(Path(__file__).resolve().parent))

from scoring import Score, score, transitions


def scored(media_dir: Path, name: str, detector: ShotDetector) -> Score:
    path = media_dir / "video" / f"{name}.mp4"
    shots = detector.detect(path, describe(path).index)
    result = score(
        [shot.span.start for shot in shots[1:]], transitions(media_dir / "labels" / "shots" / f"{name}.json")
    )
    print(f"\n{type(detector).__name__} on {name}: {result}")
    return result


def test_histograms_find_every_cut_of_bikes(media_dir: Path) -> None:
    assert scored(media_dir, "bikes", HistogramDetector()) == (1.0, 1.0, 1.0, [], [])


def test_histograms_reach_f1_of_95_on_known_transitions(media_dir: Path) -> None:
    assert scored(media_dir, "synthetic_cuts", HistogramDetector()).f1 >= 0.95


@pytest.mark.parametrize("name", ["01_dog.mp4", "05_default_juggle.mp4", "bottle-detection.mp4", "rabbit320.mp4"])
def test_histograms_cut_nothing_that_is_whole(media_dir: Path, name: str) -> None:
    path = media_dir / "video" / name
    assert len(HistogramDetector().detect(path, describe(path).index)) == 1


@pytest.mark.compute
def test_transnet_finds_every_cut_of_bikes(media_dir: Path) -> None:
    assert scored(media_dir, "bikes", TransNetDetector()) == (1.0, 1.0, 1.0, [], [])


@pytest.mark.compute
@pytest.mark.slow
def test_transnet_reaches_f1_of_95_on_known_transitions(media_dir: Path) -> None:
    assert scored(media_dir, "synthetic_cuts", TransNetDetector()).f1 >= 0.95
