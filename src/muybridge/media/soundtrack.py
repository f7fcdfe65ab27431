"""The sound of a file, for laying under a re-encoded picture: AAC is copied, anything else becomes AAC."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av.error
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet

from muybridge.media.container import open_media

_AAC_FRAME = 1024
_COPYABLE_CONTAINERS = ("mov", "matroska")
_AAC_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000)


class Soundtrack:
    """The first audio stream of `path`, moved `offset_s` earlier, handed over little by little to be interleaved."""

    def __init__(self, path: Path, output: OutputContainer, *, offset_s: Fraction) -> None:
        self._context = open_media(path)
        self._container = self._context.__enter__()
        self._output = output
        self._offset_s = offset_s
        self._source = next((s for s in self._container.streams.audio if s.codec_context is not None), None)
        self._packets: Iterator[Packet[AudioStream]] = iter(())
        self._waiting: Packet[AudioStream] | None = None
        self.is_cut_short = False
        if self._source is not None:
            self._packets = self._copied(self._source) if self._can_copy(self._source) else self._encoded(self._source)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._context.__exit__(None, None, None)

    def write_until(self, end_s: float) -> None:
        """Mux every packet that sounds before `end_s`."""
        while True:
            packet = self._waiting or next(self._packets, None)
            self._waiting = None
            if packet is None:
                return
            if float((packet.pts or 0) * packet.time_base) > end_s:
                self._waiting = packet
                return
            self._output.mux(packet)

    def _can_copy(self, source: AudioStream) -> bool:
        container = self._container.format.name.split(",")[0]
        return source.codec_context.name == "aac" and container in _COPYABLE_CONTAINERS

    def _copied(self, source: AudioStream) -> "Iterator[Packet[AudioStream]]":
        target = self._output.add_stream_from_template(source)
        shift = round(self._offset_s / source.time_base) if source.time_base else 0
        return self._shifted(source, target, shift)

    def _shifted(self, source: AudioStream, target: AudioStream, shift: int) -> "Iterator[Packet[AudioStream]]":
        try:
            for packet in self._container.demux(source):
                if packet.pts is None or packet.dts is None:
                    continue
                packet.pts -= shift
                packet.dts -= shift
                packet.stream = target
                yield packet
        except av.error.FFmpegError:
            self.is_cut_short = True

    def _encoded(self, source: AudioStream) -> "Iterator[Packet[AudioStream]]":
        rate = min(_AAC_RATES, key=lambda known: abs(known - source.codec_context.sample_rate))
        layout = "mono" if source.codec_context.channels == 1 else "stereo"
        target = self._output.add_stream("aac", rate=rate, layout=layout)
        return self._resampled(source, target, AudioResampler("fltp", layout, rate, frame_size=_AAC_FRAME))

    def _resampled(
        self, source: AudioStream, target: AudioStream, resampler: AudioResampler
    ) -> "Iterator[Packet[AudioStream]]":
        shift = round(self._offset_s * resampler.rate)
        try:
            for frame in self._container.decode(source):
                for part in resampler.resample(frame):
                    part.pts = (part.pts or 0) - shift
                    yield from target.encode(part)
            for part in resampler.resample(None):
                part.pts = (part.pts or 0) - shift
                yield from target.encode(part)
        except (av.error.FFmpegError, ValueError):
            # Broken sound must not cost the picture; what was heard so far stays.
            self.is_cut_short = True
        yield from target.encode(None)
