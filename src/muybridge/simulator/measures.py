"""Physical measures of clips against the simulator's truth: positions, velocities, and whether actions were followed.

Everything about the clip is read from its pixels; truth only says what to look for and what should have been.
Legend: B clips, T frames, O bodies of the truth.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from .arcade import AVATAR_COLOURS, HALF, NUM_TILES, STEP, TILE
from .configs import RoomConfig
from .detection import detect
from .phyworld import OUT_RADIUS_BANDS, RADIUS_BANDS, WORLD_SCALE
from .state import SceneBatch
from .vocabulary import AVATAR, BODY, SIZE_RADIUS

_PLAYER_RADIUS = 0.045
_BULK = HALF - 3.0
"""Units from the avatar's centre that must be free; the rules keep HALF of them free."""


class Seen(NamedTuple):
    """The truth's bodies (and avatar) as the clip shows them, found by colour; nan where one is not seen."""

    position_BTO2: Tensor
    "float32, frame heights of the world (still cameras)."
    is_whole_BTO: Tensor
    "bool: by the truth, the body exists and stands wholly inside the frame."

    def velocity(self, fps: float) -> Tensor:
        """Differences of neighbouring frames [B, T-1, O, 2] per second; what is missing counts as standing still."""
        return torch.nan_to_num(self.position_BTO2.diff(dim=1), nan=0.0) * fps


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
    mover = (scene.role_BO == BODY) | (scene.role_BO == AVATAR)
    return Seen(position, inside & scene.present_BTO[:, :num_frames] & mover[:, None])


def carry_on(seen: Seen, num_given: int) -> Seen:
    """What knows nothing but inertia: positions as seen in the given frames, then each body's last velocity for ever.

    With one given frame everything stands still.
    """
    position = seen.position_BTO2.clone()
    last = position[:, num_given - 1]
    velocity = last - position[:, num_given - 2] if num_given > 1 else torch.zeros_like(last)
    steps = torch.arange(1, position.shape[1] - num_given + 1, device=position.device)
    position[:, num_given:] = last[:, None] + velocity[:, None] * steps[:, None, None]
    return seen._replace(position_BTO2=position)


def position_errors(frames_BTHW3: Tensor, scene: SceneBatch) -> Tensor:
    """Mean distance [B, T] (frame heights) from where bodies should be; a body not seen counts as a frame away.

    nan in frames that should show no whole body.
    """
    return seen_position_errors(watch(frames_BTHW3, scene), scene)


def seen_position_errors(seen: Seen, scene: SceneBatch) -> Tensor:
    """`position_errors` of what was seen already."""
    truth = scene.position_BTO2[:, : seen.position_BTO2.shape[1]]
    away = torch.nan_to_num((seen.position_BTO2 - truth).norm(dim=-1), nan=1.0)
    weight = seen.is_whole_BTO.to(away.dtype)
    return (away * weight).sum(2) / torch.where(weight.sum(2) > 0, weight.sum(2), torch.nan)


def velocity_errors(frames_BTHW3: Tensor, scene: SceneBatch, *, first_frame: int = 0) -> Tensor:
    """PhyWorld's measure: mean absolute velocity error [B] in its world's units per second.

    Velocity is the difference of centroids of neighbouring frames, along x where motion is along x (uniform,
    collision) and along both axes elsewhere; balls cut by the frame's edge are left out, balls that are missing count
    as standing still. first_frame: from where on, e.g. after the frames that were given.
    """
    return seen_velocity_errors(watch(frames_BTHW3, scene), scene, first_frame=first_frame)


def seen_velocity_errors(seen: Seen, scene: SceneBatch, *, first_frame: int = 0) -> Tensor:
    """`velocity_errors` of what was seen already."""
    axes = slice(0, 1) if scene.config.room in ("uniform", "collision") else slice(0, 2)
    truth = scene.position_BTO2[:, : seen.position_BTO2.shape[1]]
    rate = scene.config.fps * WORLD_SCALE
    wanted = truth.diff(dim=1)[..., axes] * rate
    shown = seen.velocity(rate)[..., axes]
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


def stands_in_wall(path_BT2: Tensor, scene: SceneBatch) -> Tensor:
    """bool [B, T]: whether the avatar, seen at `path_BT2`, overlaps a wall by more than the detector could err."""
    grid = scene.tiles_BGG
    clip = torch.arange(len(grid), device=grid.device)[:, None]
    found = torch.zeros(path_BT2.shape[:2], dtype=torch.bool, device=grid.device)
    unit = torch.nan_to_num(path_BT2, nan=0.5) * (NUM_TILES * TILE)
    for dx in (-_BULK, _BULK):
        for dy in (-_BULK, _BULK):
            cell = ((unit + unit.new_tensor([dx, dy])) / TILE).floor().to(torch.int64).clamp(0, NUM_TILES - 1)
            found |= grid[clip, cell[..., 1], cell[..., 0]] == 1
    return found & ~path_BT2.isnan().any(-1)


def player_colours(frames_BTHW3: Tensor) -> Tensor:
    """The avatar's palette colour [B]: of those an avatar may have, the one that covers most."""
    area = detect(frames_BTHW3, smallest_radius=_PLAYER_RADIUS).area_BTC.mean(1)
    allowed = torch.tensor(AVATAR_COLOURS, device=area.device)
    return allowed[area[:, allowed].argmax(1)]
