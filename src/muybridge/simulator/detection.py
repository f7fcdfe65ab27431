"""Frames to tracked bodies: one body a colour, its centroid, radius, shape, size and texture in every frame.

Analysis by synthesis: for each body the five shapes are drawn at the mask's own centroid and area, and the one that
overlaps the mask best is its shape.
Legend: B clips, T frames, C palette colours.
"""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from .paint import STRIPE_DARKNESS, Look, coverage
from .segmentation import SoftMasks, interior_share, segment
from .shapes import AREAS
from .shapes import REACH as SHAPE_REACH
from .vocabulary import COLOURS, PALETTE, SHAPES, SIZE_RADIUS

MIN_SHARE_OF_SMALLEST = 0.25
"""A colour counts as seen in a frame where it covers this share of the smallest body's area."""
_STRIPED_BELOW = 0.9
_SHAPE_FRAMES = 5


@dataclass(frozen=True, slots=True)
class Detections:
    """What was seen of each colour. Positions and radii are in frame heights on screen (camera not undone)."""

    is_body_BC: Tensor
    "bool: there is a body of that colour in the clip."
    is_seen_BTC: Tensor
    centroid_BTC2: Tensor
    "float32; x from the frame's left edge; nan where unseen."
    area_BTC: Tensor
    "float32 in frame heights squared; stripes filled in."
    radius_BC: Tensor
    "float32: the radius that the shape needs for the clip's fullest views."
    shape_BC: Tensor
    shape_score_BC: Tensor
    "Soft intersection over union of the chosen shape, in [0, 1]."
    is_striped_BC: Tensor


