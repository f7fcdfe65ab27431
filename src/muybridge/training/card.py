"""The early report card: what a network can do in a room, by the simulator's own judge, beside its ceiling and floor.

For one-body rooms of still cameras. Floors, intervals and reports of every room are `evaluation`'s work; this is what a
training says of itself and what the bake-off is measured by.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from muybridge.errors import MuybridgeError
from muybridge.simulator import captions, judge, render, scenes
from muybridge.simulator.configs import RoomConfig
from muybridge.simulator.facts import Facts
from muybridge.simulator.scenes import SceneBatch
from muybridge.worldmodel.sampler import Sampler, Sampling, Wish

BATCH = 64
GIVEN = 2
"""Frames given to a continuation."""
LOST = 0.5
"""The error, in frame heights, of a body that is not seen at all."""


@dataclass(frozen=True, slots=True)
class Card:
    """Shares and errors over n unseen clips. Position errors are in frame heights, at the last frame."""

    n: int
    caption_exact: float
    facts: dict[str, float]
    """Text to video: share of clips with that fact right; `all_facts` with every one."""
    ceiling: dict[str, float]
    """The same judge on true frames."""
    continuation_error: float
    copy_error: float
    """The floor: the last given frame, repeated."""
    truth_error: float
    """The ceiling: the judge's own error on true frames."""

    @property
    def continuation_ratio(self) -> float:
        return self.continuation_error / self.copy_error

    def to_json(self) -> dict[str, object]:
        names = ("n", "caption_exact", "facts", "ceiling", "continuation_error", "copy_error", "truth_error")
        return {**{name: getattr(self, name) for name in names}, "continuation_ratio": self.continuation_ratio}


def report(sampler: Sampler, config: RoomConfig, *, n: int, split: str, how: Sampling, seed: int = 0) -> Card:
    """Judge n clips of a split: captions of true clips, clips from true captions, continuations of true beginnings."""
    exact, errors, copies, truths = 0, [], [], []
    scores, ceilings = [], []
    for start in range(0, n, BATCH):
        scene = scenes.sample(config.room, split, range(start, min(n, start + BATCH)), config)
        height, width = sampler.model.config.height, sampler.model.config.frame_width
        truth = render.render(scene, height=height, width=width)
        wanted, words = captions.facts_of(scene), captions.captions(scene)
        exact += _count_exact(sampler.captions(truth, fps=config.fps), wanted)
        numbers = range(start, start + len(words))
        wishes = [Wish(text, seed=seed * 100_003 + number) for text, number in zip(words, numbers, strict=True)]
        made = sampler.sample(wishes, config.num_frames, how).cpu()
        scores += score_facts(made, wanted, config)
        ceilings += score_facts(truth, wanted, config)
        begun = [Wish(seed=seed * 100_003 + row, given=truth[row, :GIVEN]) for row in range(len(truth))]
        continued = sampler.sample(begun, config.num_frames, how).cpu()
        errors.append(_last_error(continued, scene))
        copies.append(_last_error(_frozen(truth), scene))
        truths.append(_last_error(truth, scene))
    return Card(
        n=n,
        caption_exact=exact / n,
        facts=_told(judge.mean_scores(scores)),
        ceiling=_told(judge.mean_scores(ceilings)),
        continuation_error=float(torch.cat(errors).mean()),
        copy_error=float(torch.cat(copies).mean()),
        truth_error=float(torch.cat(truths).mean()),
    )


def _count_exact(written: list[str], wanted: list[Facts]) -> int:
    return sum(is_exact(caption, facts) for caption, facts in zip(written, wanted, strict=True))


def is_exact(caption: str, facts: Facts) -> bool:
    """Whether a caption states these facts and no others, in whatever words the grammar has."""
    try:
        return captions.parse(caption) == facts
    except MuybridgeError:
        return False


def score_facts(frames: Tensor, wanted: list[Facts], config: RoomConfig) -> list[judge.FactScores]:
    """What the judge sees in clips uint8 [B, T, H, W, 3], scored against what was wanted."""
    found = judge.facts_from_frames(frames, config)
    return [judge.compare(seen, facts) for seen, facts in zip(found, wanted, strict=True)]


def _frozen(truth_BTHW3: Tensor) -> Tensor:
    frames = truth_BTHW3.clone()
    frames[:, GIVEN:] = truth_BTHW3[:, GIVEN - 1 : GIVEN]
    return frames


def _last_error(frames: Tensor, scene: SceneBatch) -> Tensor:
    """Distance of the first body's centroid in the last frame from where it truly is, [B]."""
    seen = judge.detect(frames)
    rows = torch.arange(len(frames))
    found = seen.centroid_BTC2[rows, -1, scene.colour_BTO[:, -1, 0]]
    distance = (found - scene.position_BTO2[:, -1, 0]).norm(dim=-1)
    return torch.where(distance.isnan(), torch.full_like(distance, LOST), distance)


def _told(means: dict[str, float]) -> dict[str, float]:
    return {name: round(mean, 4) for name, mean in means.items() if mean == mean}
