"""Batches of examples from the simulator's rooms and from footage, each a pure function of (seed, step).

Clip n of a run comes from a source drawn by (seed, n) and is that source's n-th clip, so a resumed run sees exactly the
clips it would have seen, and no clip twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from muybridge.errors import Invalid
from muybridge.training.objective import Before, Examples
from muybridge.training.parallel import ALONE, Ranks
from muybridge.worldmodel import sequence
from muybridge.worldmodel.text import Tokenizer

# A room draws many clips at a time for little more than one costs.
CHUNK_STEPS = 8
# A clip's number is (seed, n) in 48 bits: seeds never share a clip.
CLIPS_PER_SEED = 1 << 32
MAX_SEED = (1 << 16) - 1


class SeedOutOfRange(Invalid):
    code = "training.seed_out_of_range"


class NoClips(Invalid):
    code = "training.no_clips"


@dataclass(frozen=True, slots=True)
class Rows:
    """Clips of one source.

    frames: uint8 [B,T,H,W,3]. prompts: words before each clip; cues: (frame, words) said just before a frame; captions:
    what is to be written of it ("" where nobody knows); questions: (question, answer) pairs. actions: [B,T]; fps: [B].
    num_given: frames that open every clip and are not learned. before: what was seen before them, if anything was.
    """

    frames: Tensor
    prompts: list[str]
    cues: list[list[tuple[int, str]]]
    captions: list[str]
    questions: list[list[tuple[str, str]]]
    actions: Tensor
    fps: Tensor
    num_given: int = 0
    before: Before | None = None


class ClipSource(Protocol):
    num_before: int
    """Frames that it may show before a clip; of all sources that do, as many."""

    def clips(self, numbers: Tensor) -> Rows:
        """Those clips of this source, one a number (int64 [B])."""
        ...

    def sentences(self) -> list[str]:
        """Text of the kind it gives, for learning a tokenizer."""
        ...


def scatter(number: int, total: int) -> int:
    """A place in [0, total) that neighbouring numbers do not share (multiplicative hashing, Knuth)."""
    return ((number * 0x9E3779B97F4A7C15) % 2**64) * total >> 64


class Feed:
    """Examples by step, from weighted sources: of each step's clips, those of this process."""

    def __init__(
        self,
        sources: Sequence[tuple[float, ClipSource]],
        tokenizer: Tokenizer,
        *,
        batch_clips: int,
        seed: int,
        ranks: Ranks = ALONE,
    ) -> None:
        if not 0 <= seed <= MAX_SEED:
            raise SeedOutOfRange(f"Seed {seed} is out of range.", remedy=f"Choose 0 to {MAX_SEED}.")
        self._sources = [source for weight, source in sources if weight > 0.0]
        if not self._sources:
            raise NoClips("There is nothing to train on.", remedy="Give the recipe a room, or a version of footage.")
        self._weights = torch.tensor([weight for weight, _ in sources if weight > 0.0])
        self._tokenizer, self._batch, self._seed = tokenizer, batch_clips, seed
        self._rows = ranks.rows(batch_clips)
        self._chunk: tuple[int, list[Examples]] = (-1, [])

    def examples(self, step: int) -> Examples:
        number, at = divmod(step, CHUNK_STEPS)
        if self._chunk[0] != number:
            self._chunk = (number, self._draw(number))
        return self._chunk[1][at]

    def _draw(self, chunk: int) -> list[Examples]:
        """The batches of CHUNK_STEPS steps; each source is asked once for all of its clips."""
        size = self._batch * CHUNK_STEPS
        numbers = self._seed * CLIPS_PER_SEED + chunk * size + torch.arange(size)
        chance = torch.Generator().manual_seed(self._seed * 7_368_787 + chunk)
        chosen = torch.multinomial(self._weights, size, replacement=True, generator=chance)
        # All that chance decides is drawn for all processes; clips are made for this one alone.
        numbers, chosen = (each.view(-1, self._batch)[:, self._rows].reshape(-1) for each in (numbers, chosen))
        size, batch = len(numbers), self._rows.stop - self._rows.start
        parts = [(at, source) for at, source in enumerate(self._sources) if (chosen == at).any()]
        rows = [(torch.nonzero(chosen == at)[:, 0], source.clips(numbers[chosen == at])) for at, source in parts]
        example = rows[0][1].frames
        frames = torch.empty((size, *example.shape[1:]), dtype=torch.uint8)
        actions = torch.zeros((size, example.shape[1]), dtype=torch.int64)
        fps, learned = torch.zeros(size), torch.ones((size, example.shape[1]))
        # The same for all processes, whatever their own clips are of.
        count = max(source.num_before for source in self._sources)
        before = Before(frames.new_zeros((size, count, *frames.shape[2:])), torch.zeros(size, dtype=torch.int64))
        pieces: list[list[sequence.Piece]] = [[] for _ in range(size)]
        for places, part in rows:
            frames[places], actions[places], fps[places] = part.frames, part.actions, part.fps
            learned[places, : part.num_given] = 0.0
            if part.before:
                before.frames[places], before.count[places] = part.before.frames, part.before.count
            for row, place in enumerate(places.tolist()):
                pieces[place] = self._pieces(part, row)
        cuts = [slice(start, start + batch) for start in range(0, size, batch)]
        return [
            Examples(
                frames[cut], pieces[cut], actions[cut], fps[cut], learned[cut],
                Before(before.frames[cut], before.count[cut]) if count else None,
            )
            for cut in cuts
        ]  # fmt: skip

    def _pieces(self, rows: Rows, row: int) -> list[sequence.Piece]:
        """The prompt before the frames, cues between them, the caption after; each question a branch of its own."""
        num_frames = rows.frames.shape[1]
        pieces: list[sequence.Piece] = []
        if rows.prompts[row]:
            pieces.append(sequence.prompt(self._encode(rows.prompts[row])))
        pieces += [sequence.event(self._encode(words), frame) for frame, words in rows.cues[row]]
        if rows.captions[row]:
            pieces.append(sequence.caption(self._encode(rows.captions[row]), num_frames))
        for number, (asked, answer) in enumerate(rows.questions[row]):
            branch = sequence.FIRST_ANSWER_BRANCH + 1 + number
            pieces.append(sequence.question(self._encode(asked), self._encode(answer), num_frames, branch))
        return pieces

    def _encode(self, words: str) -> list[int]:
        return self._tokenizer.encode(" " + words)
