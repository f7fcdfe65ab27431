"""The simulator's rooms as a source of clips: drawn on the fly, captioned by their own state."""

from typing import Any

import torch
from torch import Tensor

from muybridge.simulator import captions, configs, questions, render, scenes
from muybridge.training.batches import CLIPS_PER_SEED, Rows, scatter
from muybridge.training.objective import Before
from muybridge.training.recipe import Recipe, SimulatorClips

# Enough sentences that every word of the grammar occurs twice.
_SENTENCES = 2048
# Of the numbers that a seed has for its clips, the second half: no still is a frame of a clip of the same training.
_STILLS_FROM = CLIPS_PER_SEED // 2
_PLACES = 1 << 20


class RoomClips:
    """Clips of one room at the model's size; of the train split, but for who measures what was learned from it."""

    def __init__(self, wanted: SimulatorClips, recipe: Recipe, split: str = "train") -> None:
        self._wanted, self._split = wanted, split
        self._height, self._width = recipe.model.height, recipe.model.frame_width
        self._num_frames = recipe.num_frames
        # What begins with words has nothing before it.
        self.num_before = recipe.model.history if wanted.scene_frames and wanted.num_given else 0
        self.config = configs.room_config(
            wanted.room, num_frames=wanted.scene_frames or recipe.num_frames, **wanted.changes
        )

    def clips(self, numbers: Tensor) -> Rows:
        scene, before = self._scene(numbers)
        frames = self._drawn(scene)
        # Any wording is read, one is written: a choice between wordings cannot be learned and would only be noise.
        written = captions.captions(scene)
        prompts, cues = self._said(scene, numbers, written)
        asked: list[list[tuple[str, str]]] = [[] for _ in written]
        if self._wanted.questions:
            per_clip = self._wanted.questions
            asked = [
                [(qa.question, qa.answer) for qa in clip] for clip in questions.questions(scene, per_clip=per_clip)
            ]
        fps = torch.full((len(numbers),), self.config.fps)
        return Rows(frames, prompts, cues, written, asked, scene.action_BT, fps, self._wanted.num_given, before)

    def stills(self, numbers: Tensor) -> Rows:
        """One frame a clip with the words before it, and none after: what moves cannot be told from it.

        The first one; where frames are given, the one before which something is said, behind as many as are given.
        """
        given = self._wanted.num_given
        scene, before = self._before_words(numbers) if given else self._scene(numbers)
        frames = self._drawn(scene, (0, given + 1))
        silent = [""] * len(numbers)
        prompts, told = self._said(scene, numbers, silent if given else captions.captions(scene))
        none: list[list[Any]] = [[] for _ in prompts]
        fps = torch.full((len(numbers),), self.config.fps)
        actions, cues = scene.action_BT[:, : given + 1], told if given else none
        return Rows(frames, prompts, cues, silent, none, actions, fps, given, before)

    def _before_words(self, numbers: Tensor) -> tuple[scenes.SceneBatch, Before | None]:
        """Of every scene the given frames and one more: that before which something is said first, if anything is."""
        scene, given = scenes.sample(self._wanted.room, self._split, numbers, self.config), self._wanted.num_given
        said = [events[0][0] - given if events else 0 for events in captions.cues(scene)]
        return self._windows(scene, torch.tensor(said).clamp(min=0), given + 1, numbers)

    def _scene(self, numbers: Tensor) -> tuple[scenes.SceneBatch, Before | None]:
        scene = scenes.sample(self._wanted.room, self._split, numbers, self.config)
        if not self._wanted.scene_frames:
            return scene, None
        # Neighbouring numbers are different scenes, so every start is as frequent as the next.
        starts = numbers % (self.config.num_frames - self._num_frames + 1)
        return self._windows(scene, starts, self._num_frames, numbers)

    def _windows(
        self, scene: scenes.SceneBatch, starts: Tensor, length: int, numbers: Tensor
    ) -> tuple[scenes.SceneBatch, Before | None]:
        """A window of every scene, and what a roll-out that has come so far has seen before it."""
        if not self.num_before:
            return scene.windows(starts, length), None
        # Before its first frame a scene has none: the last ones, which then stand there, are never looked at.
        earlier = self._drawn(scene.windows(starts - self.num_before, self.num_before))
        # Scattered, so that windows from any start are shown either way.
        places = torch.tensor([scatter(number, _PLACES) for number in numbers.tolist()])
        begins = places < self._wanted.begun_part * _PLACES
        count = torch.where(begins, 0, starts.clamp(max=self.num_before))
        return scene.windows(starts, length), Before(earlier, count)

    def _drawn(self, scene: scenes.SceneBatch, frames: tuple[int, int] | None = None) -> Tensor:
        return render.render(scene, height=self._height, width=self._width, frames=frames)

    def _said(
        self, scene: scenes.SceneBatch, numbers: Tensor, written: list[str]
    ) -> tuple[list[str], list[list[tuple[int, str]]]]:
        """What is said before each clip, and the cues said in it."""
        told = captions.cues(scene)
        if self._wanted.num_given:
            # The given frames say it all: words before them would only be read, at a third more of the work.
            return [""] * len(written), told
        seed = int(numbers[0]) if self._wanted.is_paraphrased else None
        prompts = written if seed is None else captions.captions(scene, paraphrase_seed=seed)
        # In every other clip, what is done to it is told when it is done, so that both ways of saying it are learned.
        cues = [said if number % 2 == 0 else [] for number, said in zip(numbers.tolist(), told, strict=True)]
        if any(cues):
            opened = captions.captions(scene, paraphrase_seed=seed, tells_events=False)
            prompts = [first if said else whole for said, first, whole in zip(cues, opened, prompts, strict=True)]
        return prompts, cues

    def sentences(self) -> list[str]:
        scene = scenes.sample(self._wanted.room, "train", range(_SENTENCES), self.config)
        said = captions.captions(scene)
        if self._wanted.is_paraphrased:
            said += captions.captions(scene, paraphrase_seed=1)
        if self._wanted.questions:
            asked = questions.questions(scene, per_clip=self._wanted.questions)
            said += [words for clip in asked for qa in clip for words in (qa.question, qa.answer)]
        return said


class RoomStills:
    """First frames of clips of one room, with the words before them: images that its drawing is learned from."""

    def __init__(self, clips: RoomClips) -> None:
        self._clips, self.num_before = clips, clips.num_before

    def clips(self, numbers: Tensor) -> Rows:
        return self._clips.stills(numbers + _STILLS_FROM)

    def sentences(self) -> list[str]:
        return self._clips.sentences()
