"""Shots by colour histograms and blending: fast, and needs no network.

Three tests on 64 x 36 pictures: a jump in the histogram that stands out from its neighbours is a hard cut; a stretch of
blank pictures between two scenes is a fade; a slow change in which the pictures between are a mixture of both ends is
a dissolve (motion is not a mixture, which is what tells them apart). Thresholds were set on two hand-checked clips and
watched on seven uncut ones; misses jump cuts within a scene.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from muybridge.catalog.detectors import DetectedShot, shots_from_cuts
from muybridge.media import FrameIndexTable, read_frames

_SIZE = (64, 36)
_CHUNK = 256
_VALUE_BINS, _HUE_BINS, _REGIONS = 16, 15, 4
_HARD_JUMP, _HARD_RATIO, _NEIGHBOURS = 0.28, 2.0, 3
_BLANK_STD = 10.0
_REACH = 8
"""Frames on either side over which a slow change is measured; a usual dissolve lasts 12 to 25."""
_SLOW_CHANGE, _MIXTURE_RESIDUE = 0.6, 0.18

Floats = NDArray[np.float32]
Cut = tuple[int, float]


class _Signals(NamedTuple):
    histograms: Floats
    """[T, 4 * 31]: brightness, and hue weighted by saturation, of each quarter of the picture."""
    luma: Floats
    """[T, 18, 32] in 0..255."""


class HistogramDetector:
    """The fast pass: about as quick as decoding."""

    def detect(self, path: Path, index: FrameIndexTable) -> list[DetectedShot]:
        """See ShotDetector."""
        if index.num_frames < 2:
            return shots_from_cuts([], index.num_frames)
        signals = _measure(read_frames(path, index, size=_SIZE, interpolation="AREA"))
        return shots_from_cuts(find_cuts(signals), index.num_frames)


detector = HistogramDetector()


def find_cuts(signals: _Signals) -> list[Cut]:
    """Hard cuts first, then fades, then dissolves, none within reach of a surer one."""
    cuts = _hard_cuts(_distance(signals.histograms[:-1], signals.histograms[1:]))
    cuts += _clear_of(cuts, _fades(signals.luma), _REACH)
    # Each half of a fade is a blend with black: wider berth.
    cuts += _clear_of(cuts, _dissolves(signals, [frame for frame, _ in cuts]), _REACH * 3 // 2)
    return sorted(cuts)


def _clear_of(taken: Sequence[Cut], found: Sequence[Cut], berth: int) -> list[Cut]:
    return [cut for cut in found if all(abs(cut[0] - frame) > berth for frame, _ in taken)]


def _measure(frames: Iterator[NDArray[np.uint8]]) -> _Signals:
    histograms, luma = [], []
    while chunk := [frame for _, frame in zip(range(_CHUNK), frames, strict=False)]:
        pictures = np.stack(chunk)
        histograms.append(_histograms(pictures))
        luma.append(_luma(pictures))
    return _Signals(np.concatenate(histograms), np.concatenate(luma))


def _histograms(pictures: NDArray[np.uint8]) -> Floats:
    count, height, width, _ = pictures.shape
    tall = cv2.cvtColor(pictures.reshape(count * height, width, 3), cv2.COLOR_RGB2HSV)
    hsv: NDArray[np.uint8] = np.asarray(tall, np.uint8).reshape(pictures.shape)
    rows = (np.arange(height) * 2 // height)[:, None] * 2 + (np.arange(width) * 2 // width)[None]
    region = np.arange(count)[:, None, None] * _REGIONS + rows
    pixels = height * width / _REGIONS
    total = count * _REGIONS
    value = np.bincount((region * _VALUE_BINS + (hsv[..., 2] >> 4)).ravel(), minlength=total * _VALUE_BINS)
    # OpenCV's hue of 8-bit pictures runs to 179.
    hue = np.bincount(
        (region * _HUE_BINS + hsv[..., 0] // 12).ravel(),
        weights=hsv[..., 1].ravel() / 255.0,
        minlength=total * _HUE_BINS,
    )
    joined = np.concatenate([value.reshape(total, -1), hue.reshape(total, -1)], axis=1) / pixels
    return np.asarray(joined.reshape(count, -1), dtype=np.float32)


def _luma(pictures: NDArray[np.uint8]) -> Floats:
    grey = pictures.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    count, height, width = grey.shape
    return np.asarray(grey.reshape(count, height // 2, 2, width // 2, 2).mean(axis=(2, 4)), dtype=np.float32)


def _distance(left: Floats, right: Floats) -> Floats:
    """Half the L1 distance of histograms, averaged over regions: 0 for alike, 1 and more for nothing in common."""
    return np.asarray(np.abs(left - right).sum(axis=-1) / (2 * _REGIONS), dtype=np.float32)


def _hard_cuts(jumps: Floats) -> list[Cut]:
    """Jumps that dwarf those around them. A flash makes two equal jumps, so neither passes."""
    padded = np.pad(jumps, _NEIGHBOURS)
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * _NEIGHBOURS + 1).copy()
    around[:, _NEIGHBOURS] = 0
    ratio = jumps / (around.max(axis=1) + 0.02)
    places = np.flatnonzero((jumps > _HARD_JUMP) & (ratio > _HARD_RATIO))
    return [(int(k) + 1, float(min(1.0, 0.5 + jumps[k] / 2))) for k in places]


def _fades(luma: Floats) -> list[Cut]:
    """The middle of each run of blank pictures between two scenes."""
    blank = np.concatenate([[False], luma.std(axis=(1, 2)) < _BLANK_STD, [False]])
    edges = np.flatnonzero(blank[1:] != blank[:-1])
    runs = zip(edges[::2], edges[1::2], strict=True)
    return [(int(start + end) // 2, 0.8) for start, end in runs if start > 0 and end < len(luma)]


def _dissolves(signals: _Signals, hard: Sequence[int]) -> list[Cut]:
    num_frames = len(signals.luma)
    if num_frames <= 2 * _REACH:
        return []
    change = np.zeros(num_frames, np.float32)
    change[_REACH:-_REACH] = _distance(signals.histograms[: -2 * _REACH], signals.histograms[2 * _REACH :])
    for cut in hard:
        change[max(0, cut - _REACH) : cut + _REACH] = 0
    found: list[Cut] = []
    for frame in np.argsort(-change):
        if change[frame] < _SLOW_CHANGE:
            break
        is_alone = all(abs(int(frame) - other) > 2 * _REACH for other, _ in found)
        if is_alone and _is_mixture(signals.luma, int(frame)):
            found.append((int(frame), float(min(1.0, change[frame] * 0.7))))
    return found


def _is_mixture(luma: Floats, peak: int) -> bool:
    # The change peaks a little off the middle of the blend when one of the scenes moves.
    nearby = range(max(_REACH, peak - 4), min(len(luma) - _REACH, peak + 5), 2)
    return min(_mixture_residue(luma, frame) for frame in nearby) < _MIXTURE_RESIDUE


def _mixture_residue(luma: Floats, frame: int) -> float:
    """How far the pictures around `frame` are from a mixture of those `_REACH` before and after; 0 is a pure blend."""
    before, after = luma[frame - _REACH], luma[frame + _REACH]
    path = after - before
    residues = []
    for between in luma[frame - _REACH // 2 : frame + _REACH // 2 + 1 : _REACH // 2]:
        share = np.clip(((between - before) * path).sum() / ((path * path).sum() + 1e-6), 0, 1)
        residues.append(float(np.abs(between - before - share * path).mean()))
    return max(residues) / (float(np.abs(path).mean()) + 2)
