"""From a batch of examples to the losses of one training step: noise, what is known, what is dropped.

All chance comes from one generator, seeded by (run seed, step), so a resumed run draws what the first would have.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from muybridge.training.parallel import ALONE, Ranks
from muybridge.training.recipes import Recipe
from muybridge.worldmodel import flow, sequence
from muybridge.worldmodel.net import FrameInputs, Losses, WorldModel
from muybridge.worldmodel.patches import Codec


@dataclass(frozen=True, slots=True)
class Examples:
    """One batch: frames uint8 [B,T,H,W,3], each row's pieces of text, actions [B,T] (0: none), fps [B].

    learned: [B,T] weight of each frame in the loss, 0 for those that are given.
    """

    frames: Tensor
    pieces: list[list[sequence.Piece]]
    actions: Tensor
    fps: Tensor
    learned: Tensor


def step_generator(seed: int, step: int) -> torch.Generator:
    return torch.Generator().manual_seed((seed * 1_000_003 + step) % 2**63)


def losses(
    model: WorldModel,
    codec: Codec,
    examples: Examples,
    recipe: Recipe,
    chance: torch.Generator,
    ranks: Ranks = ALONE,
) -> Losses:
    """The two losses of a batch in one pass (see worldmodel.sequence).

    Of several processes each gives its own examples and gets the whole batch's losses, but for `total`: that one is
    its own share, so weighed that the mean of all gradients is the whole batch's.
    """
    device = model.control.device
    x = codec.encode(examples.frames).to(device)
    batch, time = x.shape[0] * ranks.size, x.shape[1]
    rows = ranks.rows(batch)
    order = _orders(batch, time, recipe, chance)[rows]
    context_tau = flow.sample_context_tau((batch, time), chance, recipe.context_noise)[rows].to(device)
    tau = flow.sample_tau((batch, time), chance)[rows].to(device)
    noise = torch.randn((2, batch, *x.shape[1:]), generator=chance)[:, rows].to(device)
    context = flow.mix(x, noise[0], context_tau)
    hides = _hidden(batch, time, recipe, chance)[rows].to(device)
    run = sequence.pack_text(examples.pieces).to(device)
    actions, fps, learned = (each.to(device) for each in (examples.actions, examples.fps, examples.learned))
    order, no_step = order.to(device), torch.zeros_like(tau)
    history = _history(context, order, recipe.model.history)
    clean = FrameInputs(context, history, context_tau, actions, fps, no_step)
    noisy = FrameInputs(flow.mix(x, noise[1], tau), history, tau, actions, fps, no_step)
    text_share = _share((run.targets != sequence.IGNORED).sum(), ranks)
    frame_share = _share(learned.sum(), ranks)
    result: Losses = model(
        run, clean, noisy, x, learned, order, frame_share * ranks.size,
        recipe.text_weight * text_share * ranks.size, hides,
    )  # fmt: skip
    if ranks.size == 1:
        return result
    frames, words = ranks.add([float(result.frames) * frame_share, float(result.text) * text_share])
    return Losses(result.total, torch.tensor(frames), torch.tensor(words))


def _share(learned: Tensor, ranks: Ranks) -> float:
    """This process's part of what all of them learn in this step."""
    if ranks.size == 1:
        return 1.0
    own = float(learned)
    (everyone,) = ranks.add([own])
    return own / max(1.0, everyone)


def _hidden(batch: int, time: int, recipe: Recipe, chance: torch.Generator) -> Tensor:
    """Which noisy frames do not see their prompt, [B,T]."""
    draw = torch.rand(2, batch, 1, generator=chance)
    # Two frames show where things go; before that only words can tell, and hiding them teaches nothing.
    is_seen_moving = torch.arange(time) >= 2
    return (draw[0] < recipe.prompt_drop) | ((draw[1] < recipe.watch_part) & is_seen_moving)


def _orders(batch: int, time: int, recipe: Recipe, chance: torch.Generator) -> Tensor:
    forward = sequence.frame_order(time)
    # The last frame first, then forward: what `Sampler.between` asks for.
    between = sequence.inbetween_order(time, [time - 1])
    is_between = torch.rand(batch, 1, generator=chance) < recipe.inbetween_part
    return torch.where(is_between, between, forward)


def _history(context_BTPC: Tensor, order_BT: Tensor, count: int) -> Tensor:
    """The `count` neighbours before each frame in time [B,T,K,P,C]; zeros where there is none or it is unknown."""
    back = []
    for distance in range(1, count + 1):
        earlier = torch.zeros_like(context_BTPC)
        is_known = (order_BT[:, :-distance] < order_BT[:, distance:])[:, :, None, None]
        earlier[:, distance:] = context_BTPC[:, :-distance] * is_known
        back.append(earlier)
    return torch.stack(back, dim=2)
