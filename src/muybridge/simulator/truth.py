"""Boxes, masks and tracks of a scene in display pixels: what a perfect annotator would have drawn.

Boxes are of the whole thing as far as the frame shows it, hidden parts included (amodal, as trackers and annotators
are asked for); masks are of what is seen.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from .shapes import WALL_REACH
from .state import SceneBatch
from .things import Screen, things
from .vocabulary import BODY, COLOURS, COUNTER, HAND, OCCLUDER, ROLES, SHAPES

_HIDDEN_BELOW = 0.5


@dataclass(frozen=True, slots=True)
class BoxTrack:
    """One thing's boxes over the frames that show it, frames counted from `first_frame` of `box_tracks`."""

    class_name: str
    "The shape of a body, the role of anything else."
    attributes: dict[str, str]
    slot: int
    frames: list[int]
    boxes: list[tuple[float, float, float, float]]
    "x, y, width, height in display pixels, clipped to the frame."
    is_occluded: list[bool]
    "More than half hidden behind other things."


def masks(scene: SceneBatch, height: int, width: int) -> Tensor:
    """Seen share of each pixel: float32 [B, T, O, H, W]; slots in front take from those behind. Large: mind B x T."""
    screen = Screen(height, width, scene.config.aspect)
    num = scene.num_clips * scene.num_frames
    shares = torch.zeros(num, scene.num_slots, height * width, device=scene.device)
    for slot in range(scene.num_slots):
        for thing in things(screen, scene, slot):
            cover = torch.zeros(len(thing.rows_N), height * width, device=scene.device)
            places = thing.flat_NP
            cover = thing.cover_NP if places is None else cover.scatter(1, places, thing.cover_NP)
            shares[thing.rows_N, :slot] *= 1.0 - cover[:, None]
            shares[thing.rows_N, slot] = cover
    return shares.view(scene.num_clips, scene.num_frames, scene.num_slots, height, width)


def visibility(scene: SceneBatch, *, resolution: int = 64) -> Tensor:
    """Seen share of each thing's whole area, float32 [B, T, O] in [0, 1]; 0 where it is absent."""
    height, width = resolution, max(1, round(resolution * scene.config.aspect))
    seen = masks(scene, height, width).sum((-1, -2))
    whole = torch.zeros_like(seen)
    screen = Screen(height, width, scene.config.aspect)
    for slot in range(scene.num_slots):
        for thing in things(screen, scene, slot):
            whole[:, :, slot].view(-1)[thing.rows_N] = thing.cover_NP.sum(1)
    return torch.where(whole > 0, seen / whole.clamp(min=1e-6), 0.0)


def boxes(scene: SceneBatch, height: int, width: int) -> Tensor:
    """x, y, width, height [B, T, O, 4] in display pixels, not clipped; exact for shapes that are not turned."""
    screen = Screen(height, width, scene.config.aspect)
    reach = torch.tensor(WALL_REACH, device=scene.device)[scene.shape_BTO] * scene.radius_BTO[..., None]
    half = scene.extent_BO2[:, None]
    role = scene.role_BO[:, None, :, None]
    plate = torch.stack([half[..., 0], half[..., 0], half[..., 1], half[..., 1]], -1)
    reach = torch.where((role == OCCLUDER) | (role == COUNTER), plate, reach)
    reach = torch.where(role == HAND, scene.radius_BTO[..., None], reach)
    zoom = scene.view_BT3[:, :, None, 2:] * screen.scale
    middle = torch.tensor([width / 2, height / 2], device=scene.device)
    centre = (scene.position_BTO2 - scene.view_BT3[:, :, None, :2]) * zoom + middle
    low = centre - reach[..., 0::2] * zoom
    high = centre + reach[..., 1::2] * zoom
    return torch.cat([low, high - low], -1)


def _clipped(box: list[float], height: int, width: int) -> tuple[float, float, float, float] | None:
    left, top = max(0.0, box[0]), max(0.0, box[1])
    right, bottom = min(float(width), box[0] + box[2]), min(float(height), box[1] + box[3])
    return (left, top, right - left, bottom - top) if right - left > 1.0 and bottom - top > 1.0 else None


def _name(scene: SceneBatch, clip: int, slot: int) -> tuple[str, dict[str, str]]:
    role = int(scene.role_BO[clip, slot])
    if role != BODY:
        return ROLES[role], {}
    colour = COLOURS[int(scene.colour_BTO[clip, 0, slot])]
    return SHAPES[int(scene.shape_BTO[clip, 0, slot])], {"colour": colour}


def box_tracks(scene: SceneBatch, clip: int, height: int, width: int, *, first_frame: int = 0) -> list[BoxTrack]:
    """Tracks of every body (and avatar, block, coin, hazard) of one clip; screens, counters and clocks are scenery."""
    one = scene.clips(slice(clip, clip + 1))
    all_boxes = boxes(one, height, width)[0].tolist()
    seen = visibility(one)[0]
    tracks = []
    for slot in range(scene.num_slots):
        if int(scene.role_BO[clip, slot]) in (0, OCCLUDER, COUNTER, HAND):
            continue
        name, attributes = _name(scene, clip, slot)
        track = BoxTrack(name, attributes, slot, [], [], [])
        for frame in scene.present_BTO[clip, :, slot].nonzero()[:, 0].tolist():
            if (box := _clipped(all_boxes[frame][slot], height, width)) is not None:
                track.frames.append(first_frame + frame)
                track.boxes.append(box)
                track.is_occluded.append(float(seen[frame, slot]) < _HIDDEN_BELOW)
        if track.frames:
            tracks.append(track)
    return tracks
