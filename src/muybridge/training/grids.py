"""Sample grids: what the network makes of a few of its prompts, as one picture; a row a prompt, frames rightwards."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from muybridge.training.objective import Examples
from muybridge.training.recipe import Recipe
from muybridge.worldmodel import sequence
from muybridge.worldmodel.net import WorldModel
from muybridge.worldmodel.sampler import Sampler, Sampling, Wish
from muybridge.worldmodel.text import Tokenizer

_ROWS = 4
_TALLEST = 128


def draw_grid(
    model: WorldModel, tokenizer: Tokenizer, recipe: Recipe, examples: Examples, path: Path
) -> tuple[str, ...]:
    """Draw up to four prompts (rows without one continue their first two frames); returns what each row shows."""
    sampler = Sampler(model, tokenizer)
    said = [_said(pieces, tokenizer, recipe.model.max_text // 2) for pieces in examples.pieces[:_ROWS]]
    prompts = [words.pop(0, "") for words in said]
    actions = examples.actions.tolist()
    spoken = [row for row, words in enumerate(prompts) if words]
    silent = [row for row, words in enumerate(prompts) if not words]
    frames = torch.zeros((len(prompts), *examples.frames.shape[1:]), dtype=torch.uint8)
    how = Sampling(first_steps=12, steps=2, fps=recipe.fps)
    if spoken:
        wishes = [Wish(prompts[row], seed=row, events=said[row], actions=actions[row]) for row in spoken]
        frames[spoken] = sampler.sample(wishes, recipe.num_frames, how).cpu()
    if silent:
        wishes = [
            Wish(seed=row, given=examples.frames[row, :2], events=said[row], actions=actions[row]) for row in silent
        ]
        frames[silent] = sampler.sample(wishes, recipe.num_frames, how).cpu()
    Image.fromarray(tile(frames)).save(path)
    return tuple(words or "(continues two frames)" for words in prompts)


def draw_seen(
    model: WorldModel, tokenizer: Tokenizer, recipe: Recipe, examples: Examples, path: Path
) -> tuple[str, ...]:
    """While a codec is learned: clips as they come back from it. Takes what `draw_grid` takes."""
    del tokenizer, recipe
    frames = model.codec.decode(model.codec.encode(examples.frames[:_ROWS])).cpu()
    Image.fromarray(tile(frames)).save(path)
    return ("(as it comes back from the codec)",) * len(frames)


def tile(frames_BTHW3: Tensor) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """One picture uint8 [B*H, T*W, 3], enlarged by whole pixels while a frame stays within 128 pixels."""
    _, _, height, _, _ = frames_BTHW3.shape
    scale = max(1, _TALLEST // height)
    rows = frames_BTHW3.permute(0, 2, 1, 3, 4).flatten(0, 1).flatten(1, 2)
    large = rows.repeat_interleave(scale, dim=0).repeat_interleave(scale, dim=1)
    picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]] = large.contiguous().numpy()
    return picture


def _said(pieces: list[sequence.Piece], tokenizer: Tokenizer, limit: int) -> dict[int, str]:
    """What is said of a clip, by the frame before which it is said; what is too long for a prompt is left out."""
    spoken = [piece for piece in pieces if piece.branch == sequence.PROMPT_BRANCH]
    told = {piece.before_frame: tokenizer.decode(piece.tokens).strip() for piece in spoken}
    return {frame: words for frame, words in told.items() if len(tokenizer.encode(" " + words)) <= limit}
