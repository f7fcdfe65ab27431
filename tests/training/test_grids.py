"""Sample grids show clips as training does: those with a prompt from their words, the others from given frames."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from muybridge.training import grids
from muybridge.training.batches import Feed
from muybridge.training.objective import Examples
from muybridge.training.recipe import Recipe, SimulatorClips
from muybridge.training.rooms import RoomClips
from muybridge.worldmodel.net import WorldModel
from muybridge.worldmodel.text import Tokenizer

from .conftest import MINI

WORDY = replace(MINI, max_text=256)
"""Room for a caption letter by letter, which is how an untaught tokenizer reads."""


def _drawn(recipe: Recipe, examples: Examples, path: Path) -> tuple[tuple[str, ...], np.ndarray]:
    """What a scrambled network draws: it means nothing, but depends on all it is told."""
    torch.manual_seed(1)
    model = WorldModel(recipe.model)
    for weights in model.parameters():
        weights.data += 0.2 * torch.randn_like(weights)
    shown = grids.draw_grid(model, Tokenizer(), recipe, examples, path)
    return shown, np.asarray(Image.open(path))


@pytest.mark.parametrize(("room", "silenced"), [("arcade", "actions"), ("desk", "pieces")])
def test_a_clip_without_a_prompt_goes_on_with_its_actions_and_cues(
    room: str, silenced: str, a_recipe: Callable[..., Recipe], tmp_path: Path
) -> None:
    clips = SimulatorClips(room, num_given=1)
    recipe = a_recipe(clips=(clips,), model=WORDY)
    examples = Feed([(1.0, RoomClips(clips, recipe))], Tokenizer(), batch_clips=4, seed=0).examples(0)
    shown, drawn = _drawn(recipe, examples, tmp_path / "grid.png")
    assert shown == ("(continues two frames)",) * 4
    if silenced == "actions":
        quiet = replace(examples, actions=torch.zeros_like(examples.actions))
    else:
        quiet = replace(examples, pieces=[[] for _ in examples.pieces])
    _, silent = _drawn(recipe, quiet, tmp_path / "silent.png")
    width = drawn.shape[1] // recipe.num_frames
    # The given frames are the same, what follows is not.
    assert (drawn[:, : 2 * width] == silent[:, : 2 * width]).all()
    assert (drawn[:, 2 * width :] != silent[:, 2 * width :]).any()


def test_a_prompt_is_drawn_from_its_words(a_recipe: Callable[..., Recipe], tmp_path: Path) -> None:
    recipe = a_recipe(model=WORDY)
    examples = Feed([(1.0, RoomClips(recipe.clips[0], recipe))], Tokenizer(), batch_clips=4, seed=0).examples(0)
    shown, _ = _drawn(recipe, examples, tmp_path / "grid.png")
    assert all(words.startswith("a ") for words in shown)


def test_words_that_are_too_long_for_a_prompt_stop_no_training(a_recipe: Callable[..., Recipe], tmp_path: Path) -> None:
    recipe = a_recipe()
    examples = Feed([(1.0, RoomClips(recipe.clips[0], recipe))], Tokenizer(), batch_clips=4, seed=0).examples(0)
    assert _drawn(recipe, examples, tmp_path / "grid.png")[0] == ("(continues two frames)",) * 4
