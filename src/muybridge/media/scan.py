"""Count the frames of a file that are really there, and learn where each one stands in time.

Packets first; what looks wrong (missing or doubled stamps, a broken NAL chain, a container whose stamps lie, a
beginning or an end that does not decode as the packets say) is decoded from end to end instead.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from muybridge.media.container import decode_packet, open_media, video_stream
from muybridge.media.faults import CorruptMedia
from muybridge.media.index import FrameIndexTable
from muybridge.media.packets import PacketTable, packets_until_fault, read_packets

_EDGE_FRAMES = 16


@dataclass(frozen=True, slots=True)
class Scan:
    """The index, the first frame to read pixel facts from, and what was odd."""

    index: FrameIndexTable
    first_frame: VideoFrame
    declared_frames: int
    warnings: tuple[str, ...]


@dataclass(slots=True)
class _Decoding:
    """What decoding everything brought: each frame's stamp, which frames are keys, and the keys' packet stamps.

    Once a packet was refused, a later group of pictures counts only if it decodes whole: what follows damage is
    painted from lost pictures, and the decoder says so of some frames only.
    """

    stamps: list[int | None] = field(default_factory=list)
    key_frames: list[int] = field(default_factory=list)
    key_stamps: list[int | None] = field(default_factory=list)
    first_frame: VideoFrame | None = None
    num_refused: int = 0
    num_before_fault: int = 0
    group: list[int | None] = field(default_factory=list)
    is_group_whole: bool = False

    def add(self, frame: VideoFrame) -> None:
        self.first_frame = self.first_frame or frame
        if self.num_refused == 0:
            if frame.key_frame:
                self.key_frames.append(len(self.stamps))
            self.stamps.append(frame.pts)
            return
        if frame.key_frame:
            self.close_group()
            self.is_group_whole = True
        self.group.append(frame.pts)
        self.is_group_whole = self.is_group_whole and not frame.is_corrupt

    def refuse(self) -> None:
        if self.num_refused == 0:
            self.num_before_fault = len(self.stamps)
        self.num_refused += 1
        self.is_group_whole = False

    def close_group(self) -> None:
        if self.is_group_whole and self.group:
            self.key_frames.append(len(self.stamps))
            self.stamps += self.group
        self.group = []


def scan(path: Path, *, decode_all: bool = False) -> Scan:
    """Index every frame of the first video stream.

    decode_all: count by decoding even if nothing looks wrong (as slow as playing the file at full speed).
    Raises EmptyFile, NotMedia, NoVideo, or CorruptMedia if not one frame decodes.
    """
    table = read_packets(path)
    doubts = list(table.doubts)
    if not doubts and not decode_all:
        first_frame = _first_frame_if_edges_agree(path, table)
        if first_frame is not None:
            return Scan(_index_from_packets(table), first_frame, table.declared_frames, table.warnings)
        doubts.append("its first or last frames do not decode as its packets say")
    decoding = _decode_everything(path)
    index = _index_from_decoding(table, decoding)
    if index is None or decoding.first_frame is None:
        raise CorruptMedia(
            f"Not one of the {len(table.rows)} pictures in {path.name!r} decodes ({'; '.join(doubts)}).",
            remedy="Fetch the file again from its source or export it again; a player would show nothing either.",
        )
    warnings = table.warnings + _what_decoding_showed(table, index, decoding, doubts)
    return Scan(index, decoding.first_frame, table.declared_frames, warnings)


def _first_frame_if_edges_agree(path: Path, table: PacketTable) -> VideoFrame | None:
    """The first frame, if the beginning and the last group of pictures decode to the stamps of their packets."""
    expected = sorted(row.pts for row in table.shown if row.pts is not None)
    last_key = max((row.pts for row in table.shown if row.is_keyframe and row.pts is not None), default=expected[0])
    with open_media(path) as container:
        stream = video_stream(container, path)
        first_frame, head = None, []
        for frame in _frames_while_sound(container, stream):
            # One picture alone is kept: sixteen of the largest are gigabytes.
            first_frame = first_frame or frame
            head.append(frame.pts)
            if len(head) == _EDGE_FRAMES:
                break
        if head != expected[: len(head)]:
            return None
        container.seek(last_key, stream=stream, backward=True)
        tail = [frame.pts for frame in _frames_while_sound(container, stream)]
    return first_frame if tail and tail == expected[-len(tail) :] else None


def _frames_while_sound(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    for packet in packets_until_fault(container, stream):
        frames = decode_packet(stream, packet)
        if frames is None:
            return
        yield from frames


def _decode_everything(path: Path) -> _Decoding:
    found = _Decoding()
    with open_media(path) as container:
        stream = video_stream(container, path)
        for packet in packets_until_fault(container, stream):
            if packet.is_keyframe and packet.size > 0:
                found.key_stamps.append(packet.dts if packet.pts is None else packet.pts)
            frames = decode_packet(stream, packet)
            if frames is None:
                found.refuse()
                stream.codec_context.flush_buffers()
                continue
            for frame in frames:
                found.add(frame)
    found.close_group()
    return found


def _index_from_packets(table: PacketTable) -> FrameIndexTable:
    shown = sorted((row for row in table.shown if row.pts is not None), key=lambda row: row.pts or 0)
    pts = np.array([row.pts for row in shown], dtype=np.int64)
    keyframes = np.array([k for k, row in enumerate(shown) if row.is_keyframe], dtype=np.int64)
    end_pts = int(pts[-1]) + _last_duration(pts, shown[-1].duration)
    return FrameIndexTable(table.time_base, pts, keyframes, pts[keyframes], end_pts)


def _index_from_decoding(table: PacketTable, decoding: _Decoding) -> FrameIndexTable | None:
    last_duration = table.shown[-1].duration if table.shown else 0
    if not decoding.stamps:
        return None
    pts = _increasing(decoding.stamps)
    keyframes = np.array(decoding.key_frames, dtype=np.int64)
    if pts is not None:
        end_pts = int(pts[-1]) + _last_duration(pts, last_duration)
        return FrameIndexTable(table.time_base, pts, keyframes, pts[keyframes], end_pts)
    # Counting cannot step over left-out frames, so damage ends such a file.
    num_frames = decoding.num_before_fault if decoding.num_refused else len(decoding.stamps)
    if num_frames == 0:
        return None
    pts = _stamps_by_order(table, num_frames=num_frames)
    seek_pts = [stamp for stamp in decoding.key_stamps if stamp is not None]
    if decoding.num_refused or len(seek_pts) != len(keyframes):
        # Counting from a keyframe needs to know which one it is; failing that, from the beginning.
        keyframes, seek_pts = keyframes[:0], []
    end_pts = int(pts[-1]) + _last_duration(pts, last_duration)
    return FrameIndexTable(table.time_base, pts, keyframes, np.array(seek_pts, np.int64), end_pts, "order")


def _increasing(stamps: Sequence[int | None]) -> NDArray[np.int64] | None:
    known = [stamp for stamp in stamps if stamp is not None]
    if len(known) < len(stamps) or any(later <= earlier for earlier, later in pairwise(known)):
        return None
    return np.array(known, dtype=np.int64)


def _stamps_by_order(table: PacketTable, *, num_frames: int) -> NDArray[np.int64]:
    """Presentation times where decoded frames carry none that increase: the k-th smallest stamp, else a steady rate.

    Decoding times come first: AVI has nothing else, and FFmpeg shifts what it derives from them.
    """
    shown = table.shown
    for stamps in ([row.dts for row in shown], [row.pts for row in shown]):
        known = sorted(stamp for stamp in stamps if stamp is not None)
        if len(known) == num_frames == len(set(known)):
            return np.array(known, dtype=np.int64)
    ticks = max(1, round(1 / ((table.frame_rate or 25) * table.time_base)))
    return np.arange(num_frames, dtype=np.int64) * ticks


def _last_duration(pts: NDArray[np.int64], declared: int) -> int:
    if len(pts) < 2:
        return max(declared, 1)
    typical = max(int(np.median(np.diff(pts))), 1)
    return declared if 0 < declared <= 4 * typical else typical


def _what_decoding_showed(
    table: PacketTable, index: FrameIndexTable, decoding: _Decoding, doubts: Sequence[str]
) -> tuple[str, ...]:
    num_shown = len(table.shown)
    because = f" ({'; '.join(doubts)})" if doubts else ""
    if index.num_frames < num_shown or decoding.num_refused:
        return (f"Only {index.num_frames} of {num_shown} frames decode{because}.",)
    if index.addressing == "order":
        return (f"Frames are found by counting from a keyframe{because}.",)
    return ()
