"""Footage as training reads it: spans of local video files, each with its words (no torch, no rows).

`jobs` makes these from a frozen dataset version; a notebook may write them by hand.
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FootageClip:
    """Frames [start_frame, end_frame) of one file, inside one shot. `caption` may be empty: it is then only watched."""

    path: Path
    start_frame: int
    end_frame: int
    fps: float
    caption: str = ""
