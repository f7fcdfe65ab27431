"""Train a recipe in a folder, without server or rows: how the checkpoints that ship are made.

    python -m muybridge.training.alone mini --seed 0 --minutes 90 --folder work/mini

Killed and started again on the same folder, it goes on where it was. `--start` goes on from a checkpoint's weights
(the shipped one, say); the optimizers then warm up anew.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from muybridge.training import checkpoint_files, loop, recipes
from muybridge.training.footage import FootageClip
from muybridge.training.recipe import Recipe
from muybridge.training.updates import CheckpointFiles, StepMetrics

FINAL = "final.safetensors"


def train(
    recipe: Recipe,
    seed: int,
    folder: Path,
    *,
    footage: Sequence[FootageClip] = (),
    start: Path | None = None,
    is_quiet: bool,
) -> Path:
    """Train (or go on training) in a folder; the final checkpoint's file.

    Raises ResumeMismatch where the folder holds another training.
    """
    folder.mkdir(parents=True, exist_ok=True)
    final = folder / FINAL
    if final.exists():
        _, manifest = checkpoint_files.read_tensors(final)
        loop.require_same(final, manifest, {"training_sha256": loop.digest_of(recipe, seed, footage)})
        return final
    resumed = loop.start_in(folder)
    begin = resumed if resumed.resume or start is None else loop.Start(checkpoint=start)
    for update in loop.train(recipe, seed, footage, begin, folder):
        if isinstance(update, StepMetrics) and not is_quiet:
            shown = {name: round(value, 4) for name, value in update.values.items()}
            sys.stderr.write(f"step {update.step}: {json.dumps(shown)}\n")
        if isinstance(update, CheckpointFiles):
            update.path.replace(final if update.is_final else folder / "latest.safetensors")
    return final


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m muybridge.training.alone", description=__doc__)
    parser.add_argument("recipe", choices=sorted(recipes.RECIPES))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, help="budget by the recipe's clock; default the recipe's own")
    parser.add_argument("--folder", type=Path, required=True, help="work folder; the same folder goes on where it was")
    parser.add_argument("--start", type=Path, help="a checkpoint whose weights to go on from")
    asked = parser.parse_args()
    recipe = recipes.recipe(asked.recipe, metrics_every_s=10.0)
    if asked.minutes:
        recipe = replace(recipe, budget_s=60.0 * asked.minutes)
    if asked.start:
        recipe = recipes.fitted(recipe, checkpoint_files.open_checkpoint(asked.start).model.config)
    sys.stdout.write(f"{train(recipe, asked.seed, asked.folder, is_quiet=False, start=asked.start)}\n")


if __name__ == "__main__":
    main()
