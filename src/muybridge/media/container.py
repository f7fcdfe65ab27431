"""Open a file with FFmpeg without letting the file decide what else is opened.

A playlist or a concat script is a "video" that names other files and hosts, so only whole containers are allowed
(`format_whitelist`) and only the file protocol; the `file:` prefix keeps odd names from being read as protocols.
Nor how much memory a picture takes: every decoder refuses one of more than MAX_PIXELS, wherever in the file it comes.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import av.error
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from muybridge.media.faults import EmptyFile, NotMedia, NoVideo, PictureTooLarge

ALLOWED_FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,mxf,asf,flv,ogg,nut,ivf,obu,av1,"
    "h264,hevc,m4v,gif,apng,wav,mp3,flac,aac,aiff"
)
MAX_PIXELS = 8192 * 8192
"""Twice what the highest levels of H.264 and AV1 hold (35.7 million, 8K); 201 MB as RGB, and a decoder holds many."""
_CODEC_OPTIONS = {"max_pixels": str(MAX_PIXELS)}
_OPTIONS = {"format_whitelist": ALLOWED_FORMATS, "protocol_whitelist": "file", **_CODEC_OPTIONS}


@contextmanager
def open_media(path: Path | str) -> Iterator[InputContainer]:
    """The container of `path`, closed on leaving.

    Raises EmptyFile, or NotMedia with FFmpeg's reason. FileNotFoundError stays itself: that is the caller's slip.
    """
    path = Path(path)
    if os.stat(path).st_size == 0:
        raise EmptyFile(
            f"{path.name!r} holds no bytes.", remedy="Upload the file again; the copy was cut at its start."
        )
    try:
        container = av.open(f"file:{path}", mode="r", options=_OPTIONS, metadata_errors="replace")
    except (av.error.FFmpegError, ValueError) as fault:
        raise _refusal(path, fault) from fault
    try:
        yield container
    finally:
        container.close()


def _refusal(path: Path, fault: Exception) -> NotMedia:
    with path.open("rb") as file:
        head = file.read(16)
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free"):
        return NotMedia(
            f"{path.name!r} is an MP4 or MOV whose table of frames (moov) is missing or damaged: probably cut short.",
            remedy="Copy the whole file again, or repair it with a tool that rebuilds the table from a sister file.",
        )
    return NotMedia(
        f"{path.name!r} is not a video that Muybridge reads ({_reason(fault)}).",
        remedy="Accepted: mp4, mov, mkv, webm, avi, ts, mxf, wmv, flv, gif. Check the file in a player first.",
    )


def _reason(fault: Exception) -> str:
    return getattr(fault, "strerror", None) or str(fault) or type(fault).__name__


def video_stream(container: InputContainer, path: Path | str) -> VideoStream:
    """The first stream of moving pictures; cover art does not count. Raises NoVideo, PictureTooLarge."""
    for stream in container.streams.video:
        if not stream.disposition & Disposition.attached_pic and stream.codec_context is not None:
            check_size(path, stream.codec_context.width, stream.codec_context.height)
            stream.codec_context.options = _CODEC_OPTIONS
            return stream
    heard = f"{len(container.streams.audio)} audio stream(s)" if container.streams.audio else "no picture"
    raise NoVideo(
        f"{Path(path).name!r} has {heard} and no video stream.",
        remedy="Muybridge labels footage; give it a video file.",
    )


def check_size(path: Path | str, width: int, height: int) -> None:
    """Raises PictureTooLarge beyond MAX_PIXELS."""
    if width * height > MAX_PIXELS:
        raise PictureTooLarge(
            f"The pictures of {Path(path).name!r} are {width} x {height}: more than 8192 x 8192 pixels.",
            remedy="Scale it down first, to 8K (7680 x 4320) or less.",
        )


def decode_packet(stream: VideoStream, packet: "Packet[VideoStream]") -> list[VideoFrame] | None:
    """The frames that come out when `packet` goes in, or None if the decoder refuses it."""
    try:
        return stream.codec_context.decode(packet)
    except (av.error.FFmpegError, ValueError):
        # ValueError: PyAV raises it where FFmpeg reports an impossible value, e.g. a frame of 0 x 0.
        return None
