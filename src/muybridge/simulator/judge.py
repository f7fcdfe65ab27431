"""Frames to facts, from pixels alone, and facts compared with what was wanted.

The judge is itself judged: on true frames it must score what tests/simulator/test_judge.py demands, and every metric
built on it is printed beside that ceiling.
"""

import math
from dataclasses import dataclass

from torch import Tensor

from .arcade_judge import arcade_facts, coins_left
from .configs import RoomConfig, room_config
from .desk_judge import desk_facts
from .detection import Detections, detect
from .facts import Facts, ObjectFacts
from .ground import judge_ground
from .happenings import Seen, happenings
from .identity import Identity, identity
from .lab import ORBITS, camera_view
from .laws import bounce_errors, collisions, fall, reappears
from .measures import (
    carry_on,
    follows_actions,
    player_path,
    position_errors,
    seen_position_errors,
    seen_velocity_errors,
    smallest_radius,
    stands_in_wall,
    velocity_errors,
    watch,
)
from .scores import FactScores, compare, fact_set, mean_scores
from .tellings import MAX_EVENTS
from .tracks import Tracks, opening, orbit, speed_class, world_tracks
from .vocabulary import (
    BACKGROUNDS,
    CAMERAS,
    COLOURS,
    DIRECTIONS,
    MOTIONS,
    REGIMES,
    SHAPES,
    SIZE_RADIUS,
    SIZES,
    SPEEDS,
    TEXTURES,
    TURNS,
)

__all__ = [
    "Detections",
    "FactScores",
    "Identity",
    "bounce_errors",
    "carry_on",
    "coins_left",
    "collisions",
    "compare",
    "detect",
    "fact_set",
    "facts_from_frames",
    "fall",
    "follows_actions",
    "identity",
    "mean_scores",
    "player_path",
    "position_errors",
    "reappears",
    "seen_position_errors",
    "seen_velocity_errors",
    "stands_in_wall",
    "velocity_errors",
    "watch",
]


def _as_config(room: str | RoomConfig) -> RoomConfig:
    return room_config(room) if isinstance(room, str) else room


@dataclass(frozen=True, slots=True)
class _Clip:
    """What was seen in one clip."""

    config: RoomConfig
    tracks: Tracks
    detections: Detections
    row: int

    @property
    def colours(self) -> list[int]:
        found: list[int] = self.detections.is_body_BC[self.row].nonzero()[:, 0].tolist()
        return found

    def path(self, colour: int) -> tuple[Tensor, Tensor]:
        """(positions [T, 2], fully seen [T]) of one colour's body."""
        return self.tracks.position_BTC2[self.row, :, colour], self.tracks.is_full_BTC[self.row, :, colour]

    def has_regime(self, name: str) -> bool:
        return self.config.room == "lab" and REGIMES.index(name) in self.config.regimes


def facts_from_frames(frames: Tensor, room: str | RoomConfig = "lab") -> list[Facts]:
    """The facts of uint8 clips [B, T, H, W, 3], as captions of that room would state them."""
    config = room_config(room) if isinstance(room, str) else room
    if config.room in ("arcade", "desk"):
        return (arcade_facts if config.room == "arcade" else desk_facts)(frames, config)
    detections = detect(frames, smallest_radius=smallest_radius(config))
    ground = judge_ground(frames, config)
    view = camera_view(config, ground.camera_B, frames.shape[1])
    tracks = world_tracks(detections, view, config.aspect)
    clips = [_Clip(config, tracks, detections, row) for row in range(len(frames))]
    if config.room != "lab":
        return [Facts(tuple(_bodies(clip)), room=config.room) for clip in clips]
    grounds = zip(ground.background_B.tolist(), ground.camera_B.tolist(), strict=True)
    return [
        _lab_facts(clip, frames[clip.row], BACKGROUNDS[background], CAMERAS[camera])
        for clip, (background, camera) in zip(clips, grounds, strict=True)
    ]


def _lab_facts(clip: _Clip, frames_THW3: Tensor, background: str, camera: str) -> Facts:
    bodies = _bodies(clip)
    seen = [
        Seen(
            name=body.name,
            position_T2=clip.path(colour)[0],
            is_seen_T=clip.tracks.is_seen_BTC[clip.row, :, colour],
            radius=float(clip.tracks.radius_BC[clip.row, colour]),
            area_T=clip.detections.area_BTC[clip.row, :, colour],
        )
        for body, colour in zip(bodies, clip.colours, strict=True)
    ]
    # Under a moving camera and around a hub nothing ever meets.
    is_calm = camera != "still" or any(body.motion == MOTIONS[ORBITS] for body in bodies)
    is_flight = any(body.motion == "falls" for body in bodies)
    events = [] if is_calm else happenings(seen, frames_THW3, clip.config.fps, is_flight=is_flight)
    return Facts(tuple(bodies), background, tuple(event for _, event in events[:MAX_EVENTS]), camera)


def _bodies(clip: _Clip) -> list[ObjectFacts]:
    """The bodies of a clip in order of colour; attributes that the room's captions do not state are None."""
    says_look = clip.config.room == "lab"
    radii = {colour: float(clip.tracks.radius_BC[clip.row, colour]) for colour in clip.colours}
    bodies = []
    for colour in clip.colours:
        motion, speed, direction = _motion(clip, colour)
        size = min(clip.config.sizes, key=lambda k: abs(math.log(max(radii[colour], 1e-6) / SIZE_RADIUS[k])))
        is_striped = bool(clip.detections.is_striped_BC[clip.row, colour])
        bodies.append(
            ObjectFacts(
                SHAPES[int(clip.detections.shape_BC[clip.row, colour])],
                COLOURS[colour],
                SIZES[size] if says_look else None,
                TEXTURES[int(is_striped)] if says_look else None,
                motion,
                speed,
                direction,
            )
        )
    return bodies


def _hub(clip: _Clip) -> Tensor | None:
    """Where the body that rests near the middle is, if there is one: things may orbit it."""
    for colour in clip.colours:
        path, full = clip.path(colour)
        if bool(full.any()) and float((path[full] - path.new_tensor([0.5, 0.5])).norm(dim=1).max()) < 0.06:
            return path[full].mean(0)
    return None


def _motion(clip: _Clip, colour: int) -> tuple[str | None, str | None, str | None]:
    """(motion, speed, direction) as captions of the room say them."""
    config = clip.config
    if config.room not in ("lab", "bakeoff"):
        return None, None, None
    path, full = clip.path(colour)
    hub = _hub(clip) if clip.has_regime("orbit") else None
    if hub is not None and (rate := orbit(path, hub, full, config.fps)) is not None:
        pace = speed_class(config, abs(rate), is_orbit=True)
        return MOTIONS[ORBITS], SPEEDS[pace], TURNS[0 if rate > 0 else 1]
    start = opening(path, full, config.fps, may_fall=clip.has_regime("gravity"))
    if config.room == "bakeoff":
        return "moves", SPEEDS[speed_class(config, start.speed)], DIRECTIONS[_eighth(start.angle)]
    if start.motion == "stays":
        return "stays", None, None
    if start.motion == "falls":
        if start.speed < 0.04:
            return "falls", None, DIRECTIONS[2]
        return "falls", SPEEDS[speed_class(config, start.speed)], DIRECTIONS[0 if start.angle == 0.0 else 4]
    return "drifts", SPEEDS[speed_class(config, start.speed)], DIRECTIONS[_eighth(start.angle)]


def _eighth(angle: float) -> int:
    return round(angle / (math.pi / 4)) % 8
