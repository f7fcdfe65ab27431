"""Footage as a source of clips: spans of video files, decoded once, cut to the model's frames."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from muybridge.errors import Invalid
from muybridge.training.batches import Rows, scatter
from muybridge.training.footage import FootageClip
from muybridge.training.recipe import Recipe


class ClipsTooShort(Invalid):
    code = "training.clips_too_short"


class VideoClips:
    """Windows of footage at about the recipe's frame rate, centred crops of the model's shape.

    Clips shorter than a window are left out; raises ClipsTooShort when none is long enough.
    """

    def __init__(self, footage: Sequence[FootageClip], recipe: Recipe) -> None:
        self._num_frames, self._num_given = recipe.num_frames, recipe.footage_given
        usable = long_enough(footage, recipe.num_frames)
        self.left_out = len(footage) - len(usable)
        self._footage = usable
        self._strides = [stride_of(clip, recipe.fps, recipe.num_frames) for clip in usable]
        size = (recipe.model.frame_width, recipe.model.height)
        self._frames = [torch.from_numpy(_read(clip, size)) for clip in usable]
        starts = [max(1, len(frames) - (recipe.num_frames - 1) * stride) for frames, stride in self._strided()]
        self._starts = torch.tensor(starts)

    num_before = 0

    def clips(self, numbers: Tensor) -> Rows:
        # Every start of every clip is equally likely, so that long clips are seen more often.
        total = int(self._starts.sum())
        places = torch.tensor([scatter(int(number), total) for number in numbers])
        edges = self._starts.cumsum(0)
        chosen = torch.searchsorted(edges, places, right=True)
        starts = places - (edges - self._starts)[chosen]
        frames, fps = [], []
        for clip, start in zip(chosen.tolist(), starts.tolist(), strict=True):
            at = torch.arange(self._num_frames) * self._strides[clip] + start
            frames.append(self._frames[clip][at])
            fps.append(self._footage[clip].fps / self._strides[clip])
        spoken = [self._footage[clip].caption for clip in chosen.tolist()]
        actions = torch.zeros((len(numbers), self._num_frames), dtype=torch.int64)
        none: list[list[Any]] = [[] for _ in spoken]
        return Rows(torch.stack(frames), spoken, none, spoken, none, actions, torch.tensor(fps), self._num_given)

    def sentences(self) -> list[str]:
        return [clip.caption for clip in self._footage if clip.caption]

    def _strided(self) -> list[tuple[Tensor, int]]:
        return list(zip(self._frames, self._strides, strict=True))


def long_enough(footage: Sequence[FootageClip], num_frames: int) -> list[FootageClip]:
    """The clips that hold a window of so many frames. Raises ClipsTooShort when none does."""
    usable = [clip for clip in footage if clip.end_frame - clip.start_frame >= num_frames]
    if not usable:
        longest = max((clip.end_frame - clip.start_frame for clip in footage), default=0)
        raise ClipsTooShort(
            f"None of {len(footage)} clips is as long as a window of {num_frames} frames; the longest has {longest}.",
            remedy="Use longer clips, or a recipe of fewer frames.",
        )
    return usable


def stride_of(clip: FootageClip, fps: float, num_frames: int) -> int:
    """Source frames a step: near that rate, but short enough for one window to fit."""
    wanted = max(1, round(clip.fps / fps))
    return max(1, min(wanted, (clip.end_frame - clip.start_frame - 1) // (num_frames - 1)))


def _read(clip: FootageClip, size: tuple[int, int]) -> NDArray[np.uint8]:
    from muybridge.media import decode, probing  # heavy: av is needed for footage only
    from muybridge.units import FrameSpan

    table = probing.describe(clip.path).index
    frames = decode.read_frames(clip.path, table, FrameSpan(clip.start_frame, clip.end_frame))
    return np.stack([resize_to_cover(frame, size) for frame in frames])


def resize_to_cover(frame: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Scale uint8 [H,W,3] by area until it covers (width, height), then cut its middle."""
    import cv2  # heavy: needed for footage only

    width, height = size
    scale = max(width / frame.shape[1], height / frame.shape[0])
    scaled_size = (max(width, math.ceil(frame.shape[1] * scale)), max(height, math.ceil(frame.shape[0] * scale)))
    scaled = cv2.resize(frame, scaled_size, interpolation=cv2.INTER_AREA)
    top, left = (scaled.shape[0] - height) // 2, (scaled.shape[1] - width) // 2
    cut: NDArray[np.uint8] = np.ascontiguousarray(scaled[top : top + height, left : left + width])
    return cut
