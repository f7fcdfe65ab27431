"""The scaling study: four sizes on three amounts of clips of the bake-off room, and the law that their losses follow.

    python -m muybridge.evaluation.scaling --minutes 120 --folder work/scaling --json

The minutes are CPU time for all twelve cells; amounts of clips are cut to fit them, after timing a few steps of each
size. Killed and started again on the same folder, it goes on where it was: finished cells are files, an unfinished one
resumes its training. Losses are of the dev split, which training cannot draw. Prints one JSON object, and a table.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch

from muybridge.errors import Invalid
from muybridge.evaluation import powerlaw
from muybridge.training import alone, checkpoint_files, loop, objective, recipes
from muybridge.training.batches import CHUNK_STEPS, Feed
from muybridge.training.recipe import Recipe
from muybridge.training.rooms import RoomClips

SIZES: dict[str, dict[str, Any]] = {
    "w32": {"width": 32, "layers": 2, "heads": 2},
    "w64": {"width": 64, "layers": 3, "heads": 2},
    "w96": {"width": 96, "layers": 4, "heads": 4},
    "w128": {"width": 128, "layers": 4, "heads": 4},
}
AMOUNTS = (1, 3, 9)
"""The three amounts of clips, as multiples of the least."""
LOSSES = ("frame_loss", "text_loss")
_TIMED_STEPS = CHUNK_STEPS
"""As many as clips are made for at once: then one making of clips is among them."""
_LEAST_STEPS = 8


class TooLittleTime(Invalid):
    code = "evaluation.too_little_time"


def recipe_of(size: str, num_clips: int) -> Recipe:
    """The bake-off's recipe for this size of network and so many clips, each seen once."""
    recipe = recipes.bakeoff()
    steps = num_clips // recipe.batch_clips
    return replace(
        recipe,
        name=f"scaling-{size}",
        model=replace(recipe.model, name=size, **SIZES[size]),
        steps=steps,
        budget_s=None,
        warmup_steps=min(recipe.warmup_steps, max(1, steps // 10)),
        sample_every_s=1e9,
        checkpoint_every_s=1e9,
        metrics_every_s=10.0,
    )


def plan(folder: Path, minutes: float, seed: int) -> dict[str, Any]:
    """How many clips the cells learn from; made once for a folder. Raises TooLittleTime."""
    path = folder / "plan.json"
    if path.exists():
        known: dict[str, Any] = json.loads(path.read_text())
        return known
    seconds = {size: _seconds_a_clip(size, seed) for size in SIZES}
    batch = recipes.bakeoff().batch_clips
    least = int(60 * minutes / (sum(AMOUNTS) * sum(seconds.values()))) // batch * batch
    if least < _LEAST_STEPS * batch:
        needed = _LEAST_STEPS * batch * sum(AMOUNTS) * sum(seconds.values()) / 60
        raise TooLittleTime(f"{minutes:g} minutes are too few.", remedy=f"Give it {needed:.1f} minutes or more.")
    made = {
        "minutes": minutes,
        "seed": seed,
        "clips": [least * amount for amount in AMOUNTS],
        "seconds_a_clip": seconds,
    }
    _write(path, made)
    return made


def _seconds_a_clip(size: str, seed: int) -> float:
    """CPU seconds that training spends on a clip, simulator included."""
    torch.set_num_threads(1)
    with TemporaryDirectory() as folder:
        trainer = loop.Trainer(recipe_of(size, 1 << 20), seed, (), loop.Start(), Path(folder))
        trainer.take_step()
        began = time.process_time()
        for _ in range(_TIMED_STEPS):
            trainer.take_step()
        return (time.process_time() - began) / (_TIMED_STEPS * trainer.recipe.batch_clips)


def measure(size: str, num_clips: int, folder: Path, *, seed: int, num_dev: int) -> dict[str, Any]:
    """Train one cell (or go on with it) and measure it; a finished one is read. As JSON."""
    path = folder / f"{size}-{num_clips}.json"
    if path.exists():
        known: dict[str, Any] = json.loads(path.read_text())
        if known.get("num_dev") == num_dev:
            return known
    recipe = recipe_of(size, num_clips)
    work = folder / f"{size}-{num_clips}"
    weights = alone.train(recipe, seed, work, is_quiet=True)
    cell = {"size": size, "clips": num_clips, "num_dev": num_dev, **dev_losses(weights, recipe, num_dev=num_dev)}
    _write(path, cell)
    return cell


def dev_losses(weights: Path, recipe: Recipe, *, num_dev: int) -> dict[str, Any]:
    """Losses of a checkpoint on clips of the dev split, batch by batch, with the same noise for every checkpoint."""
    opened = checkpoint_files.open_checkpoint(weights)
    sources = [(clips.weight, RoomClips(clips, recipe, "dev")) for clips in recipe.clips]
    feed = Feed(sources, opened.tokenizer, batch_clips=recipe.batch_clips, seed=0)
    told: dict[str, list[float]] = {name: [] for name in LOSSES}
    with torch.no_grad():
        for number in range(max(1, num_dev // recipe.batch_clips)):
            chance = objective.step_generator(0, number)
            losses = objective.losses(opened.model, feed.examples(number), recipe, chance)
            told["frame_loss"].append(float(losses.frames))
            told["text_loss"].append(float(losses.text))
    return {"parameters": opened.model.num_parameters, **told}


def study(folder: Path, *, minutes: float, seed: int, num_dev: int, is_quiet: bool) -> dict[str, Any]:
    """All cells, the smallest first, and the laws of both losses. As JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    planned = plan(folder, minutes, seed)
    cells = []
    for number, (num_clips, size) in enumerate((clips, size) for clips in planned["clips"] for size in SIZES):
        cells.append(measure(size, num_clips, folder, seed=planned["seed"], num_dev=num_dev))
        if not is_quiet:
            sys.stderr.write(f"{number + 1} of {len(SIZES) * len(AMOUNTS)}: {size} after {num_clips} clips\n")
    parameters, clips = ([float(cell[name]) for cell in cells] for name in ("parameters", "clips"))
    fits = {}
    for name in LOSSES:
        losses = np.array([cell[name] for cell in cells])
        fits[name] = powerlaw.fit_with_intervals(parameters, clips, losses, seed=seed, resamples=powerlaw.NUM_RESAMPLES)
    means = [{**cell, **{name: float(np.mean(cell[name])) for name in LOSSES}} for cell in cells]
    return {"plan": planned, "num_dev": num_dev, "cells": means, "fits": fits}


def table(result: dict[str, Any]) -> str:
    """The study as markdown: losses by size and clips, then the exponents."""
    amounts = result["plan"]["clips"]
    lines = []
    for name in LOSSES:
        lines += [f"| {name.replace('_', ' ')} | parameters | " + " | ".join(f"{n:,} clips" for n in amounts) + " |"]
        lines += ["|---" * (2 + len(amounts)) + "|"]
        for size in SIZES:
            row = [cell for cell in result["cells"] if cell["size"] == size]
            told = " | ".join(f"{cell[name]:.4f}" for cell in row)
            lines.append(f"| {size} | {row[0]['parameters']:,} | {told} |")
        lines.append("")
    lines += ["| loss | alpha (parameters) | beta (clips) | E | relative error |", "|---|---|---|---|---|"]
    lines += [_law_row(name, result["fits"][name]) for name in LOSSES]
    return "\n".join(lines)


def _law_row(name: str, fitted: dict[str, Any]) -> str:
    def told(part: str) -> str:
        low, high = fitted["intervals"][part]
        doubt = ", not determined" if part in fitted["not_determined"] else ""
        return f"{fitted['law'][part]:.2f} ({low:.2f} to {high:.2f}{doubt})"

    return (
        f"| {name.replace('_', ' ')} | {told('alpha')} | {told('beta')} | {told('E')} | {fitted['law']['error']:.3f} |"
    )


def _write(path: Path, value: dict[str, Any]) -> None:
    part = path.with_suffix(".part")
    part.write_text(json.dumps(value))
    part.replace(path)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m muybridge.evaluation.scaling", description=__doc__)
    parser.add_argument("--minutes", type=float, default=120.0, help="CPU minutes of one core for all cells")
    parser.add_argument("--folder", type=Path, required=True, help="work folder; the same folder goes on where it was")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--n", type=int, default=512, help="clips of the dev split that losses are measured on")
    parser.add_argument("--json", action="store_true", help="nothing but one JSON object")
    asked = parser.parse_args(arguments)
    result = study(asked.folder, minutes=asked.minutes, seed=asked.seed, num_dev=asked.n, is_quiet=asked.json)
    sys.stdout.write(json.dumps(result) + "\n")
    if not asked.json:
        sys.stdout.write("\n" + table(result) + "\n")


if __name__ == "__main__":
    main()
