from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muybridge.datasets import manifest
from muybridge.datasets.difference import difference
from muybridge.datasets.frames import windows
from muybridge.datasets.manifest import BadManifest, ManifestRow


def a_row(**changes: Any) -> ManifestRow:
    row = ManifestRow(
        asset_id="ast_1", asset_digest="ab" * 32, asset_name="“1”.mp4", start_frame=0, end_frame=100, start_pts=-512,
        end_pts=51_200, time_base_num=1, time_base_den=12_800, display_width=640, display_height=360, split="train",
        licence="CC0", rights_source="field", rights_owner="us", allowed_uses=("label", "train"),
        annotations=({"shape": "caption", "class_name": "scene", "text": "a cat 🐈", "agreement": 0.5},),
    )  # fmt: skip
    return replace(row, **changes)


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
captions = st.fixed_dictionaries({"shape": st.just("caption"), "text": words})
rows = st.lists(
    st.builds(
        a_row, asset_name=words, start_frame=st.integers(0, 500), licence=words, is_synthetic=st.booleans(),
        annotations=st.lists(captions, max_size=2).map(tuple),
    ),
    max_size=5,
)  # fmt: skip


@given(rows)
@settings(max_examples=40)
def test_rows_come_back_as_they_were_in_order(given_rows: list[ManifestRow]) -> None:
    unique = {row.key: row for row in given_rows}
    back = manifest.read_manifest(manifest.write_manifest(list(unique.values()), {}))
    assert back == [unique[key] for key in sorted(unique)]


@given(rows, st.randoms())
@settings(max_examples=40)
def test_the_same_rows_in_any_order_are_the_same_bytes(given_rows: list[ManifestRow], random: Any) -> None:
    unique = list({row.key: row for row in given_rows}.values())
    shuffled = random.sample(unique, len(unique))
    assert manifest.write_manifest(unique, {}) == manifest.write_manifest(shuffled, {})
    assert manifest.content_digest(unique) == manifest.content_digest(shuffled)


def test_facts_are_kept_beside_the_rows() -> None:
    content = manifest.write_manifest([a_row()], {"split_rule": "by_asset", "purpose": "train"})
    assert manifest.read_facts(content) == {"purpose": "train", "split_rule": "by_asset"}


@pytest.mark.parametrize("content", [b"", b"PAR1 no parquet", manifest.write_manifest([a_row()], {})[:-40]])
def test_what_is_no_manifest_is_refused(content: bytes) -> None:
    with pytest.raises(BadManifest):
        manifest.read_manifest(content)


def test_a_difference_names_what_came_went_and_changed() -> None:
    kept, gone = a_row(), a_row(start_frame=200, end_frame=300)
    fresh = a_row(start_frame=400, end_frame=500)
    changed = replace(kept, split="val", annotations=())
    found = difference([kept, gone], [changed, fresh])
    assert (found.num_added, found.num_removed, found.num_changed, found.num_same) == (1, 1, 1, 0)
    assert (found.num_annotations_before, found.num_annotations_after) == (2, 1)
    assert found.changed[0].fields == ("annotations", "split")
    assert (found.added[0].start_frame, found.removed[0].start_frame) == (400, 200)


def test_a_version_does_not_differ_from_itself() -> None:
    found = difference([a_row()], [a_row()])
    assert (found.num_added, found.num_removed, found.num_changed, found.num_same) == (0, 0, 0, 1)


def test_windows_stay_within_their_clip_and_split() -> None:
    given_rows = [a_row(), a_row(start_frame=100, end_frame=120), a_row(start_frame=300, end_frame=400, split="test")]
    found = list(windows(given_rows, split="train", num_frames=8, every=4))
    assert [window.start_frame for window in found] == [0, 29, 58]
    assert all(window.frames[-1] < window.row.end_frame for window in found)
    assert list(found[0].frames) == [0, 4, 8, 12, 16, 20, 24, 28]
