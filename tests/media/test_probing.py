"""What a file is found to be: made files with known facts, then the real ones of the media folder."""

import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import video
from av.stream import Disposition

from muybridge.media import (
    CorruptMedia,
    EmptyFile,
    FrameReader,
    NotMedia,
    NoVideo,
    PictureTooLarge,
    container,
    describe,
    probe,
)

Clips = Callable[[str], Path]

REAL = {
    "labels/datumaro-cvat_dataset/test.mp4",
    "labels/tracks/two_flies.mp4",
    "odd/annex-b.mp4",
    "odd/corrupted.mp4",
    "odd/cursed-vfr.mp4",
    "odd/edts.mp4",
    "odd/h264-packed.avi",
    "odd/minimal.mp4",
    "odd/no_timescale.mp4",
    "odd/sar_2x1.mp4",
    "odd/truncated-rabbit.webm",
    "odd/unordered.mov",
    "odd/video_270.mov",
    "odd/video_90.mov",
    "provenance/c2pa-signed-video1.mp4",
    "video/01_dog.mp4",
    "video/05_default_juggle.mp4",
    "video/asl-book.mkv",
    "video/av1_video.mkv",
    "video/bikes.mp4",
    "video/bottle-detection.mp4",
    "video/carphone_distorted.mp4",
    "video/carphone_pristine.mp4",
    "video/frames.webm",
    "video/h265_10bits.mp4",
    "video/nasa_13013.mp4",
    "video/rabbit320.mp4",
    "video/rabbit320.webm",
    "video/synthetic_cuts.mp4",
}
"""Those of the table in the folder's README that hold video."""


def test_the_facts_of_a_plain_clip_are_all_there(clip: Clips) -> None:
    path = clip("b-frames.mp4")
    facts = probe(path)
    assert facts.to_json() | {"audio": len(facts.audio)} == {
        "container": "mov",
        "codec": "h264",
        "size_bytes": path.stat().st_size,
        "width": 320,
        "height": 240,
        "display_width": 320,
        "display_height": 240,
        "rotation": 0,
        "is_mirrored": False,
        "sample_aspect": [1, 1],
        "time_base": [1, 12800],
        "start_pts": 0,
        "end_pts": 50 * 512,
        "duration_s": 2.0,
        "num_frames": 50,
        "declared_frames": 50,
        "fps": 25.0,
        "is_vfr": False,
        "pixel_format": "yuv420p",
        "bit_depth": 8,
        "colour_range": "unknown",
        "has_audio": True,
        "audio": 1,
        "warnings": [],
    }
    assert (facts.audio[0].codec, facts.audio[0].sample_rate, facts.audio[0].channels) == ("aac", 48000, 2)


