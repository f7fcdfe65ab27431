"""What moves in a window of frames, as boxes: camera motion taken out, a background by median, what differs from it.

Pure: pictures in, boxes out. Coordinates are pixels of the pictures given. B, H, W, 3 = frames, height, width, RGB.
Background by temporal median: Lo & Velastin 2001; camera motion by pyramidal Lucas-Kanade and RANSAC (OpenCV).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Pictures = NDArray[np.uint8]
Floats = NDArray[np.float32]
Array = NDArray[np.integer[Any] | np.floating[Any]]

_SAMPLES = 25
"""Frames of a window that vote for its background."""
_STILL_PX, _STILL_SAMPLES = 0.75, 10
_NEIGHBOURS = (-24, -16, -10, -6, 6, 10, 16, 24)
"""Frames that vote for the background of a frame under a moving camera: far enough for a body to have left."""
_LEAST_DIFFERENCE, _MOST_DIFFERENCE, _RESTLESSNESS = 12.0, 90.0, 3.5
_WEAK = 0.5
"""Share of that at which a pixel counts if it touches one above."""
_REACH = 6
"""Frames on either side that vote on whether a pixel moves."""
_LEAST_OUTLINE = 0.5
"""Of the background's steepness along a region's rim; a hole left behind has next to none of its own."""
_JOINS_PX = 11
"""Gaps that are bridged: a shirt the colour of the grass must not cut a person in two."""
_LEAST_AREA = 0.0008
"""Of the picture; smaller is noise at the scale that trackers read."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A connected region that moved. box: (x, y, w, h) in pixels."""

    box: tuple[float, float, float, float]
    share: float
    """Of the picture's area that its pixels cover."""
    strength: float
    """Mean difference from the background, in multiples of what counts as movement."""


class _Background(NamedTuple):
    picture: Pictures
    restlessness: Floats
    """[H,W] median difference of the window's frames from it: leaves and water move all the time."""
    edges: NDArray[np.uint8]


class _Difference(NamedTuple):
    strength: Floats
    """[H,W] difference from the background over what counts as movement; above 1 it does."""
    edges: NDArray[np.uint8]
    """[H,W] steepness of the frame, and of what is behind it."""
    edges_behind: NDArray[np.uint8]


def moving_blobs(window_BHW3: Pictures) -> list[list[Blob]]:
    """For each frame of the window what moves in it, largest first."""
    differences = list(_differences(window_BHW3))
    masks = _steadied(np.stack([_mask(difference.strength) for difference in differences]))
    return [_regions(mask, difference) for mask, difference in zip(masks, differences, strict=True)]


def _differences(window_BHW3: Pictures) -> Iterator[_Difference]:
    if is_still(window_BHW3):
        background = _background_of(window_BHW3[_spread(len(window_BHW3), _SAMPLES)])
        yield from (_difference(picture, background) for picture in window_BHW3)
        return
    steps = camera_steps(window_BHW3)
    for k, picture in enumerate(window_BHW3):
        yield _difference(picture, _background_around(window_BHW3, steps, k))


def camera_steps(window_BHW3: Pictures) -> NDArray[np.float64]:
    """[B,3,3] maps from each frame's pixels to the first frame's: shift, turn and zoom of the camera."""
    greys = [cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) for picture in window_BHW3]
    steps = [np.eye(3)]
    for before, after in pairwise(greys):
        steps.append(steps[-1] @ _step(after, before))
    return np.stack(steps)


def _step(after: Array, before: Array) -> NDArray[np.float64]:
    still = np.eye(3)
    points = cv2.goodFeaturesToTrack(after, maxCorners=120, qualityLevel=0.01, minDistance=8)
    if points is None or len(points) < 8:
        return still
    moved, found, _ = cv2.calcOpticalFlowPyrLK(after, before, points, points.copy(), winSize=(15, 15), maxLevel=3)
    kept = found.ravel() == 1
    if kept.sum() < 8:
        return still
    affine, inliers = cv2.estimateAffinePartial2D(points[kept], moved[kept], ransacReprojThreshold=1.5)
    # A body that fills the picture must not be taken for the camera.
    if affine is None or inliers.mean() < 0.4:
        return still
    still[:2] = affine
    return still


def is_still(window_BHW3: Pictures) -> bool:
    """Whether the camera keeps its place: seen from the first frame, hardly any later one is shifted or turned.

    Against the first frame directly, for sums of small steps drift by pixels where leaves move.
    """
    greys = [cv2.cvtColor(window_BHW3[k], cv2.COLOR_RGB2GRAY) for k in _spread(len(window_BHW3), _STILL_SAMPLES)]
    height, width = greys[0].shape
    corners = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1]], dtype=np.float64).T
    moved = [float(np.median(np.abs((_step(grey, greys[0]) @ corners - corners)[:2]))) for grey in greys[1:]]
    return not moved or bool(np.median(moved) < _STILL_PX)


