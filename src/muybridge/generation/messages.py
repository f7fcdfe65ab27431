"""The messages of a session's channel: a JSON header behind its length, then bytes.

docs/guides/play.md is the protocol. Pure, and light: the server writes a few headers of its own with it.
"""

import json
import struct
from typing import Any, NamedTuple

from muybridge.errors import Invalid, MuybridgeError

MAX_HEADER_BYTES = 64 * 1024
_LENGTH = struct.Struct(">I")


class BadMessage(Invalid):
    code = "generation.bad_message"


class Message(NamedTuple):
    header: dict[str, Any]
    payload: bytes


def pack(header: dict[str, Any], payload: bytes = b"") -> bytes:
    head = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    return _LENGTH.pack(len(head)) + head + payload


def unpack(message: bytes) -> Message:
    """Raises BadMessage unless it begins with a JSON object that says its type."""
    if len(message) < _LENGTH.size:
        raise BadMessage("A message is shorter than its length.", remedy="Send 4 bytes of length, then a JSON header.")
    (length,) = _LENGTH.unpack_from(message)
    end = _LENGTH.size + length
    if length > MAX_HEADER_BYTES or end > len(message):
        raise BadMessage(
            f"A header of {length} bytes does not fit.", remedy=f"Send {MAX_HEADER_BYTES} bytes at most, big-endian."
        )
    try:
        header = json.loads(message[_LENGTH.size : end])
    except (ValueError, RecursionError) as wrong:
        raise BadMessage("A header is no JSON.", remedy="Send UTF-8 JSON.") from wrong
    if not isinstance(header, dict) or not isinstance(header.get("type"), str):
        raise BadMessage("A header is no object with a type.", remedy='Send {"type": "step"} or the like.')
    return Message(header, message[end:])


def error_message(error: MuybridgeError) -> bytes:
    return pack({"type": "error", "code": error.code, "detail": error.detail, "remedy": error.remedy})


def closed_message(reason: str) -> bytes:
    return pack({"type": "closed", "reason": reason})


def text_of(header: dict[str, Any], name: str) -> str:
    """Raises BadMessage for a field that is missing or no text."""
    value = header.get(name)
    if not isinstance(value, str):
        raise _wrong(header, name, "text")
    return value


def whole_of(header: dict[str, Any], name: str, default: int | None = None) -> int:
    """Raises BadMessage for a field that is missing (without a default) or no whole number."""
    value = header.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong(header, name, "a whole number")
    return value


def number_of(header: dict[str, Any], name: str, default: float, *, low: float, high: float) -> float:
    """Raises BadMessage for a field that is no number from low to high."""
    value = header.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise _wrong(header, name, f"a number from {low:g} to {high:g}")
    return float(value)


def _wrong(header: dict[str, Any], name: str, wanted: str) -> BadMessage:
    return BadMessage(f"{header['type']}: {name!r} is not {wanted}.", remedy="See docs/guides/play.md.")
