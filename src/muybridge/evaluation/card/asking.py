"""What is asked of a network, how often and how, and the clips of a cell that it is asked about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import torch
from torch import Tensor

from muybridge.errors import Invalid
from muybridge.evaluation.card.cells import PHYWORLD, Cell
from muybridge.evaluation.card.figures import Extent
from muybridge.simulator import captions, render, scenes
from muybridge.simulator.configs import RoomConfig
from muybridge.simulator.facts import Facts
from muybridge.simulator.scenes import SceneBatch
from muybridge.worldmodel.sampler import Sampler, Sampling, Wish

BATCH = 64
_SEEDS_APART = 100_003

NEAREST_OF = {"quick": 256, "usual": 2048, "full": 2048}
"""Clips of the training split among which the nearest is looked for."""
HORIZONS = {"quick": (16, 32), "usual": (16, 32, 64, 128), "full": (16, 32, 64, 128, 256)}


class Clips(NamedTuple):
    """True clips of a cell: state, frames uint8 [B, T, H, W, 3], facts and captions, and where they begin."""

    scene: SceneBatch
    true: Tensor
    facts: list[Facts]
    words: list[str]
    first: int


@dataclass
class Ask:
    """One network and how it is asked. Clip i of a split is asked with a seed of its own, whatever the batch."""

    sampler: Sampler
    split: str
    n: int
    seed: int = 0
    how: Sampling = field(default_factory=Sampling)
    extent: Extent = "usual"

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of the network's frames."""
        config = self.sampler.model.config
        return config.height, config.frame_width

    def batches(self, config: RoomConfig, *, n: int | None = None, has_new_wording: bool = False) -> Iterator[Clips]:
        """The first n clips of the split, some at a time."""
        total = self.n if n is None else n
        for first in range(0, total, BATCH):
            scene = scenes.sample(config.room, self.split, range(first, min(total, first + BATCH)), config)
            told = captions.captions(
                scene, paraphrase_seed=self.seed if has_new_wording else None, is_held_out_wording=has_new_wording
            )
            yield Clips(scene, self.draw(scene), captions.facts_of(scene), told, first)

    def draw(self, scene: SceneBatch, frames: tuple[int, int] | None = None) -> Tensor:
        """A scene at the network's size."""
        height, width = self.size
        return render.render(scene, height=height, width=width, frames=frames)

    def seed_of(self, clip: int) -> int:
        return self.seed * _SEEDS_APART + clip

    def make(self, wishes: Sequence[Wish], config: RoomConfig) -> Tensor:
        """The clips that are wished for, as long and as fast as the room's: uint8 [B, T, H, W, 3]."""
        how = replace(self.how, fps=config.fps)
        parts = [
            self.sampler.sample(wishes[start : start + BATCH], config.num_frames, how).cpu()
            for start in range(0, len(wishes), BATCH)
        ]
        return torch.cat(parts)

    def continuations(self, clips: Clips, num_given: int, *, has_words: bool = False) -> Tensor:
        """What the network makes of each clip's first frames (and its caption, where that is told)."""
        wishes = [
            Wish(
                prompt=words if has_words else "",
                seed=self.seed_of(clips.first + row),
                given=clips.true[row, :num_given],
                actions=actions_of(clips.scene, row),
            )
            for row, words in enumerate(clips.words)
        ]
        return self.make(wishes, clips.scene.config)

    def can_read(self, words: str) -> bool:
        """Whether the network takes this prompt: its window of text may be too short for a busy scene."""
        try:
            self.sampler.tokenizer.encode_prompt(words, self.sampler.model.config.max_text // 2)
        except Invalid:
            return False
        return True


def actions_of(scene: SceneBatch, row: int) -> list[int]:
    """A clip's actions as training tells them to the network; none in rooms without a player."""
    return scene.action_BT[row].tolist() if scene.config.room == "arcade" else []


def num_given(cell: Cell) -> int:
    """Frames that a continuation starts from: enough that motion can be seen."""
    return 3 if cell.config.room in PHYWORLD else 2
