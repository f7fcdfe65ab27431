"""Sample scenes: clip i of a split of a room is always the same scene, in any batch and on any device."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from .actions import sample_arcade
from .bakeoff import sample_bakeoff
from .configs import ROOM_NUMBERS, ROOMS, RoomConfig, room_config
from .desk import sample_desk
from .holdouts import check_split
from .lab import sample_lab
from .phyworld import sample_phyworld
from .seeds import SPLITS, Draws, keys
from .state import SceneBatch

__all__ = ["ROOMS", "SPLITS", "RoomConfig", "SceneBatch", "room_config", "sample"]

_SAMPLERS: dict[str, Callable[[RoomConfig, str, Tensor, Draws], SceneBatch]] = {
    "bakeoff": sample_bakeoff,
    "lab": sample_lab,
    "arcade": sample_arcade,
    "desk": sample_desk,
    "uniform": sample_phyworld,
    "collision": sample_phyworld,
    "parabola": sample_phyworld,
}


def sample(
    room: str,
    split: str,
    indices: Tensor | Sequence[int],
    config: RoomConfig | None = None,
    device: torch.device | str = "cpu",
) -> SceneBatch:
    """The scenes of clips `indices` of `split` in `room`.

    indices: int64 [B] or any sequence of ints (a range does). config: by default the room's own.
    Raises Invalid for an unknown room or split, or where the train split would see what is held out.
    """
    config = config or room_config(room)
    check_split(split, config)
    indices_B = torch.as_tensor(list(indices) if isinstance(indices, range) else indices, dtype=torch.int64)
    indices_B = indices_B.to(device)
    return _SAMPLERS[room](config, split, indices_B, Draws(keys(split, ROOM_NUMBERS[room], indices_B)))
