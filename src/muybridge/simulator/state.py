"""SceneBatch: the exact state of a batch of clips, frame by frame; everything else in the room is read from it.

Legend: B clips, T frames, O object slots (slot order is drawing order), G tiles a side.
World coordinates: the frame's height is 1, x in [0, aspect] to the right, y in [0, 1] down; velocities per second.
"""

from dataclasses import dataclass, fields, replace
from typing import Any

import torch
from torch import Tensor

from .configs import RoomConfig


@dataclass(frozen=True, slots=True)
class SceneBatch:
    """Exact state of B clips. Every field but `config` and `split` is a tensor whose first axis is the clip."""

    config: RoomConfig
    split: str
    indices_B: Tensor
    role_BO: Tensor
    "int64, vocabulary.ROLES; 0 is an empty slot."
    shape_BTO: Tensor
    colour_BTO: Tensor
    texture_BO: Tensor
    size_BO: Tensor
    radius_BTO: Tensor
    "float32, frame heights."
    extent_BO2: Tensor
    "float32 half width and half height of occluders and other rectangles; 0 for shapes."
    angle_BTO: Tensor
    "float32 radians, clockwise on screen."
    value_BTO: Tensor
    "int64, what a counter shows."
    position_BTO2: Tensor
    velocity_BTO2: Tensor
    present_BTO: Tensor
    "bool: the thing exists in that frame (a taken coin does not); it may still be hidden or out of view."
    hits_BTOO: Tensor
    "bool, symmetric: bodies i and j met between frame t-1 and frame t."
    bounces_BTO4: Tensor
    "bool: the body bounced off wall vocabulary.WALLS[k] between frame t-1 and frame t."
    action_BT: Tensor
    "int64, vocabulary.ACTIONS: the action that led to frame t; 0 (stay) for frame 0 and rooms without a player."
    background_B: Tensor
    camera_B: Tensor
    "int64, vocabulary.CAMERAS."
    view_BT3: Tensor
    "float32: the camera's centre x, centre y and zoom."
    regime_B: Tensor
    motion_BO: Tensor
    direction_BO: Tensor
    "int64, vocabulary.DIRECTIONS of the first frame's velocity; -1 where there is none to tell."
    speed_BO: Tensor
    "int64, vocabulary.SPEEDS; -1 where there is none to tell."
    tiles_BGG: Tensor
    "uint8 [B, rows, columns]: 1 is wall; empty [B, 0, 0] in rooms without walls."

    @property
    def num_clips(self) -> int:
        return self.role_BO.shape[0]

    @property
    def num_frames(self) -> int:
        return self.position_BTO2.shape[1]

    @property
    def num_slots(self) -> int:
        return self.role_BO.shape[1]

    @property
    def device(self) -> torch.device:
        return self.role_BO.device

    def _map(self, function: Any) -> "SceneBatch":
        changed = {f.name: function(getattr(self, f.name)) for f in fields(self) if f.name not in ("config", "split")}
        return replace(self, **changed)

    def to(self, device: torch.device | str) -> "SceneBatch":
        return self._map(lambda tensor: tensor.to(device))

    def clips(self, rows: slice | Tensor) -> "SceneBatch":
        """The chosen clips, by slice or index tensor."""
        return self._map(lambda tensor: tensor[rows])

    def frames(self, start: int, stop: int) -> "SceneBatch":
        """Frames [start, stop) of every clip."""
        return self._at_times((slice(None), slice(start, stop)))

    def windows(self, starts_B: Tensor, length: int) -> "SceneBatch":
        """`length` frames of every clip, each from a start of its own."""
        rows_B1 = torch.arange(self.num_clips, device=self.device)[:, None]
        at_BT = starts_B[:, None] + torch.arange(length, device=self.device)
        return self._at_times((rows_B1, at_BT))

    def _at_times(self, index: tuple[Any, Any]) -> "SceneBatch":
        """The same clips with only those (clip, frame) of everything that has frames."""
        timed = [f.name for f in fields(self) if "_BT" in f.name]
        return replace(self, **{name: getattr(self, name)[index] for name in timed})


def still_view(num_clips: int, num_frames: int, aspect: float, device: torch.device) -> Tensor:
    """view_BT3 of a camera that does not move."""
    view = torch.tensor([aspect / 2, 0.5, 1.0], device=device)
    return view.expand(num_clips, num_frames, 3).clone()


def direction_of(velocity: Tensor) -> Tensor:
    """The nearest of the 8 directions of velocities [..., 2]; int64."""
    turns = torch.atan2(velocity[..., 1], velocity[..., 0]) / (torch.pi / 4)
    return torch.round(turns).to(torch.int64) % 8


def blank(
    config: RoomConfig, split: str, indices_B: Tensor, num_slots: int, *, num_frames: int | None = None
) -> dict[str, Any]:
    """Every SceneBatch field of clips with `num_slots` empty slots, for a room to fill in."""
    device, B, T, slots = indices_B.device, len(indices_B), num_frames or config.num_frames, num_slots

    def zeros(*shape: int, dtype: torch.dtype = torch.float32) -> Tensor:
        return torch.zeros(shape, dtype=dtype, device=device)

    whole, flag = torch.int64, torch.bool
    return {
        "config": config,
        "split": split,
        "indices_B": indices_B,
        "role_BO": zeros(B, slots, dtype=whole),
        "shape_BTO": zeros(B, T, slots, dtype=whole),
        "colour_BTO": zeros(B, T, slots, dtype=whole),
        "texture_BO": zeros(B, slots, dtype=whole),
        "size_BO": zeros(B, slots, dtype=whole),
        "radius_BTO": zeros(B, T, slots),
        "extent_BO2": zeros(B, slots, 2),
        "angle_BTO": zeros(B, T, slots),
        "value_BTO": zeros(B, T, slots, dtype=whole),
        "position_BTO2": zeros(B, T, slots, 2),
        "velocity_BTO2": zeros(B, T, slots, 2),
        "present_BTO": zeros(B, T, slots, dtype=flag),
        "hits_BTOO": zeros(B, T, slots, slots, dtype=flag),
        "bounces_BTO4": zeros(B, T, slots, 4, dtype=flag),
        "action_BT": zeros(B, T, dtype=whole),
        "background_B": zeros(B, dtype=whole),
        "camera_B": zeros(B, dtype=whole),
        "view_BT3": still_view(B, T, config.aspect, device),
        "regime_B": zeros(B, dtype=whole),
        "motion_BO": zeros(B, slots, dtype=whole),
        "direction_BO": torch.full((B, slots), -1, dtype=whole, device=device),
        "speed_BO": torch.full((B, slots), -1, dtype=whole, device=device),
        "tiles_BGG": zeros(B, 0, 0, dtype=torch.uint8),
    }
