"""What a roll-out must show, computed another way: one dense pass over everything that ever happened, without a cache.

A frame sees the `window - 1` frames before it, so the pass is banded. Text keeps its distance to the window by turning
its cached keys; here each distance has a copy of the text, at a time of its own, and the mask says who sees which copy.
"""

from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from muybridge.worldmodel import sequence, text
from muybridge.worldmodel.net import WorldModel

from .conftest import frame_inputs, shifted

SAID, TOLD, CLEAN, NOISY = range(4)


class Recomputed(NamedTuple):
    frames: Tensor
    """[T,P,C]: each frame as predicted from its noise at tau 0."""
    logits: Tensor
    """[len(told),V]: of the token after each of `told`."""


@torch.no_grad()
def recompute(model: WorldModel, prompt: list[int], frames: Tensor, noise: Tensor, told: list[int]) -> Recomputed:
    """Of frames [1,T,P,C] as they were committed, the noise each came from, and text written behind the last."""
    config, num_frames = model.config, frames.shape[1]
    said = [text.BOS, *prompt, text.VIDEO]
    # <bos> stands at -1, and what is said ends where the first frame begins: both farther on in each copy.
    said_times = torch.tensor([-1.0, *range(1 - len(said), 0)])
    copies = torch.arange(num_frames + 1.0)
    times = torch.cat([(copies[:, None] + said_times).flatten(), num_frames + torch.arange(float(len(told)))])
    # Every frame feels all that is said, but <bos>.
    felt = model.felt(torch.tensor([said[1:]]), torch.ones(1, num_frames, len(said) - 1, dtype=torch.bool))
    zero, history = torch.zeros(frames.shape[:2]), shifted(frames, config.history)
    noisy = replace(frame_inputs(config, noise, history, zero), words=felt)
    x = [
        model.embed_text(torch.tensor([said * len(copies) + told])),
        model.embed_frames(frame_inputs(config, frames, history, zero + 1.0)),
        model.embed_frames(noisy),
    ]
    spatial = sequence.frame_positions(torch.arange(num_frames), config)
    positions = torch.cat([sequence.text_positions(times[None])[0], spatial, spatial])
    sees = _who_sees_whom(num_frames, len(said), len(told), tokens=config.tokens_per_frame, window=config.window)
    hidden, _ = model.trunk(torch.cat(x, dim=1), positions[None], sees[None, None])
    predicted = model.read_frames(hidden[:, -num_frames * config.tokens_per_frame :], noisy)
    return Recomputed(predicted[0], model.read_text(hidden[0, len(copies) * len(said) :][: len(told)]))


def _who_sees_whom(num_frames: int, said: int, told: int, *, tokens: int, window: int) -> Tensor:
    """[S,S]; place: the copy of what is said, or the number of frames before."""
    copies = [(SAID, copy, at) for copy in range(num_frames + 1) for at in range(said)]
    written = [(TOLD, num_frames, at) for at in range(told)]
    seen = [(kind, frame, 0) for kind in (CLEAN, NOISY) for frame in range(num_frames) for _ in range(tokens)]
    kind, place, at = torch.tensor(copies + written + seen).unbind(dim=1)
    query, key = (lambda column: column[:, None]), (lambda column: column[None])
    # Written text sees a whole window, a frame is itself the last of its window.
    begins = torch.where(kind == TOLD, place - window, place - window + 1)
    copy = torch.where(kind == SAID, place, begins.clamp(min=0))
    is_before = key(place) < query(place)
    itself = (query(kind) == key(kind)) & (query(place) == key(place)) & (key(at) <= query(at))
    of_copy = (key(kind) == SAID) & (key(place) == query(copy)) & ((key(at) == 0) | (query(kind) == NOISY))
    of_window = (key(kind) == CLEAN) & (query(kind) != SAID) & is_before & (key(place) >= query(begins))
    return itself | of_copy | of_window
