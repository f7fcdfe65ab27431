"""Speed of the world model on this machine, by each of what can run it: streaming, first frame, answers, memory.

One JSON line for each size and engine; wall-clock beside CPU time, since machines are shared. Weights are random, for
speed does not depend on what they are. The peer of streaming is the same frame by full recompute without a cache.
Frames are measured with a full window, a prompt, no guidance, K steps and then the commit; the first frame takes 12.

    python benchmarks/worldmodel.py [--sizes nano,mini,tiny,base] [--engines torch,int8,compile,onnx,onnx-int8]
"""

import argparse
import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
from machine import machine, peak_mb

from muybridge.errors import Unavailable
from muybridge.worldmodel import export, sequence, text
from muybridge.worldmodel.config import SIZES, model_config
from muybridge.worldmodel.eight_bit import eight_bit_trunk
from muybridge.worldmodel.net import FrameInputs, WorldModel
from muybridge.worldmodel.passes import Passes, TorchPasses
from muybridge.worldmodel.rollout import Rollout

FIRST_STEPS = 12
PROMPT = list(range(text.EVENT + 1, text.EVENT + 17))
ENGINES = ("torch", "int8", "compile", "onnx", "onnx-int8")


class Took:
    """Medians of wall and CPU seconds of several calls."""

    def __init__(self, act: Callable[[], object], times: int) -> None:
        spans = [self._one(act) for _ in range(times)]
        self.wall_s, self.cpu_s = (statistics.median(column) for column in zip(*spans, strict=True))

    @staticmethod
    def _one(act: Callable[[], object]) -> tuple[float, float]:
        began = time.perf_counter(), time.process_time()
        act()
        return time.perf_counter() - began[0], time.process_time() - began[1]


def random_model(size: str) -> WorldModel:
    """No weight is zero: denormal numbers and skipped work would flatter."""
    torch.manual_seed(0)
    model = WorldModel(model_config(size)).eval()
    with torch.no_grad():
        for weight in model.parameters():
            if weight.ndim == 2:
                weight.normal_(std=weight.shape[1] ** -0.5)
    return model


def engine(name: str, model: WorldModel, folder: Path, threads: int) -> Passes:
    """Raises Unavailable where this machine lacks it."""
    if name == "torch":
        return TorchPasses(model)
    if name == "int8":
        return TorchPasses(model, eight_bit_trunk(model.trunk))
    if name == "compile":
        if not any(map(shutil.which, ("c++", "g++", "clang++"))):
            raise Unavailable("torch.compile needs a C++ compiler.", remedy="Install g++.")
        # Block by block: all blocks are one program, so it is compiled once.
        model.trunk.blocks = torch.nn.ModuleList(torch.compile(block, dynamic=True) for block in model.trunk.blocks)
        return TorchPasses(model)
    whole, small = folder / f"{model.config.name}.onnx", folder / f"{model.config.name}-int8.onnx"
    if not whole.exists():
        export.export_frame(model, whole)
    if name == "onnx":
        return export.OnnxPasses(model, whole, threads)
    export.quantise_file(whole, small)
    return export.OnnxPasses(model, small, threads)


def imagine(rollout: Rollout, steps: int) -> None:
    rollout.commit(rollout.imagine(torch.randn_like(rollout.last), steps=steps))


def measure(model: WorldModel, passes: Passes, frames: int) -> dict[str, Any]:
    """Figures of one network on one engine."""
    warm = Rollout(model, 1, passes=passes)
    imagine(warm, 1)
    rollout = Rollout(model, 1, passes=passes)
    rollout.say([PROMPT])
    first = Took(lambda: imagine(rollout, FIRST_STEPS), 1)
    while rollout.num_frames <= model.config.window:
        rollout.commit(rollout.last.clone())
    told: dict[str, Any] = {"first_frame_ms": ms(first.wall_s), "first_frame_cpu_ms": ms(first.cpu_s)}
    for steps in (1, 2):
        took = Took(lambda steps=steps: imagine(rollout, steps), frames)  # type: ignore[misc]
        told[f"frames_per_s_k{steps}"] = round(1 / took.wall_s, 1)
        told[f"frames_per_cpu_s_k{steps}"] = round(1 / took.cpu_s, 1)
    return told | answers(rollout)


