"""What one asks of the model: text to video, image to video, continuation, in-betweens, captions, answers, actions.

Each is a way to drive a `Rollout`. Frames in and out are uint8; noise comes from (seed, frame number), row by row, so a
clip does not depend on the batch it was made in.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from muybridge.errors import Invalid
from muybridge.worldmodel import passes, text
from muybridge.worldmodel.net import NATIVE_FPS, WorldModel
from muybridge.worldmodel.patches import Codec
from muybridge.worldmodel.rollout import Rollout
from muybridge.worldmodel.runtimes import Runtime
from muybridge.worldmodel.text import Tokenizer


class ActionOutOfRange(Invalid):
    code = "worldmodel.action_out_of_range"


class BadSampling(Invalid):
    code = "worldmodel.bad_sampling"


@dataclass(frozen=True, slots=True)
class Sampling:
    """How frames are drawn. The first frame invents the scene and needs more steps than those that only move it."""

    first_steps: int = 16
    steps: int = 2
    guidance: float = 1.0
    fps: float = NATIVE_FPS

    def __post_init__(self) -> None:
        if not (1 <= self.first_steps <= 64 and 1 <= self.steps <= 64):
            raise BadSampling(f"Steps of {self.first_steps} and {self.steps}.", remedy="Choose 1 to 64.")
        if not 0.0 <= self.guidance <= 20.0 or not 0.5 <= self.fps <= 120.0:
            raise BadSampling(
                f"Guidance {self.guidance}, {self.fps} frames a second.", remedy="Guidance 0 to 20, fps 0.5 to 120."
            )


@dataclass(frozen=True, slots=True)
class Wish:
    """One clip to imagine.

    given: uint8 [k,H,W,3], the frames that begin the clip (k = 0: none; 1: image to video; more: continuation).
    events: text said just before a frame number. actions: one a frame, 0 for none; shorter means none after.
    """

    prompt: str = ""
    seed: int = 0
    given: Tensor | None = None
    events: Mapping[int, str] = field(default_factory=dict)
    actions: Sequence[int] = ()


class Sampler:
    """A model with its tokenizer and codec, ready to be asked."""

    def __init__(self, model: WorldModel, tokenizer: Tokenizer, *, runtime: Runtime = Runtime.TORCH) -> None:
        """Raises MissingExtra, OnAnotherDevice."""
        self.model, self.tokenizer = model.eval(), tokenizer
        self.codec: Codec = model.codec
        self.device = model.control.device
        self._trunk = passes.trunk_of(model, runtime)

    def rollout(self, batch: int, *, fps: float = NATIVE_FPS) -> Rollout:
        """A new roll-out of this model, as this sampler runs it."""
        return Rollout(self.model, batch, fps=fps, trunk=self._trunk)

    def stream(self, wishes: Sequence[Wish], num_frames: int, how: Sampling | None = None) -> Iterator[Tensor]:
        """Yield frames uint8 [B,H,W,3] one by one, given frames first; all wishes give equally many frames.

        Raises EmptyPrompt (spaces only), PromptTooLong, ActionOutOfRange, BadSampling.
        """
        how = how or Sampling()
        rollout = self.rollout(len(wishes), fps=how.fps)
        spoken = [self._spoken(wish) for wish in wishes]
        given = self._given(wishes)
        num_given = given.shape[1] if given is not None else 0
        for number in range(num_frames):
            said = [events.get(number, []) for events in spoken]
            if any(said):
                rollout.say(said)
            actions = self._actions(wishes, number)
            if given is not None and number < num_given:
                frame = given[:, number]
            else:
                steps = how.first_steps if number == 0 else how.steps
                noise = self._noise(wishes, number)
                frame = rollout.imagine(noise, steps=steps, guidance=how.guidance, action_B=actions)
            rollout.commit(frame, action_B=actions)
            yield self.codec.decode(frame[:, None])[:, 0]

    def sample(self, wishes: Sequence[Wish], num_frames: int, how: Sampling | None = None) -> Tensor:
        """All frames at once, uint8 [B,T,H,W,3]."""
        return torch.stack(list(self.stream(wishes, num_frames, how)), dim=1)

    def between(
        self, first: Tensor, last: Tensor, num_frames: int, seeds: Sequence[int], how: Sampling | None = None
    ) -> Tensor:
        """Fill in the frames between two images uint8 [B,H,W,3] -> uint8 [B,T,H,W,3], ends included; T <= window."""
        how = how or Sampling()
        if not 3 <= num_frames <= self.model.config.window:
            raise BadSampling(
                f"{num_frames} frames.", remedy=f"In-betweens take 3 to {self.model.config.window} frames."
            )
        ends = self.codec.encode(torch.stack([first, last], dim=1).to(self.device))
        rollout = self.rollout(len(first), fps=how.fps)
        frames = [ends[:, 0]]
        rollout.commit(ends[:, 1], time=num_frames - 1)
        rollout.commit(ends[:, 0])
        wishes = [Wish(seed=seed) for seed in seeds]
        for number in range(1, num_frames - 1):
            frame = rollout.imagine(self._noise(wishes, number), steps=how.steps)
            rollout.commit(frame)
            frames.append(frame)
        return self.codec.decode(torch.stack([*frames, ends[:, 1]], dim=1))

    def captions(self, frames_BTHW3: Tensor, max_tokens: int = 48, fps: float = NATIVE_FPS) -> list[str]:
        """Describe clips uint8 [B,T,H,W,3] of at most `window` frames (of longer ones the last are seen)."""
        return self._write(frames_BTHW3, [(text.CAPTION,)] * len(frames_BTHW3), max_tokens, fps)

    def answers(
        self, frames_BTHW3: Tensor, questions: Sequence[str], max_tokens: int = 16, fps: float = NATIVE_FPS
    ) -> list[str]:
        """Answer one question about each clip. Raises EmptyPrompt, PromptTooLong."""
        limit = self.model.config.max_text
        asked = [self.tokenizer.encode_prompt(question, limit) for question in questions]
        openings = [(text.QUESTION, *tokens, text.ANSWER) for tokens in asked]
        return self._write(frames_BTHW3, openings, max_tokens, fps)

    def watch(self, frames_BTHW3: Tensor, fps: float = NATIVE_FPS) -> Rollout:
        """A roll-out that has seen these frames."""
        rollout = self.rollout(len(frames_BTHW3), fps=fps)
        for frame in self.codec.encode(frames_BTHW3.to(self.device)).unbind(dim=1):
            rollout.commit(frame)
        return rollout

    def _write(self, frames: Tensor, openings: Sequence[Sequence[int]], max_tokens: int, fps: float) -> list[str]:
        written = self.watch(frames, fps).write(openings, max_tokens)
        return [self.tokenizer.decode(tokens).strip() for tokens in written]

    def _spoken(self, wish: Wish) -> dict[int, list[int]]:
        limit = self.model.config.max_text // 2
        said = {frame: self.tokenizer.encode_prompt(words, limit) for frame, words in wish.events.items() if frame > 0}
        if wish.prompt:
            said[0] = self.tokenizer.encode_prompt(wish.prompt, limit)
        return said

    def _given(self, wishes: Sequence[Wish]) -> Tensor | None:
        counts = {0 if wish.given is None else len(wish.given) for wish in wishes}
        if len(counts) != 1:
            raise BadSampling("Clips of one batch are given unequal numbers of frames.", remedy="Sample them apart.")
        frames = [wish.given for wish in wishes if wish.given is not None]
        return self.codec.encode(torch.stack(frames).to(self.device)) if frames else None

    def _noise(self, wishes: Sequence[Wish], number: int) -> Tensor:
        shape = (self.codec.patches, self.codec.channels)
        return torch.stack([frame_noise(wish.seed, number, shape) for wish in wishes]).to(self.device)

    def _actions(self, wishes: Sequence[Wish], number: int) -> Tensor:
        chosen = [wish.actions[number] if number < len(wish.actions) else 0 for wish in wishes]
        if wrong := [action for action in chosen if not 0 <= action < self.model.config.num_actions]:
            raise ActionOutOfRange(
                f"Action {wrong[0]} at frame {number}.",
                remedy=f"This model knows actions 0 (none) to {self.model.config.num_actions - 1}.",
            )
        return torch.tensor(chosen, device=self.device)


def frame_noise(seed: int, number: int, shape: tuple[int, ...]) -> Tensor:
    """Gaussian noise that depends on the seed and the frame's number only."""
    # Odd multiplier: neighbouring seeds and frames fall far apart in the generator's 64-bit state.
    mixed = (seed * 0x9E3779B97F4A7C15 + number * 0xD1B54A32D192ED03 + 1) % 2**63
    return torch.randn(shape, generator=torch.Generator().manual_seed(mixed))
