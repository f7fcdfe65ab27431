"""A narrowed room is told by what is left of it."""

from typing import Any

import pytest

from muybridge.simulator.narrowing import what_is_left

_ONE_ON_WHITE = {"max_objects": 1, "backgrounds": [0], "textures": [0], "sizes": [1, 2]}


@pytest.mark.parametrize(
    ("room", "changes", "told"),
    [
        ("lab", {}, ""),
        ("lab", {"is_camera_moving": False, "regimes": [0]}, ""),
        ("lab", {"max_objects": 1}, "one body"),
        ("lab", _ONE_ON_WHITE, "one medium or large plain body on a white background"),
        ("lab", {"min_objects": 2, "colours": [0, 5]}, "two to three red or blue bodies"),
        ("lab", {"max_objects": 2, "shapes": [0, 3]}, "one to two circles or stars"),
        ("lab", {"backgrounds": [0, 4]}, "on a white or paper background"),
        ("desk", {"backgrounds": [0], "textures": [0]}, "plain bodies on a white background"),
        ("arcade", {"is_side_on": False}, "seen from above"),
        ("arcade", {"is_side_on": True, "backgrounds": [3]}, "on a night background seen from the side"),
    ],
)
def test_what_is_left_of_a_room_is_told(room: str, changes: dict[str, Any], told: str) -> None:
    assert what_is_left(room, changes) == told
