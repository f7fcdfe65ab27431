"""The simulator's rooms as a source of clips: drawn on the fly, captioned by their own state."""

import torch
from torch import Tensor

from muybridge.simulator import captions, configs, render, scenes
from muybridge.training.batches import Rows
from muybridge.training.recipes import Recipe, SimulatorClips

# Enough sentences that every word of the grammar occurs twice.
_SENTENCES = 2048


class RoomClips:
    """Clips of one room of the train split, at the model's size."""

    def __init__(self, wanted: SimulatorClips, recipe: Recipe) -> None:
        self._wanted = wanted
        self._height, self._width = recipe.model.height, recipe.model.frame_width
        self.config = configs.room_config(wanted.room, num_frames=recipe.num_frames, **wanted.changes)

    def clips(self, numbers: Tensor) -> Rows:
        scene = scenes.sample(self._wanted.room, "train", numbers, self.config)
        frames = render.render(scene, height=self._height, width=self._width)
        spoken = captions.captions(scene, paraphrase_seed=int(numbers[0]) if self._wanted.is_paraphrased else None)
        fps = torch.full((len(numbers),), self.config.fps)
        return Rows(frames, spoken, [[] for _ in spoken], scene.action_BT, fps)

    def sentences(self) -> list[str]:
        scene = scenes.sample(self._wanted.room, "train", range(_SENTENCES), self.config)
        plain = captions.captions(scene)
        return plain + (captions.captions(scene, paraphrase_seed=1) if self._wanted.is_paraphrased else [])
