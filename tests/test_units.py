from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muybridge import units
from muybridge.errors import Invalid

spans = st.tuples(st.integers(0, 10**6), st.integers(1, 10**4)).map(lambda pair: units.FrameSpan(pair[0], sum(pair)))
time_bases = st.sampled_from([Fraction(1, 90_000), Fraction(1, 25), Fraction(1001, 30_000), Fraction(1, 1_000_000)])


def test_ids_sort_in_the_order_they_were_made() -> None:
    made = [units.new_id("ast") for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


@given(st.sampled_from(sorted(units.ID_PREFIXES)))
def test_an_id_says_what_it_names_and_when(prefix: str) -> None:
    identifier = units.new_id(prefix)
    assert units.is_id(identifier, prefix)
    assert len(identifier) <= 30 + 1
    assert units.milliseconds_from_id(identifier) > 1_700_000_000_000


def test_an_unknown_prefix_cannot_be_minted() -> None:
    with pytest.raises(ValueError, match="unknown id prefix"):
        units.new_id("zzz")


@pytest.mark.parametrize("text", ["", "ast_", "ast_1", "AST_01k9zzzzzzzzzzzzzzzzzzzzzz", "ast_" + "u" * 26, "../etc"])
def test_what_is_not_an_id_is_refused(text: str) -> None:
    assert not units.is_id(text)
    with pytest.raises(Invalid):
        units.milliseconds_from_id(text)


@given(spans, spans)
def test_intersection_holds_exactly_the_frames_of_both(one: units.FrameSpan, other: units.FrameSpan) -> None:
    both = one.intersection(other)
    assert both == other.intersection(one)
    for frame in (one.start, one.end - 1, other.start, other.end - 1, one.end, other.end):
        assert (both is not None and frame in both) == (frame in one and frame in other)


@pytest.mark.parametrize(("start", "end"), [(3, 3), (4, 3), (-1, 2)])
def test_an_empty_or_negative_span_cannot_exist(start: int, end: int) -> None:
    with pytest.raises(Invalid, match="empty"):
        units.FrameSpan(start, end)


@given(st.integers(-(10**12), 10**12), time_bases)
def test_pts_survive_the_way_through_exact_seconds(pts: int, time_base: Fraction) -> None:
    exact = pts * time_base
    assert int(exact // time_base) == pts
    assert units.seconds_from_pts(pts, time_base) == pytest.approx(float(exact))


@given(st.floats(0, 10**5), time_bases)
def test_pts_from_seconds_is_the_last_tick_at_or_before(seconds: float, time_base: Fraction) -> None:
    pts = units.pts_from_seconds(units.Seconds(seconds), time_base)
    assert pts * time_base <= Fraction(seconds) < (pts + 1) * time_base
