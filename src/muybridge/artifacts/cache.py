"""Files of a far store kept near for a while, so that the next frame of the same footage is not fetched again."""

import os
from pathlib import Path

from muybridge.artifacts.store import Store

MOST_BYTES = 10 << 30


def held_path(store: Store, digest: str, folder: Path, *, most_bytes: int = MOST_BYTES) -> Path:
    """A file that holds the bytes, to read only; with S3 the least used others in `folder` make room for it.

    Raises BytesMissing, BytesAltered, StoreAway, StoreFull.
    """
    if store.is_local:
        return store.path_of(digest, folder)
    folder.mkdir(parents=True, exist_ok=True)
    _make_room(folder, most_bytes - store.size_bytes(digest), keep=digest)
    path = store.path_of(digest, folder)
    os.utime(path)
    return path


def _make_room(folder: Path, most_bytes: int, *, keep: str) -> None:
    files = sorted(((path, path.stat()) for path in folder.iterdir()), key=lambda pair: pair[1].st_mtime)
    held = sum(facts.st_size for _, facts in files)
    for path, facts in files:
        if held <= most_bytes:
            return
        if path.name != keep:
            # A reader that has it open keeps its bytes.
            path.unlink(missing_ok=True)
            held -= facts.st_size