def _spread(total: int, count: int) -> NDArray[np.intp]:
    return np.unique(np.linspace(0, total - 1, min(count, total)).round().astype(np.intp))


def _background_of(samples_BHW3: Array) -> _Background:
    picture = np.median(samples_BHW3, axis=0).astype(np.uint8)
    differences = np.abs(samples_BHW3.astype(np.int16) - picture).max(axis=-1)
    return _Background(picture, np.median(differences, axis=0).astype(np.float32), _edges(picture))


def _background_around(window_BHW3: Pictures, steps: NDArray[np.float64], k: int) -> _Background:
    """What frame k would show if nothing moved: its neighbours, seen from where its camera stands."""
    height, width = window_BHW3.shape[1:3]
    to_here = np.linalg.inv(steps[k])
    votes = [window_BHW3[k]]
    for offset in _NEIGHBOURS:
        if 0 <= k + offset < len(window_BHW3):
            affine = (to_here @ steps[k + offset])[:2]
            # Outside a neighbour's picture the frame votes for itself: nothing moves there.
            moved = cv2.warpAffine(window_BHW3[k + offset], affine, (width, height), borderMode=cv2.BORDER_CONSTANT)
            inside = cv2.warpAffine(np.ones((height, width), np.uint8), affine, (width, height)) > 0
            votes.append(np.where(inside[..., None], moved, window_BHW3[k]))
    return _background_of(np.stack(votes))


def _difference(picture: Pictures, background: _Background) -> _Difference:
    difference = picture.astype(np.float32) - background.picture
    # A cloud or the camera's exposure changes all pixels alike.
    difference -= np.median(difference[::3, ::3].reshape(-1, 3), axis=0)
    levels = cv2.GaussianBlur(np.abs(difference).max(axis=-1), (0, 0), 1.0)
    noise = 1.5 * float(np.median(levels[::3, ::3]))
    limit = max(_LEAST_DIFFERENCE, 7 * noise) + _RESTLESSNESS * background.restlessness
    strength = levels / np.minimum(limit, _MOST_DIFFERENCE)
    return _Difference(np.asarray(strength, np.float32), _edges(picture), background.edges)


def _edges(picture: Pictures) -> NDArray[np.uint8]:
    grey = cv2.GaussianBlur(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), (3, 3), 0)
    steepness = np.abs(cv2.Sobel(grey, cv2.CV_16S, 1, 0)) + np.abs(cv2.Sobel(grey, cv2.CV_16S, 0, 1))
    return np.asarray(np.minimum(steepness // 4, 255), np.uint8)


def _mask(strength: Floats) -> NDArray[np.uint8]:
    """Hysteresis (Canny 1986): weak movement counts where it touches strong movement."""
    weak = cv2.morphologyEx((strength > _WEAK).astype(np.uint8), cv2.MORPH_OPEN, _disc(3))
    count, labels = cv2.connectedComponents(weak, connectivity=8)
    strong = np.bincount(labels.ravel(), weights=(strength > 1).ravel(), minlength=count) >= 4
    strong[0] = False
    return np.asarray(strong[labels], np.uint8)


def _steadied(masks_BHW: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Pixels that move in most frames around count in this one too, and near regions grow together."""
    counts = np.cumsum(np.pad(masks_BHW.astype(np.int16), ((_REACH + 1, _REACH), (0, 0), (0, 0)), mode="edge"), axis=0)
    votes = counts[2 * _REACH + 1 :] - counts[: -2 * _REACH - 1]
    joined = masks_BHW | (votes > _REACH).astype(np.uint8)
    return np.stack([cv2.morphologyEx(mask, cv2.MORPH_CLOSE, _disc(_JOINS_PX)) for mask in joined])


def _regions(mask: NDArray[np.uint8], difference: _Difference) -> list[Blob]:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    flat = labels.ravel()
    strengths = np.bincount(flat, weights=difference.strength.ravel(), minlength=count)
    rim = cv2.morphologyEx(mask, cv2.MORPH_GRADIENT, _disc(3)).ravel() * flat
    # A hole where a thing stood has its outline in the background, not in the frame.
    outline = np.bincount(rim, weights=difference.edges.ravel(), minlength=count)
    outline_behind = np.bincount(rim, weights=difference.edges_behind.ravel(), minlength=count)
    is_there = outline >= _LEAST_OUTLINE * outline_behind
    found = []
    for label in range(1, count):
        x, y, width, height, area = (int(value) for value in stats[label])
        if area >= _LEAST_AREA * mask.size and is_there[label]:
            # Blurring widens every region by about a pixel on each side.
            box = (x + 1, y + 1, max(1, width - 2), max(1, height - 2))
            found.append(Blob(box, area / mask.size, float(strengths[label] / area)))
    return sorted(found, key=lambda blob: -blob.share)


def _disc(size: int) -> Array:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
