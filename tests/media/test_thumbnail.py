import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import video
from PIL import Image

from muybridge.media import FrameOutOfRange, describe, frame_jpeg, make_filmstrip, make_poster

Clips = Callable[[str], Path]


def test_a_single_frame_comes_as_a_jpeg(clip: Clips) -> None:
    path = clip("b-frames.mp4")
    picture = np.asarray(Image.open(io.BytesIO(frame_jpeg(path, describe(path).index, 33))))
    assert picture.shape == (240, 320, 3)
    assert video.number_of(picture) == 33


def test_a_single_frame_can_be_made_small(clip: Clips) -> None:
    path = clip("plain.mp4")
    assert Image.open(io.BytesIO(frame_jpeg(path, describe(path).index, 3, max_side=160))).size == (160, 120)


def test_a_frame_beyond_the_end_is_refused(clip: Clips) -> None:
    path = clip("plain.mp4")
    with pytest.raises(FrameOutOfRange):
        frame_jpeg(path, describe(path).index, 50)


@pytest.mark.parametrize("name", ["plain.mp4", "long-gop.mp4"])
def test_each_tile_of_a_filmstrip_shows_the_frame_it_names(clip: Clips, tmp_path: Path, name: str) -> None:
    strip = make_filmstrip(clip(name), describe(clip(name)).index, tmp_path / "strip.jpg", num_tiles=8, columns=3)
    assert strip.frames == (3, 9, 15, 21, 28, 34, 40, 46)
    assert (strip.columns, strip.rows, strip.tile_width, strip.tile_height) == (3, 3, 120, 90)
    sheet = np.asarray(Image.open(tmp_path / "strip.jpg"))
    assert sheet.shape == (270, 360, 3)
    for place, frame in enumerate(strip.frames):
        top, left = place // 3 * 90, place % 3 * 120
        assert video.number_of(sheet[top : top + 90, left : left + 120]) == frame


def test_a_filmstrip_has_no_more_tiles_than_frames(tmp_path: Path) -> None:
    path = video.make_clip(tmp_path / "two.mp4", num_frames=2)
    strip = make_filmstrip(path, describe(path).index, tmp_path / "strip.jpg")
    assert (strip.frames, strip.columns, strip.rows) == ((0, 1), 2, 1)


def test_the_poster_is_not_a_black_frame(tmp_path: Path) -> None:
    pictures = [np.zeros((240, 320, 3), np.uint8)] * 40 + list(video.barcodes(10))
    path = video.make_clip(tmp_path / "dark.mp4", pictures=pictures)
    frame = make_poster(path, describe(path).index, tmp_path / "poster.jpg")
    assert frame >= 40
    assert np.asarray(Image.open(tmp_path / "poster.jpg")).mean() > 50
