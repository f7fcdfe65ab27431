"""Sample, draw and judge the simulator's clips on one core at 32, 64 and 128 px; one JSON line each.

Beside it, the floor of the same frames: allocating them and copying one float picture into each as uint8, which any
renderer that keeps its frames must do. Rates are by processor time of one thread, so that a busy machine does not
make the simulator look slow.

    python benchmarks/simulator.py [--clips 96] [--repeats 3] [--rooms bakeoff,lab,arcade,desk]
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from typing import Any

import torch
from machine import machine, peak_mb

from muybridge.simulator import captions, judge
from muybridge.simulator.render import render
from muybridge.simulator.scenes import ROOMS, sample


def median_seconds(work: Callable[[int], Any], repeats: int) -> float:
    """Processor seconds of work(0), work(1), …; the first, which warms caches, is not counted."""
    work(0)
    taken = []
    for number in range(1, repeats + 1):
        began = time.process_time()
        work(number)
        taken.append(time.process_time() - began)
    return statistics.median(taken)


def copy_floor(frames: torch.Tensor) -> None:
    picture = torch.zeros(frames.shape[2:])
    for clip in range(frames.shape[0]):
        frames[clip] = picture.to(torch.uint8)


def measure(room: str, resolution: int, clips: int, repeats: int) -> dict[str, Any]:
    """Frames a second of every step for one room and resolution."""
    num_frames = ROOMS[room].num_frames
    total = clips * num_frames

    def indices(number: int) -> range:
        return range(number * clips, (number + 1) * clips)

    scene = sample(room, "dev", indices(0))
    frames = render(scene, height=resolution, width=resolution)
    steps: dict[str, Callable[[int], Any]] = {
        "sample": lambda number: sample(room, "dev", indices(number)),
        "render": lambda number: render(scene, height=resolution, width=resolution),
        "sample_render_caption": lambda number: (
            render(part := sample(room, "dev", indices(number)), height=resolution, width=resolution),
            captions.captions(part, paraphrase_seed=number),
        ),
        "judge": lambda number: judge.facts_from_frames(frames, room),
        "copy_floor": lambda number: copy_floor(torch.empty_like(frames)),
    }
    rates = {f"{name}_frames_per_s": round(total / median_seconds(step, repeats)) for name, step in steps.items()}
    return {
        "benchmark": "simulator",
        "room": room,
        "resolution": resolution,
        "clips": clips,
        "frames": num_frames,
        **rates,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, default=32)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--rooms", default="bakeoff,lab,arcade,desk")
    parser.add_argument("--resolutions", default="32,64,128")
    parser.add_argument("--full", action="store_true", help="twelve times the clips")
    options = parser.parse_args()
    torch.set_num_threads(1)
    for room in options.rooms.split(","):
        for resolution in map(int, options.resolutions.split(",")):
            clips = max(8, (12 if options.full else 1) * options.clips * 32 * 32 // resolution**2)
            result = measure(room, resolution, clips, options.repeats)
            print(json.dumps({**result, "threads": 1, "peak_mb": peak_mb(), "machine": machine()}), flush=True)


if __name__ == "__main__":
    main()
