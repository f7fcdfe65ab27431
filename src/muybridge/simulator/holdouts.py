"""What training never sees, by construction (the combinations of the evaluation's held-out cells).

12.5 % of (shape, colour) pairs (in the bake-off 3 of its 18), 5 % of (shape, colour, direction) triples, a fourth
object, one background per shape. The tables are constants, so a held-out clip can be named before anything is trained.
"""

import torch
from torch import Tensor

from muybridge.errors import Invalid

from .configs import RoomConfig
from .vocabulary import BACKGROUNDS, COLOURS, DIRECTIONS, SHAPES

HELD_OUT_PAIRS = ((0, 2), (1, 4), (2, 6), (3, 0), (4, 5))
"""(shape, colour): yellow circle, cyan square, purple triangle, red star, blue ring."""

MAX_TRAIN_OBJECTS = 3


def held_out_pairs(device: torch.device) -> Tensor:
    """bool [shape, colour]."""
    table = torch.zeros(len(SHAPES), len(COLOURS), dtype=torch.bool, device=device)
    for shape, colour in HELD_OUT_PAIRS:
        table[shape, colour] = True
    return table


def held_out_triples(device: torch.device) -> Tensor:
    """bool [shape, colour, direction]; every colour, shape and direction stays common in training."""
    shape = torch.arange(len(SHAPES), device=device)[:, None, None]
    colour = torch.arange(len(COLOURS), device=device)[None, :, None]
    direction = torch.arange(len(DIRECTIONS), device=device)
    # Two directions of every fifth pair; never opposite ones, so that a pair always has a way left and right.
    first = (3 * shape + colour) % 8
    return ((2 * shape + colour) % 5 == 0) & ((direction == first) | (direction == (first + 3) % 8))


def held_out_backgrounds(device: torch.device) -> Tensor:
    """bool [shape, background]: each shape is never seen on one background."""
    shape = torch.arange(len(SHAPES), device=device)[:, None]
    background = torch.arange(len(BACKGROUNDS), device=device)[None, :]
    return (shape + 1) % len(BACKGROUNDS) == background


def pair_tables(config: RoomConfig) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    """(seen, held out) (shape, colour) pairs of this room."""
    every = [(shape, colour) for shape in config.shapes for colour in config.colours]
    held = tuple(pair for pair in every if pair in HELD_OUT_PAIRS)
    return tuple(pair for pair in every if pair not in HELD_OUT_PAIRS), held


def check_split(split: str, config: RoomConfig) -> None:
    """Refuse a configuration that would let training see what is held out. Raises Invalid."""
    leaks = config.holdout != "seen" or config.is_out_of_distribution or config.max_objects > MAX_TRAIN_OBJECTS
    if split == "train" and leaks:
        raise Invalid(
            f"The train split of {config.room} may not hold held-out combinations.",
            remedy="Ask for the dev or test split, or keep holdout='seen', at most 3 objects and the training bands.",
        )