def answers(rollout: Rollout, tokens: int = 24) -> dict[str, float]:
    """Tokens a second of an answer about a full window, the reading of its question included."""
    written: list[list[int]] = []
    question = [(text.QUESTION, *PROMPT[:8], text.ANSWER)]
    took = Took(lambda: written.extend(rollout.write(question, max_tokens=tokens)), 3)
    count = min(tokens, len(written[0]) + 1)
    return {"tokens_per_s": round(count / took.wall_s, 1), "tokens_per_cpu_s": round(count / took.cpu_s, 1)}


@torch.no_grad()
def recompute(model: WorldModel) -> Took:
    """One frame's step at a full window without a cache: the peer, as the training's forward does it."""
    config = model.config
    shape = (1, config.window, config.patches, config.channels)
    filled, actions = torch.ones(1, config.window), torch.zeros(1, config.window, dtype=torch.int64)
    history = torch.randn(*shape[:2], config.history, *shape[2:])
    inputs = FrameInputs(torch.randn(shape), history, filled, actions, torch.tensor([8.0]), filled * 0)
    run = sequence.pack_text([[sequence.prompt(PROMPT)]])
    order = sequence.frame_order(config.window)
    return Took(lambda: model.predict(run, inputs, inputs, order), 1)


def memory(model: WorldModel, passes: Passes, frames: int) -> dict[str, Any]:
    """Peak of the process after few frames and after many."""
    rollout, early = Rollout(model, 1, passes=passes), min(100, frames)
    rollout.say([PROMPT])
    peaks = {}
    for number in range(1, frames + 1):
        imagine(rollout, 1)
        if number in (early, frames):
            peaks[f"peak_mb_after_{number}"] = peak_mb()
    return {**peaks, "cache_mb": round(rollout.cache_bytes / 2**20, 2)}


def ms(seconds: float) -> int:
    return round(seconds * 1000)


def line(kind: str, model: WorldModel, engine_name: str, threads: int, **figures: Any) -> str:
    facts = {"benchmark": f"worldmodel.{kind}", "size": model.config.name, "engine": engine_name, "threads": threads}
    return json.dumps({**facts, **figures, "torch": torch.__version__, "machine": machine()})


def run(asked: argparse.Namespace, folder: Path) -> Iterator[str]:
    # Memory first: the peak of a process remembers the largest network that it ever held.
    model = random_model("nano")
    name, passes = "onnx", None
    try:
        passes = engine("onnx", model, folder, 1)
    except Unavailable:
        name = "torch"
    yield line("memory", model, name, 1, **memory(model, passes or TorchPasses(model), asked.memory_frames))
    for size in asked.sizes.split(","):
        model = random_model(size)
        peer = recompute(model)
        yield line("recompute", model, "torch", asked.threads, step_ms=ms(peer.wall_s), step_cpu_ms=ms(peer.cpu_s))
        for name in asked.engines.split(","):
            network = random_model(size)
            try:
                figures = measure(network, engine(name, network, folder, asked.threads), asked.frames)
            except Unavailable as missing:
                yield line("stream", model, name, asked.threads, left_out=str(missing))
                continue
            # The peer also takes K steps and needs no commit, for it keeps nothing.
            faster = {
                f"times_recompute_k{k}": round(peer.cpu_s * k * figures[f"frames_per_cpu_s_k{k}"], 1) for k in (1, 2)
            }
            yield line("stream", model, name, asked.threads, **figures, **faster)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="nano,mini,tiny,base", help=f"of {', '.join(SIZES)}")
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--frames", type=int, default=7, help="measured for each K")
    parser.add_argument("--memory-frames", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--full", action="store_true", help="three times the frames")
    asked = parser.parse_args()
    asked.frames *= 3 if asked.full else 1
    torch.set_num_threads(asked.threads)
    with tempfile.TemporaryDirectory() as folder:
        for told in run(asked, Path(folder)):
            print(told, flush=True)


if __name__ == "__main__":
    main()
