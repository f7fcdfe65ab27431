"""Frames to an MP4 that browsers, annotators and C2PA all take: H.264, yuv420p, BT.709, index in front."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
from av.codec.context import Flags
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream
from numpy.typing import NDArray

from muybridge.media.faults import EncodeFailed, NoFrames

_BT709 = 1
_LIMITED = 1


class ColourTags(NamedTuple):
    """What the file says of its colours, in FFmpeg's AVCOL_* numbers."""

    matrix: int = _BT709
    primaries: int = _BT709
    transfer: int = _BT709


def encode_mp4(
    frames: Iterable[NDArray[np.uint8]],
    path: Path | str,
    *,
    fps: Fraction | float = 24,
    time_base: Fraction | None = None,
    pts: Iterable[int] | None = None,
    crf: int = 18,
    preset: str = "veryfast",
    gop: int = 12,
) -> int:
    """Write frames (uint8 [H,W,3], all of one size) as they come; returns how many.

    With `time_base` and `pts` (strictly increasing) each frame stands at its stamp, else they follow at `fps`. An odd
    width or height gains one repeated column or row, for 4:2:0 needs even sides. The file appears whole or not at all.
    Raises NoFrames for an empty stream, EncodeFailed if frames differ in size or the encoder refuses.
    """
    frames = iter(frames)
    first = next(frames, None)
    if first is None:
        raise NoFrames(f"There are no frames to write to {Path(path).name!r}.", remedy="Ask for at least one frame.")
    height, width = first.shape[:2]
    rate = Fraction(fps).limit_denominator(1_000_000)
    ticks = time_base or 1 / rate
    stamps = iter(pts) if pts is not None else iter(range(1 << 62))
    num_frames = 0
    with mp4_file(path) as output:
        stream = add_h264(
            output, size=(width + width % 2, height + height % 2), time_base=ticks, crf=crf, preset=preset, gop=gop
        )
        for picture in chain([first], frames):
            if picture.shape != first.shape:
                raise EncodeFailed(
                    f"Frame {num_frames} is {picture.shape}, frame 0 is {first.shape}; sizes must agree."
                )
            output.mux(stream.encode(_yuv(picture, pts=next(stamps), time_base=ticks)))
            num_frames += 1
        output.mux(stream.encode(None))
    return num_frames


def _yuv(picture: NDArray[np.uint8], *, pts: int, time_base: Fraction) -> VideoFrame:
    height, width = picture.shape[:2]
    if height % 2 or width % 2:
        picture = np.pad(picture, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    rgb = VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
    yuv = rgb.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG)
    yuv.pts, yuv.time_base = pts, time_base
    return yuv


@contextmanager
def mp4_file(path: Path | str) -> Iterator[OutputContainer]:
    """An MP4 being written beside `path`, renamed onto it when all went well and removed when not."""
    path = Path(path)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        # faststart: the index goes in front, so a browser plays before it has everything.
        output = av.open(f"file:{unfinished}", mode="w", format="mp4", options={"movflags": "+faststart"})
        try:
            yield output
        finally:
            output.close()
        os.replace(unfinished, path)
    except av.error.FFmpegError as fault:
        raise EncodeFailed(
            f"Writing {path.name!r} failed: {fault.strerror}.", remedy="Check the free space of the work folder."
        ) from fault
    finally:
        unfinished.unlink(missing_ok=True)


def add_h264(
    output: OutputContainer,
    *,
    size: tuple[int, int],
    time_base: Fraction,
    crf: int,
    preset: str,
    gop: int,
    colours: ColourTags | None = None,
) -> VideoStream:
    """A video stream without B-frames: decoding order is showing order, so no player needs an edit list for it."""
    options = {"crf": str(crf), "preset": preset, "bf": "0", "g": str(gop), "keyint_min": str(gop), "sc_threshold": "0"}
    stream = output.add_stream("libx264", options=options)
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    context.time_base = time_base
    tags = colours or ColourTags()
    # Otherwise the encoder forgets durations and the last frame gets one of the muxer's making.
    context.flags |= Flags.frame_duration
    context.color_range = _LIMITED
    context.colorspace, context.color_primaries, context.color_trc = tags
    return stream
