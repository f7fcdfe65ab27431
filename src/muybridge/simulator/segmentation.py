"""Frames to soft masks: which palette colour covers each pixel, and how much of it.

Grounds and shadows are low in chroma, so a pixel's chroma, less the ground's, is the covering colour's chroma times
its share of the pixel. The ground's chroma is read from each row, since gradients run downwards. Few pixels are
coloured, so all but the first pass works on a list of those.
Legend: N frames, M coloured pixels, C palette colours.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from .vocabulary import PALETTE

_GROUND_CHROMA = 0.10
"""Pixels of less chroma may be ground."""
_LEAST_CHROMA = 0.015
"""Below lie rounding and faint grounds; faint edges above it still weigh on centroids."""
_CORE_SHARE, _CORE_COSINE = 0.42, 0.94
_FRINGE_COSINE = 0.75
_INTERIOR_SHARE = 0.3
_CHUNK_PIXELS = 2_000_000


@dataclass(frozen=True, slots=True)
class SoftMasks:
    """The coloured pixels of N frames, as a list and as pictures."""

    frame_M: Tensor
    row_M: Tensor
    column_M: Tensor
    colour_M: Tensor
    share_M: Tensor
    "float32 in (0, 1]; striped surfaces give about 0.6 in their dark bands."
    label_NHW: Tensor
    "int8, palette colour or -1."
    share_NHW: Tensor

    def total(self, values_M: Tensor) -> Tensor:
        """Sum of values over the pixels of each frame and colour: [N, C]."""
        num = len(self.label_NHW)
        sums = torch.zeros(num * len(PALETTE), dtype=values_M.dtype, device=values_M.device)
        return sums.index_add_(0, self.frame_M * len(PALETTE) + self.colour_M, values_M).view(num, -1)


def _chroma(rgb: Tensor) -> Tensor:
    """The two coordinates of colour without grey, [..., 2]."""
    red, green, blue = rgb.unbind(-1)
    return torch.stack([(red - green) * 0.7071067811865476, (red + green - 2.0 * blue) * 0.4082482904638631], -1)


def _ground_chroma(chroma_NHW2: Tensor) -> Tensor:
    """[N, H, 1, 2]: mean chroma of the row's pale pixels, or of the frame's where a row has none."""
    pale = ((chroma_NHW2**2).sum(-1, keepdim=True) < _GROUND_CHROMA**2).to(chroma_NHW2.dtype)
    row_weight, row_sum = pale.sum(2, keepdim=True), (pale * chroma_NHW2).sum(2, keepdim=True)
    frame = row_sum.sum(1, keepdim=True) / row_weight.sum(1, keepdim=True).clamp(min=1.0)
    return torch.where(row_weight >= 2, row_sum / row_weight.clamp(min=1.0), frame)


def _around(picture_NHW: Tensor, frame: Tensor, row: Tensor, column: Tensor) -> Tensor:
    """[9, M]: the pixel and its neighbours; the frame's edge repeats."""
    height, width = picture_NHW.shape[1:]
    steps = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    return torch.stack(
        [
            picture_NHW[frame, (row + down).clamp(0, height - 1), (column + right).clamp(0, width - 1)]
            for down, right in steps
        ]
    )


def _segment_chunk(frames_NHW3: Tensor, first_frame: int) -> tuple[Tensor, Tensor]:
    """(frame, row, column, colour) int64 [4, M] and share [M]."""
    chroma = _chroma(frames_NHW3.to(torch.float32) / 255.0)
    ground = _ground_chroma(chroma)
    delta = chroma - ground
    frame, row, column = ((delta**2).sum(-1) > _LEAST_CHROMA**2).nonzero().unbind(1)
    delta_M2 = delta[frame, row, column]
    toward_MC2 = _chroma(torch.tensor(PALETTE, device=delta.device) / 255.0) - ground[frame, row]
    size_MC = toward_MC2.norm(dim=-1)
    along_MC = (toward_MC2 * delta_M2[:, None]).sum(-1)
    share_MC = along_MC / size_MC**2
    cosine_MC = along_MC / size_MC / delta_M2.norm(dim=-1, keepdim=True)

    best_M = cosine_MC.argmax(1)
    sure_M = cosine_MC.gather(1, best_M[:, None])[:, 0] > _CORE_COSINE
    core_M = sure_M & (share_MC.gather(1, best_M[:, None])[:, 0] > _CORE_SHARE)
    bits = torch.zeros(chroma.shape[:3], dtype=torch.int16, device=delta.device)
    bits[frame[core_M], row[core_M], column[core_M]] = (1 << best_M[core_M]).to(torch.int16)
    # A mixed pixel belongs to a colour that has a core next to it; two colours meeting must not make a third.
    near_9M = _around(bits, frame, row, column)
    near_M = near_9M[0]
    for neighbour in near_9M[1:]:
        near_M = near_M | neighbour
    is_near = (near_M[:, None] >> torch.arange(len(PALETTE), device=delta.device, dtype=torch.int16)) & 1 > 0
    fit_M, colour_M = torch.where(is_near, cosine_MC, -1.0).max(1)
    kept = fit_M > _FRINGE_COSINE
    share_M = share_MC.gather(1, colour_M[:, None])[:, 0].clamp(0.0, 1.0)
    return torch.stack([frame + first_frame, row, column, colour_M])[:, kept], share_M[kept]


def segment(frames_NHW3: Tensor) -> SoftMasks:
    """Soft masks of uint8 frames [N, H, W, 3]."""
    num, height, width, _ = frames_NHW3.shape
    step = max(1, _CHUNK_PIXELS // (height * width))
    parts = [_segment_chunk(frames_NHW3[start : start + step], start) for start in range(0, num, step)]
    frame, row, column, colour = torch.cat([places for places, _ in parts], 1)
    share = torch.cat([shares for _, shares in parts])
    label = torch.full((num, height, width), -1, dtype=torch.int8, device=share.device)
    picture = torch.zeros(num, height, width, device=share.device)
    label[frame, row, column] = colour.to(torch.int8)
    picture[frame, row, column] = share
    return SoftMasks(frame, row, column, colour, share, label, picture)


def off_palette(frames_NHW3: Tensor) -> Tensor:
    """Share of each frame's pixels [N] that are plainly coloured, but in no colour of the palette."""
    chroma = _chroma(frames_NHW3.to(torch.float32) / 255.0)
    coloured = ((chroma - _ground_chroma(chroma)) ** 2).sum(-1) > _GROUND_CHROMA**2
    return (coloured & (segment(frames_NHW3).label_NHW < 0)).to(torch.float32).mean((1, 2))


def interior_share(masks: SoftMasks) -> tuple[Tensor, Tensor]:
    """(mean share, pixel count) [N, C] over pixels whose whole neighbourhood belongs to the colour.

    A plain surface gives about 1, a striped one about 0.8 even where its bands are finer than a pixel.
    """
    place = (masks.frame_M, masks.row_M, masks.column_M)
    filled = (_around(masks.share_NHW, *place) > _INTERIOR_SHARE) & (_around(masks.label_NHW, *place) == masks.colour_M)
    inside = filled.all(0).to(masks.share_M.dtype)
    count = masks.total(inside)
    return masks.total(masks.share_M * inside) / count.clamp(min=1.0), count