def test_a_variable_rate_is_told_from_rounding(clip: Clips) -> None:
    described = describe(clip("variable.mp4"))
    assert described.facts.is_vfr
    stamps = (described.index.pts * described.index.time_base * 1000).astype(int)
    assert list(stamps) == [k * k + 7 * k for k in range(50)]
    # Matroska rounds to milliseconds: 40, 40, 40 is exact, and 30 fps would step by 33, 33, 34.
    assert not probe(clip("b-frames.mkv")).is_vfr


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
@pytest.mark.parametrize("is_mirrored", [False, True])
def test_rotation_and_mirror_are_read_and_undone(clip: Clips, tmp_path: Path, degrees: int, is_mirrored: bool) -> None:
    matrix = video.quarter_turns(degrees, is_mirrored=is_mirrored)
    path = video.turned(clip("plain.mp4"), tmp_path / "turned.mp4", matrix=matrix)
    described = describe(path)
    facts = described.facts
    assert (facts.rotation, facts.is_mirrored) == (degrees, is_mirrored)
    assert (facts.display_width, facts.display_height) == ((240, 320) if degrees in (90, 270) else (320, 240))
    from muybridge.media import frames_at

    seen = frames_at(path, described.index, [37])[0]
    coded = np.rot90(seen, degrees // 90)
    assert video.number_of(coded[:, ::-1] if is_mirrored else coded) == 37


@pytest.mark.parametrize(
    "matrix", [[0] * 9, [1, 2, 3, 4, 5, 6, 7, 8, 9], [-(2**31)] * 9, [46341, 46341, 0, -46341, 46341, 0, 0, 0, 1 << 30]]
)
def test_a_senseless_rotation_is_ignored_with_a_warning(clip: Clips, tmp_path: Path, matrix: list[int]) -> None:
    facts = probe(video.turned(clip("plain.mp4"), tmp_path / "odd.mp4", matrix=matrix))
    assert (facts.rotation, facts.display_width, facts.display_height) == (0, 320, 240)
    assert "makes no sense" in facts.warnings[0]


def test_pixels_that_are_not_square_are_shown_square(tmp_path: Path) -> None:
    wide = probe(video.make_clip(tmp_path / "wide.mp4", num_frames=3, sample_aspect=Fraction(2)))
    tall = probe(video.make_clip(tmp_path / "tall.mp4", num_frames=3, sample_aspect=Fraction(1, 2)))
    assert (wide.sample_aspect, wide.display_width, wide.display_height) == (2, 640, 240)
    assert (tall.sample_aspect, tall.display_width, tall.display_height) == (Fraction(1, 2), 320, 480)


@pytest.mark.parametrize("sample_aspect", [None, Fraction(4)])
def test_pictures_of_too_many_pixels_are_refused_by_their_size(
    tmp_path: Path, sample_aspect: Fraction | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = video.make_clip(tmp_path / "vast.mp4", num_frames=3, sample_aspect=sample_aspect)
    monkeypatch.setattr(container, "MAX_PIXELS", 320 * 240 * (sample_aspect or 1) - 1)
    with pytest.raises(PictureTooLarge, match=r"'vast.mp4' are (320|1280) x 240"):
        describe(path)


def test_a_picture_that_grows_within_the_file_is_not_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = video.make_clip(tmp_path / "small.h264", num_frames=100)
    vast = video.make_clip(tmp_path / "vast.h264", num_frames=3, size=(640, 480))
    path = tmp_path / "bomb.h264"
    path.write_bytes(small.read_bytes() + vast.read_bytes())
    assert probe(path).num_frames == 103
    monkeypatch.setattr(container, "_CODEC_OPTIONS", {"max_pixels": str(320 * 240)})
    found = describe(path)
    assert found.facts.warnings[0].startswith(f"Only {found.index.num_frames} of 103 frames decode")
    with FrameReader(path, found.index) as reader:
        assert {(picture.width, picture.height) for picture in reader.pictures(found.index.span)} == {(320, 240)}


def test_an_edit_list_cuts_frames_away(clip: Clips, tmp_path: Path) -> None:
    described = describe(video.remuxed(clip("b-frames.mp4"), tmp_path / "edited.mp4", shift=-20 * 512))
    assert described.facts.num_frames == 30
    assert (described.facts.start_pts, described.facts.duration_s) == (0, 1.2)
    assert described.facts.warnings == ()
    from muybridge.media import read_frames

    assert [video.number_of(frame) for frame in read_frames(tmp_path / "edited.mp4", described.index)] == list(
        range(20, 50)
    )


def test_ten_bits_are_seen(clip: Clips) -> None:
    facts = probe(clip("ten-bit-hevc.mp4"))
    assert (facts.codec, facts.bit_depth, facts.num_frames) == ("hevc", 10, 50)


def test_one_frame_is_footage(tmp_path: Path) -> None:
    facts = probe(video.make_clip(tmp_path / "one.mp4", num_frames=1))
    assert (facts.num_frames, facts.fps, facts.is_vfr, facts.duration_s) == (1, 25.0, False, 0.04)


@pytest.mark.parametrize("name", ['a "quoted" name.mp4', "żółw 🐢.mp4", "100% & co;.mp4", "concat:x.mp4", "-y.mp4"])
def test_odd_names_are_only_names(clip: Clips, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(clip("plain.mp4").read_bytes())
    assert probe(path).num_frames == 50


def test_no_bytes_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    with pytest.raises(EmptyFile, match=r"'empty\.mp4' holds no bytes"):
        probe(tmp_path / "empty.mp4")


def test_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.mp4").write_text("shopping: milk, film\n" * 40)
    with pytest.raises(NotMedia, match=r"'notes\.mp4' is not a video that Muybridge reads"):
        probe(tmp_path / "notes.mp4")


def test_sound_alone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoVideo, match=r"'song\.mp4' has 1 audio stream"):
        probe(video.make_sound(tmp_path / "song.mp4"))


def test_cover_art_is_not_footage(tmp_path: Path) -> None:
    path = tmp_path / "song.m4a"
    with av.open(str(path), "w", format="mp4") as output:
        tone = output.add_stream("aac", rate=48000)
        cover = output.add_stream("mjpeg")
        cover.width, cover.height, cover.pix_fmt = 64, 64, "yuvj420p"
        cover.disposition = Disposition.attached_pic
        output.mux(cover.encode(av.VideoFrame(64, 64, "yuvj420p")))
        output.mux(cover.encode(None))
        video._write_tone(output, tone, seconds=0.2)
    with pytest.raises(NoVideo):
        probe(path)


def test_an_mp4_cut_before_its_table_is_refused_as_cut(clip: Clips, tmp_path: Path) -> None:
    with pytest.raises(NotMedia, match="probably cut short"):
        probe(video.cut(clip("plain.mp4"), tmp_path / "cut.mp4", share=0.6))


def test_a_cut_file_keeps_what_it_still_holds(clip: Clips, tmp_path: Path) -> None:
    facts = probe(video.cut(clip("b-frames.mkv"), tmp_path / "cut.mkv", share=0.6))
    assert 20 <= facts.num_frames < 35
    assert re.search(r"promises 2\.0 s; the file ends after 1\.\d s", facts.warnings[0])


def test_a_scar_costs_its_group_of_pictures_only(clip: Clips, tmp_path: Path) -> None:
    described = describe(video.scarred(clip("b-frames.mp4"), tmp_path / "scarred.mp4", start=0.4, end=0.42))
    assert 36 <= described.facts.num_frames < 50
    assert re.match(rf"Only {described.facts.num_frames} of 50 frames decode", described.facts.warnings[0])
    from muybridge.media import read_frames

    numbers = [video.number_of(frame) for frame in read_frames(tmp_path / "scarred.mp4", described.index)]
    assert numbers == sorted(set(numbers))
    assert numbers[-1] == 49


def test_a_stream_of_zeros_is_refused(clip: Clips, tmp_path: Path) -> None:
    from muybridge.media import encode_mp4

    encode_mp4(video.barcodes(10), tmp_path / "whole.mp4")
    content = bytearray((tmp_path / "whole.mp4").read_bytes())
    body = content.index(b"mdat") + 4  # the table stands in front
    content[body:] = bytes(len(content) - body)
    (tmp_path / "zeros.mp4").write_bytes(content)
    with pytest.raises(CorruptMedia, match=r"Not one of the 10 pictures in 'zeros\.mp4' decodes"):
        probe(tmp_path / "zeros.mp4")


def test_counting_by_decoding_agrees_with_counting_packets(clip: Clips) -> None:
    quick, slow = describe(clip("b-frames.mp4")), describe(clip("b-frames.mp4"), decode_all=True)
    assert quick.facts == slow.facts
    assert np.array_equal(quick.index.pts, slow.index.pts)
    assert np.array_equal(quick.index.keyframes, slow.index.keyframes)


def _table_of_readme(folder: Path) -> dict[str, tuple[str, int, int]]:
    """File -> (width x height, frames, declared)."""
    row = re.compile(r"\| (\S+) \| \d+ \| \S+ (\d+x\d+) .*?(\d+) frames \((\d+) declared")
    found = (row.match(line) for line in (folder / "README.md").read_text().splitlines())
    return {hit[1]: (hit[2], int(hit[3]), int(hit[4])) for hit in found if hit}


@pytest.mark.parametrize("name", sorted(REAL))
def test_a_real_file_has_the_facts_of_the_folders_table(media_dir: Path, name: str) -> None:
    table = _table_of_readme(media_dir)
    assert set(table) == REAL
    facts = probe(media_dir / name)
    assert (f"{facts.width}x{facts.height}", facts.num_frames, facts.declared_frames) == table[name]


@pytest.mark.parametrize(("name", "fault"), [("odd/empty.mp4", EmptyFile), ("odd/multiple-aac-tracks.mp4", NoVideo)])
def test_a_real_file_without_pictures_is_refused(media_dir: Path, name: str, fault: type[Exception]) -> None:
    with pytest.raises(fault, match=Path(name).name):
        probe(media_dir / name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("odd/video_90.mov", {"rotation": 90, "display_width": 320, "display_height": 568}),
        ("odd/video_270.mov", {"rotation": 270, "display_width": 320, "display_height": 568}),
        ("odd/sar_2x1.mp4", {"sample_aspect": Fraction(2), "display_width": 1280, "display_height": 360}),
        ("odd/no_timescale.mp4", {"rotation": 0}),
        ("odd/cursed-vfr.mp4", {"is_vfr": True}),
        ("video/h265_10bits.mp4", {"codec": "hevc", "bit_depth": 10}),
        ("video/asl-book.mkv", {"colour_range": "full", "start_pts": 33, "fps": 30.0}),
        ("video/av1_video.mkv", {"codec": "av1", "fps": 25.0}),
        ("video/01_dog.mp4", {"fps": 30000 / 1001, "is_vfr": False, "has_audio": True}),
        ("odd/h264-packed.avi", {"container": "avi", "start_pts": 0, "fps": 30.0}),
    ],
)
def test_the_oddity_of_a_real_file_is_understood(media_dir: Path, name: str, expected: dict[str, object]) -> None:
    facts = probe(media_dir / name)
    assert {key: getattr(facts, key) for key in expected} == expected


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("odd/annex-b.mp4", "declares 745 frames; the file is cut after 6"),
        ("odd/corrupted.mp4", "Only 28 of 50 frames decode"),
        ("odd/no_timescale.mp4", "Only 8 of 182 frames decode"),
        ("odd/truncated-rabbit.webm", "promises 7.8 s; the file ends after 4.1 s"),
    ],
)
def test_a_damaged_real_file_says_what_is_missing(media_dir: Path, name: str, says: str) -> None:
    assert says in probe(media_dir / name).warnings[0]
