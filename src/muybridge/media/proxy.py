"""The copy of a clip that a browser and an annotator can step through frame by frame.

H.264 yuv420p without B-frames, a keyframe every 12 frames, upright, square pixels, AAC, index in front. Frame k of
the proxy is frame k of its source, and stands at the source's pts less its first pts: a browser starts at zero.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation

from muybridge.media.decode import FrameReader, named_colourspace
from muybridge.media.encode import ColourTags, add_h264, mp4_file
from muybridge.media.facts import MediaFacts
from muybridge.media.faults import EncodeFailed
from muybridge.media.index import FrameIndexTable
from muybridge.media.orientation import Orientation
from muybridge.media.probing import describe
from muybridge.media.soundtrack import Soundtrack

LONGEST_STEP = 60
"""Frames between keyframes beyond which stepping back in a browser is felt (a second or two)."""
LARGEST_SIDE = 1920
_REPORT_EVERY = 24
_UNSPECIFIED = 2
_AVCOL_OF = {Colorspace.ITU709: 1, Colorspace.ITU601: 6, Colorspace.BT2020: 9}
"""FFmpeg's AVCOL_* numbers; a matrix, its primaries and its transfer share them but for BT.2020's transfer."""


class ProxyProgress(NamedTuple):
    num_done: int
    num_frames: int


def needs_proxy(facts: MediaFacts, index: FrameIndexTable) -> bool:
    """Whether a browser or an annotator would stumble over the source itself."""
    return bool(reasons_for_proxy(facts, index))


def reasons_for_proxy(facts: MediaFacts, index: FrameIndexTable) -> tuple[str, ...]:
    """Why the source cannot be shown as it is, in words; empty when it can."""
    found = {
        f"{facts.container} is not an MP4": facts.container != "mov",
        f"{facts.codec} is not H.264": facts.codec != "h264",
        f"{facts.pixel_format} is not 8-bit 4:2:0": facts.pixel_format not in ("yuv420p", "yuvj420p"),
        f"{index.longest_gop} frames between keyframes": index.longest_gop > LONGEST_STEP,
        f"turned by {facts.rotation} degrees": facts.rotation != 0 or facts.is_mirrored,
        f"pixels of aspect {facts.sample_aspect}": facts.display_width * facts.display_height
        != facts.width * facts.height,
        f"larger than {LARGEST_SIDE}": max(facts.display_width, facts.display_height) > LARGEST_SIDE,
        "does not start at zero": facts.start_pts != 0,
        "damaged": any(warning.startswith("Only ") for warning in facts.warnings),
    }
    return tuple(reason for reason, holds in found.items() if holds)


def proxy_size(orientation: Orientation, max_side: int) -> tuple[int, int]:
    """Even width and height that keep the shape and fit within `max_side`."""
    width, height = orientation.display_width, orientation.display_height
    scale = min(Fraction(1), Fraction(max_side, max(width, height)))
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


def make_proxy(
    path: Path | str,
    out: Path | str,
    index: FrameIndexTable,
    *,
    max_side: int = 1280,
    gop: int = 12,
    crf: int = 23,
    preset: str = "veryfast",
) -> Iterator[ProxyProgress]:
    """Write the proxy of `path` to `out`, yielding progress; done when the generator ends.

    Raises EncodeFailed unless the proxy holds exactly `index.num_frames` frames; then `out` does not exist.
    """
    path, out = Path(path), Path(out)
    start_pts, offset_s = int(index.pts[0]), int(index.pts[0]) * index.time_base
    with FrameReader(path, index) as reader, mp4_file(out) as output:
        look = _Look.of(reader, max_side=max_side)
        video = add_h264(
            output, size=look.size, time_base=index.time_base, crf=crf, preset=preset, gop=gop, colours=look.tags
        )
        num_written = 0
        with Soundtrack(path, output, offset_s=offset_s) as sound:
            for k, picture in enumerate(reader.pictures(index.span)):
                shown = look.upright(picture)
                shown.pts, shown.time_base = int(index.pts[k]) - start_pts, index.time_base
                shown.duration = index.end_of(k) - int(index.pts[k])
                packets = video.encode(shown)
                num_written += len(packets)
                output.mux(packets)
                sound.write_until(float(shown.pts * index.time_base))
                if k % _REPORT_EVERY == 0:
                    yield ProxyProgress(k, index.num_frames)
            packets = video.encode(None)
            output.mux(packets)
            sound.write_until(float((index.end_pts - start_pts) * index.time_base))
        if num_written + len(packets) != index.num_frames:
            raise EncodeFailed(
                f"The proxy of {path.name!r} got {num_written + len(packets)} frames of {index.num_frames}.",
                remedy="The file is not the one that was indexed; ingest it again.",
            )
    yield ProxyProgress(index.num_frames, index.num_frames)


@lru_cache(maxsize=64)
def proxy_index(path: Path) -> FrameIndexTable:
    """The index of a stored proxy, to find the frames of its source in it; kept, as bytes under a digest stay."""
    return describe(path).index


@dataclass(frozen=True, slots=True)
class _Look:
    """How source pictures become proxy pictures."""

    orientation: Orientation
    size: tuple[int, int]
    matrix: Colorspace
    tags: ColourTags

    @classmethod
    def of(cls, reader: FrameReader, *, max_side: int) -> Self:
        first = reader.picture(0)
        matrix = named_colourspace(first)
        number = _AVCOL_OF[matrix]
        tags = ColourTags(
            matrix=number,
            primaries=number if first.color_primaries == _UNSPECIFIED else int(first.color_primaries),
            transfer=min(number, _AVCOL_OF[Colorspace.ITU601])
            if first.color_trc == _UNSPECIFIED
            else int(first.color_trc),
        )
        return cls(reader.orientation, proxy_size(reader.orientation, max_side), matrix, tags)

    def upright(self, picture: VideoFrame) -> VideoFrame:
        width, height = self.orientation.unturned(*self.size)
        flat = picture.reformat(
            width=width,
            height=height,
            format="yuv420p",
            src_colorspace=self.matrix,
            dst_colorspace=self.matrix,
            dst_color_range=ColorRange.MPEG,
            interpolation=Interpolation.BICUBIC,
        )
        return flat if self.orientation.is_upright else _turned(flat, self.orientation)


def _turned(picture: VideoFrame, orientation: Orientation) -> VideoFrame:
    """Turn a yuv420p picture plane by plane, without passing through RGB."""
    planes = picture.to_ndarray()
    height, width = picture.height, picture.width
    chroma = planes[height:].reshape(2, height // 2, width // 2)
    turned = [orientation.turn(plane).ravel() for plane in (planes[:height], *chroma)]
    new_width, new_height = orientation.unturned(width, height)
    packed = np.concatenate(turned).reshape(new_height * 3 // 2, new_width)
    return VideoFrame.from_ndarray(packed, format="yuv420p")
