"""Frames imagined one by one with their ghost beside them, and gone back in: what a session and a saved clip share.

Torch, no sockets and no rows. Noise comes from the seed and the frame's number, so the same entries give the same
frames bit for bit, whether they are played, gone back to, or rendered.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor

from muybridge.generation.journal import Entry
from muybridge.simulator import ghosts
from muybridge.simulator.configs import CUED_ROOMS
from muybridge.simulator.ghosts import Ghost
from muybridge.training.checkpoint_files import OpenCheckpoint
from muybridge.training.recipe import SimulatorClips, recipe_from_json
from muybridge.training.taught import rooms_of
from muybridge.worldmodel import rollout
from muybridge.worldmodel.sampler import ActionOutOfRange, Sampler, Sampling, frame_noise
from muybridge.worldmodel.text import PromptTooLong

MAX_MOMENTS = 8
"""How many copies of the cache are kept to go back to: at base one is 34 MB."""
_LOST_TO_WORDS = "The simulator has no rule for what was said."
_LOST_TO_TIME = "The true scene has ended."


@dataclass(frozen=True, slots=True)
class Opening:
    """What does not change while a session lasts.

    given: uint8 [H,W,3] at the model's size, where footage begins it. shown: how training showed the room.
    """

    room: str | None
    prompt: str
    how: Sampling
    given: Tensor | None = None
    shown: SimulatorClips | None = None


def room_as_shown(opened: OpenCheckpoint, room: str | None) -> SimulatorClips | None:
    """How the recipe of a checkpoint showed a room; None where it did not."""
    return recipe_from_json(opened.manifest["recipe"]).clips_of(room)


def hears_words(recipe: Mapping[str, Any], room: str | None) -> bool:
    """Whether training by a stored recipe said words while clips of this room ran (None: of any room)."""
    cued = CUED_ROOMS & rooms_of(recipe).keys()
    return bool(cued) if room is None else room in cued


class Shown(NamedTuple):
    """One frame, uint8 [H,W,3], and what is known of it."""

    frame: Tensor
    entry: Entry
    is_imagined: bool
    ms: int


class Moment(NamedTuple):
    """Where an imagination stands: everything that the frames after it depend on."""

    num_frames: int
    rollout: rollout.Snapshot
    ghost: Ghost | None
    ghost_note: str
    is_imagined: bool


class Imagination:
    """One line of frames from one seed."""

    def __init__(self, sampler: Sampler, opening: Opening, seed: int) -> None:
        self._sampler, self._opening, self.seed = sampler, opening, seed
        self._rollout = sampler.rollout(1, fps=opening.how.fps)
        self.ghost: Ghost | None = None
        self.ghost_note = ""
        self.is_imagined = False
        """Whether the frame that stands was imagined, and not given."""
        self.prompt = opening.prompt
        self._num_given = 1
        if opening.room is not None:
            shown = opening.shown or SimulatorClips(opening.room)
            self._num_given = max(1, shown.num_given)
            self.ghost = ghosts.begin(opening.room, seed, fps=opening.how.fps, **shown.changes)
            if not self.prompt and not shown.num_given:
                self.prompt = self._fitting(self.ghost.caption())
        if self.prompt:
            self._rollout.say([self.tokens_of(self.prompt)])

    @property
    def num_frames(self) -> int:
        return self._rollout.num_frames

    def tokens_of(self, words: str) -> list[int]:
        """Raises EmptyPrompt, PromptTooLong."""
        return self._sampler.tokenizer.encode_prompt(words, self._sampler.model.config.max_text // 2)

    def step(self, entry: Entry) -> Shown:
        """Go on by one frame. Raises EmptyPrompt, PromptTooLong, ActionOutOfRange, and has then done nothing."""
        begun_s, number = time.perf_counter(), self.num_frames
        self.check(entry)
        if entry.said is not None:
            if number:
                # A clip of training is told of one change: two in a row are obeyed if the second stands alone.
                self._rollout.forget()
            self._rollout.say([self.tokens_of(entry.said)])
        if number:
            self._step_ghost(entry)
        patches = self._given() if number < self._num_given else None
        self.is_imagined = patches is None
        action_B = torch.tensor([entry.action], device=self._sampler.device)
        if patches is None:
            patches = self._imagine(action_B)
        self._rollout.commit(patches, action_B=action_B)
        ms = round((time.perf_counter() - begun_s) * 1000) if self.is_imagined else 0
        return Shown(self.frame(), entry, self.is_imagined, ms)

    def check(self, entry: Entry) -> None:
        """Raises what `step` would."""
        num_actions = self._sampler.model.config.num_actions
        if not 0 <= entry.action < num_actions:
            raise ActionOutOfRange(
                f"There is no action {entry.action}.", remedy=f"This model knows actions 0 to {num_actions - 1}."
            )
        if entry.said is not None:
            self.tokens_of(entry.said)

    def frame(self) -> Tensor:
        """The frame that stands, uint8 [H,W,3]; there is one after the first step."""
        codec = self._sampler.codec
        return codec.decode(self._rollout.last[:, None])[0, 0].cpu()

    def ghost_frame(self) -> Tensor | None:
        """What the true world looks like now."""
        if self.ghost is None:
            return None
        config = self._sampler.model.config
        return ghosts.picture(self.ghost, height=config.height, width=config.frame_width)

    def moment(self) -> Moment:
        return Moment(self.num_frames, self._rollout.snapshot(), self.ghost, self.ghost_note, self.is_imagined)

    def go_to(self, moment: Moment) -> None:
        """Be again where this imagination once was."""
        self._rollout.restore(moment.rollout)
        self.ghost, self.ghost_note, self.is_imagined = moment.ghost, moment.ghost_note, moment.is_imagined

    def _step_ghost(self, entry: Entry) -> None:
        if self.ghost is not None and entry.said is not None:
            self.ghost = self.ghost.obey(entry.said)
            self.ghost_note = "" if self.ghost else _LOST_TO_WORDS
        if self.ghost is not None:
            self.ghost = self.ghost.step(entry.action)
            self.ghost_note = "" if self.ghost else _LOST_TO_TIME

    def _given(self) -> Tensor | None:
        """The patches of one of the first frames, where it is not imagined: as many are given as training gave."""
        given = self.ghost_frame() if self._opening.room is not None else self._opening.given
        return None if given is None else self._sampler.codec.encode(given[None, None].to(self._sampler.device))[:, 0]

    def _imagine(self, action_B: Tensor) -> Tensor:
        how, codec = self._opening.how, self._sampler.codec
        noise = frame_noise(self.seed, self.num_frames, (codec.patches, codec.channels))[None]
        steps = how.first_steps if self.num_frames == 0 else how.steps
        noise = noise.to(self._sampler.device)
        return self._rollout.imagine(noise, steps=steps, guidance=how.guidance, action_B=action_B)

    def _fitting(self, caption: str) -> str:
        """A room's caption, where the network can read it whole: nobody asked for it, so it may be left out."""
        try:
            self.tokens_of(caption)
        except PromptTooLong:
            return ""
        return caption


