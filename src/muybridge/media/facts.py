"""What is true of a media file, as plain values. Measuring them is `probing`'s work."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any


@dataclass(frozen=True, slots=True)
class AudioFacts:
    """One audio stream."""

    codec: str
    sample_rate: int
    channels: int
    duration_s: float | None


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """Facts of one file and its first video stream, measured rather than declared.

    Display width and height are what a person sees: square pixels, rotation applied. Every decoded frame, every box
    and every mask of Muybridge lives in display pixels.
    """

    container: str
    """FFmpeg's name of the demuxer, first alternative: mov, matroska, avi, mpegts."""
    codec: str
    size_bytes: int
    width: int
    height: int
    """Coded size, before rotation and aspect."""
    display_width: int
    display_height: int
    rotation: int
    """Degrees clockwise that a player turns the coded picture: 0, 90, 180 or 270."""
    is_mirrored: bool
    sample_aspect: Fraction
    """Width of a coded pixel over its height."""
    time_base: Fraction
    start_pts: int
    end_pts: int
    """Where the last frame ends (exclusive)."""
    num_frames: int
    """Frames that are really there and decode."""
    declared_frames: int
    """What the header says; 0 when it says nothing."""
    fps: float | None
    """Average over the file; None for a single frame of unknown duration."""
    is_vfr: bool
    pixel_format: str
    bit_depth: int
    colour_range: str
    """"limited", "full" or "unknown"."""
    audio: tuple[AudioFacts, ...] = ()
    warnings: tuple[str, ...] = ()
    """What is odd about the file but was handled, in sentences."""

    @property
    def duration_s(self) -> float:
        return float((self.end_pts - self.start_pts) * self.time_base)

    @property
    def has_audio(self) -> bool:
        return bool(self.audio)

    def to_json(self) -> dict[str, Any]:
        """JSON values; `time_base` and `sample_aspect` as [numerator, denominator]."""
        return {
            "container": self.container,
            "codec": self.codec,
            "size_bytes": self.size_bytes,
            "width": self.width,
            "height": self.height,
            "display_width": self.display_width,
            "display_height": self.display_height,
            "rotation": self.rotation,
            "is_mirrored": self.is_mirrored,
            "sample_aspect": [self.sample_aspect.numerator, self.sample_aspect.denominator],
            "time_base": [self.time_base.numerator, self.time_base.denominator],
            "start_pts": self.start_pts,
            "end_pts": self.end_pts,
            "duration_s": self.duration_s,
            "num_frames": self.num_frames,
            "declared_frames": self.declared_frames,
            "fps": self.fps,
            "is_vfr": self.is_vfr,
            "pixel_format": self.pixel_format,
            "bit_depth": self.bit_depth,
            "colour_range": self.colour_range,
            "has_audio": self.has_audio,
            "audio": [
                {
                    "codec": stream.codec,
                    "sample_rate": stream.sample_rate,
                    "channels": stream.channels,
                    "duration_s": stream.duration_s,
                }
                for stream in self.audio
            ],
            "warnings": list(self.warnings),
        }
