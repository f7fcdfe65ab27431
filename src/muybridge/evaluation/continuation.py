"""How well a network continues real footage, beside two floors that know nothing of the world.

Runs in a child process: torch, decoder and OpenCV load here. Windows are cut end to end from held-out clips, so none
shares a frame with another. Floors: the last given frame repeated, and DIS optical flow of the last two given frames
(Kroeger, Timofte, Dai & Van Gool 2016) carried on in a straight line.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from muybridge.errors import Invalid
from muybridge.evaluation.intervals import estimate_difference, estimate_mean, means_within
from muybridge.evaluation.metrics import Metric
from muybridge.media import decode, probing
from muybridge.training.footage import FootageClip
from muybridge.training.footage_clips import resize_to_cover, stride_of
from muybridge.units import FrameSpan
from muybridge.worldmodel.sampler import Sampler, Sampling, Wish

GIVEN = 2
"""Frames that a continuation starts from: two, so that motion can be seen."""
WINDOWS_A_CLIP = 4
HORIZONS = (1, 2, 4, 8, 16)
"""Frames after the last given one at which figures are told, as far as the window reaches."""
METHODS = ("model", "copy", "flow")

Frames = NDArray[np.uint8]


class NothingHeldOut(Invalid):
    code = "evaluation.nothing_held_out"


@dataclass(frozen=True, slots=True)
class Window:
    """true: uint8 [T, H, W, 3] at the network's size, `fps` of them a second; the frame numbers are the source's."""

    clip: int
    path: Path
    start_frame: int
    end_frame: int
    fps: float
    true: Frames


def cut_windows(
    footage: Sequence[FootageClip], *, size: tuple[int, int], num_frames: int, fps: float, most: int = WINDOWS_A_CLIP
) -> list[Window]:
    """Up to `most` windows of each clip, end to end, at about `fps`. size: (width, height)."""
    windows = []
    for number, clip in enumerate(footage):
        stride = stride_of(clip, fps, num_frames)
        length = (num_frames - 1) * stride + 1
        index = probing.describe(clip.path).index
        starts = range(clip.start_frame, clip.end_frame - length + 1, length)
        for start in list(starts)[:most]:
            read = list(decode.read_frames(clip.path, index, FrameSpan(start, start + length)))[::stride]
            true = np.stack([resize_to_cover(frame, size) for frame in read])
            windows.append(Window(number, clip.path, start, start + length, clip.fps / stride, true))
    return windows


def continue_all(
    sampler: Sampler, windows: Sequence[Window], how: Sampling, *, seed: int, given: int = GIVEN
) -> dict[str, Frames]:
    """What each method makes of each window's first `given` frames: uint8 [N, T, H, W, 3] by method.

    The network is told each window's own rate, as in training.
    """
    true = np.stack([window.true for window in windows])
    made = np.empty_like(true)
    for fps in sorted({window.fps for window in windows}):
        rows = [number for number, window in enumerate(windows) if window.fps == fps]
        for part in (rows[start : start + 16] for start in range(0, len(rows), 16)):
            wishes = [Wish(seed=seed * 100_003 + row, given=torch.from_numpy(true[row, :given])) for row in part]
            made[part] = sampler.sample(wishes, true.shape[1], replace(how, fps=fps)).cpu().numpy()
    return {
        "model": made,
        "copy": np.stack([_repeat(clip, given) for clip in true]),
        "flow": np.stack([_flow_on(clip, given) for clip in true]),
    }


def file_of(window: Window) -> Path:
    return window.path


def score_all(
    windows: Sequence[Window],
    made: dict[str, Frames],
    metrics: Sequence[Metric],
    *,
    seed: int,
    given: int = GIVEN,
    unit: Callable[[Window], Hashable] = file_of,
) -> dict[str, Any]:
    """Each metric of each method at each horizon with intervals, and the model's paired difference to each floor.

    unit: what intervals are over. Windows of one file are alike, so they count as one unless it is told otherwise.
    """
    owners = [unit(window) for window in windows]

    num_frames = windows[0].true.shape[0]
    horizons = [horizon for horizon in HORIZONS if given - 1 + horizon < num_frames]
    told: dict[str, Any] = {"n": len(windows), "num_clips": len({window.clip for window in windows})}
    told |= {"given": given, "horizons": horizons, "metrics": {}}
    for metric in metrics:
        scores = {
            method: np.stack(
                [metric.score(clip, window.true) for clip, window in zip(made[method], windows, strict=True)]
            )
            for method in METHODS
        }
        at = {
            method: [means_within(scores[method][:, given - 1 + horizon].tolist(), owners) for horizon in horizons]
            for method in METHODS
        }
        sign = 1.0 if metric.is_higher_better else -1.0
        told["metrics"][metric.name] = {
            "unit": metric.unit,
            "is_higher_better": metric.is_higher_better,
            **{method: [estimate_mean(values, seed=seed) for values in at[method]] for method in METHODS},
            **{
                f"gain_over_{floor}": [
                    estimate_difference([sign * a for a in model], [sign * b for b in beside], seed=seed)
                    for model, beside in zip(at["model"], at[floor], strict=True)
                ]
                for floor in METHODS[1:]
            },
        }
    return told


SAID = {
    "lost": "Repeating the last given frame beats the network in {}.",
    "open": "No difference can be told in {}.",
    "won": "The network beats repeating the last given frame in {}.",
}


def say_in_words(told: dict[str, Any]) -> list[str]:
    """Where the floor wins, in sentences; failures first."""
    found: dict[str, dict[str, list[str]]] = {outcome: {} for outcome in SAID}
    for name, metric in told["metrics"].items():
        for horizon, gain in zip(told["horizons"], metric["gain_over_copy"], strict=True):
            # Of one file the interval says nothing.
            is_told = gain.n > 1
            outcome = "lost" if is_told and gain.high < 0 else "won" if is_told and gain.low > 0 else "open"
            found[outcome].setdefault(name.upper(), []).append(f"+{horizon}")
    return [
        SAID[outcome].format(" and ".join(f"{name} at {', '.join(at)}" for name, at in places.items()))
        for outcome, places in found.items()
        if places
    ]


def _repeat(true: Frames, given: int) -> Frames:
    made = true.copy()
    made[given:] = true[given - 1]
    return made


def _flow_on(true: Frames, given: int) -> Frames:
    """Every pixel keeps the motion it had between the last two given frames."""
    before, last = (cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in true[given - 2 : given])
    # DIS wants some pixels to work with; small frames are enlarged for it and the flow is scaled back.
    scale = max(1, 128 // min(last.shape))
    enlarged = [cv2.resize(plane, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC) for plane in (last, before)]
    start = np.zeros((*enlarged[0].shape, 2), np.float32)
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM).calc(enlarged[0], enlarged[1], start)
    backward = cv2.resize(flow, (last.shape[1], last.shape[0]), interpolation=cv2.INTER_AREA) / scale
    rows, columns = np.mgrid[0 : last.shape[0], 0 : last.shape[1]].astype(np.float32)
    made = true.copy()
    for frame in range(given, len(true)):
        steps = np.float32(frame - given + 1)
        map_x, map_y = columns + steps * backward[..., 0], rows + steps * backward[..., 1]
        made[frame] = cv2.remap(true[given - 1], map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return made