class Shelf:
    """Moments along the frames so far, evenly spaced, never more than `most`: whatever the length, to go back is to
    take the nearest one and imagine the few frames after it."""

    def __init__(self, most: int = MAX_MOMENTS) -> None:
        self._most = most
        self._moments: list[Moment] = []

    def is_due(self, num_frames: int) -> bool:
        """Whether the moment after so many frames is one to keep."""
        return num_frames % self._spacing(num_frames) == 0

    def keep(self, moment: Moment) -> None:
        spacing = self._spacing(moment.num_frames)
        self._moments = [kept for kept in self._moments if kept.num_frames % spacing == 0]
        self._moments.append(moment)

    def back_to(self, num_frames: int) -> Moment | None:
        """Forget what lies beyond; the last moment that is left."""
        self._moments = [kept for kept in self._moments if kept.num_frames <= num_frames]
        return self._moments[-1] if self._moments else None

    def __len__(self) -> int:
        return len(self._moments)

    def _spacing(self, num_frames: int) -> int:
        spacing = 4
        while num_frames > spacing * self._most:
            spacing *= 2
        return spacing


class Player:
    """An imagination that can go to any frame of any line of entries."""

    def __init__(self, sampler: Sampler, opening: Opening) -> None:
        self._sampler, self._opening = sampler, opening
        self._shelf = Shelf()
        self._path: list[Entry] = []
        self.imagination: Imagination | None = None

    def step(self, entry: Entry) -> Shown:
        """One frame on. Raises as Imagination.step does."""
        assert self.imagination is not None, "go_to says from which seed"
        shown = self.imagination.step(entry)
        self._path.append(entry)
        if self._shelf.is_due(len(self._path)):
            self._shelf.keep(self.imagination.moment())
        return shown

    def go_to(self, seed: int, entries: Sequence[Entry], on_frame: Callable[[int], None] | None = None) -> None:
        """Stand behind these entries of this seed, imagining again only what must be."""
        kept = 0
        if self.imagination is not None and self.imagination.seed == seed:
            pairs = zip(self._path, entries, strict=False)
            kept = next((n for n, (had, want) in enumerate(pairs) if had != want), min(len(self._path), len(entries)))
        if self.imagination is None or kept < len(self._path) or self.imagination.seed != seed:
            kept = self._go_back(seed, kept)
        for number in range(kept, len(entries)):
            self.step(entries[number])
            if on_frame is not None:
                on_frame(number + 1)

    def _go_back(self, seed: int, num_frames: int) -> int:
        """Stand at the nearest moment before so many frames of the path; its number of frames."""
        moment = self._shelf.back_to(num_frames)
        if moment is None or self.imagination is None:
            self.imagination = Imagination(self._sampler, self._opening, seed)
        else:
            self.imagination.go_to(moment)
        del self._path[self.imagination.num_frames :]
        return self.imagination.num_frames


def replay(sampler: Sampler, opening: Opening, seed: int, entries: Sequence[Entry]) -> Iterator[Tensor]:
    """The frames of these entries from the first one on, uint8 [H,W,3]: as they were seen."""
    imagination = Imagination(sampler, opening, seed)
    for entry in entries:
        yield imagination.step(entry).frame
