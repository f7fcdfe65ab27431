"""The bake-off: train nano for some minutes of one core, then judge it on unseen clips. One command:

    python -m muybridge.training.bakeoff --seed 0 --minutes 12 --json

It goes on where it was when it is killed and started again on the same folder. Prints one JSON object.
"""

import argparse
import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from muybridge.simulator import configs
from muybridge.training import checkpoint_files, recipes
from muybridge.training.alone import train
from muybridge.training.card import report
from muybridge.worldmodel.sampler import Sampler, Sampling

HOW = Sampling(first_steps=16, steps=2)


def judge(weights: Path, *, n: int, split: str) -> dict[str, Any]:
    """The card of a checkpoint file: clips of combinations that training saw, and of those held out."""
    opened = checkpoint_files.open_checkpoint(weights)
    sampler = Sampler(opened.model, opened.tokenizer)
    seen, held = configs.room_config("bakeoff"), configs.room_config("bakeoff", holdout="pairs")
    return {
        "training": opened.manifest["card"],
        "sampling": {"first_steps": HOW.first_steps, "steps": HOW.steps, "guidance": HOW.guidance},
        "unseen_clips": report(sampler, seen, n=n, split=split, how=HOW).to_json(),
        "held_out_pairs": report(sampler, held, n=n, split=split, how=HOW).to_json(),
    }


def main() -> None:
    asked = _arguments()
    recipe = recipes.bakeoff(asked.minutes)
    recipe = replace(recipe, clock=asked.clock, sample_every_s=1e9, metrics_every_s=10.0)
    folder = asked.folder or Path(tempfile.mkdtemp(prefix="bakeoff-"))
    weights = train(recipe, asked.seed, folder, is_quiet=asked.json)
    result = {"seed": asked.seed, "minutes": asked.minutes, "clock": asked.clock, "weights": str(weights)}
    result |= judge(weights, n=asked.n, split=asked.split)
    sys.stdout.write(json.dumps(result, indent=None if asked.json else 2) + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m muybridge.training.bakeoff", description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=12.0)
    parser.add_argument("--clock", choices=("cpu", "wall"), default="cpu", help="what the minutes count")
    parser.add_argument("--n", type=int, default=512, help="clips judged in each cell")
    parser.add_argument("--split", choices=("dev", "test"), default="dev")
    parser.add_argument("--folder", type=Path, help="work folder; the same folder goes on where it was")
    parser.add_argument("--json", action="store_true", help="nothing but one JSON object")
    return parser.parse_args()


if __name__ == "__main__":
    main()
