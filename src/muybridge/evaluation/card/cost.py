"""What it costs: frames a second when one clip is streamed, time to the first frame, memory, bytes.

Measured on whatever machine scores, beside whatever else runs there: a figure of this place, told with its threads. The
benchmark (`benchmarks/worldmodel.py`) is for comparing.
"""

import platform
import resource
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import torch

from muybridge.evaluation.card.asking import Ask
from muybridge.worldmodel.sampler import Wish

_TIMES = 3
_FRAMES = 16


def score(ask: Ask, weights: Path) -> dict[str, Any]:
    """Cost of one clip of 16 frames after a warm-up, the median of three."""
    list(ask.sampler.stream([Wish(seed=0)], 3, ask.how))
    firsts, rates = [], []
    for number in range(_TIMES):
        stream = ask.sampler.stream([Wish(seed=number)], _FRAMES, ask.how)
        began = time.perf_counter()
        next(stream)
        first = time.perf_counter()
        for _ in stream:
            pass
        firsts.append((first - began) * 1000)
        rates.append((_FRAMES - 1) / (time.perf_counter() - first))
    # Linux counts kilobytes, macOS bytes.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return {
        "frames_per_s": statistics.median(rates),
        "ms_to_first_frame": statistics.median(firsts),
        "peak_memory_bytes": peak,
        "checkpoint_bytes": weights.stat().st_size,
        "parameters": ask.sampler.model.num_parameters,
        "steps": ask.how.steps,
        "first_steps": ask.how.first_steps,
        "device": str(ask.sampler.device),
        "threads": torch.get_num_threads(),
        "machine": f"{platform.machine()}, torch {torch.__version__}",
    }
