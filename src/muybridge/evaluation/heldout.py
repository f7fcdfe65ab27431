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

from muybridge.errors import Invalid
from muybridge.evaluation import continuation
from muybridge.evaluation.intervals import estimate_difference, estimate_mean
from muybridge.media import probing
from muybridge.training import alone, checkpoint_files, recipes, shipped
from muybridge.training.footage import FootageClip
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


def judge(weights: Path, held: Sequence[FootageClip], *, seed: int) -> list[dict[str, Any]]:
    """For each held-out clip, mean squared error (of pixels in [0, 1]) of each method at each horizon, failures first.

    A ratio below 1 is better than repeating the last frame; `gain` is the paired difference with its interval.
    Raises TooShort when a clip has no whole window.
    """
    opened = checkpoint_files.open_checkpoint(weights)
    sampler, config = Sampler(opened.model, opened.tokenizer), opened.model.config
    num_frames = GIVEN + max(HORIZONS)
    told = []
    for clip in held:
        windows = continuation.cut_windows(
            [clip], size=(config.frame_width, config.height), num_frames=num_frames, fps=HOW.fps, most=_MOST_WINDOWS
        )
        if not windows:
            raise TooShort(
                f"The last {1 - TRAINED_PART:.0%} of {clip.path.name} is shorter than {num_frames} frames.",
                remedy="Leave it out, or give a longer one.",
            )
        made = continuation.continue_all(sampler, windows, HOW, seed=seed, given=GIVEN)
        told.append({"clip": clip.path.name, "windows": len(windows), **_errors(windows, made, seed=seed)})
    return sorted(told, key=lambda each: each["is_below_copy"])


def _errors(
    windows: Sequence[continuation.Window], made: dict[str, continuation.Frames], *, seed: int
) -> dict[str, Any]:
    squared = {
        method: [((frames / 255.0 - window.true / 255.0) ** 2).mean(axis=(1, 2, 3)) for frames, window in pairs]
        for method, pairs in ((name, list(zip(clips, windows, strict=True))) for name, clips in made.items())
    }
    horizons: dict[str, dict[str, Any]] = {}
    for horizon in HORIZONS:
        at = {name: [float(errors[GIVEN - 1 + horizon]) for errors in each] for name, each in squared.items()}
        means = {name: estimate_mean(values, seed=seed) for name, values in at.items()}
        gain = {
            f"gain_over_{floor}": estimate_difference(at[floor], at["model"], seed=seed) for floor in ("copy", "flow")
        }
        ratio = {f"ratio_to_{floor}": sum(at["model"]) / sum(at[floor]) for floor in ("copy", "flow")}
        named = {name: value._asdict() if value else None for name, value in {**means, **gain}.items()}
        horizons[f"+{horizon}"] = {**named, **ratio}
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
    start = asked.start or shipped.path_of("nano")
    parent = checkpoint_files.open_checkpoint(start)
    recipe = recipes.fitted(recipes.recipe("footage", budget_s=60.0 * asked.minutes), parent.model.config)
    before = judge(start, held, seed=asked.seed)
    weights = alone.train(recipe, asked.seed, asked.folder, footage=trained, start=start, is_quiet=asked.json)
    after = judge(weights, held, seed=asked.seed)
    result = {
        "size": parent.model.config.name, "pixels": parent.model.config.height, "seed": asked.seed,
        "minutes": asked.minutes, "given": GIVEN, "fps": HOW.fps,
        "below_copy": f"{sum(each['is_below_copy'] for each in after)} of {len(after)}",
        "clips": after, "before_finetuning": before,
    }  # fmt: skip
    sys.stdout.write(json.dumps(result, indent=None if asked.json else 2) + "\n")


if __name__ == "__main__":
    main()
