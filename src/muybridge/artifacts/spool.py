"""Where uploads wait until they are whole: one file an upload in the data folder, appended to at its end.

The length of the file is the truth about what arrived, so an upload goes on after the server was killed. The spool is
local with every store: servers behind one address must send an upload to the server that began it.
"""

import fcntl
import hashlib
import os
import threading
import time
from pathlib import Path
from typing import Any

from muybridge.artifacts.faults import WrongOffset, named_faults
from muybridge.errors import Invalid
from muybridge.units import is_id

BLOCK_BYTES = 1 << 20
MAX_RUNNING = 256


class Spool:
    """The uploads in one folder. Threads and processes may share it; bytes of one upload are kept in order."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # Digests of uploads that this process has seen from their first byte, so that completing one reads nothing.
        self._running: dict[str, tuple[int, Any]] = {}
        self._lock = threading.Lock()

    def path(self, upload_id: str) -> Path:
        if not is_id(upload_id, "upl"):
            raise Invalid(f"{upload_id!r} is not an upload.")
        return self.folder / upload_id

    def received(self, upload_id: str) -> int:
        """How many bytes have arrived; 0 for an upload that has none yet."""
        try:
            return self.path(upload_id).stat().st_size
        except FileNotFoundError:
            return 0

    def append(self, upload_id: str, offset: int, content: bytes) -> int:
        """Write `content` at `offset`, which must be the end; returns the new end.

        Raises WrongOffset, StoreFull. What was written before an error stays and counts.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with named_faults("The upload folder"), open(self.path(upload_id), "ab", buffering=0) as file:
            # Two connections may send the same chunk: the second finds the end moved.
            fcntl.flock(file, fcntl.LOCK_EX)
            end = os.fstat(file.fileno()).st_size
            if end != offset:
                raise WrongOffset(
                    f"Upload {upload_id} has {end} bytes, but the chunk begins at {offset}.",
                    remedy=f"Send from byte {end}.",
                    offset=end,
                )
            view = memoryview(content)
            while view:
                written = file.write(view)
                self._count(upload_id, offset, view[:written])
                offset, view = offset + written, view[written:]
        return offset

    def digest(self, upload_id: str) -> str:
        """sha256 of what has arrived, in hex."""
        with self._lock:
            end, running = self._running.get(upload_id, (-1, None))
        path = self.path(upload_id)
        if running is None or end != self.received(upload_id):
            with named_faults("The upload folder"), open(path, "rb") as file:
                running = hashlib.file_digest(file, "sha256")
        digest: str = running.hexdigest()
        return digest

    def discard(self, upload_id: str) -> None:
        """Remove what has arrived; no error if there is nothing."""
        with self._lock:
            self._running.pop(upload_id, None)
        self.path(upload_id).unlink(missing_ok=True)

    def stale(self, older_than_s: float) -> list[str]:
        """Uploads to which nothing was added for so long."""
        if not self.folder.is_dir():
            return []
        names = [path.name for path in self.folder.iterdir() if is_id(path.name, "upl")]
        return sorted(name for name in names if self.is_stale(name, older_than_s))

    def is_stale(self, upload_id: str, older_than_s: float) -> bool:
        """Whether bytes of the upload are here and nothing was added to them for so long."""
        try:
            return self.path(upload_id).stat().st_mtime < time.time() - older_than_s
        except FileNotFoundError:
            return False

    def _count(self, upload_id: str, offset: int, content: memoryview) -> None:
        with self._lock:
            if offset == 0 and len(self._running) < MAX_RUNNING:
                self._running[upload_id] = (0, hashlib.sha256())
            end, running = self._running.get(upload_id, (-1, None))
            if running is None:
                return
            if end != offset:
                del self._running[upload_id]
                return
        # Outside the lock: hashing lets other threads run, and the file lock keeps this upload to ourselves.
        running.update(content)
        with self._lock:
            self._running[upload_id] = (offset + len(content), running)
