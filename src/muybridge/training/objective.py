"""From a batch of examples to the losses of one training step: noise, what is known, what is dropped.

All chance comes from one generator, seeded by (run seed, step), so a resumed run draws what the first would have.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from muybridge.training.parallel import ALONE, Ranks
from muybridge.training.recipe import Recipe
from muybridge.worldmodel import flow, matching, sequence
from muybridge.worldmodel.net import FrameInputs, Losses, WorldModel
from muybridge.worldmodel.patches import Codec


@dataclass(frozen=True, slots=True)
class Before:
    """What was seen before each clip: frames uint8 [B,K,H,W,3] in order of time, of which the last `count` [B] were.

    A roll-out that has lasted longer than its window has such frames; one that begins has none.
    """

    frames: Tensor
    count: Tensor


@dataclass(frozen=True, slots=True)
class Examples:
    """One batch: frames uint8 [B,T,H,W,3], each row's pieces of text, actions [B,T] (0: none), fps [B].

    learned: [B,T] weight of each frame in the loss, 0 for those that are given. before: None where every clip begins.
    """

    frames: Tensor
    pieces: list[list[sequence.Piece]]
    actions: Tensor
    fps: Tensor
    learned: Tensor
    before: Before | None = None


def step_generator(seed: int, step: int) -> torch.Generator:
    return torch.Generator().manual_seed((seed * 1_000_003 + step) % 2**63)


def losses(
    model: WorldModel,
    examples: Examples,
    recipe: Recipe,
    chance: torch.Generator,
    ranks: Ranks = ALONE,
) -> Losses:
    """The two losses of a batch in one pass (see worldmodel.sequence).

    Of several processes each gives its own examples and gets the whole batch's losses, but for `total`: that one is
    its own share, so weighed that the mean of all gradients is the whole batch's.
    """
    device, codec = model.control.device, model.codec
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
    if examples.before is None:
        earlier = x.new_zeros(len(x), recipe.model.history, *x.shape[2:])
    else:
        earlier = _seen_before(examples.before, codec, recipe, chance, ranks).to(device)
    history = _history(context, order, earlier)
    motion = matching.matched(history, recipe.model)
    clean = FrameInputs(context, history, context_tau, actions, fps, no_step, motion)
    noisy = FrameInputs(flow.mix(x, noise[1], tau), history, tau, actions, fps, no_step, motion)
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


def _seen_before(before: Before, codec: Codec, recipe: Recipe, chance: torch.Generator, ranks: Ranks) -> Tensor:
    """Their patches [B,K,P,C] under a little noise like all that was seen; zeros for those that never were."""
    x = codec.encode(before.frames)
    batch, count = x.shape[0] * ranks.size, x.shape[1]
    rows = ranks.rows(batch)
    tau = flow.sample_context_tau((batch, count), chance, recipe.context_noise)[rows].to(x.device)
    noise = torch.randn((batch, *x.shape[1:]), generator=chance)[rows].to(x.device)
    was_seen = (torch.arange(count) >= count - before.count[:, None]).to(x.device)
    return flow.mix(x, noise, tau) * was_seen[:, :, None, None]


def _history(context_BTPC: Tensor, order_BT: Tensor, earlier_BKPC: Tensor) -> Tensor:
    """The K neighbours before each frame in time [B,T,K,P,C], the nearest first; zeros where they are unknown."""
    time, count = context_BTPC.shape[1], earlier_BKPC.shape[1]
    frames = torch.cat([earlier_BKPC, context_BTPC], dim=1)
    # Whatever was before the clip came before all of it.
    orders = torch.cat([order_BT.new_full((len(order_BT), count), -1), order_BT], dim=1)
    back = []
    for distance in range(1, count + 1):
        at = slice(count - distance, count - distance + time)
        is_known = (orders[:, at] < order_BT)[:, :, None, None]
        back.append(frames[:, at] * is_known)
    return torch.stack(back, dim=2)
