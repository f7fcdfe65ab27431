"""The report card of a checkpoint file, without server or rows: how the checkpoints that ship are judged.

    python -m muybridge.evaluation.card final.safetensors --split dev --n 256 > card.json

Prints one JSON object, the `card` of `muybridge evaluate worldmodel --json` (docs/guides/evaluating.md).
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import torch

from muybridge.evaluation.card import telling
from muybridge.evaluation.card.score import STAGES, Progress, Request, Stage, score_stage
from muybridge.training import checkpoint_files


def card_of(request: Request) -> dict[str, Any]:
    """The whole card of one file. Raises CheckpointAltered, NotACheckpoint, BadRecipe."""
    _, manifest = checkpoint_files.read_tensors(request.weights)
    scored: dict[str, Stage] = {}
    for name in STAGES:
        for update in score_stage(request, name):
            if isinstance(update, Progress):
                sys.stderr.write(f"{name}: {update.note}\n" if update.note else "")
            else:
                scored[name] = update
    asked = {name: getattr(request, name) for name in telling.ASKED}
    model = telling.trained_as(manifest["config"], manifest["recipe"])
    facts = scored["cost"].facts
    return telling.assemble(asked, facts["plan"], [stage.figures for stage in scored.values()], facts["cost"], model)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m muybridge.evaluation.card", description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--split", choices=("dev", "test"), default="test")
    parser.add_argument("--n", type=int, default=64, help="clips judged in each cell")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    request = Request(asked.checkpoint, asked.split, asked.n, asked.seed)
    sys.stdout.write(json.dumps(card_of(request)) + "\n")


if __name__ == "__main__":
    main()
