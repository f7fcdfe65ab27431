from pathlib import Path

import numpy as np
import painted
import pytest
from video import make_clip

from muybridge.generation.rendering import Footage, Made, enlarge, read_given, render
from muybridge.generation.spec import ClipInput, Kind, TooEarly
from muybridge.media import describe, frames_at

from .conftest import a_spec


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_clip(tmp_path_factory.mktemp("clip") / "clip.mp4", num_frames=30, fps=24, size=(64, 48))


def footage(clip: Path, end_frame: int) -> Footage:
    return Footage(clip, describe(clip).index.to_bytes(), 24.0, end_frame)


def test_frames_are_told_as_they_come_and_written_at_the_end(tmp_path: Path) -> None:
    told = list(render(painted.Painted(), a_spec(num_frames=4), None, None, tmp_path / "made.mp4"))
    assert told == [Made(1), Made(2), Made(3), Made(4)]
    facts = describe(tmp_path / "made.mp4").facts
    assert (facts.num_frames, facts.display_width, facts.display_height) == (4, 64, 64)


def test_given_frames_are_taken_at_the_clips_rate_and_end_before_the_frame(clip: Path) -> None:
    spec = a_spec(kind=Kind.CONTINUATION, input=ClipInput("ast_01", 20))
    given = read_given(spec, footage(clip, 20))
    expected = frames_at(clip, describe(clip).index, [16, 19])
    assert np.array_equal(given, expected)


def test_one_frame_is_given_to_an_image_to_video(clip: Path) -> None:
    spec = a_spec(kind=Kind.IMAGE_TO_VIDEO, input=ClipInput("ast_01", 1))
    assert np.array_equal(read_given(spec, footage(clip, 1)), frames_at(clip, describe(clip).index, [0]))


def test_too_little_footage_is_refused(clip: Path) -> None:
    spec = a_spec(kind=Kind.CONTINUATION, input=ClipInput("ast_01", 3))
    with pytest.raises(TooEarly):
        read_given(spec, footage(clip, 3))


def test_enlarging_repeats_whole_pixels() -> None:
    frame = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)
    large = enlarge(frame, 5)
    assert large.shape == (6, 9, 3)
    assert np.array_equal(large[::3, ::3], frame)
    assert np.array_equal(large[2::3, 1::3], frame)
    assert enlarge(frame, 1) is not None
    assert np.array_equal(enlarge(frame, 1), frame)
