"""How well the network continues footage of yours that it has not seen: fine-tune on the beginning, continue the end.

    python -m muybridge.evaluation.heldout CLIP [CLIP ...] --minutes 20 --folder work/heldout --json

Of each clip the first 70 % of frames are trained on and the last 30 % continued, in windows that share no frame. Beside
the network stand the last given frame repeated and DIS optical flow carried on. Prints one JSON object, the clips on
which the network fails first. Killed and started again on the same folder, it goes on where it was.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from muybridge.errors import Invalid
from muybridge.evaluation import continuation
from muybridge.evaluation.continuation import Window
from muybridge.media import probing
from muybridge.training import alone, checkpoint_files, recipes, shipped
from muybridge.training.footage import FootageClip
from muybridge.worldmodel.config import ModelConfig
from muybridge.worldmodel.net import NATIVE_FPS
from muybridge.worldmodel.sampler import Sampler, Sampling

TRAINED_PART = 0.7
GIVEN = 4
HORIZONS = (1, 4, 8)
# One step from noise gives the mean of what may come: the best guess where nothing is certain.
HOW = Sampling(first_steps=1, steps=1, fps=12.0)
_MOST_WINDOWS = 64


class TooShort(Invalid):
    code = "evaluation.footage_too_short"


def split(paths: Sequence[Path]) -> tuple[list[FootageClip], list[FootageClip]]:
    """(trained on, held out) of each file, in time. Raises what probing raises for a file that is no video."""
    trained, held = [], []
    for path in paths:
        described = probing.describe(path)
        num_frames, fps = described.facts.num_frames, described.facts.fps or NATIVE_FPS
        cut = int(TRAINED_PART * num_frames)
        trained.append(FootageClip(path, 0, cut, fps))
        held.append(FootageClip(path, cut, num_frames, fps))
    return trained, held


class _Mse:
    """Mean squared error of pixels in [0, 1], over RGB."""

    name = "mse"
    unit = ""
    is_higher_better = False

    def score(self, made: NDArray[np.uint8], true: NDArray[np.uint8]) -> NDArray[np.float64]:
        error: NDArray[np.float64] = ((made / 255.0 - true / 255.0) ** 2).mean(axis=(1, 2, 3))
        return error


def cut_windows(held: Sequence[FootageClip], config: ModelConfig) -> list[list[Window]]:
    """The windows of each held-out clip. Raises TooShort when one has no whole window."""
    num_frames, size = GIVEN + max(HORIZONS), (config.frame_width, config.height)
    cut = []
    for clip in held:
        windows = continuation.cut_windows([clip], size=size, num_frames=num_frames, fps=HOW.fps, most=_MOST_WINDOWS)
        if not windows:
            raise TooShort(
                f"The last {1 - TRAINED_PART:.0%} of {clip.path.name} is shorter than {num_frames} frames.",
                remedy="Leave it out, or give a longer one.",
            )
        cut.append(windows)
    return cut


def judge(weights: Path, cut: Sequence[Sequence[Window]], *, seed: int) -> list[dict[str, Any]]:
    """For each held-out clip, mean squared error (of pixels in [0, 1]) of each method at each horizon, failures first.

    A ratio below 1 is better than repeating the last frame; `gain` is the paired difference with its interval.
    """
    opened = checkpoint_files.open_checkpoint(weights)
    sampler = Sampler(opened.model, opened.tokenizer)
    told = [
        {"clip": windows[0].path.name, "windows": len(windows), **_errors(sampler, windows, seed=seed)}
        for windows in cut
    ]
    return sorted(told, key=lambda each: each["is_below_copy"])


def _errors(sampler: Sampler, windows: Sequence[Window], *, seed: int) -> dict[str, Any]:
    made = continuation.continue_all(sampler, windows, HOW, seed=seed, given=GIVEN)
    # One clip is judged by itself: the interval is over what it shows at different times.
    told = continuation.score_all(
        windows, made, [_Mse()], seed=seed, given=GIVEN, unit=lambda window: window.start_frame
    )
    figures = told["metrics"]["mse"]
    horizons: dict[str, dict[str, Any]] = {}
    for horizon in HORIZONS:
        at = told["horizons"].index(horizon)
        named = {name: figures[name][at] for name in (*continuation.METHODS, "gain_over_copy", "gain_over_flow")}
        ratio = {f"ratio_to_{floor}": named["model"].mean / named[floor].mean for floor in ("copy", "flow")}
        horizons[f"+{horizon}"] = {**{name: estimate._asdict() for name, estimate in named.items()}, **ratio}
    is_below = all(horizons[f"+{horizon}"]["ratio_to_copy"] < 1.0 for horizon in HORIZONS[1:])
    return {"is_below_copy": is_below, "mse": horizons}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m muybridge.evaluation.heldout", description=__doc__)
    parser.add_argument("clips", nargs="+", type=Path)
    parser.add_argument("--minutes", type=float, default=20.0, help="CPU minutes of one core for fine-tuning")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--start", type=Path, help="checkpoint to go on from; default the shipped one")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--json", action="store_true", help="nothing but one JSON object")
    asked = parser.parse_args()
    trained, held = split(asked.clips)
    start = asked.start or shipped.path_of("mini")
    parent = checkpoint_files.open_checkpoint(start)
    recipe = recipes.fitted(recipes.recipe("footage", budget_s=60.0 * asked.minutes), parent.model.config)
    cut = cut_windows(held, parent.model.config)
    before = judge(start, cut, seed=asked.seed)
    weights = alone.train(recipe, asked.seed, asked.folder, footage=trained, start=start, is_quiet=asked.json)
    after = judge(weights, cut, seed=asked.seed)
    result = {
        "size": parent.model.config.name, "pixels": parent.model.config.height, "seed": asked.seed,
        "minutes": asked.minutes, "given": GIVEN, "fps": HOW.fps,
        "below_copy": f"{sum(each['is_below_copy'] for each in after)} of {len(after)}",
        "clips": after, "before_finetuning": before,
    }  # fmt: skip
    sys.stdout.write(json.dumps(result, indent=None if asked.json else 2) + "\n")


if __name__ == "__main__":
    main()
