"""Physical measures of clips against the simulator's truth: positions, velocities, and whether actions were followed.

Everything about the clip is read from its pixels; truth only says what to look for and what should have been.
Legend: B clips, T frames, O bodies of the truth.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from .arcade import AVATAR_COLOURS, NUM_TILES, STEP, TILE
from .configs import RoomConfig
from .detection import detect
from .phyworld import OUT_RADIUS_BANDS, RADIUS_BANDS, WORLD_SCALE
from .state import SceneBatch
from .vocabulary import AVATAR, BODY, SIZE_RADIUS

_PLAYER_RADIUS = 0.045


class Seen(NamedTuple):
    """The truth's bodies as the clip shows them, found by colour; nan where one is not seen."""

    position_BTO2: Tensor
    "float32, frame heights of the world (still cameras)."
    is_whole_BTO: Tensor
    "bool: by the truth, the body exists and stands wholly inside the frame."


def smallest_radius(config: RoomConfig) -> float:
    """Of the bodies that the room may hold, for the detector."""
    if config.room in ("uniform", "collision", "parabola"):
        bands = OUT_RADIUS_BANDS if config.is_out_of_distribution else RADIUS_BANDS
        return bands[0][0] / WORLD_SCALE
    return SIZE_RADIUS[0] if config.room != "arcade" else _PLAYER_RADIUS


def watch(frames_BTHW3: Tensor, scene: SceneBatch) -> Seen:
    """Find the truth's bodies in clips (uint8, as long as the scene or shorter) by their colour at the first frame."""
    num_frames = frames_BTHW3.shape[1]
    found = detect(frames_BTHW3, smallest_radius=smallest_radius(scene.config))
    colour = scene.colour_BTO[:, 0, None, :, None].expand(-1, num_frames, -1, 2)
    position = found.centroid_BTC2.gather(2, colour)
    place, radius = scene.position_BTO2[:, :num_frames], scene.radius_BTO[:, :num_frames, :, None]
    room = place.new_tensor([scene.config.aspect, 1.0])
    inside = ((place >= radius) & (place <= room - radius)).all(-1)
    return Seen(position, inside & scene.present_BTO[:, :num_frames] & (scene.role_BO == BODY)[:, None])


def position_errors(frames_BTHW3: Tensor, scene: SceneBatch) -> Tensor:
    """Mean distance [B, T] (frame heights) from where bodies should be; a body not seen counts as a frame away.

    nan in frames that should show no whole body.
    """
    seen = watch(frames_BTHW3, scene)
    truth = scene.position_BTO2[:, : frames_BTHW3.shape[1]]
    away = torch.nan_to_num((seen.position_BTO2 - truth).norm(dim=-1), nan=1.0)
    weight = seen.is_whole_BTO.to(away.dtype)
    return (away * weight).sum(2) / torch.where(weight.sum(2) > 0, weight.sum(2), torch.nan)


def velocity_errors(frames_BTHW3: Tensor, scene: SceneBatch, *, first_frame: int = 0) -> Tensor:
    """PhyWorld's measure: mean absolute velocity error [B] in its world's units per second.

    Velocity is the difference of centroids of neighbouring frames, along x where motion is along x (uniform,
    collision) and along both axes in flight; balls cut by the frame's edge are left out, balls that are missing count
    as standing still. first_frame: from where on, e.g. after the frames that were given.
    """
    seen = watch(frames_BTHW3, scene)
    axes = slice(0, 2) if scene.config.room == "parabola" else slice(0, 1)
    truth = scene.position_BTO2[:, : frames_BTHW3.shape[1]]
    rate = scene.config.fps * WORLD_SCALE
    wanted = truth.diff(dim=1)[..., axes] * rate
    shown = torch.nan_to_num(seen.position_BTO2.diff(dim=1)[..., axes], nan=0.0) * rate
    counts = seen.is_whole_BTO[:, 1:] & seen.is_whole_BTO[:, :-1]
    counts = counts & (torch.arange(counts.shape[1], device=counts.device)[:, None] >= first_frame)
    weight = counts.to(shown.dtype)
    error = (shown - wanted).abs().mean(-1)
    return (error * weight).sum((1, 2)) / torch.where(weight.sum((1, 2)) > 0, weight.sum((1, 2)), torch.nan)


def player_path(frames_BTHW3: Tensor, scene: SceneBatch) -> Tensor:
    """Where the Arcade's avatar is seen: [B, T, 2] in frame heights, nan where it is not."""
    slot = int((scene.role_BO[0] == AVATAR).nonzero()[0])
    return watch(frames_BTHW3, scene).position_BTO2[:, :, slot]


def follows_actions(frames_BTHW3: Tensor, scene: SceneBatch) -> Tensor:
    """bool [B, T-1]: whether the avatar's displacement between frames is the simulator's, to half a step.

    scene: the same actions played by the simulator from the same state.
    """
    slot = int((scene.role_BO[0] == AVATAR).nonzero()[0])
    shown = player_path(frames_BTHW3, scene).diff(dim=1)
    wanted = scene.position_BTO2[:, : frames_BTHW3.shape[1], slot].diff(dim=1)
    # nan compares false: an avatar that vanished follows nothing.
    return ((shown - wanted).abs() < 0.5 * STEP / (NUM_TILES * TILE)).all(-1)


def player_colours(frames_BTHW3: Tensor) -> Tensor:
    """The avatar's palette colour [B]: of those an avatar may have, the one that covers most."""
    area = detect(frames_BTHW3, smallest_radius=_PLAYER_RADIUS).area_BTC.mean(1)
    allowed = torch.tensor(AVATAR_COLOURS, device=area.device)
    return allowed[area[:, allowed].argmax(1)]
