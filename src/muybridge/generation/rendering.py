"""Rendering one spec to an mp4 file, in a child process: footage decoded, frames made, enlarged and encoded.

Frames wait in memory until all are there, so that progress can be told while the encoder needs them in one go: a
thousand frames of 64 pixels are 12 MB.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from muybridge import media
from muybridge.generation import stills
from muybridge.generation.engines import Engine
from muybridge.generation.first import Still
from muybridge.generation.spec import GenerationSpec, too_early
from muybridge.media import FrameIndexTable, frames_at


@dataclass(frozen=True, slots=True)
class Footage:
    """The file that a generation begins with; index: FrameIndexTable.to_bytes; fps: its mean rate."""

    path: Path
    index: bytes
    fps: float
    end_frame: int


@dataclass(frozen=True, slots=True)
class Made:
    num_frames: int
    """So far; the file is there when it reaches the spec's."""


def render(
    engine: Engine, spec: GenerationSpec, weights: Path | None, begun: Footage | Still | None, target: Path
) -> Iterator[Made]:
    """Make the frames of `spec` and write them to `target`, telling how many there are as they come."""
    if isinstance(begun, Still):
        given: NDArray[np.uint8] | None = stills.read_still(begun.path)[None]
    else:
        given = read_given(spec, begun) if begun else None
    frames: list[NDArray[np.uint8]] = []
    for chunk in engine.generate(spec, weights, given):
        frames.extend(chunk)
        yield Made(len(frames))
    media.encode_mp4((enlarge(frame, spec.min_side) for frame in frames), target, fps=spec.fps, crf=14)


def read_given(spec: GenerationSpec, footage: Footage) -> NDArray[np.uint8]:
    """The last `spec.num_given` frames before `end_frame`, at the spec's rate. Raises TooEarly if there are fewer."""
    stride = spec.stride_of(footage.fps)
    last = footage.end_frame - 1
    numbers = [last - stride * back for back in range(spec.num_given)][::-1]
    if numbers[0] < 0:
        raise too_early(spec, stride)
    return frames_at(footage.path, FrameIndexTable.from_bytes(footage.index), numbers)


def enlarge(frame: NDArray[np.uint8], min_side: int) -> NDArray[np.uint8]:
    """Repeat whole pixels until the shorter side has at least `min_side`."""
    times = max(1, -(-min_side // min(frame.shape[:2])))
    return frame.repeat(times, axis=0).repeat(times, axis=1)
