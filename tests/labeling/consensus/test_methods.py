"""What every consensus method must hold: the conformance suite of the socket, ours and yours."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muybridge import wiring
from muybridge.labeling.consensus import METHODS, Agreed, Answer

wiring.connect_plugins()
NAMES = METHODS.names()
CLASS_NAMES = ("car", "person")


def _class(name: str, **attributes: str) -> dict[str, Any]:
    return {"shape": "class", "class_name": name, "attributes": attributes}


@st.composite
def box_tracks(draw: st.DrawFn) -> dict[str, Any]:
    frames = sorted(draw(st.sets(st.integers(0, 30), min_size=1, max_size=4)))
    side = st.floats(1, 50).map(lambda value: round(value, 1))
    place = st.floats(0, 60).map(lambda value: round(value, 1))
    keyframes = [
        {"frame": f, "pts": f * 512, "box": [draw(place), draw(place), draw(side), draw(side)], "is_occluded": False}
        for f in frames
    ]
    return {"shape": "box_track", "class_name": draw(st.sampled_from(CLASS_NAMES)), "keyframes": keyframes}


@st.composite
def spans(draw: st.DrawFn) -> dict[str, Any]:
    start = draw(st.integers(0, 30))
    end = draw(st.integers(start + 1, 40))
    edges = {"start_frame": start, "end_frame": end, "start_pts": start * 512, "end_pts": end * 512}
    return {"shape": "span", "class_name": draw(st.sampled_from(CLASS_NAMES)), **edges}


@st.composite
def captions(draw: st.DrawFn) -> dict[str, Any]:
    words = draw(st.lists(st.sampled_from(["a", "red", "car", "turns"]), min_size=1, max_size=5))
    return {"shape": "caption", "class_name": "car", "text": " ".join(words)}


@st.composite
def masks(draw: st.DrawFn) -> dict[str, Any]:
    zeros = draw(st.integers(0, 12))
    mask = {"size": [3, 4], "counts": [zeros, 12 - zeros]}
    return {"shape": "mask_track", "class_name": "car", "keyframes": [{"frame": 0, "pts": 0, "mask": mask}]}


VALUES = {
    "box_track": box_tracks(),
    "span": spans(),
    "class": st.builds(_class, st.sampled_from(CLASS_NAMES), colour=st.sampled_from(["red", "blue"])),
    "comparison": st.sampled_from(["left", "right", "tie"]).map(lambda v: {"shape": "comparison", "verdict": v}),
    "caption": captions(),
    "mask_track": masks(),
}


@st.composite
def answers(draw: st.DrawFn, shape: str) -> list[Answer]:
    """One task's answers by one to five people; exactly one verdict for a comparison."""
    least, most = (1, 1) if shape == "comparison" else (0, 3)
    num_people = draw(st.integers(1, 5))
    return [
        Answer("tsk_1", f"person-{who}", tuple(draw(st.lists(VALUES[shape], min_size=least, max_size=most))))
        for who in range(num_people)
    ]


CASES = [(name, shape) for name in NAMES for shape in sorted(METHODS.get(name).shapes)]


@pytest.mark.parametrize(("name", "shape"), CASES)
@given(data=st.data())
@settings(max_examples=40)
def test_agreement_is_a_share_and_order_does_not_matter(name: str, shape: str, data: st.DataObject) -> None:
    method = METHODS.get(name)
    given_answers = data.draw(answers(shape))
    agreed = method.agree(given_answers)
    shuffled = method.agree(data.draw(st.permutations(given_answers)))
    assert 0.0 <= agreed.agreement <= 1.0
    assert all(0.0 <= value["agreement"] <= 1.0 for value in agreed.annotations)
    assert (agreed.annotations, agreed.agreement) == (shuffled.annotations, shuffled.agreement)
    assert {value["shape"] for value in agreed.annotations} <= {shape}


@pytest.mark.parametrize(("name", "shape"), CASES)
@given(data=st.data())
@settings(max_examples=25)
def test_people_who_say_the_same_agree(name: str, shape: str, data: st.DataObject) -> None:
    """Same answers give that answer (majority and medoid: wholly; Dawid-Skene: with the confidence it can have)."""
    said = tuple(data.draw(st.lists(VALUES[shape], min_size=1, max_size=1)))
    agreed = METHODS.get(name).agree([Answer("tsk_1", f"person-{who}", said) for who in range(3)])
    assert agreed.agreement == pytest.approx(1.0)
    assert len(agreed.annotations) == 1


SPAN = {"shape": "span", "start_frame": 10, "end_frame": 20, "start_pts": 5120, "end_pts": 10240}


@pytest.mark.parametrize(
    ("name", "value"), [("majority", _class("car")), ("dawid_skene", _class("car")), ("spans", SPAN)]
)
def test_attributes_are_what_most_of_those_said_who_named_the_class(name: str, value: dict[str, Any]) -> None:
    said = [("car", {"colour": "blue", "is_parked": True}), ("car", {"colour": "red"}), ("car", {"colour": "red"})]
    said += [("person", {"colour": "green"})]
    given_answers = [
        Answer("tsk_1", f"person-{who}", ({**value, "class_name": class_name, "attributes": attributes},))
        for who, (class_name, attributes) in enumerate(said)
    ]
    (kept,) = METHODS.get(name).agree(given_answers).annotations
    assert (kept["class_name"], kept["attributes"]) == ("car", {"colour": "red"})


@pytest.mark.parametrize(("name", "shape"), [(name, shape) for name, shape in CASES if shape != "comparison"])
@given(data=st.data())
@settings(max_examples=15)
def test_people_who_differ_on_one_attribute_of_two_agree_by_half(name: str, shape: str, data: st.DataObject) -> None:
    value = data.draw(VALUES[shape])

    def agree(*colours: str) -> Agreed:
        said = [{**value, "attributes": {"colour": colour, "is_parked": True}} for colour in colours]
        return METHODS.get(name).agree([Answer("tsk_1", f"person-{who}", (each,)) for who, each in enumerate(said)])

    same, differing = agree("red", "red"), agree("red", "blue")
    assert differing.agreement == pytest.approx(same.agreement / 2)
    assert [each["agreement"] for each in differing.annotations] == [pytest.approx(same.agreement / 2)]


@pytest.mark.parametrize(("name", "shape"), CASES)
@given(data=st.data())
@settings(max_examples=15)
def test_one_answer_alone_stands_as_it_is(name: str, shape: str, data: st.DataObject) -> None:
    said = tuple(data.draw(st.lists(VALUES[shape], min_size=1, max_size=1)))
    agreed = METHODS.get(name).agree([Answer("tsk_1", "ann", said)])
    (kept,) = agreed.annotations
    assert agreed.agreement == 1.0
    assert kept.get("class_name") == said[0].get("class_name")
    assert kept.get("verdict") == said[0].get("verdict")
    assert kept.get("text") == said[0].get("text")
