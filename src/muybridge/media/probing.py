"""Measure a file: what it is, how it looks upright, and the true time of every frame."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer

from muybridge.media.container import check_size, open_media, video_stream
from muybridge.media.facts import AudioFacts, MediaFacts
from muybridge.media.index import FrameIndexTable
from muybridge.media.orientation import orientation_of
from muybridge.media.scan import scan

_COLOUR_RANGES = {1: "limited", 2: "full"}
_HDR_TRANSFERS = {16: "PQ", 18: "HLG"}


@dataclass(frozen=True, slots=True)
class Description:
    """What a file is, and when its frames are."""

    facts: MediaFacts
    index: FrameIndexTable


def probe(path: Path | str, *, decode_all: bool = False) -> MediaFacts:
    """The facts of a media file; see `describe`."""
    return describe(path, decode_all=decode_all).facts


def describe(path: Path | str, *, decode_all: bool = False) -> Description:
    """Facts and frame index of the first video stream of a file, in one pass over it.

    A file that decodes in part is accepted, with the frames that decode and a warning that says how many.
    decode_all: do not trust packets, decode every frame once.
    Raises EmptyFile, NotMedia, NoVideo, PictureTooLarge, or CorruptMedia when not one frame decodes.
    """
    path = Path(path)
    scanned = scan(path, decode_all=decode_all)
    frame, index = scanned.first_frame, scanned.index
    with open_media(path) as container:
        stream = video_stream(container, path)
        orientation = orientation_of(frame, stream)
        check_size(path, orientation.display_width, orientation.display_height)
        facts = MediaFacts(
            container=container.format.name.split(",")[0],
            codec=_codec_name(stream.codec_context.name),
            size_bytes=path.stat().st_size,
            width=frame.width,
            height=frame.height,
            display_width=orientation.display_width,
            display_height=orientation.display_height,
            rotation=orientation.rotation,
            is_mirrored=orientation.is_mirrored,
            sample_aspect=orientation.sample_aspect,
            time_base=index.time_base,
            start_pts=int(index.pts[0]),
            end_pts=index.end_pts,
            num_frames=index.num_frames,
            declared_frames=scanned.declared_frames,
            fps=_average_fps(index, [stream.average_rate, stream.guessed_rate, stream.base_rate]),
            is_vfr=_is_vfr(index),
            pixel_format=frame.format.name,
            bit_depth=max(component.bits for component in frame.format.components),
            colour_range="full"
            if frame.format.name.startswith("yuvj")
            else _COLOUR_RANGES.get(frame.color_range, "unknown"),
            audio=_audio(container),
            warnings=(*scanned.warnings, *orientation.warnings, *_colour_warnings(frame.color_trc)),
        )
    return Description(facts, index)


def _codec_name(decoder: str) -> str:
    # The decoder's name is not always the codec's: libdav1d decodes av1.
    return {"libdav1d": "av1", "libvpx": "vp8", "libvpx-vp9": "vp9"}.get(decoder, decoder)


def _average_fps(index: FrameIndexTable, declared: Sequence[Fraction | None]) -> float | None:
    """Frames over time, snapped to a declared rate that explains it (so that 29.97 is not 29.9701)."""
    if index.num_frames < 2:
        lasting = index.end_pts - int(index.pts[0])
        return float(1 / (lasting * index.time_base)) if lasting > 1 else None
    measured = float((index.num_frames - 1) / ((int(index.pts[-1]) - int(index.pts[0])) * index.time_base))
    for rate in declared:
        if rate and abs(float(rate) - measured) < 1e-3 * measured:
            return float(rate)
    return measured


def _is_vfr(index: FrameIndexTable) -> bool:
    """Whether any frame stands more than a tick (or 2 % of a frame) off a steady rate.

    A tick of grace: Matroska rounds to milliseconds, so 30 fps steps by 33, 33 and 34.
    """
    if index.num_frames < 3:
        return False
    steps = np.arange(index.num_frames)
    step = (index.pts[-1] - index.pts[0]) / (index.num_frames - 1)
    return bool(np.abs(index.pts - index.pts[0] - steps * step).max() > max(1.0, 0.02 * step))


def _audio(container: InputContainer) -> tuple[AudioFacts, ...]:
    return tuple(_audio_facts(stream) for stream in container.streams.audio if stream.codec_context is not None)


def _audio_facts(stream: AudioStream) -> AudioFacts:
    duration_s = float(stream.duration * stream.time_base) if stream.duration and stream.time_base else None
    return AudioFacts(
        stream.codec_context.name, stream.codec_context.sample_rate, stream.codec_context.channels, duration_s
    )


def _colour_warnings(transfer: int) -> tuple[str, ...]:
    if transfer in _HDR_TRANSFERS:
        return (f"{_HDR_TRANSFERS[transfer]} high dynamic range is shown without tone mapping; colours look flat.",)
    return ()
