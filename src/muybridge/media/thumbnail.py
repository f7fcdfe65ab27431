"""Still pictures of footage: a poster, a filmstrip and single frames, as JPEG.

Give `make_poster` and `make_filmstrip` the proxy where there is one: its frames are numbered alike and its short groups
of pictures make twelve tiles cost twelve seeks.
"""

import io
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from muybridge.media.decode import FrameReader, read_frames
from muybridge.media.index import FrameIndexTable
from muybridge.media.orientation import Orientation
from muybridge.units import FrameSpan

_POSTER_CANDIDATES = 7
_SEEK_IS_WORTH = 2.0
"""Seek when that decodes less than the whole file divided by this."""


@dataclass(frozen=True, slots=True)
class Filmstrip:
    """A sprite of tiles, row by row; tile i shows frame `frames[i]`."""

    columns: int
    rows: int
    tile_width: int
    tile_height: int
    frames: tuple[int, ...]


def frame_jpeg(
    path: Path | str, index: FrameIndexTable, frame: int, *, max_side: int | None = None, quality: int = 88
) -> bytes:
    """Exactly this frame as a JPEG. Raises FrameOutOfRange."""
    with FrameReader(path, index) as reader:
        picture = Image.fromarray(reader.frame(frame))
    return _jpeg(_fitted(picture, max_side), quality)


def make_poster(path: Path | str, index: FrameIndexTable, out: Path | str, *, max_side: int = 960) -> int:
    """Write the most telling of a few frames as JPEG; returns its number.

    Telling = detail (variance of the picture) without being black or burnt out; the first frame often is.
    """
    candidates = _spread(index.num_frames, min(_POSTER_CANDIDATES, index.num_frames))
    best = max(_pictures_of(path, index, candidates, max_side=max_side), key=lambda pair: _detail(pair[1]))
    _write(Path(out), _jpeg(Image.fromarray(best[1]), 85))
    return best[0]


def make_filmstrip(
    path: Path | str,
    index: FrameIndexTable,
    out: Path | str,
    *,
    num_tiles: int = 24,
    tile_height: int = 90,
    columns: int = 6,
) -> Filmstrip:
    """Write a JPEG sprite of evenly spread frames; fewer tiles when the footage is shorter."""
    frames = _spread(index.num_frames, min(num_tiles, index.num_frames))
    with FrameReader(path, index) as reader:
        size = _tile_size(reader.orientation, tile_height)
    columns = min(columns, len(frames))
    rows = -(-len(frames) // columns)
    sheet = np.zeros((rows * size[1], columns * size[0], 3), dtype=np.uint8)
    for place, (_, tile) in enumerate(_pictures_of(path, index, frames, size=size)):
        top, left = place // columns * size[1], place % columns * size[0]
        sheet[top : top + size[1], left : left + size[0]] = tile
    _write(Path(out), _jpeg(Image.fromarray(sheet), 80))
    return Filmstrip(columns, rows, *size, tuple(frames))


def _pictures_of(
    path: Path | str,
    index: FrameIndexTable,
    frames: Sequence[int],
    *,
    size: tuple[int, int] | None = None,
    max_side: int | None = None,
) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """The asked frames in rising order, by seeking or, where groups of pictures are long, by one pass."""
    if size is None:
        with FrameReader(path, index) as reader:
            size = _fitting_size(reader.orientation, max_side)
    if len(frames) * index.longest_gop / 2 < index.num_frames / _SEEK_IS_WORTH:
        with FrameReader(path, index, size=size, interpolation="AREA") as reader:
            for frame in frames:
                yield frame, reader.frame(frame)
        return
    wanted = set(frames)
    pictures = read_frames(path, index, FrameSpan(0, frames[-1] + 1), size=size, interpolation="AREA")
    for frame, picture in enumerate(pictures):
        if frame in wanted:
            yield frame, picture


def _spread(num_frames: int, count: int) -> list[int]:
    """The middles of `count` equal parts."""
    return [(2 * i + 1) * num_frames // (2 * count) for i in range(count)]


def _detail(picture: NDArray[np.uint8]) -> float:
    grey = picture[::4, ::4].mean(axis=2)
    return float(grey.std()) - abs(float(grey.mean()) - 118) / 4


def _tile_size(orientation: Orientation, tile_height: int) -> tuple[int, int]:
    width = max(1, round(orientation.display_width * tile_height / orientation.display_height))
    return min(width, 4 * tile_height), tile_height


def _fitting_size(orientation: Orientation, max_side: int | None) -> tuple[int, int]:
    width, height = orientation.display_width, orientation.display_height
    scale = min(1.0, (max_side or max(width, height)) / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _fitted(picture: Image.Image, max_side: int | None) -> Image.Image:
    if max_side and max(picture.size) > max_side:
        picture.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    return picture


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    held = io.BytesIO()
    picture.save(held, format="JPEG", quality=quality, optimize=True)
    return held.getvalue()


def _write(path: Path, content: bytes) -> None:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    unfinished.write_bytes(content)
    os.replace(unfinished, path)
