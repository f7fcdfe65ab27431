"""Pictures that a session begins with: checked when they come in, opened in the child. PNG and JPEG."""

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from muybridge.errors import Invalid

MAX_BYTES = 4 * 2**20
_MAX_PIXELS = 40_000_000
_MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg"}


class BadImage(Invalid):
    code = "generation.bad_image"


def media_type_of(content: bytes) -> str:
    """Raises BadImage unless it is a whole PNG or JPEG of a bearable size."""
    if len(content) > MAX_BYTES:
        raise BadImage(f"The picture has {len(content)} bytes.", remedy=f"Send {MAX_BYTES} at most.")
    try:
        with Image.open(io.BytesIO(content), formats=tuple(_MEDIA_TYPES)) as opened:
            kind, pixels = str(opened.format), opened.width * opened.height
            if pixels <= _MAX_PIXELS:
                opened.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as wrong:
        raise BadImage(f"The picture cannot be read: {wrong}.", remedy="Send a PNG or a JPEG, whole.") from wrong
    if pixels > _MAX_PIXELS:
        raise BadImage(f"The picture has {pixels} pixels.", remedy=f"Send {_MAX_PIXELS} at most.")
    return _MEDIA_TYPES[kind]


def read_still(path: Path) -> NDArray[np.uint8]:
    """uint8 [H, W, 3]."""
    with Image.open(path) as opened:
        return np.asarray(opened.convert("RGB"))
