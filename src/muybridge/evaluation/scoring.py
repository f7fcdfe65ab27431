"""Scoring a checkpoint on footage: continuation of held-out clips. Runs in a child process.

Yields Progress, then one Scored. Figures carry n and a 95 % interval; pictures are of the first windows, whatever they
look like. What the simulator says of a checkpoint is the card's work.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from muybridge.evaluation import continuation, pictures
from muybridge.evaluation.card.score import Progress
from muybridge.evaluation.metrics import Metric
from muybridge.training import checkpoint_files
from muybridge.training.footage import FootageClip
from muybridge.worldmodel.sampler import Sampler, Sampling

SHOWN = 4
"""Windows whose pictures go into the report."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to score. footage: clips that training could not see."""

    weights: Path
    footage: tuple[FootageClip, ...]
    metrics: tuple[Metric, ...]
    seed: int = 0
    sampling: Sampling = field(default_factory=Sampling)


@dataclass(frozen=True, slots=True)
class Worst:
    """A window that the network continued badly: where it is in its file, and by which score."""

    clip: int
    start_frame: int
    end_frame: int
    psnr_gain_db: float
    """Over repeating the last given frame, mean over the continued frames."""


@dataclass(frozen=True, slots=True)
class Scored:
    """figures: JSON values. pictures: PNG bytes by name. worst: the worst windows, the worst first.

    pictured: which clips the pictures show.
    """

    figures: dict[str, Any]
    pictures: dict[str, bytes]
    worst: tuple[Worst, ...]
    pictured: frozenset[int]


def score(request: Request) -> Iterator[Progress | Scored]:
    """Score one checkpoint file. Raises CheckpointAltered, NotACheckpoint."""
    yield Progress(0.0, "opening the checkpoint")
    opened = checkpoint_files.open_checkpoint(request.weights)
    yield Progress(0.1, "continuing held-out footage")
    fps = opened.manifest["recipe"]["fps"]
    yield _score_footage(Sampler(opened.model, opened.tokenizer), request, fps)


def _score_footage(sampler: Sampler, request: Request, fps: float) -> Scored:
    """At about as many frames a second as it was trained on."""
    config = sampler.model.config
    windows = continuation.cut_windows(
        request.footage, size=(config.frame_width, config.height), num_frames=config.window, fps=fps
    )
    if not windows:
        reason = f"No held-out clip is as long as a window of {config.window} frames."
        return Scored({"n": 0, "words": [reason]}, {}, (), frozenset())
    made = continuation.continue_all(sampler, windows, request.sampling, seed=request.seed)
    told = continuation.score_all(windows, made, request.metrics, seed=request.seed)
    told["words"] = continuation.say_in_words(told)
    for metric in told["metrics"].values():
        for name, entries in metric.items():
            if isinstance(entries, list):
                metric[name] = [entry._asdict() if entry else None for entry in entries]
    shown = windows[:SHOWN]
    drawn = pictures.continuations(shown, made)
    return Scored(told, drawn, _worst(windows, made), frozenset(window.clip for window in shown))


def _worst(windows: list[continuation.Window], made: dict[str, NDArray[np.uint8]]) -> tuple[Worst, ...]:
    from muybridge.evaluation.metrics.psnr import METRIC

    ranked = []
    for number, window in enumerate(windows):
        gains = METRIC.score(made["model"][number], window.true) - METRIC.score(made["copy"][number], window.true)
        gain = float(gains[continuation.GIVEN :].mean())
        ranked.append(Worst(window.clip, window.start_frame, window.end_frame, gain))
    return tuple(sorted(ranked, key=lambda each: each.psnr_gain_db))
