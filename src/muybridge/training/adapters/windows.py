"""Windows of footage for a video model: where they are cut, and their frames. Each clip is cut end to end, once."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from muybridge.training.adapters import sha256_of
from muybridge.training.footage import FootageClip
from muybridge.training.footage_clips import long_enough, resize_to_cover, stride_of
from muybridge.training.lora import LoraRecipe


@dataclass(frozen=True, slots=True)
class Window:
    """`num_frames` frames of a file from `start_frame` on, every `stride`-th; file_digest: of its bytes."""

    path: Path
    file_digest: str
    start_frame: int
    stride: int
    num_frames: int
    size: tuple[int, int]
    """Width and height in pixels."""
    caption: str

    def digest(self, base_digest: str) -> str:
        """Names what an encoder of that base model makes of these frames."""
        told = [base_digest, self.file_digest, self.start_frame, self.stride, self.num_frames, *self.size]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def read(self) -> NDArray[np.uint8]:
        """uint8 [T,H,W,3]."""
        from muybridge.media import decode, probing  # heavy: av
        from muybridge.units import FrameSpan

        end = self.start_frame + (self.num_frames - 1) * self.stride + 1
        table = probing.describe(self.path).index
        frames = decode.read_frames(self.path, table, FrameSpan(self.start_frame, end))
        kept = [resize_to_cover(frame, self.size) for at, frame in enumerate(frames) if at % self.stride == 0]
        return np.stack(kept)


def cut(footage: Sequence[FootageClip], recipe: LoraRecipe) -> list[Window]:
    """Every whole window of every clip, side by side. Raises ClipsTooShort when no clip holds one."""
    digests = {path: sha256_of(path) for path in {clip.path for clip in footage}}
    windows = []
    for clip in long_enough(footage, recipe.num_frames):
        stride = stride_of(clip, recipe.fps, recipe.num_frames)
        length = (recipe.num_frames - 1) * stride + 1
        size = (recipe.width, recipe.height)
        windows += [
            Window(clip.path, digests[clip.path], start, stride, recipe.num_frames, size, clip.caption)
            for start in range(clip.start_frame, clip.end_frame - length + 1, length)
        ]
    return windows
