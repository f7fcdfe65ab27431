"""Time and identity: the two things that must never be ambiguous.

Truth about time is an integer `pts` in a stream's `time_base`; frames are counted from 0 in presentation order;
every span is half-open. Seconds are for people. Ids are `prefix_` + a UUIDv7 (RFC 9562) in Crockford base32, so
they sort by creation and say what they name.
"""

import re
import secrets
import threading
import time
from dataclasses import dataclass
from fractions import Fraction
from typing import NewType

from muybridge.errors import Invalid

Pts = NewType("Pts", int)
"""A presentation time stamp in ticks of its stream's time base."""
FrameIndex = NewType("FrameIndex", int)
"""A frame's place in presentation order, from 0."""
Seconds = NewType("Seconds", float)
TimeBase = Fraction
"""Seconds per tick, e.g. Fraction(1, 90000)."""

Digest = NewType("Digest", str)
"""Lower-case hex sha256 of some bytes."""


@dataclass(frozen=True, slots=True, order=True)
class FrameSpan:
    """Frames [start, end), counted in presentation order; never empty."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise Invalid(f"Frame span [{self.start}, {self.end}) is empty or starts before frame 0.")

    @property
    def num_frames(self) -> int:
        return self.end - self.start

    def __contains__(self, frame: int) -> bool:
        return self.start <= frame < self.end

    def intersection(self, other: "FrameSpan") -> "FrameSpan | None":
        start, end = max(self.start, other.start), min(self.end, other.end)
        return FrameSpan(start, end) if start < end else None


@dataclass(frozen=True, slots=True, order=True)
class PtsSpan:
    """Ticks [start, end) of one stream; never empty. `start` may be negative (edit lists)."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not self.start < self.end:
            raise Invalid(f"Pts span [{self.start}, {self.end}) is empty.")

    @property
    def num_ticks(self) -> int:
        return self.end - self.start


def seconds_from_pts(pts: int, time_base: TimeBase) -> float:
    return float(pts * time_base)


def pts_from_seconds(seconds: float, time_base: TimeBase) -> Pts:
    """The last tick at or before `seconds`."""
    return Pts(int(Fraction(seconds) // time_base))


_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_ID = re.compile(r"^[a-z]{2,4}_[0-7][0-9a-hjkmnp-tv-z]{25}$")

ID_PREFIXES = {
    "ten": "tenant",
    "mbr": "member",
    "grt": "grant",
    "key": "API key",
    "lgn": "login",
    "evt": "event",
    "art": "artifact",
    "job": "job",
    "upl": "upload",
    "ast": "asset",
    "sht": "shot",
    "clp": "clip",
    "cst": "consent",
    "prj": "project",
    "ont": "ontology version",
    "bat": "batch",
    "tsk": "task",
    "asg": "assignment",
    "atm": "attempt",
    "ann": "annotation",
    "con": "consensus",
    "rev": "review",
    "prp": "proposal",
    "dst": "dataset",
    "ver": "dataset version",
    "run": "run",
    "ckp": "checkpoint",
    "gen": "generation",
    "ses": "session",
    "evl": "evaluation",
    "cmp": "comparison",
    "whk": "webhook",
}
"""Every id prefix and what it names; a prefix that is not here cannot be minted."""

_last = (0, 0)
_lock = threading.Lock()


def new_id(prefix: str) -> str:
    """A new id, later than every id this process made before.

    30 characters or fewer: prefix, underscore, 26 of Crockford base32. The 12 bits beside the millisecond are a
    counter (RFC 9562, method 1), so ids made in one millisecond still sort.
    """
    if prefix not in ID_PREFIXES:
        raise ValueError(f"unknown id prefix {prefix!r}; add it to units.ID_PREFIXES")
    global _last
    with _lock:
        now_ms = time.time_ns() // 1_000_000
        last_ms, counter = _last
        if now_ms > last_ms:
            counter = secrets.randbits(10)
        else:
            now_ms, counter = last_ms, counter + 1
            if counter >= 1 << 12:
                now_ms, counter = last_ms + 1, 0
        _last = (now_ms, counter)
    value = now_ms << 80 | 0x7 << 76 | counter << 64 | 0b10 << 62 | secrets.randbits(62)
    return f"{prefix}_{''.join(_ALPHABET[value >> shift & 31] for shift in range(125, -1, -5))}"


def is_id(text: str, prefix: str | None = None) -> bool:
    """Whether `text` has the shape of an id (of this prefix, if given)."""
    return bool(_ID.match(text)) and (prefix is None or text.startswith(f"{prefix}_"))


def milliseconds_from_id(identifier: str) -> int:
    """When an id was made, in milliseconds since 1970."""
    if not is_id(identifier):
        raise Invalid(
            f"{identifier!r} is not an id.", remedy="Ids look like ast_01k9... and come from Muybridge itself."
        )
    value = 0
    for character in identifier.partition("_")[2]:
        value = value << 5 | _ALPHABET.index(character)
    return value >> 80
