"""Frames as arrays: in order, or exactly the ones asked for.

uint8 [H,W,3] RGB, upright and with square pixels. A frame is found by its true stamp (or by counting, where stamps
lie), never by k/fps; a seek that lands late is noticed and taken further back.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Literal, Self, cast

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, Interpolation
from numpy.typing import NDArray

from muybridge.media.container import decode_packet, open_media, video_stream
from muybridge.media.faults import CorruptMedia
from muybridge.media.index import FrameIndexTable
from muybridge.media.orientation import Orientation, orientation_of
from muybridge.media.packets import packets_until_fault
from muybridge.units import FrameSpan

InterpolationName = Literal["BILINEAR", "BICUBIC", "AREA", "POINT", "LANCZOS"]

_AVCOL_BT709, _AVCOL_UNSPECIFIED, _AVCOL_BT2020 = 1, 2, (9, 10)
_SD_HEIGHT = 576
_CHEAPER_THAN_A_SEEK = 8


def read_frames(
    path: Path | str,
    index: FrameIndexTable,
    span: FrameSpan | None = None,
    *,
    size: tuple[int, int] | None = None,
    interpolation: InterpolationName = "BILINEAR",
) -> Iterator[NDArray[np.uint8]]:
    """Every frame of `span` (default: all) in presentation order, uint8 [H,W,3].

    size: (width, height) to scale to, as displayed. A frame that does not decode is shown as the one before it.
    Raises FrameOutOfRange, or CorruptMedia when nothing decodes.
    """
    with FrameReader(path, index, size=size, interpolation=interpolation) as reader:
        yield from reader.frames(span or index.span)


def frames_at(
    path: Path | str,
    index: FrameIndexTable,
    frame_numbers: Sequence[int],
    *,
    size: tuple[int, int] | None = None,
) -> NDArray[np.uint8]:
    """Exactly these frames, in the order asked for: uint8 [N,H,W,3]. Costs one group of pictures for each far jump."""
    with FrameReader(path, index, size=size) as reader:
        found = {number: reader.frame(number) for number in sorted(set(frame_numbers))}
    if not found:
        raise ValueError("frames_at needs at least one frame number")
    return np.stack([found[number] for number in frame_numbers])


class FrameReader:
    """An open file to read many frames from; close it, or use it as a context manager. Not for two threads at once."""

    def __init__(
        self,
        path: Path | str,
        index: FrameIndexTable,
        *,
        size: tuple[int, int] | None = None,
        interpolation: InterpolationName = "BILINEAR",
    ) -> None:
        self._path = Path(path)
        self._index = index
        self._size = size
        self._interpolation = Interpolation[interpolation]
        self._orientation: Orientation | None = None
        self._decoder: Iterator[tuple[int, VideoFrame]] | None = None
        self._held: tuple[int, VideoFrame] | None = None
        self._next = 0
        self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._decoder = self._held = None
        self._context.__exit__(None, None, None)

    @property
    def orientation(self) -> Orientation:
        """How pictures are turned and how large they are shown; decodes the first one if none was read yet."""
        if self._orientation is None:
            self.picture(0)
        assert self._orientation is not None
        return self._orientation

    def frame(self, number: int) -> NDArray[np.uint8]:
        """One frame, exactly. Cheap if it follows the last one read, else as dear as its group of pictures."""
        return self._array(self.picture(number))

    def frames(self, span: FrameSpan) -> Iterator[NDArray[np.uint8]]:
        """Every frame of `span` in order, uint8 [H,W,3]."""
        for picture in self.pictures(span):
            yield self._array(picture)

    def pictures(self, span: FrameSpan) -> Iterator[VideoFrame]:
        """Every frame of `span` as coded: unturned, in the file's own pixel format."""
        self._index.check(span.end - 1)
        last = self.picture(span.start)
        yield last
        wanted = span.start + 1
        while wanted < span.end:
            found = self._advance_to(wanted)
            last = found or last
            yield last
            wanted += 1

    def picture(self, number: int) -> VideoFrame:
        """One frame as coded; the one before it if it does not decode. Raises FrameOutOfRange or CorruptMedia."""
        self._index.check(number)
        anchors = np.searchsorted(self._index.keyframes, number, side="right")
        nearest = int(self._index.keyframes[anchors - 1]) if anchors else 0
        is_on_the_way = self._decoder is not None and self._next <= number < self._next + _CHEAPER_THAN_A_SEEK
        if self._decoder is not None and (is_on_the_way or nearest <= self._next <= number):
            found = self._advance_to(number)
            if found is not None:
                return found
        for anchor in [*range(anchors - 1, -1, -1), None]:
            self._start_at(anchor)
            found = self._advance_to(number)
            if found is not None:
                return found
        raise CorruptMedia(
            f"Frame {number} of {self._path.name!r} no longer decodes.",
            remedy="The file is not the one that was indexed; compare its digest and ingest it again.",
        )

    def _open(self) -> None:
        self._context = open_media(self._path)
        self._container = self._context.__enter__()
        self._stream = video_stream(self._container, self._path)
        self._stream.thread_type = "AUTO"

    def _start_at(self, anchor: int | None) -> None:
        """Stand at a keyframe by its place in `index.keyframes`, or at the beginning of the file."""
        self._held = None
        if anchor is None or self._index.keyframes[anchor] == 0:
            # A fresh decoder: after a seek, a damaged first group would be concealed with pictures seen later.
            self.close()
            self._open()
            self._decoder, self._next = self._numbered(counting_from=0), 0
            return
        frame = int(self._index.keyframes[anchor])
        self._container.seek(int(self._index.seek_pts[anchor]), stream=self._stream, backward=True)
        self._decoder, self._next = self._numbered(counting_from=frame, is_after_seek=True), frame

    def _advance_to(self, number: int) -> VideoFrame | None:
        """Decode forward to `number`: that frame, or the last before it if it is missing, or None if all are later."""
        last = None
        for at, picture in self._going_on():
            if at > number:
                self._held = (at, picture)
                return last
            last, self._next = picture, at + 1
            if at == number:
                break
        return last

    def _going_on(self) -> Iterator[tuple[int, VideoFrame]]:
        if self._held is not None:
            held, self._held = self._held, None
            yield held
        # Not `yield from`: leaving a delegating generator early would close the decoder that is to go on later.
        while self._decoder is not None and (found := next(self._decoder, None)) is not None:
            yield found

    def _numbered(self, *, counting_from: int, is_after_seek: bool = False) -> Iterator[tuple[int, VideoFrame]]:
        """Decoded frames with their numbers, from where the container stands to its end."""
        count, is_counting = counting_from, not is_after_seek
        for picture in self._decoded(skip_to_keyframe=is_after_seek):
            if self._orientation is None:
                self._orientation = orientation_of(picture, self._stream)
            if self._index.addressing == "order":
                is_counting = is_counting or bool(picture.key_frame)
                if is_counting and count < self._index.num_frames:
                    yield count, picture
                    count += 1
            elif picture.pts is not None:
                number = int(np.searchsorted(self._index.pts, picture.pts))
                if number < self._index.num_frames and self._index.pts[number] == picture.pts:
                    yield number, picture

    def _decoded(self, *, skip_to_keyframe: bool) -> Iterator[VideoFrame]:
        for packet in packets_until_fault(self._container, self._stream):
            # Some demuxers land between keyframes; what decodes from there is grey porridge with right stamps.
            if skip_to_keyframe and packet.size and not packet.is_keyframe:
                continue
            skip_to_keyframe = False
            yield from decode_packet(self._stream, packet) or []

    def _array(self, picture: VideoFrame) -> NDArray[np.uint8]:
        orientation = self.orientation
        width, height = orientation.unturned(*(self._size or (orientation.display_width, orientation.display_height)))
        rgb = picture.reformat(
            width=width,
            height=height,
            format="rgb24",
            src_colorspace=named_colourspace(picture),
            interpolation=self._interpolation,
        )
        return orientation.turn(cast("NDArray[np.uint8]", rgb.to_ndarray()))


def named_colourspace(picture: VideoFrame) -> Colorspace:
    """The matrix to read YUV with; where the file names none, BT.709 above SD, as players do."""
    if picture.colorspace == _AVCOL_UNSPECIFIED:
        return Colorspace.ITU709 if picture.height > _SD_HEIGHT else Colorspace.ITU601
    if picture.colorspace in _AVCOL_BT2020:
        return Colorspace.BT2020
    return Colorspace.ITU709 if picture.colorspace == _AVCOL_BT709 else Colorspace.ITU601
