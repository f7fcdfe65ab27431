from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muybridge.media import FrameIndexTable, FrameOutOfRange
from muybridge.media.index import BadIndex
from muybridge.units import FrameSpan


@st.composite
def tables(draw: st.DrawFn) -> FrameIndexTable:
    steps = draw(st.lists(st.integers(1, 10**9), min_size=1, max_size=60))
    pts = np.cumsum(steps, dtype=np.int64) + draw(st.integers(-(10**12), 10**12))
    keyframes = np.array(sorted(draw(st.sets(st.integers(0, len(steps) - 1)))), dtype=np.int64)
    return FrameIndexTable(
        time_base=Fraction(draw(st.integers(1, 1001)), draw(st.integers(1, 90000))),
        pts=pts,
        keyframes=keyframes,
        seek_pts=pts[keyframes] - 1,
        end_pts=int(pts[-1]) + draw(st.integers(1, 1000)),
        addressing=draw(st.sampled_from(["pts", "order"])),
    )


@given(tables())
def test_a_table_survives_being_stored(table: FrameIndexTable) -> None:
    again = FrameIndexTable.from_bytes(table.to_bytes())
    assert (again.time_base, again.end_pts, again.addressing) == (table.time_base, table.end_pts, table.addressing)
    for name in ("pts", "keyframes", "seek_pts"):
        assert np.array_equal(getattr(again, name), getattr(table, name))


@given(tables(), st.data())
def test_a_frame_is_on_screen_from_its_stamp_until_the_next(table: FrameIndexTable, data: st.DataObject) -> None:
    frame = data.draw(st.integers(0, table.num_frames - 1))
    assert table.frame_at(int(table.pts[frame])) == frame
    assert table.frame_at(table.end_of(frame) - 1) == frame
    assert table.pts_bounds(FrameSpan(0, frame + 1)) == (int(table.pts[0]), table.end_of(frame))


def test_an_hour_of_footage_is_indexed_in_few_bytes() -> None:
    pts = np.arange(3600 * 30, dtype=np.int64) * 1001
    keyframes = np.arange(0, len(pts), 12)
    table = FrameIndexTable(Fraction(1, 30000), pts, keyframes, pts[keyframes], len(pts) * 1001)
    assert len(table.to_bytes()) < 20_000


@pytest.mark.parametrize(
    "stored", [b"", b"PK\x03\x04", b"muybridge-frames/1\n{}\n", b"muybridge-frames/1\nnot json\nx"]
)
def test_other_bytes_are_refused_as_an_index(stored: bytes) -> None:
    with pytest.raises(BadIndex):
        FrameIndexTable.from_bytes(stored)


@pytest.mark.parametrize("frame", [-1, 3])
def test_a_frame_that_is_not_there_is_named_with_those_that_are(frame: int) -> None:
    pts = np.array([0, 1, 2])
    table = FrameIndexTable(Fraction(1, 25), pts, pts[:1], pts[:1], 3)
    with pytest.raises(FrameOutOfRange, match=rf"no frame {frame}; this footage has frames 0 to 2"):
        table.check(frame)


def test_the_longest_stretch_between_keyframes_is_known() -> None:
    pts = np.arange(50)
    keyframes = np.array([0, 12, 40])
    assert FrameIndexTable(Fraction(1, 25), pts, keyframes, keyframes, 50).longest_gop == 28
    assert FrameIndexTable(Fraction(1, 25), pts, keyframes[:0], keyframes[:0], 50).longest_gop == 50
