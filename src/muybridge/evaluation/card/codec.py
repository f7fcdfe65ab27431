"""Through the codec and back: what a network of latents can show at all, however well it predicts them.

A network of pixels has nothing to lose here, and no figure.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional

from muybridge.evaluation.card.asking import Ask
from muybridge.evaluation.card.cells import PHYWORLD, Cell
from muybridge.evaluation.card.figures import Figure, mean, share
from muybridge.evaluation.metrics.psnr import METRIC as PSNR
from muybridge.training.card import score_facts
from muybridge.worldmodel.latents import Latents


def applies(cell: Cell) -> bool:
    return cell.where == "in_distribution"


def score(ask: Ask, cell: Cell) -> list[Figure]:
    """`psnr` of frames that came back, and `facts_kept`: of true clips that did, the share of which all is read."""
    codec = ask.sampler.codec
    if not isinstance(codec, Latents):
        return []
    likeness: dict[str, list[float]] = {"model": [], "shrunk": []}
    kept: dict[str, list[float]] = {"model": [], "true": [], "shrunk": []}
    for clips in ask.batches(cell.config):
        back = codec.decode(codec.encode(clips.true)).cpu()
        shown = {"model": back, "shrunk": shrunk(clips.true, codec.patches * codec.channels), "true": clips.true}
        for method, values in likeness.items():
            values += [
                float(PSNR.score(made, true).mean())
                for made, true in zip(shown[method].numpy(), clips.true.numpy(), strict=True)
            ]
        if cell.config.room not in PHYWORLD:
            for method, values in kept.items():
                values += [each.all_facts for each in score_facts(shown[method], clips.facts, cell.config)]
    floors = {"shrunk": likeness["shrunk"]}
    figures = [mean("codec", "psnr", likeness["model"], unit="dB", floors=floors, is_higher_better=True)]
    if kept["true"]:
        floors = {"shrunk": kept["shrunk"]}
        figures.append(share("codec", "facts_kept", kept["model"], ceiling=kept["true"], floors=floors))
    return figures


def shrunk(frames_BTHW3: Tensor, num_values: int) -> Tensor:
    """What else as many numbers a frame could hold: each frame scaled down to them by area, and up again (bicubic)."""
    height, width = frames_BTHW3.shape[2:4]
    scale = math.sqrt(num_values / (3 * height * width))
    small = (max(1, round(height * scale)), max(1, round(width * scale)))
    image = frames_BTHW3.flatten(0, 1).permute(0, 3, 1, 2).float()
    back = functional.interpolate(functional.interpolate(image, small, mode="area"), (height, width), mode="bicubic")
    return back.round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1).view(frames_BTHW3.shape)
