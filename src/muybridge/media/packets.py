"""Read the packets of a video stream without decoding them, and notice what looks wrong.

Fast (a disk read), and enough for sound files in good containers; `scan` decides what to do about the doubts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple, cast

import av.error
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from muybridge.media.container import open_media, video_stream

_TRUSTED_CONTAINERS = {"mov", "matroska", "mxf", "ivf", "gif"}
"""Demuxers that stamp packets in presentation time. AVI has decoding times only; transport streams may wrap."""


class PacketRow(NamedTuple):
    pts: int | None
    dts: int | None
    duration: int
    is_keyframe: bool
    is_discard: bool
    """Needed for decoding but cut away by an edit list."""


@dataclass(frozen=True, slots=True)
class PacketTable:
    """The packets in file order, and why decoding them all may tell another story."""

    rows: tuple[PacketRow, ...]
    time_base: Fraction
    frame_rate: Fraction | None
    declared_frames: int
    doubts: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def shown(self) -> list[PacketRow]:
        return [row for row in self.rows if not row.is_discard]


def read_packets(path: Path) -> PacketTable:
    """Raises EmptyFile, NotMedia or NoVideo; damage behind the header becomes a doubt, not an error."""
    with open_media(path) as container:
        stream = video_stream(container, path)
        rows, doubts, end_s = _walk(container, stream)
        name = container.format.name.split(",")[0]
        if name not in _TRUSTED_CONTAINERS:
            doubts.append(f"{name} files do not carry trustworthy presentation times")
        return PacketTable(
            rows=tuple(rows),
            time_base=stream.time_base or Fraction(1, 1000),
            frame_rate=stream.average_rate or stream.guessed_rate,
            declared_frames=stream.frames,
            doubts=tuple(doubts + _doubts_about(rows)),
            warnings=_shortfalls(container, stream, num_packets=len(rows), end_s=end_s),
        )


def packets_until_fault(container: InputContainer, stream: VideoStream) -> "Iterator[Packet[VideoStream]]":
    """Packets as far as the container can be read, then one to flush the decoder."""
    try:
        yield from container.demux(stream)
    except av.error.FFmpegError:
        yield cast("Packet[VideoStream]", Packet())


def _walk(container: InputContainer, stream: VideoStream) -> tuple[list[PacketRow], list[str], float]:
    rows: list[PacketRow] = []
    doubts: list[str] = []
    nal_length_bytes = _nal_length_bytes(stream)
    num_damaged, end_s = 0, 0.0
    try:
        for packet in container.demux(stream, *container.streams.audio):
            if packet.size == 0:  # the flush packet at the end
                continue
            if packet.pts is not None:
                end_s = max(end_s, float((packet.pts + (packet.duration or 0)) * packet.time_base))
            if packet.stream_index != stream.index:
                continue
            holds = not nal_length_bytes or _nal_chain_holds(bytes(packet), nal_length_bytes)
            num_damaged += packet.is_corrupt or not holds
            rows.append(PacketRow(packet.pts, packet.dts, packet.duration or 0, packet.is_keyframe, packet.is_discard))
    except av.error.FFmpegError as fault:
        doubts.append(f"reading stops after {len(rows)} packets ({fault.strerror})")
    if num_damaged:
        doubts.append(f"{num_damaged} of {len(rows)} packets are damaged")
    return rows, doubts, end_s


def _nal_length_bytes(stream: VideoStream) -> int:
    """How many bytes tell the length of each NAL unit (avcC, hvcC), or 0 if the stream is not laid out so."""
    extradata = stream.codec_context.extradata or b""
    if len(extradata) < 23 or extradata[0] != 1:
        return 0
    if stream.codec_context.name == "h264":
        return (extradata[4] & 3) + 1
    return (extradata[21] & 3) + 1 if stream.codec_context.name == "hevc" else 0


def _nal_chain_holds(payload: bytes, length_bytes: int) -> bool:
    """Whether the lengths inside a packet add up to it: a test for damage that needs no decoding."""
    at, end = 0, len(payload)
    while at + length_bytes <= end:
        length = int.from_bytes(payload[at : at + length_bytes], "big")
        if length == 0:
            return False
        at += length_bytes + length
    return at == end


def _doubts_about(rows: Sequence[PacketRow]) -> list[str]:
    stamps = [row.pts for row in rows if not row.is_discard]
    known = [pts for pts in stamps if pts is not None]
    doubts = []
    if not known:
        doubts.append("no packet carries a presentation time")
    elif len(known) < len(stamps):
        doubts.append("some packets carry no presentation time")
    if len(set(known)) < len(known):
        doubts.append("two packets claim one presentation time")
    return doubts


def _shortfalls(container: InputContainer, stream: VideoStream, *, num_packets: int, end_s: float) -> tuple[str, ...]:
    # By place, not by count: an edit list may rightly leave frames out.
    num_beyond = sum(entry.pos + entry.size > container.size for entry in stream.index_entries)
    if num_beyond and stream.frames > num_packets:
        return (f"The header declares {stream.frames} frames; the file is cut after {num_packets}.",)
    promised_s = (container.duration or 0) / 1e6
    start_s = (container.start_time or 0) / 1e6
    if 0 < end_s - start_s < 0.9 * promised_s - 0.2:
        return (f"The header promises {promised_s:.1f} s; the file ends after {end_s - start_s:.1f} s.",)
    return ()
