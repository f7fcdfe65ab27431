"""The motion tracker on scenes whose truth is known, then on real footage; figures are printed (`pytest -s`)."""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from muybridge.labeling.shapes import BoxTrack, frame_iou
from muybridge.labeling.trackers import FoundTrack
from muybridge.labeling.trackers.motion import MotionTracker, keyframes_needed
from muybridge.media import describe
from muybridge.units import FrameSpan

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "fixtures"))

import video

NUM_FRAMES, WIDTH, HEIGHT = 75, 320, 240


def meadow() -> video.Picture:
    """A still ground with something to hold on to everywhere."""
    rough = np.random.default_rng(3).integers(60, 140, (HEIGHT // 8 + 2, WIDTH // 8 + 20, 3)).astype(np.uint8)
    return np.kron(rough, np.ones((8, 8, 1), np.uint8))


def crossing(*, pan: int = 0) -> Iterator[video.Picture]:
    """A red block goes right, a blue one down; the camera pans by `pan` pixels a frame."""
    ground = meadow()
    for frame in range(NUM_FRAMES):
        shift = pan * frame
        picture = ground[8 : 8 + HEIGHT, shift : shift + WIDTH].copy()
        for (x, y, width, height), colour in zip(truth(frame), ([220, 30, 30], [30, 30, 220]), strict=True):
            picture[int(y) : int(y + height), int(x) : int(x + width)] = colour
        yield picture


def truth(frame: int) -> list[tuple[float, float, float, float]]:
    return [(10 + 3 * frame, 40, 44, 36), (240, 20 + 2 * frame, 36, 44)]


def recall(tracks: list[FoundTrack], boxes: dict[int, list[tuple[float, float, float, float]]]) -> float:
    """Share of true boxes that some track covers with IoU >= .5."""
    frames = np.array(sorted(boxes))
    found = [BoxTrack("object", track.keyframes).boxes(frames) for track in tracks]
    hits = [
        max((float(frame_iou(track[i : i + 1], np.array([box]))[0]) for track in found), default=0.0) >= 0.5
        for i, frame in enumerate(frames)
        for box in boxes[int(frame)]
    ]
    return float(np.mean(hits))


@pytest.fixture(scope="module")
def crossing_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tracks") / "crossing.mp4"
    return video.make_clip(path, pictures=crossing())


@pytest.fixture(scope="module")
def tracks(crossing_clip: Path) -> list[FoundTrack]:
    return MotionTracker().track(crossing_clip, describe(crossing_clip).index, FrameSpan(0, NUM_FRAMES))


def test_two_moving_things_are_two_tracks_where_they_are(tracks: list[FoundTrack]) -> None:
    assert len(tracks) == 2
    # Their ways cross late in the clip; before that each is on its own.
    assert recall(tracks, {frame: truth(frame) for frame in range(60)}) > 0.9


def test_a_track_is_told_in_few_keyframes_with_true_stamps(tracks: list[FoundTrack], crossing_clip: Path) -> None:
    index = describe(crossing_clip).index
    for track in tracks:
        assert 2 <= len(track.keyframes) <= 20
        assert [key.pts for key in track.keyframes] == [int(index.pts[key.frame]) for key in track.keyframes]
        assert 0 < track.confidence < 1


def test_a_span_is_searched_and_nothing_outside_it(crossing_clip: Path) -> None:
    found = MotionTracker().track(crossing_clip, describe(crossing_clip).index, FrameSpan(20, 50))
    frames = [key.frame for track in found for key in track.keyframes]
    assert frames
    assert min(frames) >= 20
    assert max(frames) < 50


def test_a_panning_camera_is_no_movement(tmp_path: Path) -> None:
    path = video.make_clip(tmp_path / "pan.mp4", pictures=crossing(pan=2))
    found = MotionTracker().track(path, describe(path).index, FrameSpan(0, NUM_FRAMES))
    assert recall(found, {frame: truth(frame) for frame in range(20, 50)}) > 0.9
    assert len(found) <= 4


def test_nothing_moves_nothing_is_offered(tmp_path: Path) -> None:
    path = video.make_clip(tmp_path / "still.mp4", pictures=[meadow()[:HEIGHT, :WIDTH]] * 40)
    assert MotionTracker().track(path, describe(path).index, FrameSpan(0, 40)) == []


def test_one_frame_is_no_motion(crossing_clip: Path) -> None:
    assert MotionTracker().track(crossing_clip, describe(crossing_clip).index, FrameSpan(5, 6)) == []


def test_boxes_are_in_display_pixels(tmp_path: Path) -> None:
    path = video.make_clip(tmp_path / "wide.mp4", pictures=crossing(), sample_aspect=video.Fraction(2))
    found = MotionTracker().track(path, describe(path).index, FrameSpan(0, NUM_FRAMES))
    wide = {frame: [(2 * x, y, 2 * w, h) for x, y, w, h in truth(frame)] for frame in range(60)}
    assert recall(found, wide) > 0.9


def test_keyframes_rebuild_what_was_thinned() -> None:
    rows = np.arange(101, dtype=np.float64)
    boxes = np.stack(
        [np.where(rows < 50, rows * 2, 100 + (rows - 50) * 5), rows * 0 + 7, rows * 0 + 40, rows * 0 + 40], 1
    )
    kept = keyframes_needed(boxes)
    assert kept == [0, 50, 100]
    rebuilt = np.stack([np.interp(rows, kept, boxes[kept][:, i]) for i in range(4)], axis=1)
    assert np.abs(rebuilt - boxes).max() <= 2.5


def test_flies_that_hardly_move_are_found_in_part(media_dir: Path) -> None:
    """Two flies that touch and mostly sit: the hardest case for a tracker that sees movement only. Measured .28."""
    path = media_dir / "labels" / "tracks" / "two_flies.mp4"
    boxes: dict[int, list[tuple[float, float, float, float]]] = {}
    for line in (media_dir / "labels" / "tracks" / "two_flies.mot.txt").read_text().splitlines():
        frame, _, x, y, width, height = (float(value) for value in line.split(",")[:6])
        boxes.setdefault(int(frame) - 1, []).append((x, y, width, height))
    described = describe(path)
    found = MotionTracker().track(path, described.index, described.index.span)
    print(f"\ntwo_flies: recall at IoU .5 = {recall(found, boxes):.2f} with {len(found)} tracks")
    assert recall(found, boxes) >= 0.2
    assert len(found) <= 6


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "frame", "thing"),
    [
        ("01_dog.mp4", 28, (534, 322, 185, 204)),  # the dog; boxes read off the frames by eye, to 10 pixels
        ("01_dog.mp4", 28, (237, 82, 237, 478)),  # the person
        ("05_default_juggle.mp4", 130, (562, 62, 269, 625)),  # the juggler with the ball
    ],
)
def test_people_and_animals_that_move_are_offered(
    media_dir: Path, name: str, frame: int, thing: tuple[float, float, float, float]
) -> None:
    path = media_dir / "video" / name
    described = describe(path)
    found = MotionTracker().track(path, described.index, described.index.span)
    assert recall(found, {frame: [thing]}) == 1.0
