"""The first frame that a session is given from outside: of footage, or a picture. Opened in the child."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from muybridge.generation import stills
from muybridge.media import FrameIndexTable, frames_at
from muybridge.training.footage_clips import resize_to_cover


@dataclass(frozen=True, slots=True)
class OfFootage:
    """index: FrameIndexTable.to_bytes."""

    path: Path
    index: bytes
    frame: int


@dataclass(frozen=True, slots=True)
class Still:
    path: Path


FirstFrame = OfFootage | Still


def read_first(first: FirstFrame, size: tuple[int, int]) -> NDArray[np.uint8]:
    """uint8 [H,W,3], cut to cover (width, height)."""
    if isinstance(first, Still):
        return resize_to_cover(stills.read_still(first.path), size)
    (frame,) = frames_at(first.path, FrameIndexTable.from_bytes(first.index), [first.frame])
    return resize_to_cover(frame, size)
