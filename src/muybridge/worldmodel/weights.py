"""Weights as eight-bit rows: absolute maximum of each row in float16, values in int8; and back.

Pure tensors; files are `training.checkpoint_files`' work. Vectors and tiny tables stay as they are: they are few, and
gains near one lose the most.
"""

from typing import NamedTuple

import torch
from torch import Tensor

SCALE = ".scale"
_SMALLEST = 2048


class Rows(NamedTuple):
    """values: int8 [R,C]; scale: float16 [R]."""

    values: Tensor
    scale: Tensor


def quantise(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """Matrices become int8 with a float16 scale a row, under `name` and `name.scale`; the rest becomes float16."""
    small: dict[str, Tensor] = {}
    for name, weight in weights.items():
        if weight.ndim != 2 or weight.numel() < _SMALLEST:
            small[name] = weight.half()
            continue
        small[name], small[name + SCALE] = quantise_rows(weight)
    return small


def quantise_rows(weight: Tensor) -> Rows:
    """A matrix [R,C] as eight-bit rows; one that came from such rows becomes them again."""
    # The scale is rounded first: dividing and multiplying must use the same number. A row of zeros keeps scale 1.
    largest = weight.float().abs().amax(dim=1)
    scale = torch.where(largest > 0, largest / 127.0, torch.ones_like(largest)).clamp(min=1e-7).half()
    return Rows((weight.float() / scale.float()[:, None]).round().clamp(-127, 127).to(torch.int8), scale)


def dequantise(small: dict[str, Tensor]) -> dict[str, Tensor]:
    """Float32 weights from what `quantise` gave; float weights pass through."""
    weights: dict[str, Tensor] = {}
    for name, weight in small.items():
        if name.endswith(SCALE):
            continue
        scale = small.get(name + SCALE)
        weights[name] = weight.float() if scale is None else weight.float() * scale.float()[:, None]
    return weights


def is_quantised(weights: dict[str, Tensor]) -> bool:
    return any(name.endswith(SCALE) for name in weights)
