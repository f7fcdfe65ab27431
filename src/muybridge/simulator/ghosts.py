"""The true world beside an imagined one: a room played frame by frame, with what words it can obey, and how far apart.

A ghost is a value: `step` and `obey` give another one, so that going back costs nothing. None means that the truth is
known no further: the scene has ended, or something was said that no rule of the room carries out. The imagination is
seen through pixels alone (`measures.watch`).
"""

import math
from dataclasses import dataclass, replace
from typing import Any, Protocol

import torch
from torch import Tensor

from . import actions, captions, measures, scenes
from .arcade import ArcadeState
from .configs import ROOMS, RoomConfig, room_config
from .reading import CaptionError, parse
from .render import render
from .state import SceneBatch
from .vocabulary import ACTIONS, AVATAR, BODY, COLOURS, REGIMES, SHAPES

_LENGTH_S = {"lab": 8.0, "desk": 60.0, "uniform": 3.2, "collision": 3.2, "parabola": 3.2, "bakeoff": 1.5}
"""How long a scene's truth is known. What drifts leaves the frame in the end, so most rooms are short."""
_LASTING = tuple(REGIMES.index(name) for name in ("bounce", "orbit"))
"""Motions of the Lab that stay in the frame however long they last."""


class Ghost(Protocol):
    """One moment of a true world."""

    @property
    def now(self) -> SceneBatch:
        """One clip of one frame."""
        ...

    def step(self, action: int) -> "Ghost | None":
        """A frame later, after this action (vocabulary.ACTIONS; rooms without a player take any)."""
        ...

    def obey(self, words: str) -> "Ghost | None":
        """What the words ask for, done from the next frame on."""
        ...

    def caption(self) -> str:
        """The scene as its room's captions tell it, without what is still to happen."""
        ...


@dataclass(frozen=True, slots=True)
class ArcadeGhost:
    """A game; it lasts for ever."""

    state: ArcadeState
    config: RoomConfig

    @property
    def now(self) -> SceneBatch:
        return actions.picture(self.state, self.config)

    def step(self, action: int) -> "ArcadeGhost":
        return replace(self, state=actions.step(self.state, torch.tensor([action])))

    def obey(self, words: str) -> None:
        return None

    def caption(self) -> str:
        return captions.captions(self.now, tells_events=False)[0]


@dataclass(frozen=True, slots=True)
class FilmGhost:
    """A scene whose course is known beforehand."""

    film: SceneBatch
    at: int = 0

    @property
    def now(self) -> SceneBatch:
        return self.film.frames(self.at, self.at + 1)

    def step(self, action: int) -> "FilmGhost | None":
        return replace(self, at=self.at + 1) if self.at + 1 < self.film.num_frames else None

    def obey(self, words: str) -> "FilmGhost | None":
        changed = _obeyed(self.film, self.at + 1, words) if self.film.config.room == "desk" else None
        return None if changed is None else replace(self, film=changed)

    def caption(self) -> str:
        # As long as the clips that the room's captions tell of: a counter's last digit is that of such a clip.
        return captions.captions(self.film.frames(0, ROOMS[self.film.config.room].num_frames), tells_events=False)[0]


def begin(room: str, seed: int, *, fps: float, **changes: Any) -> Ghost:
    """Scene `seed` of the demo split of a room with `changes` of its config, at its first frame.

    Raises Invalid for an unknown room.
    """
    if room == "arcade":
        config = room_config(room, **{**changes, "num_frames": 1, "fps": fps})
        return ArcadeGhost(actions.start("demo", torch.tensor([seed]), config), config)
    config = room_config(room, **changes)
    num_frames = max(2, config.num_frames, round(_LENGTH_S[room] * fps) if room != "bakeoff" else 12)
    config = replace(config, num_frames=num_frames, fps=fps, is_camera_moving=False)
    if room == "lab":
        config = replace(config, regimes=_LASTING)
    film = scenes.sample(room, "demo", [seed], config)
    return FilmGhost(_without_surprises(film) if room == "desk" else film)


def picture(ghost: Ghost, *, height: int, width: int) -> Tensor:
    """uint8 [H, W, 3]: what the true world looks like now."""
    return render(ghost.now, height=height, width=width)[0, 0]


def drift(ghost: Ghost, frame_HW3: Tensor) -> float | None:
    """Frame heights between the avatar (elsewhere the first body) as seen in a frame and where it truly is.

    None where it is not seen, or truly out of the frame.
    """
    scene = ghost.now
    roles = scene.role_BO[0]
    slots = ((roles == AVATAR) | (roles == BODY)).nonzero()[:, 0].tolist()
    if not slots:
        return None
    seen = measures.watch(frame_HW3[None, None], scene)
    apart = float((seen.position_BTO2[0, 0, slots[0]] - scene.position_BTO2[0, 0, slots[0]]).norm())
    return apart if bool(seen.is_whole_BTO[0, 0, slots[0]]) and math.isfinite(apart) else None


def actions_of(room: str | None) -> tuple[str, ...]:
    """The actions that a room (None: any world) takes, by number."""
    return ACTIONS if room in (None, "arcade") else ACTIONS[:1]


def _without_surprises(film: SceneBatch) -> SceneBatch:
    """Bodies of the Desk as they are at first, until somebody says otherwise."""
    held = {name: getattr(film, name)[:, :1].expand_as(getattr(film, name)) for name in ("colour_BTO", "shape_BTO")}
    return replace(film, **held)


def _obeyed(film: SceneBatch, frame: int, words: str) -> SceneBatch | None:
    """The Desk with a body turned another colour or become another shape from `frame` on, as the words say."""
    try:
        told = parse(words)
    except CaptionError:
        return None
    if len(told.events) != 1 or told.objects or told.things or told.counter or told.clock or told.background:
        return None
    event, at = told.events[0], min(frame, film.num_frames) - 1
    names = {
        f"{COLOURS[int(film.colour_BTO[0, at, slot])]} {SHAPES[int(film.shape_BTO[0, at, slot])]}": slot
        for slot in (film.role_BO[0] == BODY).nonzero()[:, 0].tolist()
    }
    if event.subject not in names or event.verb not in ("turns", "becomes"):
        return None
    name, values = ("colour_BTO", COLOURS) if event.verb == "turns" else ("shape_BTO", SHAPES)
    changed = getattr(film, name).clone()
    changed[0, frame:, names[event.subject]] = values.index(event.target)
    return replace(film, **{name: changed})
