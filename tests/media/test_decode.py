from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
import video

from muybridge.media import FrameOutOfRange, FrameReader, describe, frames_at, read_frames
from muybridge.units import FrameSpan

Clips = Callable[[str], Path]
JUMPS = [49, 0, 25, 24, 26, 11, 12, 13, 48, 1, 37, 36, 35, 0, 49]


@pytest.mark.parametrize("name", video.CARRIERS)
def test_every_frame_comes_once_and_in_order(clip: Clips, name: str) -> None:
    described = describe(clip(name))
    numbers = [video.number_of(frame) for frame in read_frames(clip(name), described.index)]
    assert numbers == list(range(50))


@pytest.mark.parametrize("name", video.CARRIERS)
def test_random_access_gives_exactly_the_frame_asked_for(clip: Clips, name: str) -> None:
    described = describe(clip(name))
    found = frames_at(clip(name), described.index, JUMPS)
    assert found.shape == (len(JUMPS), 240, 320, 3)
    assert [video.number_of(frame) for frame in found] == JUMPS


@pytest.mark.parametrize("name", ["b-frames.mp4", "b-frames.avi", "b-frames.ts", "raw.h264", "variable.mp4"])
def test_jumping_about_in_one_open_file_never_goes_astray(clip: Clips, name: str) -> None:
    index = describe(clip(name)).index
    order = np.random.default_rng(1).permutation(50)
    with FrameReader(clip(name), index) as reader:
        assert [video.number_of(reader.frame(int(k))) for k in order] == list(order)


@pytest.mark.parametrize("span", [FrameSpan(0, 1), FrameSpan(11, 14), FrameSpan(20, 50), FrameSpan(49, 50)])
def test_a_window_is_those_frames_and_no_others(clip: Clips, span: FrameSpan) -> None:
    path = clip("b-frames.mp4")
    numbers = [video.number_of(frame) for frame in read_frames(path, describe(path).index, span)]
    assert numbers == list(range(span.start, span.end))


def test_frames_can_be_scaled_while_they_are_read(clip: Clips) -> None:
    path = clip("plain.mp4")
    small = list(read_frames(path, describe(path).index, FrameSpan(5, 8), size=(80, 60)))
    assert [frame.shape for frame in small] == [(60, 80, 3)] * 3
    assert [video.number_of(frame) for frame in small] == [5, 6, 7]


def test_a_turned_clip_is_scaled_as_it_is_seen(clip: Clips, tmp_path: Path) -> None:
    path = video.turned(clip("plain.mp4"), tmp_path / "turned.mp4", matrix=video.quarter_turns(90))
    (small,) = frames_at(path, describe(path).index, [3], size=(60, 80))
    assert small.shape == (80, 60, 3)


@pytest.mark.parametrize("frame", [-1, 50])
def test_a_frame_beyond_the_end_is_refused(clip: Clips, frame: int) -> None:
    path = clip("plain.mp4")
    with pytest.raises(FrameOutOfRange):
        frames_at(path, describe(path).index, [frame])


def test_a_frame_that_no_longer_decodes_is_shown_as_the_one_before(clip: Clips, tmp_path: Path) -> None:
    """Packets are trusted in the middle of a file, so the index may know a frame that damage took since."""
    path = clip("plain.mp4")
    index = describe(path).index
    with av.open(str(path)) as container:
        scar = list(container.streams.video[0].index_entries)[30]
    content = bytearray(path.read_bytes())
    content[scar.pos : scar.pos + scar.size] = bytes(scar.size)
    (tmp_path / "scarred.mp4").write_bytes(content)
    numbers = [video.number_of(frame) for frame in read_frames(tmp_path / "scarred.mp4", index)]
    assert len(numbers) == 50
    assert numbers[:30] == list(range(30))
    assert numbers[30] == 29
    assert numbers[36:] == list(range(36, 50))


@pytest.mark.parametrize("height", [240, 720])
def test_colours_without_a_named_matrix_are_read_as_players_read_them(tmp_path: Path, height: int) -> None:
    """BT.601 for SD and BT.709 above it: pure green differs by 20 levels if the wrong one is taken."""
    green = np.zeros((height, 320, 3), dtype=np.uint8)
    green[..., 1] = 200
    path = tmp_path / "green.mp4"
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=25, options={"crf": "1"})
        stream.width, stream.height, stream.pix_fmt = 320, height, "yuv420p"
        matrix = 1 if height > 576 else 5
        frame = av.VideoFrame.from_ndarray(green, format="rgb24").reformat(format="yuv420p", dst_colorspace=matrix)
        frame.colorspace = 2
        output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    (seen,) = frames_at(path, describe(path).index, [0])
    assert np.abs(seen[height // 2, 160].astype(int) - [0, 200, 0]).max() <= 4


@pytest.mark.parametrize(
    "name",
    [
        "odd/annex-b.mp4",
        "odd/cursed-vfr.mp4",
        "odd/h264-packed.avi",
        "odd/edts.mp4",
        "video/av1_video.mkv",
        "video/bikes.mp4",
        "video/h265_10bits.mp4",
        "video/nasa_13013.mp4",
        "video/rabbit320.webm",
    ],
)
def test_random_access_in_a_real_file_equals_reading_it_through(media_dir: Path, name: str) -> None:
    path = media_dir / name
    index = describe(path).index
    whole = np.stack(list(read_frames(path, index, size=(64, 48))))
    asked = np.random.default_rng(40).integers(0, len(whole), 10)
    assert len(whole) == index.num_frames
    found = []
    with FrameReader(path, index, size=(64, 48)) as reader:
        found = [reader.frame(int(k)) for k in asked]
    assert sum(not np.array_equal(frame, whole[k]) for frame, k in zip(found, asked, strict=True)) == 0
