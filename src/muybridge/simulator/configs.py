"""The rooms' configurations: everything about a clip that is not its seed.

A `RoomConfig` is frozen and hashable; `room_config("lab", num_frames=32)` gives a named room with changes.
"""

from dataclasses import dataclass, replace
from typing import Any, Literal

from muybridge.errors import Invalid

from .vocabulary import BACKGROUNDS, COLOURS, REGIMES, SHAPES, SIZES, SPEEDS, TEXTURES

Holdout = Literal["seen", "pairs", "triples", "count", "background", "macros"]
"""seen: in distribution; the others: at least one held-out combination of that kind in every clip."""

ROOM_NUMBERS = {"bakeoff": 1, "lab": 2, "arcade": 3, "desk": 4, "uniform": 5, "collision": 6, "parabola": 7}
"""Part of every seed: append only."""


@dataclass(frozen=True, slots=True)
class RoomConfig:
    """One room: its clip length and what may appear in it. Ids point into `vocabulary`."""

    room: str
    num_frames: int = 16
    fps: float = 8.0
    height: int = 64
    width: int = 64
    aspect: float = 1.0
    "Width of the world in frame heights; render wider or narrower and the world is centred."
    min_objects: int = 1
    max_objects: int = 3
    shapes: tuple[int, ...] = tuple(range(len(SHAPES)))
    colours: tuple[int, ...] = tuple(range(len(COLOURS)))
    sizes: tuple[int, ...] = tuple(range(len(SIZES)))
    textures: tuple[int, ...] = tuple(range(len(TEXTURES)))
    speeds: tuple[int, ...] = tuple(range(len(SPEEDS)))
    backgrounds: tuple[int, ...] = tuple(range(len(BACKGROUNDS)))
    regimes: tuple[int, ...] = tuple(range(len(REGIMES)))
    is_camera_moving: bool = True
    "Whether the camera may pan and zoom; false keeps it still."
    is_side_on: bool | None = None
    "Arcade: side-on with gravity (True), top-down (False) or a mix (None)."
    is_shaded: bool = True
    "Soft shadows and shading; false draws flat."
    holdout: Holdout = "seen"
    is_out_of_distribution: bool = False
    "PhyWorld rooms: velocities and radii outside the training bands."

    @property
    def seconds(self) -> float:
        return self.num_frames / self.fps


ROOMS: dict[str, RoomConfig] = {
    "bakeoff": RoomConfig(
        "bakeoff",
        num_frames=6,
        height=32,
        width=32,
        min_objects=1,
        max_objects=1,
        shapes=(0, 1, 2),
        colours=(0, 2, 3, 4, 5, 6),
        sizes=(1,),
        textures=(0,),
        speeds=(0, 2),
        backgrounds=(0,),
        regimes=(0,),
        is_camera_moving=False,
        is_shaded=False,
    ),
    "lab": RoomConfig("lab"),
    "arcade": RoomConfig("arcade", is_camera_moving=False),
    "desk": RoomConfig("desk", is_camera_moving=False),
    "uniform": RoomConfig("uniform", num_frames=32, fps=10.0, max_objects=1, is_camera_moving=False, is_shaded=False),
    "collision": RoomConfig(
        "collision", num_frames=32, fps=10.0, min_objects=2, max_objects=2, is_camera_moving=False, is_shaded=False
    ),
    "parabola": RoomConfig("parabola", num_frames=32, fps=10.0, max_objects=1, is_camera_moving=False, is_shaded=False),
}

CUED_ROOMS = frozenset({"desk"})
"""Rooms in which things are done to bodies from outside, and said when they are done."""


def room_config(room: str, **changes: Any) -> RoomConfig:
    """The named room's configuration with `changes`. Raises Invalid for an unknown room or an impossible length."""
    if room not in ROOMS:
        raise Invalid(f"There is no room {room!r}.", remedy=f"Use one of {', '.join(ROOMS)}.")
    config = replace(ROOMS[room], **changes)
    if config.num_frames < 1 or not 1 <= config.min_objects <= config.max_objects <= 4:
        raise Invalid(
            f"{room} cannot have {config.num_frames} frames and {config.min_objects} to {config.max_objects} objects.",
            remedy="Use one frame or more and one to four objects.",
        )
    return config
