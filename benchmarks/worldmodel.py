"""Speed of the world model: frames a second, time to the first frame, text, memory; one JSON line a figure.

Each runtime (torch, ONNX Runtime, ONNX Runtime in eight bits) on one thread, and with --full on two: warm, with a full
window, no guidance, the first frame in 12 steps and each later one in two; beside them the plain way, a torch forward
over the whole window for every step, without a cache. `frames_per_cpu_s` counts this process's own time, so it can be
read on a machine that has other work too. Random weights unless a checkpoint is given: speed does not depend on them.

About 40 seconds of one core for base on one thread, of which most are torch's.

    python benchmarks/worldmodel.py [--sizes tiny,base] [--runtimes torch,onnx-int8] [--threads 1,2] [--full]
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import torch
from machine import machine, peak_mb
from torch import Tensor

from muybridge.training import checkpoint_files
from muybridge.worldmodel import matching, passes, sequence, text
from muybridge.worldmodel.config import ModelConfig, model_config
from muybridge.worldmodel.net import FrameInputs, WorldModel
from muybridge.worldmodel.rollout import Rollout
from muybridge.worldmodel.runtimes import Runtime

FIRST_STEPS, STEPS = 12, 2
PROMPT = list(range(text.EVENT + 1, text.EVENT + 9))
QUESTION = (text.QUESTION, *PROMPT, text.ANSWER)


class Taken(NamedTuple):
    wall_s: float
    cpu_s: float


def timed(act: Callable[[], Any]) -> Taken:
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    return Taken(time.perf_counter() - wall, time.process_time() - cpu)


def median(taken: list[Taken]) -> Taken:
    return Taken(*(statistics.median(column) for column in zip(*taken, strict=True)))


def line(name: str, model: WorldModel, **figures: Any) -> str:
    facts = {"benchmark": f"worldmodel.{name}", "size": model.config.name, "parameters": model.num_parameters}
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    threads = {"threads": torch.get_num_threads(), "cores_to_run_on": cores}
    return json.dumps({**facts, **threads, **figures, "machine": f"{machine()}, torch {torch.__version__}"})


def a_network(config: ModelConfig) -> WorldModel:
    torch.manual_seed(0)
    model = WorldModel(config).eval()
    with torch.no_grad():
        for weight in model.parameters():
            if weight.ndim == 2:
                weight.normal_(std=weight.shape[1] ** -0.5)
    return model


def imagine(rollout: Rollout, steps: int) -> None:
    rollout.commit(rollout.imagine(torch.randn_like(rollout.last), steps=steps))


def first_frame(model: WorldModel, trunk: passes.Pass) -> Rollout:
    rollout = Rollout(model, 1, trunk=trunk)
    rollout.say([PROMPT])
    imagine(rollout, FIRST_STEPS)
    return rollout


def measure(model: WorldModel, runtime: Runtime, frames: int) -> Iterator[str]:
    trunk = passes.trunk_of(model, runtime)
    first_frame(model, trunk)
    first = median([timed(lambda: first_frame(model, trunk)) for _ in range(3)])
    rollout = first_frame(model, trunk)
    for _ in range(model.config.window + 1):
        rollout.commit(torch.randn_like(rollout.last))
    frame = median([timed(lambda: imagine(rollout, STEPS)) for _ in range(frames)])
    yield line(
        "stream", model, runtime=runtime, steps=STEPS, frames=frames, frames_per_s=round(1 / frame.wall_s, 2),
        frames_per_cpu_s=round(1 / frame.cpu_s, 2), first_frame_s=round(first.wall_s, 3),
        first_frame_cpu_s=round(first.cpu_s, 3),
    )  # fmt: skip
    yield line("text", model, runtime=runtime, **text_rates(rollout))


def text_rates(rollout: Rollout, tokens: int = 24) -> dict[str, float]:
    """Of answers to a question after a full window; reading the question is a part of them."""
    written = len(rollout.write([QUESTION], tokens)[0])
    taken = median([timed(lambda: rollout.write([QUESTION], tokens)) for _ in range(3)])
    return {
        "tokens": written,
        "tokens_per_s": round(written / taken.wall_s, 1),
        "tokens_per_cpu_s": round(written / taken.cpu_s, 1),
    }


def plainly(model: WorldModel) -> str:
    """One frame with a full window without a cache: each step is a pass over all of it."""
    config, steps = model.config, STEPS
    run = sequence.pack_text([[sequence.prompt(PROMPT)]])
    layout = sequence.two_stream_layout(run, sequence.frame_order(config.window), config)
    # The frames before as they are, and the last one as noise: no frame is passed twice.
    begins, size = run.tokens.shape[1], config.tokens_per_frame
    kept = torch.arange(begins + (config.window - 1) * size)
    kept = torch.cat([kept, torch.arange(layout.order.shape[1] - size, layout.order.shape[1])])
    mask, positions = sequence.dense_mask(layout)[:, :, kept][..., kept], layout.positions[:, kept]
    frames = torch.randn(1, config.window, config.patches, config.channels)
    history = torch.randn(1, config.window, config.history, config.patches, config.channels)
    level = torch.ones(1, config.window)
    motion = matching.matched(history, config)
    inputs = FrameInputs(frames, history, level, level.long(), torch.tensor([8.0]), level * 0, motion)
    last = replace(inputs, history=history[:, -1:], motion=None if motion is None else motion[:, -1:])

    @torch.no_grad()
    def step() -> Tensor:
        x = torch.cat([model.embed_text(run.tokens), model.embed_frames(inputs)], dim=1)
        hidden, _ = model.trunk(x, positions, mask)
        return model.read_frames(hidden[:, -size:], last)

    step()
    taken = median([timed(lambda: [step() for _ in range(steps)]) for _ in range(2)])
    rates = {"frames_per_s": round(1 / taken.wall_s, 2), "frames_per_cpu_s": round(1 / taken.cpu_s, 2)}
    return line("plain", model, runtime="torch, no cache", steps=steps, **rates)


def memory(frames: int) -> str:
    """What the process holds while nano imagines that many frames: after a tenth of them, and at the end."""
    model = a_network(model_config("nano"))
    rollout, held = Rollout(model, 1), []
    for number in range(frames):
        imagine(rollout, 1)
        if number in (frames // 10, frames - 1):
            held.append(held_mb())
    return line("memory", model, runtime=Runtime.TORCH, frames=frames, early_mb=held[0], late_mb=held[1])


def held_mb() -> float:
    told = Path("/proc/self/statm")
    if not told.exists():
        return peak_mb()
    return round(int(told.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="tiny,base")
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--runtimes", default=",".join(Runtime))
    parser.add_argument("--threads")
    parser.add_argument("--frames", type=int, default=12)
    parser.add_argument("--full", action="store_true", help="both threads, 48 frames a figure, memory over 10,000")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    print(memory(10_000 if asked.full else 1_000), flush=True)
    models = [a_network(model_config(size)) for size in asked.sizes.split(",")]
    if asked.checkpoint:
        models = [checkpoint_files.open_checkpoint(asked.checkpoint).model]
    for model in models:
        for threads in map(int, (asked.threads or ("1,2" if asked.full else "1")).split(",")):
            torch.set_num_threads(threads)
            print(plainly(model), flush=True)
            for runtime in asked.runtimes.split(","):
                for told in measure(model, Runtime(runtime), 48 if asked.full else asked.frames):
                    print(told, flush=True)


if __name__ == "__main__":
    main()
