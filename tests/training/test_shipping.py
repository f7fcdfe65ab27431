"""What is put into the package: eight bits, the figures in the manifest, and a card that names command and failures."""

from pathlib import Path
from typing import Any

import pytest
import torch

from muybridge.training import checkpoint_files, shipping
from muybridge.training.updates import CheckpointFiles

_FACTS = {"colour": 1.0, "shape": 0.9, "direction": 0.8, "speed": 0.7, "all_facts": 0.6}
_CELL = {"n": 8, "caption_exact": 0.5, "facts": _FACTS, "continuation_error": 0.03, "copy_error": 0.15}
_SHARE = {"mean": 0.875, "low": 0.529, "high": 0.978, "n": 8}
RESULTS: dict[str, dict[str, Any]] = {
    "nano": {
        "unseen_clips": _CELL,
        "held_out_pairs": {**_CELL, "caption_exact": 0.25},
        "sampling": {"first_steps": 16, "steps": 2},
    },
    "mini": {
        "n": 8,
        "split": "dev",
        "cost": {"first_steps": 16, "steps": 2},
        "cells": [
            {
                "name": "arcade",
                "figures": [
                    {
                        "group": "actions", "name": "following_moves", "unit": "", "value": _SHARE,
                        "ceiling": {**_SHARE, "mean": 1.0}, "floors": {"copy": {**_SHARE, "mean": 0.0}},
                    },
                    {"group": "actions", "name": "unread", "unit": "", "value": None},
                ],
            }
        ],
    },
}  # fmt: skip
ROWS = {
    "nano": "| captions exact | 0.500 | 0.250 |",
    "mini": "| arcade | actions, following moves | 0.875 (0.529 to 0.978) | 1.000 | copy 0.000 |",
}


@pytest.fixture
def final(trained: CheckpointFiles, tmp_path: Path) -> Path:
    """A checkpoint of twelve minutes. The network is a small one; what is looked at is what is written about it."""
    tensors, manifest = checkpoint_files.read_tensors(trained.path)
    path = tmp_path / "final.safetensors"
    checkpoint_files.write_tensors(path, tensors, {**manifest, "recipe": {**manifest["recipe"], "budget_s": 720.0}})
    return path


@pytest.mark.parametrize("size", ["nano", "mini"])
def test_a_shipped_file_opens_and_its_card_tells_how_it_was_made_and_judged(
    size: str, final: Path, tmp_path: Path
) -> None:
    _, manifest = checkpoint_files.read_tensors(final)
    shipping.ship(size, final, RESULTS[size], tmp_path / "out")
    opened = checkpoint_files.open_checkpoint(tmp_path / "out" / f"{size}.safetensors")
    assert opened.manifest["weights"] == "int8_rows"
    assert ("cells" if size == "mini" else "unseen_clips") in opened.manifest["card"]
    card = (tmp_path / "out" / f"{size}.md").read_text()
    assert ROWS[size] in card
    assert f"--seed {manifest['card']['seed']} --minutes 12" in card
    assert "unread" not in card
    assert f"{manifest['card']['parameters']:,} parameters" in card


def test_what_ships_is_judged_anew_with_its_weights_as_they_are(final: Path, tmp_path: Path) -> None:
    shipping.ship("mini", final, RESULTS["mini"], tmp_path)
    shipped, card = tmp_path / "mini.safetensors", tmp_path / "mini.md"
    before, _ = checkpoint_files.read_tensors(shipped)
    assert "before rounding" in card.read_text()
    shipping.ship("mini", shipped, RESULTS["mini"] | {"n": 9}, tmp_path)
    after, _ = checkpoint_files.read_tensors(shipped)
    assert before.keys() == after.keys()
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert "of these weights, on 9 clips" in card.read_text()
