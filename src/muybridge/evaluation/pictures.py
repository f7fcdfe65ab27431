"""Pictures for reports: strips of frames as PNG bytes, enlarged by whole pixels so that nothing is smoothed over."""

import io
from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

MIN_TILE = 72
GAP = 2


class HasTruth(Protocol):
    @property
    def true(self) -> NDArray[np.uint8]: ...


def strip(frames: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Frames uint8 [T, H, W, 3] side by side, each at least 72 pixels high."""
    scale = max(1, -(-MIN_TILE // frames.shape[1]))
    large = frames.repeat(scale, axis=1).repeat(scale, axis=2)
    blank = np.full((large.shape[1], GAP, 3), 255, dtype=np.uint8)
    tiles = [tile for frame in large for tile in (frame, blank)][:-1]
    return np.concatenate(tiles, axis=1)


def png(picture: NDArray[np.uint8]) -> bytes:
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "PNG", optimize=True)
    return out.getvalue()


def continuations(windows: Sequence[HasTruth], made: Mapping[str, NDArray[np.uint8]]) -> dict[str, bytes]:
    """One strip a window and row: `<number>/true`, `<number>/model`, `<number>/copy`, `<number>/flow`."""
    drawn = {}
    for number, window in enumerate(windows):
        drawn[f"{number}/true"] = png(strip(window.true))
        for method, clips in made.items():
            drawn[f"{number}/{method}"] = png(strip(clips[number]))
    return drawn
