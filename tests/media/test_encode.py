from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import video

from muybridge.media import EncodeFailed, NoFrames, describe, encode_mp4, needs_proxy, read_frames


def test_what_is_written_is_what_is_read_and_a_browser_takes_it(tmp_path: Path) -> None:
    path = tmp_path / "made.mp4"
    assert encode_mp4(video.barcodes(30), path, fps=24) == 30
    described = describe(path)
    facts = described.facts
    assert (facts.num_frames, facts.fps, facts.duration_s, facts.colour_range) == (30, 24.0, 1.25, "limited")
    assert not needs_proxy(facts, described.index)
    for k, frame in enumerate(read_frames(path, described.index)):
        assert video.number_of(frame) == k
        assert np.abs(frame.astype(int) - video.barcode(k)).mean() < 4


def test_the_table_of_frames_stands_in_front(tmp_path: Path) -> None:
    encode_mp4(video.barcodes(3), tmp_path / "made.mp4")
    content = (tmp_path / "made.mp4").read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


def test_frames_can_stand_at_stamps_of_their_own(tmp_path: Path) -> None:
    stamps = [0, 10, 40, 45, 100]
    encode_mp4(video.barcodes(5), tmp_path / "made.mp4", time_base=Fraction(1, 1000), pts=stamps)
    index = describe(tmp_path / "made.mp4").index
    assert list(index.pts * index.time_base * 1000) == stamps


def test_an_odd_size_gains_a_row_and_a_column(tmp_path: Path) -> None:
    encode_mp4(video.barcodes(2, size=(81, 61)), tmp_path / "made.mp4")
    facts = describe(tmp_path / "made.mp4").facts
    assert (facts.width, facts.height) == (82, 62)


def test_nothing_to_write_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(NoFrames):
        encode_mp4(iter(()), tmp_path / "made.mp4")
    assert list(tmp_path.iterdir()) == []


def test_frames_of_two_sizes_are_refused_and_leave_nothing(tmp_path: Path) -> None:
    frames = [video.barcode(0), video.barcode(1), video.barcode(2, size=(160, 120))]
    with pytest.raises(EncodeFailed, match="Frame 2"):
        encode_mp4(frames, tmp_path / "made.mp4")
    assert list(tmp_path.iterdir()) == []


def test_a_writer_that_dies_leaves_the_old_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "made.mp4"
    encode_mp4(video.barcodes(3), path)
    before = path.read_bytes()

    def failing():  # type: ignore[no-untyped-def]
        yield video.barcode(0)
        raise RuntimeError("the engine fell over")

    with pytest.raises(RuntimeError):
        encode_mp4(failing(), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