def _fill_stripes(masks: SoftMasks, num_clips: int, num_frames: int) -> tuple[SoftMasks, Tensor]:
    """The masks with dark bands counted as whole, and which colours are striped [B, C]."""
    mean_NC, count_NC = interior_share(masks)
    mean, weight = (values.view(num_clips, num_frames, -1) for values in (mean_NC, count_NC))
    clip_mean = (mean * weight).sum(1) / weight.sum(1).clamp(min=1.0)
    striped = (clip_mean < _STRIPED_BELOW) & (weight.sum(1) > 0)
    fill_M = torch.where(striped[masks.frame_M // num_frames, masks.colour_M], 1.0 / STRIPE_DARKNESS, 1.0)
    share_M = (masks.share_M * fill_M).clamp(max=1.0)
    picture = masks.share_NHW.clone()
    picture[masks.frame_M, masks.row_M, masks.column_M] = share_M
    return replace(masks, share_M=share_M, share_NHW=picture), striped


def _moments(masks: SoftMasks) -> tuple[Tensor, Tensor]:
    """(area [N, C] in pixels, centroid [N, C, 2] in pixels)."""
    share = masks.share_M.to(torch.float64)
    area, x, y = (masks.total(share * weight) for weight in (1.0, masks.column_M + 0.5, masks.row_M + 0.5))
    centroid = torch.stack([x, y], -1) / area.clamp(min=1e-6)[..., None]
    return area.to(torch.float32), centroid.to(torch.float32)


def _crops(masks: SoftMasks, frame_N: Tensor, colour_N: Tensor, centre_N2: Tensor, half: int) -> tuple[Tensor, ...]:
    """(shares, x, y) [N, P] of one colour in a window around each centre; zero outside the frame."""
    height, width = masks.label_NHW.shape[1:]
    around = torch.arange(-half, half + 1, device=frame_N.device)
    shape = (len(frame_N), len(around), len(around))
    row = (torch.floor(centre_N2[:, 1]).to(torch.int64)[:, None, None] + around[:, None]).expand(shape)
    column = (torch.floor(centre_N2[:, 0]).to(torch.int64)[:, None, None] + around).expand(shape)
    inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
    place = (frame_N[:, None, None], row.clamp(0, height - 1), column.clamp(0, width - 1))
    inside &= masks.label_NHW[place] == colour_N[:, None, None]
    x = column + 0.5 - centre_N2[:, 0, None, None]
    y = row + 0.5 - centre_N2[:, 1, None, None]
    return (masks.share_NHW[place] * inside).flatten(1), x.flatten(1), y.flatten(1)


def _shape_scores(masks: SoftMasks, frame_N: Tensor, colour_N: Tensor, centre_N2: Tensor, area_N: Tensor) -> Tensor:
    """Soft IoU [N, shapes] of each mask with each shape drawn at its centroid and area."""
    half = int(torch.sqrt(area_N.max() / min(AREAS)) * SHAPE_REACH) + 2
    values, x, y = _crops(masks, frame_N, colour_N, centre_N2, half)
    zeros = torch.zeros(len(area_N), dtype=torch.int64, device=area_N.device)
    scores = []
    for shape, unit_area in enumerate(AREAS):
        radius = torch.sqrt(area_N / unit_area)
        drawn = coverage(Look(zeros + shape, zeros, zeros, torch.zeros_like(area_N), radius), x, y)
        scores.append(torch.minimum(values, drawn).sum(1) / torch.maximum(values, drawn).sum(1).clamp(min=1e-6))
    return torch.stack(scores, 1)


def _judge_shapes(masks: SoftMasks, area_BTC: Tensor, centroid_BTC2: Tensor, body_BC: Tensor) -> tuple[Tensor, Tensor]:
    """(shape, score) [B, C], from each body's fullest views."""
    num_clips, num_frames, num_colours = area_BTC.shape
    shape = torch.zeros(num_clips, num_colours, dtype=torch.int64, device=area_BTC.device)
    score = torch.zeros(num_clips, num_colours, device=area_BTC.device)
    bodies = body_BC.nonzero()
    if not len(bodies):
        return shape, score
    views = min(_SHAPE_FRAMES, num_frames)
    best = area_BTC.topk(views, dim=1).indices[bodies[:, 0], :, bodies[:, 1]]
    clip, colour = (bodies[:, k, None].expand(-1, views).reshape(-1) for k in (0, 1))
    frame = best.reshape(-1)
    found = _shape_scores(
        masks,
        clip * num_frames + frame,
        colour,
        centroid_BTC2[clip, frame, colour],
        area_BTC[clip, frame, colour].clamp(min=1.0),
    )
    mean = found.view(len(bodies), views, len(SHAPES)).mean(1)
    shape[bodies[:, 0], bodies[:, 1]] = mean.argmax(1)
    score[bodies[:, 0], bodies[:, 1]] = mean.amax(1)
    return shape, score


def detect(frames_BTHW3: Tensor, *, smallest_radius: float = SIZE_RADIUS[0]) -> Detections:
    """Find the bodies of uint8 clips [B, T, H, W, 3]; pure: nothing but pixels is read.

    smallest_radius: of the smallest body to look for, in frame heights.
    """
    num_clips, num_frames, height, width, _ = frames_BTHW3.shape
    masks = segment(frames_BTHW3.reshape(-1, height, width, 3))
    filled, striped_BC = _fill_stripes(masks, num_clips, num_frames)
    area_NC, centroid_NC2 = _moments(filled)
    area = area_NC.view(num_clips, num_frames, -1)
    centroid = centroid_NC2.view(num_clips, num_frames, len(PALETTE), 2)
    least = MIN_SHARE_OF_SMALLEST * min(AREAS) * (smallest_radius * height) ** 2
    seen = area >= least
    body = seen.sum(1) >= max(1, min(2, num_frames), round(0.25 * num_frames))
    shape, score = _judge_shapes(filled, area, centroid, body)
    unit = torch.tensor(AREAS, device=area.device)[shape]
    fullest = area.topk(min(_SHAPE_FRAMES, num_frames), dim=1).values.median(1).values
    return Detections(
        is_body_BC=body,
        is_seen_BTC=seen & body[:, None],
        centroid_BTC2=torch.where((seen & body[:, None])[..., None], centroid / height, torch.nan),
        area_BTC=area / height**2,
        radius_BC=torch.sqrt(fullest / unit) / height,
        shape_BC=shape,
        shape_score_BC=score,
        is_striped_BC=striped_BC,
    )


assert len(COLOURS) == len(PALETTE)
