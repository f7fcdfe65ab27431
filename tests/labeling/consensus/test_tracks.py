from typing import Any

import pytest
from labelled import a_box_track

from muybridge.labeling.consensus import Answer
from muybridge.labeling.consensus.tracks import METHOD
from muybridge.labeling.shapes import track_from_value, track_iou


def _agree(*answers: list[dict[str, Any]]) -> Any:
    return METHOD.agree([Answer("tsk_1", f"person-{i}", tuple(values)) for i, values in enumerate(answers)])


def test_keyframes_of_different_people_are_averaged_where_either_has_one() -> None:
    agreed = _agree([a_box_track(frames=[0, 99])], [a_box_track(frames=[0, 40, 99], start=(14.0, 20.0))])
    (track,) = agreed.annotations
    assert [key["frame"] for key in track["keyframes"]] == [0, 40, 99]
    assert [key["box"][0] for key in track["keyframes"]] == [12.0, 92.0, 210.0]
    assert [key["pts"] for key in track["keyframes"]] == [0, 40 * 512, 99 * 512]


def test_one_slip_of_three_does_not_drag_the_box() -> None:
    slip = a_box_track(frames=[0, 99], size=(400.0, 30.0))
    agreed = _agree([a_box_track(frames=[0, 99])], [a_box_track(frames=[0, 99])], [slip])
    assert agreed.annotations[0]["keyframes"][0]["box"] == [10.0, 20.0, 40.0, 30.0]


def test_what_one_of_three_drew_is_dropped_and_what_two_drew_is_kept() -> None:
    other = a_box_track(start=(10.0, 300.0), speed=(0.0, 0.0))
    agreed = _agree([a_box_track(), other], [a_box_track()], [])
    assert len(agreed.annotations) == 1
    assert agreed.annotations[0]["agreement"] == pytest.approx(1 / 3)
    assert agreed.agreement == pytest.approx(1 / 6)


def test_the_class_is_what_most_said() -> None:
    agreed = _agree([a_box_track("car")], [a_box_track("person")], [a_box_track("person")])
    assert agreed.annotations[0]["class_name"] == "person"


def test_people_who_name_one_box_differently_do_not_agree_on_it() -> None:
    assert _agree([a_box_track("car")], [a_box_track("truck")]).agreement == 0.0
    agreed = _agree([a_box_track("car")], [a_box_track("person")], [a_box_track("person")])
    assert agreed.agreement == agreed.annotations[0]["agreement"] == pytest.approx(1 / 3)


def test_two_things_that_cross_stay_two_things() -> None:
    crossing = [a_box_track(speed=(2.0, 0.0)), a_box_track(start=(210.0, 20.0), speed=(-2.0, 0.0))]
    agreed = _agree(crossing, crossing[::-1], crossing)
    assert agreed.agreement == pytest.approx(1.0)
    assert sorted(value["keyframes"][0]["box"][0] for value in agreed.annotations) == [10.0, 210.0]


def test_iou_over_time_counts_the_frames_that_only_one_has() -> None:
    whole, half = a_box_track(frames=[0, 99]), a_box_track(frames=[0, 49])
    assert track_iou(track_from_value(whole), track_from_value(half)) == pytest.approx(0.5)
