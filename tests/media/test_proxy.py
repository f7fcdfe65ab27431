from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import video

from muybridge.media import (
    CorruptMedia,
    EncodeFailed,
    FrameIndexTable,
    describe,
    make_proxy,
    read_frames,
    reasons_for_proxy,
)

Clips = Callable[[str], Path]


@pytest.mark.parametrize("name", video.CARRIERS)
def test_frame_k_of_the_proxy_is_frame_k_of_the_source(clip: Clips, tmp_path: Path, name: str) -> None:
    source = describe(clip(name))
    progress = list(make_proxy(clip(name), tmp_path / "proxy.mp4", source.index))
    proxy = describe(tmp_path / "proxy.mp4")
    assert progress[-1] == (50, 50)
    assert [video.number_of(frame) for frame in read_frames(tmp_path / "proxy.mp4", proxy.index)] == list(range(50))
    elapsed = [(int(pts) - source.facts.start_pts) * source.index.time_base for pts in source.index.pts]
    assert [int(pts) * proxy.index.time_base for pts in proxy.index.pts] == elapsed
    assert proxy.facts.has_audio == source.facts.has_audio
    assert reasons_for_proxy(proxy.facts, proxy.index) == ()


@pytest.mark.parametrize(
    ("name", "reasons"),
    [
        ("plain.mp4", ()),
        ("b-frames.mp4", ()),
        ("long-gop.mp4", ()),
        ("ten-bit-hevc.mp4", ("hevc is not H.264", "yuv420p10le is not 8-bit 4:2:0")),
        ("vp9.webm", ("matroska is not an MP4", "vp9 is not H.264")),
        ("b-frames.avi", ("avi is not an MP4",)),
        ("prores.mov", ("prores is not H.264", "yuv422p10le is not 8-bit 4:2:0")),
    ],
)
def test_a_proxy_is_made_for_a_stated_reason_only(clip: Clips, name: str, reasons: tuple[str, ...]) -> None:
    described = describe(clip(name))
    assert reasons_for_proxy(described.facts, described.index) == reasons


def test_a_long_stretch_between_keyframes_is_a_reason(tmp_path: Path) -> None:
    described = describe(video.make_clip(tmp_path / "long.mp4", num_frames=70, gop=250))
    assert reasons_for_proxy(described.facts, described.index) == ("70 frames between keyframes",)


@pytest.mark.parametrize("degrees", [90, 180, 270])
@pytest.mark.parametrize("is_mirrored", [False, True])
def test_the_proxy_stands_upright(clip: Clips, tmp_path: Path, degrees: int, is_mirrored: bool) -> None:
    matrix = video.quarter_turns(degrees, is_mirrored=is_mirrored)
    path = video.turned(clip("plain.mp4"), tmp_path / "turned.mp4", matrix=matrix)
    source = describe(path)
    list(make_proxy(path, tmp_path / "proxy.mp4", source.index))
    proxy = describe(tmp_path / "proxy.mp4")
    assert (proxy.facts.rotation, proxy.facts.is_mirrored) == (0, False)
    assert (proxy.facts.width, proxy.facts.height) == (source.facts.display_width, source.facts.display_height)
    for ours, theirs in zip(
        read_frames(tmp_path / "proxy.mp4", proxy.index), read_frames(path, source.index), strict=True
    ):
        assert np.abs(ours.astype(int) - theirs).mean() < 6


def test_the_proxy_has_square_pixels_and_fits(tmp_path: Path) -> None:
    path = video.make_clip(tmp_path / "wide.mp4", num_frames=4, size=(640, 240), sample_aspect=Fraction(2))
    list(make_proxy(path, tmp_path / "proxy.mp4", describe(path).index, max_side=500))
    facts = describe(tmp_path / "proxy.mp4").facts
    assert (facts.width, facts.height, facts.sample_aspect) == (500, 94, 1)


def test_sound_stays_beside_the_picture(clip: Clips, tmp_path: Path) -> None:
    for name in ("b-frames.mp4", "vp9.webm"):
        list(make_proxy(clip(name), tmp_path / "proxy.mp4", describe(clip(name)).index))
        (sound,) = describe(tmp_path / "proxy.mp4").facts.audio
        assert sound.codec == "aac"
        assert sound.duration_s == pytest.approx(2.0, abs=0.06)


def test_a_proxy_of_another_file_is_refused_and_leaves_nothing(clip: Clips, tmp_path: Path) -> None:
    index = describe(clip("plain.mp4")).index
    strange = FrameIndexTable(index.time_base, index.pts + 7, index.keyframes, index.seek_pts + 7, index.end_pts + 7)
    with pytest.raises((CorruptMedia, EncodeFailed), match=r"no longer decodes|frames of"):
        list(make_proxy(clip("plain.mp4"), tmp_path / "proxy.mp4", strange))
    assert list(tmp_path.iterdir()) == []


def test_a_proxy_given_up_halfway_leaves_nothing(clip: Clips, tmp_path: Path) -> None:
    making = make_proxy(clip("plain.mp4"), tmp_path / "proxy.mp4", describe(clip("plain.mp4")).index)
    next(making)
    making.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["odd/video_90.mov", "odd/sar_2x1.mp4", "video/asl-book.mkv", "video/nasa_13013.mp4"])
def test_a_real_file_looks_like_its_proxy(media_dir: Path, tmp_path: Path, name: str) -> None:
    source = describe(media_dir / name)
    list(make_proxy(media_dir / name, tmp_path / "proxy.mp4", source.index))
    proxy = describe(tmp_path / "proxy.mp4")
    pairs = zip(
        read_frames(media_dir / name, source.index, size=(96, 64), interpolation="AREA"),
        read_frames(tmp_path / "proxy.mp4", proxy.index, size=(96, 64), interpolation="AREA"),
        strict=True,
    )
    assert max(float(np.abs(left.astype(int) - right).mean()) for left, right in pairs) < 4
