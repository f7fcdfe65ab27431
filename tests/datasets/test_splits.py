import itertools
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muybridge.datasets.splits import ClipKey, SplitPlan, plan_splits, split_of_asset, why_empty
from muybridge.units import FrameSpan

GAP = 12


@st.composite
def footage(draw: st.DrawFn, min_assets: int = 1, max_assets: int = 8) -> dict[str, list[FrameSpan]]:
    """Assets by digest, each cut into shots without gaps."""
    names = [f"digest-{i}" for i in range(draw(st.integers(min_assets, max_assets)))]
    found = {}
    for name in names:
        edges, edge = [0], 0
        for length in draw(st.lists(st.integers(1, 300), min_size=1, max_size=6)):
            edge += length
            edges.append(edge)
        found[name] = [FrameSpan(a, b) for a, b in itertools.pairwise(edges)]
    return found


@st.composite
def clips_of(draw: st.DrawFn, shots: dict[str, list[FrameSpan]]) -> list[ClipKey]:
    """Shots, and any other spans, of every asset."""
    chosen = [ClipKey(name, shot.start, shot.end) for name, several in shots.items() for shot in several]
    for name, several in shots.items():
        for _ in range(draw(st.integers(0, 3))):
            start = draw(st.integers(0, several[-1].end - 1))
            chosen.append(ClipKey(name, start, draw(st.integers(start + 1, several[-1].end))))
    return chosen


def _frames(plan: SplitPlan) -> dict[str, dict[str, set[int]]]:
    """Frames of each split by asset."""
    found: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for piece in plan.pieces:
        found[piece.clip.asset_digest][piece.split] |= set(range(piece.start_frame, piece.end_frame))
    return found


@given(data=st.data())
@settings(max_examples=150)
def test_no_frame_is_in_two_splits_and_splits_of_one_asset_keep_their_distance(data: st.DataObject) -> None:
    shots = data.draw(footage())
    plan = plan_splits(data.draw(clips_of(shots)), shots, gap_frames=GAP)
    for by_split in _frames(plan).values():
        for split, frames in by_split.items():
            for other, others in by_split.items():
                if split < other:
                    near = {frame + distance for frame in frames for distance in range(-GAP + 1, GAP)}
                    assert not near & others


@given(data=st.data())
@settings(max_examples=60)
def test_every_piece_lies_in_its_clip_and_the_order_of_clips_does_not_matter(data: st.DataObject) -> None:
    shots = data.draw(footage())
    clips = data.draw(clips_of(shots))
    plan = plan_splits(clips, shots)
    assert all(p.clip.start_frame <= p.start_frame < p.end_frame <= p.clip.end_frame for p in plan.pieces)
    assert plan_splits(data.draw(st.permutations(clips)), shots) == plan


@given(data=st.data())
@settings(max_examples=60)
def test_adding_assets_moves_nobody_once_there_are_five(data: st.DataObject) -> None:
    shots = data.draw(footage(min_assets=5, max_assets=12))
    clips = [ClipKey(name, shot.start, shot.end) for name, several in shots.items() for shot in several]
    fewer_names = sorted(shots)[:5]
    fewer = plan_splits([clip for clip in clips if clip.asset_digest in fewer_names], shots)
    more = plan_splits(clips, shots)
    assert fewer.rule == more.rule == "by_asset"
    assert set(fewer.pieces) <= set(more.pieces)


@given(data=st.data())
@settings(max_examples=60)
def test_few_assets_of_three_shots_fill_all_splits_before_the_gap_is_taken(data: st.DataObject) -> None:
    shots = data.draw(footage(max_assets=4).filter(lambda found: sum(map(len, found.values())) >= 3))
    clips = [ClipKey(name, shot.start, shot.end) for name, several in shots.items() for shot in several]
    plan = plan_splits(clips, shots, gap_frames=0)
    assert plan.rule == "by_shot_with_gap"
    assert {piece.split for piece in plan.pieces} == {"train", "val", "test"}


@given(shots=footage(max_assets=4).filter(lambda found: sum(map(len, found.values())) >= 3), data=st.data())
@settings(max_examples=60)
def test_any_three_shots_of_few_assets_fill_all_splits(shots: dict[str, list[FrameSpan]], data: st.DataObject) -> None:
    clips = [ClipKey(name, shot.start, shot.end) for name, several in shots.items() for shot in several]
    labelled = data.draw(st.permutations(clips))[: data.draw(st.integers(3, len(clips)))]
    assert {piece.split for piece in plan_splits(labelled, shots, gap_frames=0).pieces} == {"train", "val", "test"}


def test_to_label_more_of_few_assets_moves_no_shot_once_all_splits_are_filled() -> None:
    shots = [FrameSpan(start, start + 100) for start in range(0, 2000, 100)]
    clips = [ClipKey("d", shot.start, shot.end) for shot in shots]
    whole = {piece.clip: piece.split for piece in plan_splits(clips, {"d": shots}).pieces}
    one_of_each = {split: clip for clip, split in reversed(whole.items())}
    few = {piece.clip: piece.split for piece in plan_splits(list(one_of_each.values()), {"d": shots}).pieces}
    assert few == {clip: split for split, clip in one_of_each.items()}


def test_two_short_shots_stay_apart_where_alone_they_would_be_all_training() -> None:
    shots = [FrameSpan(0, 100), FrameSpan(100, 200), FrameSpan(200, 300)]
    clips = [ClipKey("d", shot.start, shot.end) for shot in shots]
    split_of = {piece.clip: piece.split for piece in plan_splits(clips, {"d": shots}).pieces}
    two = [clip for clip in clips if split_of[clip] != "test"]
    assert {piece.split for piece in plan_splits(two, {"d": shots}).pieces} == {"train", "val"}


def test_a_lone_shot_is_cut_in_time_with_gaps() -> None:
    plan = plan_splits([ClipKey("d", 0, 1000)], {"d": [FrameSpan(0, 1000)]})
    assert [(p.start_frame, p.end_frame, p.split) for p in plan.pieces] == [
        (0, 700, "train"),
        (712, 850, "val"),
        (862, 1000, "test"),
    ]


def test_an_empty_split_is_explained_in_one_sentence() -> None:
    assert why_empty("by_asset", {"train": 16, "val": 4, "test": 4}, 6) == ""
    assert why_empty("by_asset", {"train": 20, "val": 0, "test": 4}, 6) == (
        "No clip is in val: an asset goes where the hash of its bytes says, about one in ten to val and one in ten to "
        "test, and of 6 none went there."
    )
    assert why_empty("by_shot_with_gap", {"train": 1, "val": 0, "test": 0}, 1) == (
        "No clip is in val and test: the clips, or the shots that they lie in, are too few or too short to be dealt "
        "out with 12 frames left out between splits."
    )


def test_a_lone_shot_too_short_for_gaps_is_all_training() -> None:
    plan = plan_splits([ClipKey("d", 0, 100)], {"d": [FrameSpan(0, 100)]})
    assert [(p.start_frame, p.end_frame, p.split) for p in plan.pieces] == [(0, 100, "train")]


def test_shares_of_many_assets_are_near_eighty_ten_ten() -> None:
    counts: dict[str, int] = defaultdict(int)
    for number in range(5000):
        counts[split_of_asset(f"digest-{number}")] += 1
    assert {split: count / 5000 for split, count in counts.items()} == pytest.approx(
        {"train": 0.8, "val": 0.1, "test": 0.1}, abs=0.02
    )
