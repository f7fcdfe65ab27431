import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labelled import CLASSES, a_box_track

from muybridge.labeling.ontology import InvalidOntology, check_classes
from muybridge.labeling.validation import ClipBounds, InvalidAnnotations, validate, validate_verdict

CHECKED = check_classes(
    [
        *CLASSES,
        {
            "name": "ball",
            "shapes": ["box"],
            "attributes": [{"name": "colour", "kind": "choice", "choices": ["red", "blue"], "is_required": True}],
        },
    ]
)
BOUNDS = ClipBounds(0, 100, 0, 51_200)


def test_a_valid_answer_comes_back_whole() -> None:
    assert validate(CHECKED, [a_box_track()], BOUNDS) == [a_box_track()]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"class_name": "dragon"}, "annotations[0].class_name: 'dragon' is no class"),
        ({"class_name": "scene"}, "annotations[0].shape: class 'scene' is not drawn as box_track; it takes caption."),
        ({"keyframes": []}, "annotations[0].keyframes: needs at least one keyframe."),
        ({"colour": "red"}, "annotations[0].colour: is not a field of this shape."),
        ({"attributes": {"speed": 3}}, "annotations[0].attributes.speed: class 'car' has no such attribute."),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidAnnotations) as caught:
        validate(CHECKED, [a_box_track() | change], BOUNDS)
    assert caught.value.detail.startswith(said)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ({"box": [0, 0, 0, 5]}, "keyframes[1].box: at frame 50 is 0 x 5 pixels; both sides are above 0."),
        ({"box": [0, 0, float("nan"), 5]}, "keyframes[1].box: at frame 50 is not [x, y, w, h] in display pixels."),
        ({"frame": 0}, "keyframes[1].frame: frame 0 at 25600 pts does not come after frame 0."),
        ({"pts": 60_000}, "keyframes[1].pts: 60000 pts is outside the clip [0, 51200)."),
        ({"frame": 50.5}, "keyframes[1].frame: frame and pts are whole numbers, not 50.5 and 25600."),
        ({"is_occluded": 1}, "keyframes[1].is_occluded: is not true or false."),
    ],
)
def test_a_wrong_keyframe_is_named_by_its_frame(key: dict[str, Any], said: str) -> None:
    track = a_box_track()
    track["keyframes"][1] |= key
    with pytest.raises(InvalidAnnotations) as caught:
        validate(CHECKED, [track], BOUNDS)
    assert caught.value.detail == f"annotations[0].{said}"


@pytest.mark.parametrize(
    ("edges", "said"),
    [
        ({"end_frame": 10}, "end_frame: [10, 10) is empty."),
        ({"end_frame": 101}, "start_frame: [10, 101) leaves the clip [0, 100)."),
        ({"start_pts": -1}, "start_pts: [-1, 10240) pts leaves the clip [0, 51200)."),
        ({"end_pts": 51_201}, "start_pts: [5120, 51201) pts leaves the clip [0, 51200)."),
    ],
)
def test_a_wrong_span_is_named_by_its_edge(edges: dict[str, Any], said: str) -> None:
    span = {"start_frame": 10, "end_frame": 20, "start_pts": 5120, "end_pts": 10_240} | edges
    with pytest.raises(InvalidAnnotations) as caught:
        validate(CHECKED, [{"shape": "span", "class_name": "turn", **span}], BOUNDS)
    assert caught.value.detail == f"annotations[0].{said}"


def test_everything_wrong_is_listed_at_once() -> None:
    with pytest.raises(InvalidAnnotations) as caught:
        validate(CHECKED, [a_box_track("dragon"), a_box_track("ball"), {"shape": "blob"}], BOUNDS)
    assert [error["field"] for error in caught.value.facts["errors"]] == [
        "annotations[0].class_name",
        "annotations[1].attributes.colour",
        "annotations[2].shape",
    ]


def test_a_choice_is_one_of_its_choices() -> None:
    track = a_box_track("ball") | {"attributes": {"colour": "green"}}
    with pytest.raises(InvalidAnnotations, match=r"'green' is not a choice \(red, blue\)"):
        validate(CHECKED, [track], BOUNDS)
    assert validate(CHECKED, [a_box_track("ball") | {"attributes": {"colour": "red"}}], BOUNDS)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
fields = st.sampled_from(["shape", "class_name", "keyframes", "attributes", "start_frame", "end_frame", "text"])
near_values = st.dictionaries(fields, json_values | st.sampled_from(["box_track", "span", "car", "turn", "mask_track"]))


@given(st.lists(near_values | json_values, max_size=3))
def test_any_json_is_accepted_or_refused_by_name(annotations: list[Any]) -> None:
    with contextlib.suppress(InvalidAnnotations):
        validate(CHECKED, annotations, BOUNDS)


def test_a_comparison_is_answered_by_one_verdict() -> None:
    answer = {"shape": "comparison", "verdict": "both_bad"}
    assert validate_verdict([answer]) == [{"shape": "comparison", "verdict": "both_bad", "note": ""}]
    for wrong in ([], [answer, answer], [{"shape": "comparison", "verdict": "better"}], ["left"]):
        with pytest.raises(InvalidAnnotations):
            validate_verdict(wrong)


@pytest.mark.parametrize(
    ("classes", "said"),
    [
        ([], "An ontology has 1 to 1000 classes"),
        ([{"shapes": ["box"]}], "classes[0] needs a name"),
        ([{"name": "car", "shapes": ["blob"]}], "Class 'car' needs shapes"),
        ([{"name": "car", "shapes": ["box"]}] * 2, "Class 'car' is there twice"),
        ([{"name": "car", "shapes": ["box"], "size": 1}], "Class 'car' has an unknown field 'size'"),
    ],
)
def test_a_wrong_ontology_is_refused_by_name(classes: list[Any], said: str) -> None:
    with pytest.raises(InvalidOntology) as caught:
        check_classes(classes)
    assert caught.value.detail.startswith(said)
