"""What every shot detector must do, ours and yours: add its name to the list below, or its object."""

import pickle
import sys
from pathlib import Path

import pytest

from muybridge import wiring
from muybridge.catalog.detectors import DetectedShot, ShotDetector, detectors
from muybridge.media import describe
from muybridge.units import FrameSpan

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "fixtures"))

import video

NAMES = ["histogram", pytest.param("transnetv2", marks=pytest.mark.compute)]
LENGTHS = [30, 22, 40]


@pytest.fixture(scope="module", params=NAMES)
def detector(request: pytest.FixtureRequest) -> ShotDetector:
    wiring.connect_plugins()
    return detectors.get(request.param)


@pytest.fixture(scope="module")
def three_shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shots") / "three.mp4"
    return video.make_clip(path, size=(320, 180), pictures=video.scenes(LENGTHS))


@pytest.fixture(scope="module")
def found(detector: ShotDetector, three_shots: Path) -> list[DetectedShot]:
    return detector.detect(three_shots, describe(three_shots).index)


def test_shots_follow_one_another_without_gaps(found: list[DetectedShot]) -> None:
    spans = [shot.span for shot in found]
    assert spans[0].start == 0
    assert spans[-1].end == sum(LENGTHS)
    assert [span.end for span in spans[:-1]] == [span.start for span in spans[1:]]


def test_hard_cuts_between_unlike_scenes_are_found_to_the_frame(found: list[DetectedShot]) -> None:
    assert [shot.span for shot in found] == [FrameSpan(0, 30), FrameSpan(30, 52), FrameSpan(52, 92)]


def test_confidence_is_a_share_and_the_first_shot_is_certain(found: list[DetectedShot]) -> None:
    confidences = [shot.confidence for shot in found]
    assert confidences[0] == 1
    assert all(0.5 < confidence <= 1 for confidence in confidences)


def test_the_same_file_gives_the_same_shots_in_a_child_too(
    detector: ShotDetector, found: list[DetectedShot], three_shots: Path
) -> None:
    sent = pickle.loads(pickle.dumps(detector))
    assert sent.detect(three_shots, describe(three_shots).index) == found


@pytest.mark.parametrize("num_frames", [1, 7])
def test_footage_shorter_than_any_window_is_one_shot(detector: ShotDetector, tmp_path: Path, num_frames: int) -> None:
    path = video.make_clip(tmp_path / "short.mp4", num_frames=num_frames)
    assert detector.detect(path, describe(path).index) == [DetectedShot(FrameSpan(0, num_frames), 1.0)]


def test_frames_that_never_change_are_one_shot(detector: ShotDetector, tmp_path: Path) -> None:
    path = video.make_clip(tmp_path / "still.mp4", pictures=[video.barcode(3)] * 40)
    assert [shot.span for shot in detector.detect(path, describe(path).index)] == [FrameSpan(0, 40)]
