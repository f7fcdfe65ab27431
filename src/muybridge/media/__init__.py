"""Video to arrays and back: probe, index, decode, encode, proxy, thumbnails.

Knows files and pixels; knows no row, no tenant and no network. Everything public is a plain function or generator
with picklable arguments, so that a job can run it in a child process. Names load on first use: PyAV and Pillow cost
a third of a second, which the command line and the API should not pay to start.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from muybridge.media.decode import FrameReader, frames_at, read_frames
    from muybridge.media.encode import encode_mp4
    from muybridge.media.facts import AudioFacts, MediaFacts
    from muybridge.media.faults import (
        CorruptMedia,
        EmptyFile,
        EncodeFailed,
        FrameOutOfRange,
        MediaFault,
        NoFrames,
        NotMedia,
        NoVideo,
        PictureTooLarge,
    )
    from muybridge.media.index import FrameIndexTable
    from muybridge.media.probing import Description, describe, probe
    from muybridge.media.proxy import ProxyProgress, make_proxy, needs_proxy, proxy_index, reasons_for_proxy
    from muybridge.media.thumbnail import Filmstrip, frame_jpeg, make_filmstrip, make_poster

_HOMES = {
    "decode": ("FrameReader", "frames_at", "read_frames"),
    "encode": ("encode_mp4",),
    "facts": ("AudioFacts", "MediaFacts"),
    "faults": (
        "CorruptMedia",
        "EmptyFile",
        "EncodeFailed",
        "FrameOutOfRange",
        "MediaFault",
        "NoFrames",
        "NoVideo",
        "NotMedia",
        "PictureTooLarge",
    ),
    "index": ("FrameIndexTable",),
    "probing": ("Description", "describe", "probe"),
    "proxy": ("ProxyProgress", "make_proxy", "needs_proxy", "proxy_index", "reasons_for_proxy"),
    "thumbnail": ("Filmstrip", "frame_jpeg", "make_filmstrip", "make_poster"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "AudioFacts",
    "CorruptMedia",
    "Description",
    "EmptyFile",
    "EncodeFailed",
    "Filmstrip",
    "FrameIndexTable",
    "FrameOutOfRange",
    "FrameReader",
    "MediaFacts",
    "MediaFault",
    "NoFrames",
    "NoVideo",
    "NotMedia",
    "PictureTooLarge",
    "ProxyProgress",
    "describe",
    "encode_mp4",
    "frame_jpeg",
    "frames_at",
    "make_filmstrip",
    "make_poster",
    "make_proxy",
    "needs_proxy",
    "probe",
    "proxy_index",
    "read_frames",
    "reasons_for_proxy",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
