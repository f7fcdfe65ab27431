"""Speed of the world model on this machine: streaming frames, time to first frame, text, memory; one JSON line each.

Random weights unless a checkpoint is given: speed does not depend on what they are. Beside streaming stands its peer,
the same frames by full recompute without a cache.

    python benchmarks/worldmodel.py [--sizes nano,tiny] [--checkpoint FILE] [--frames 24] [--threads 1]
"""

import argparse
import json
import os
import platform
import resource
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from muybridge.training import checkpoint_files
from muybridge.worldmodel import sequence, text
from muybridge.worldmodel.config import model_config
from muybridge.worldmodel.net import FrameInputs, WorldModel
from muybridge.worldmodel.rollout import Rollout

FIRST_STEPS = 12


def line(name: str, model: WorldModel, threads: int, **figures: Any) -> str:
    facts = {"benchmark": f"worldmodel.{name}", "size": model.config.name, "parameters": model.num_parameters}
    return json.dumps({**facts, "threads": threads, **figures, "machine": machine()})


def stream_times(model: WorldModel, frames: int, steps: int) -> list[tuple[float, float]]:
    """(wall, CPU) seconds of each frame, the first (12 steps) first."""
    rollout, taken = Rollout(model, 1), []
    rollout.say([list(range(text.EVENT + 1, text.EVENT + 9))])
    for number in range(frames):
        began = time.perf_counter(), time.process_time()
        noise = torch.randn(1, model.config.patches, model.config.channels)
        rollout.commit(rollout.imagine(noise, steps=FIRST_STEPS if number == 0 else steps))
        taken.append((time.perf_counter() - began[0], time.process_time() - began[1]))
    return taken


@torch.no_grad()
def recompute_s(model: WorldModel, steps: int) -> float:
    """CPU seconds of one frame at a full window without a cache: the peer."""
    config = model.config
    shape = (1, config.window, config.patches, config.channels)
    filled = torch.ones(1, config.window)
    actions = torch.zeros(1, config.window, dtype=torch.int64)
    history = torch.randn(*shape[:2], config.history, *shape[2:])
    inputs = FrameInputs(torch.randn(shape), history, filled, actions, torch.tensor([8.0]), filled * 0)
    run = sequence.pack_text([[sequence.prompt(list(range(8, 16)))]])
    began = time.process_time()
    for _ in range(steps):
        model.predict(run, inputs, inputs, sequence.frame_order(config.window))
    return time.process_time() - began


def text_rate(model: WorldModel, tokens: int = 32) -> float:
    """Tokens a CPU second after a full window of frames."""
    rollout = Rollout(model, 1)
    for _ in range(model.config.window):
        rollout.commit(torch.zeros_like(rollout.last))
    began = time.process_time()
    written = rollout.write([(text.CAPTION,)], max_tokens=tokens)
    return max(1, len(written[0])) / (time.process_time() - began)


def measure(model: WorldModel, frames: int, threads: int) -> Iterator[str]:
    for steps in (1, 2, 4):
        taken = stream_times(model, frames, steps)
        wall, cpu = (statistics.median(column) for column in zip(*taken[2:], strict=True))
        yield line(
            "stream", model, threads, steps=steps, frames_per_s=round(1 / wall, 2),
            frames_per_cpu_s=round(1 / cpu, 2), first_frame_s=round(taken[0][0], 3),
            first_frame_cpu_s=round(taken[0][1], 3),
            recompute_frames_per_cpu_s=round(1 / recompute_s(model, steps), 2),
        )  # fmt: skip
    yield line("text", model, threads, tokens_per_cpu_s=round(text_rate(model), 1))


def memory(model: WorldModel, threads: int, frames: int) -> str:
    """Growth of the process over many frames: none."""
    rollout = Rollout(model, 1)
    peaks = []
    for number in range(frames):
        rollout.commit(rollout.imagine(torch.zeros_like(rollout.last), steps=1))
        if number in (frames // 10, frames - 1):
            peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return line("memory", model, threads, frames=frames, early_peak_mb=round(peaks[0], 1), peak_mb=round(peaks[1], 1))


def machine() -> str:
    path = Path("/proc/cpuinfo")
    names = [each for each in path.read_text().splitlines() if each.startswith("model name")] if path.exists() else []
    model = names[0].partition(":")[2].strip() if names else platform.processor()
    return f"{model}, {os.cpu_count()} cores, torch {torch.__version__}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="nano,tiny")
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--frames", type=int, default=24)
    parser.add_argument("--memory-frames", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=1)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    models = [WorldModel(model_config(size)).eval() for size in asked.sizes.split(",")]
    if asked.checkpoint:
        models = [checkpoint_files.open_checkpoint(asked.checkpoint).model]
    for model in models:
        for told in measure(model, asked.frames, asked.threads):
            print(told, flush=True)
    print(memory(models[0], asked.threads, asked.memory_frames), flush=True)


if __name__ == "__main__":
    main()
