"""Long sample films with cuts and exact truth: what the demo ingests when no clips are given, and what labelling is
tested with.

A film is a row of Lab shots of the demo split; a shot's ground differs from the one before it, so a cut is a cut.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from muybridge.errors import Invalid

from .captions import captions as tell
from .facts import Facts
from .render import render
from .scenes import room_config, sample
from .state import SceneBatch
from .tellings import facts_of
from .truth import BoxTrack, box_tracks
from .vocabulary import BACKGROUNDS

_RENDER_FRAMES = 12


@dataclass(frozen=True, slots=True)
class FootagePlan:
    """A film before it is drawn, and everything that is true of it."""

    height: int
    width: int
    fps: float
    shots: tuple[SceneBatch, ...]
    "One clip each."
    tracks: tuple[BoxTrack, ...]
    "Frames count through the film; a track ends with its shot."
    captions: tuple[str, ...]
    "One a shot."
    facts: tuple[Facts, ...]

    @property
    def num_frames(self) -> int:
        return sum(shot.num_frames for shot in self.shots)

    @property
    def cuts(self) -> tuple[int, ...]:
        """The first frame of every shot but the first."""
        starts, at = [], 0
        for shot in self.shots[:-1]:
            at += shot.num_frames
            starts.append(at)
        return tuple(starts)

    def frames(self) -> Iterator[Tensor]:
        """uint8 [H, W, 3], one frame after the other."""
        for shot in self.shots:
            for start in range(0, shot.num_frames, _RENDER_FRAMES):
                stop = min(start + _RENDER_FRAMES, shot.num_frames)
                yield from render(shot, height=self.height, width=self.width, frames=(start, stop))[0]


def footage(
    seed: int, *, height: int = 360, width: int = 640, fps: float = 24.0, num_shots: int = 4, frames_per_shot: int = 48
) -> FootagePlan:
    """Plan a film; the same seed and sizes give the same film, frame for frame.

    Raises Invalid if it would have no frames.
    """
    if seed < 0 or min(height, width, num_shots, frames_per_shot) < 1:
        raise Invalid(f"A film of {num_shots} shots of {frames_per_shot} frames at {width}x{height} cannot be made.")
    shots = []
    tracks: list[BoxTrack] = []
    for number in range(num_shots):
        # Stepping by two through five grounds never repeats one across a cut.
        ground = (seed + 2 * number) % len(BACKGROUNDS)
        config = room_config(
            "lab",
            num_frames=frames_per_shot,
            fps=fps,
            height=height,
            width=width,
            aspect=width / height,
            min_objects=2,
            backgrounds=(ground,),
        )
        shot = sample("lab", "demo", torch.tensor([seed * 1000 + number]), config)
        tracks += box_tracks(shot, 0, height, width, first_frame=number * frames_per_shot)
        shots.append(shot)
    return FootagePlan(
        height=height,
        width=width,
        fps=fps,
        shots=tuple(shots),
        tracks=tuple(tracks),
        captions=tuple(tell(shot)[0] for shot in shots),
        facts=tuple(facts_of(shot)[0] for shot in shots),
    )
