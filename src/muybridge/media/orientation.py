"""From coded pixels to what a person sees: square pixels, then mirror, then rotation.

The display matrix is MP4's (ISO 14496-12, 6.2.2) as FFmpeg hands it on: nine int32, 16.16 fixed point, x' = a x + c y
and y' = b x + d y with y pointing down.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

import numpy as np
from av.sidedata.sidedata import SideData, Type
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

_SLACK = 0.02
_SANE_ASPECT = Fraction(1, 8), Fraction(8)


@dataclass(frozen=True, slots=True)
class Orientation:
    """How to show coded pictures of width x height."""

    display_width: int
    display_height: int
    rotation: int = 0
    """Degrees clockwise, after the mirror: 0, 90, 180, 270."""
    is_mirrored: bool = False
    sample_aspect: Fraction = Fraction(1)
    warnings: tuple[str, ...] = ()

    @property
    def is_upright(self) -> bool:
        return self.rotation == 0 and not self.is_mirrored

    def unturned(self, width: int, height: int) -> tuple[int, int]:
        """The size before rotation of a picture that is to be shown at width x height."""
        return (height, width) if self.rotation in (90, 270) else (width, height)

    def turn(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """uint8 [H,W,3] as coded -> contiguous uint8 [H,W,3] as seen."""
        if self.is_upright:
            return np.ascontiguousarray(picture)
        if self.is_mirrored:
            picture = picture[:, ::-1]
        return np.ascontiguousarray(np.rot90(picture, k=-(self.rotation // 90)))

    @property
    def filters(self) -> str:
        """The same turn in FFmpeg's filter language; empty when there is none."""
        turns = {0: [], 90: ["transpose=clock"], 180: ["hflip", "vflip"], 270: ["transpose=cclock"]}[self.rotation]
        return ",".join((["hflip"] if self.is_mirrored else []) + turns)


def orientation_of(frame: VideoFrame, stream: VideoStream) -> Orientation:
    """How to show the pictures of `stream`, one of which is `frame`.

    The side that grows is stretched, none shrinks (as Chromium does). A matrix that is no quarter turn is left aside
    with a warning: players disagree on it, and a table of zeros (seen in broken files) means nothing.
    """
    matrix = _display_matrix(frame)
    turn = _quarter_turn(matrix)
    # FFmpeg folds the matrix' stretch into the stream's aspect; a senseless matrix leaves the codec's own.
    aspect = _sane_aspect(stream.sample_aspect_ratio if turn else stream.codec_context.sample_aspect_ratio)
    rotation, is_mirrored = turn or (0, False)
    width, height = frame.width, frame.height
    if aspect > 1:
        width = round(width * aspect)
    else:
        height = round(height / aspect)
    if rotation in (90, 270):
        width, height = height, width
    warnings = () if turn else (f"The rotation in the header makes no sense ({matrix}); it is ignored.",)
    return Orientation(width, height, rotation, is_mirrored, aspect, warnings)


def _sane_aspect(declared: Fraction | None) -> Fraction:
    """The declared sample aspect, or 1 when it is missing or absurd (beyond 8:1)."""
    if not declared or not _SANE_ASPECT[0] <= declared <= _SANE_ASPECT[1]:
        return Fraction(1)
    return Fraction(declared)


def _display_matrix(frame: VideoFrame) -> tuple[int, ...] | None:
    # PyAV types side data as a dict of names; it iterates over entries.
    for entry in cast("Iterable[SideData]", frame.side_data):
        if entry.type == Type.DISPLAYMATRIX and entry.buffer_size >= 36:
            return struct.unpack("<9i", bytes(entry)[:36])
    return None


def _quarter_turn(matrix: tuple[int, ...] | None) -> tuple[int, bool] | None:
    """(degrees clockwise, mirrored first), or None if the matrix does anything else."""
    if matrix is None:
        return 0, False
    a, b, _, c, d = matrix[:5]
    along, across = min(abs(a), abs(d)), min(abs(b), abs(c))
    if along and max(abs(b), abs(c)) <= _SLACK * along:
        is_mirrored = (a > 0) != (d > 0)
        return 0 if d > 0 else 180, is_mirrored
    if across and max(abs(a), abs(d)) <= _SLACK * across:
        is_mirrored = (b > 0) == (c > 0)
        return 90 if c < 0 else 270, is_mirrored
    return None
