"""Speed of training: clips and tokens a second, and the part of the machine's measured matrix peak that they use.

On a GPU if there is one (bfloat16, blocks compiled, beside the same steps plainly: not compiled), otherwise on one
thread of the CPU in float32. Operations are counted by torch itself over one step, forward and backward; the peak is
the best of a few products of large square matrices in the same precision, measured in the same run. A step includes
everything that training pays for: the simulator's clips (made for eight steps at once), the losses, both optimizers,
the average of the weights.

    python benchmarks/training.py [--sizes nano,mini] [--steps 8] [--full]
"""

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from machine import machine
from torch.utils.flop_counter import FlopCounterMode

from muybridge.training import loop, recipes
from muybridge.training.batches import CHUNK_STEPS
from muybridge.training.recipe import Recipe
from muybridge.worldmodel.config import model_config

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
PRECISION = torch.bfloat16 if DEVICE.type == "cuda" else torch.float32
SIZES = "base,150m" if DEVICE.type == "cuda" else "nano,mini"
LONG_SIZES = "base,150m" if DEVICE.type == "cuda" else "nano,mini,tiny"


def seconds(act: Callable[[], object], times: int) -> float:
    """Of one act, on the wall; the device has finished before the clock is read."""
    _finish()
    began = time.perf_counter()
    for _ in range(times):
        act()
    _finish()
    return (time.perf_counter() - began) / times


def _finish() -> None:
    if DEVICE.type == "cuda":
        torch.cuda.synchronize()


def peak_flops() -> float:
    """Operations a second of a product of two large square matrices, the best of five."""
    size = 8192 if DEVICE.type == "cuda" else 1024
    left, right = (torch.randn(size, size, device=DEVICE, dtype=PRECISION) for _ in range(2))
    torch.mm(left, right)
    return 2 * size**3 / min(seconds(lambda: torch.mm(left, right), 3) for _ in range(5))


def recipe_of(size: str) -> Recipe:
    """The size's own recipe, or base's clips for the sizes that have none."""
    if size == "nano":
        return recipes.bakeoff()
    if size in recipes.RECIPES:
        return recipes.recipe(size)
    base = recipes.base()
    return replace(base, name=size, model=replace(model_config(size), window=base.model.window))


def flops_of_a_step(recipe: Recipe, folder: Path) -> int:
    """Operations of a step's matrix products and attention, forward and backward; compiling would hide them."""
    trainer = loop.Trainer(replace(recipe, is_compiled=False), 0, (), loop.Start(), folder)
    with FlopCounterMode(display=False) as counted:
        trainer.take_step(0.1)
    return int(counted.get_total_flops())


def seconds_a_step(recipe: Recipe, folder: Path, steps: int) -> float:
    trainer = loop.Trainer(recipe, 0, (), loop.Start(), folder)
    trainer.take_step(0.1)
    trainer.take_step(0.1)
    return seconds(lambda: trainer.take_step(0.1), steps)


def measure(size: str, steps: int, peak: float) -> str:
    recipe = recipe_of(size)
    with TemporaryDirectory() as folder:
        taken = seconds_a_step(recipe, Path(folder), steps)
        flops = flops_of_a_step(recipe, Path(folder))
        plain = (
            seconds_a_step(replace(recipe, is_compiled=False), Path(folder), steps) if DEVICE.type == "cuda" else None
        )
    # Frames are passed twice, as they are and noisy.
    frame_tokens = 2 * recipe.num_frames * recipe.model.tokens_per_frame
    device = torch.cuda.get_device_name() if DEVICE.type == "cuda" else "cpu, 1 thread"
    return json.dumps(
        {
            "benchmark": "training.step",
            "size": size,
            "clips": recipe.batch_clips,
            "step_s": round(taken, 4),
            "clips_per_s": round(recipe.batch_clips / taken, 2),
            "frame_tokens_per_s": round(recipe.batch_clips * frame_tokens / taken),
            "tflops_per_s": round(flops / taken / 1e12, 4),
            "peak_tflops_per_s": round(peak / 1e12, 4),
            "part_of_peak": round(flops / taken / peak, 3),
            "times_faster_than_plain": round(plain / taken, 2) if plain else None,
            "device": device,
            "precision": str(PRECISION).removeprefix("torch."),
            "machine": f"{machine()}, torch {torch.__version__}",
        }
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes")
    parser.add_argument("--steps", type=int, default=CHUNK_STEPS, help="steps of each figure, after two to warm up")
    parser.add_argument("--full", action="store_true", help="the larger sizes too, and four times the steps")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    peak = peak_flops()
    for size in (asked.sizes or (LONG_SIZES if asked.full else SIZES)).split(","):
        print(measure(size, asked.steps * (4 if asked.full else 1), peak), flush=True)


if __name__ == "__main__":
    main()
