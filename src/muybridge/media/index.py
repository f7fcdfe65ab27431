"""The true time of every frame, and where decoding can start.

Frame numbers count from 0 in presentation order. Never computed as k/fps: variable rates, edit lists and odd
containers make that wrong (20 of 60 seeks in a browser, 34 of 40 in an AVI). Building the table is `scan`'s work.
"""

import json
import zlib
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from muybridge.errors import Invalid
from muybridge.media.faults import FrameOutOfRange
from muybridge.units import FrameSpan

_MAGIC = b"muybridge-frames/1\n"

Addressing = Literal["pts", "order"]


class BadIndex(Invalid):
    """Bytes that are not a frame index table."""

    code = "media.bad_index"


@dataclass(frozen=True, slots=True, eq=False)
class FrameIndexTable:
    """`pts` int64 [T], strictly increasing; `keyframes` int64 [K], frame numbers at which decoding can start.

    `seek_pts` int64 [K] is the demuxer's stamp to seek to for each of them. Under `addressing="pts"` a decoded frame is
    known by its stamp; under "order" (AVI, raw streams: the stamps of decoded frames lie) by counting from a keyframe.
    `keyframes` is empty when the file can only be decoded from its beginning.
    """

    time_base: Fraction
    pts: NDArray[np.int64]
    keyframes: NDArray[np.int64]
    seek_pts: NDArray[np.int64]
    end_pts: int
    addressing: Addressing = "pts"

    @property
    def num_frames(self) -> int:
        return len(self.pts)

    @property
    def span(self) -> FrameSpan:
        return FrameSpan(0, self.num_frames)

    @property
    def longest_gop(self) -> int:
        """Most frames from one keyframe to the next; what a random access may cost."""
        edges = np.concatenate([[0], self.keyframes, [self.num_frames]])
        return int(np.diff(edges).max())

    def check(self, frame: int) -> None:
        """Raises FrameOutOfRange unless 0 <= frame < num_frames."""
        if not 0 <= frame < self.num_frames:
            raise FrameOutOfRange(
                f"There is no frame {frame}; this footage has frames 0 to {self.num_frames - 1}.",
                remedy="Frames are counted from 0 in presentation order.",
            )

    def frame_at(self, pts: int) -> int:
        """The frame on screen at `pts`; the first or last one outside the footage."""
        return int(np.clip(np.searchsorted(self.pts, pts, side="right") - 1, 0, self.num_frames - 1))

    def end_of(self, frame: int) -> int:
        """The pts at which `frame` gives way to the next."""
        self.check(frame)
        return int(self.pts[frame + 1]) if frame + 1 < self.num_frames else self.end_pts

    def pts_bounds(self, span: FrameSpan) -> tuple[int, int]:
        """[start_pts, end_pts) of a frame span."""
        self.check(span.start)
        return int(self.pts[span.start]), self.end_of(span.end - 1)

    def to_bytes(self) -> bytes:
        """A few bytes a frame: one line of JSON, then the deflated differences."""
        header = {
            "time_base": [self.time_base.numerator, self.time_base.denominator],
            "num_frames": self.num_frames,
            "num_keyframes": len(self.keyframes),
            "end_pts": self.end_pts,
            "addressing": self.addressing,
        }
        columns = b"".join(
            np.diff(column, prepend=0).astype("<i8").tobytes() for column in (self.pts, self.keyframes, self.seek_pts)
        )
        return _MAGIC + json.dumps(header, sort_keys=True).encode() + b"\n" + zlib.compress(columns, 6)

    @classmethod
    def from_bytes(cls, stored: bytes) -> "FrameIndexTable":
        """Raises BadIndex for bytes that `to_bytes` did not make."""
        try:
            if not stored.startswith(_MAGIC):
                raise ValueError("wrong first line")
            header_line, _, body = stored[len(_MAGIC) :].partition(b"\n")
            header = json.loads(header_line)
            num_frames, num_keyframes = int(header["num_frames"]), int(header["num_keyframes"])
            deltas = np.frombuffer(zlib.decompress(body), dtype="<i8").astype(np.int64)
            if len(deltas) != num_frames + 2 * num_keyframes:
                raise ValueError("wrong length")
            return cls(
                time_base=Fraction(*header["time_base"]),
                pts=np.cumsum(deltas[:num_frames]),
                keyframes=np.cumsum(deltas[num_frames : num_frames + num_keyframes]),
                seek_pts=np.cumsum(deltas[num_frames + num_keyframes :]),
                end_pts=int(header["end_pts"]),
                addressing="order" if header["addressing"] == "order" else "pts",
            )
        except (ValueError, KeyError, TypeError, zlib.error) as fault:
            raise BadIndex(f"These bytes are not a frame index: {fault}.", remedy="Ingest the asset again.") from fault
