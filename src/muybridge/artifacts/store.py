"""Bytes by their sha256: a local folder or an S3 bucket through obstore, the same to every caller.

Content-addressed, so writing is idempotent and nothing is ever changed in place. Who may read what is not known here
(register.py has the rows); whose URL is signed is the caller's to record.
"""

import fcntl
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from muybridge.artifacts import urls
from muybridge.artifacts.faults import BadStoreUrl, BytesAltered, BytesMissing, named_faults, store_full
from muybridge.artifacts.identity import Identity, open_identity
from muybridge.artifacts.spool import BLOCK_BYTES, Spool
from muybridge.errors import Invalid

if TYPE_CHECKING:
    from obstore.store import LocalStore, S3Store

INCOMING = "incoming"
LOCK = ".lock"
KEEP_FREE_BYTES = 64 << 20
"""A local disk is called full before it is: the database beside the store needs room to say so."""
URL_LIFE_S = 3600
RENEW_AFTER = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Stored:
    """Bytes that are in the store."""

    digest: str
    """Lower-case hex sha256."""
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Kept:
    """One object in the store, as a sweep sees it."""

    digest: str
    size_bytes: int
    touched_at: datetime


class Store:
    """One place for bytes. Threads may share it; processes open their own with open_store."""

    def __init__(
        self,
        objects: "LocalStore | S3Store",
        place: str,
        *,
        identity: Identity,
        spool: Spool,
        root: Path | None = None,
        presigner: urls.Presigner | None = None,
    ) -> None:
        self._objects = objects
        self.place = place
        self.identity = identity
        self.spool = spool
        self.root = root
        """The folder of a local store; None on S3."""
        self._presigner = presigner

    @property
    def is_local(self) -> bool:
        return self.root is not None

    def put_bytes(self, content: bytes) -> Stored:
        """Keep `content`. Raises StoreFull, StoreAway."""
        stored = Stored(hashlib.sha256(content).hexdigest(), len(content))
        if self._already_keeps(stored):
            return stored
        self._require_room(len(content))
        with named_faults(self.place):
            if self.root is None:
                self._put(_key(stored.digest), content)
                return stored
            incoming = f"{INCOMING}/{secrets.token_hex(8)}"
            self._put(incoming, content)
            self._adopt(self.root / incoming, stored)
        return stored

    def put_file(self, path: Path) -> Stored:
        """Keep a copy of a file, of any size, in constant memory. Raises StoreFull, StoreAway; nothing is half kept.

        A local store hashes while it copies. S3 would have to copy again to rename, so there the file is read twice.
        """
        self._require_room(path.stat().st_size)
        if self.root is None:
            with open(path, "rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            return self._upload(path, Stored(digest, path.stat().st_size))
        incoming = f"{INCOMING}/{secrets.token_hex(8)}"
        hasher = hashlib.sha256()
        with named_faults(self.place), open(path, "rb") as file:
            try:
                self._put(incoming, _hashed_blocks(file, hasher))
                stored = Stored(hasher.hexdigest(), (self.root / incoming).stat().st_size)
                self._adopt(self.root / incoming, stored)
            finally:
                (self.root / incoming).unlink(missing_ok=True)
        return stored

    def put_upload(self, upload_id: str) -> Stored:
        """Keep what an upload has brought; the spool keeps its own copy until discarded, so this may be repeated."""
        path = self.spool.path(upload_id)
        stored = Stored(self.spool.digest(upload_id), self.spool.received(upload_id))
        if self.root is None:
            return self._upload(path, stored)
        linked = self.root / INCOMING / secrets.token_hex(8)
        with named_faults(self.place):
            linked.parent.mkdir(parents=True, exist_ok=True)
            try:
                # No copy: the spool never writes to a whole upload again. Young from now on, whenever it arrived: its
                # row is yet to come, and a sweep must wait for it.
                os.utime(path)
                os.link(path, linked)
            except OSError:
                return self.put_file(path)
            try:
                self._adopt(linked, stored)
            finally:
                linked.unlink(missing_ok=True)
        return stored

    def exists(self, digest: str) -> bool:
        return self._size_of(digest) is not None

    def size_bytes(self, digest: str) -> int:
        """Raises BytesMissing."""
        size = self._size_of(digest)
        if size is None:
            raise BytesMissing(f"{self.place} does not hold {digest}.", remedy="Restore it from a backup.")
        return size

    def read(self, digest: str, start: int = 0, length: int | None = None) -> bytes:
        """Bytes [start, start + length), or to the end; fewer at the end. Whole reads are checked against the digest.

        Raises BytesMissing, BytesAltered, StoreAway.
        """
        import obstore  # 55 ms

        size = self.size_bytes(digest)
        end = size if length is None else min(size, start + length)
        if start < 0 or end < start:
            raise Invalid(f"Bytes [{start}, {end}) are outside {digest}, which has {size}.")
        if start == end:
            return b""
        with named_faults(self.place):
            content = bytes(obstore.get_range(self._objects, _key(digest), start=start, end=end))
        if (start, end) == (0, size):
            self._require_digest(digest, hashlib.sha256(content).hexdigest())
        return content

    def fetch(self, digest: str, into: Path) -> Path:
        """Write the bytes to the file `into` (a folder: to a file in it named by digest) and return its path.

        Whole or not at all. Raises BytesMissing, BytesAltered, StoreAway, StoreFull.
        """
        target = into / digest if into.is_dir() else into
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
        hasher = hashlib.sha256()
        try:
            with named_faults(self.place), open(draft, "wb") as file:
                for block in self._blocks(digest):
                    hasher.update(block)
                    file.write(block)
            self._require_digest(digest, hasher.hexdigest())
            draft.rename(target)
        finally:
            draft.unlink(missing_ok=True)
        return target

    def path_of(self, digest: str, folder: Path) -> Path:
        """A file that holds the bytes, to read only: the store's own if it is local, else fetched into `folder` once.

        A local file is not checked against its digest; use fetch where altered bytes would do harm.
        """
        if self.root is not None:
            path = self.root / _key(digest)
            if not path.is_file():
                raise BytesMissing(f"{self.place} does not hold {digest}.", remedy="Restore it from a backup.")
            return path
        cached = folder / digest
        return cached if cached.is_file() else self.fetch(digest, cached)

    def url(
        self,
        digest: str,
        *,
        tenant_id: str,
        media_type: str,
        filename: str,
        actor_id: str,
        expires_s: int = URL_LIFE_S,
        is_download: bool = False,
    ) -> str:
        """A URL by which anyone can get the bytes until it expires; the caller records who asked.

        Local: relative to this server. S3: absolute, of the bucket.
        """
        if self.root is not None:
            until = int(time.time()) + expires_s
            ticket = urls.Ticket(digest, tenant_id, media_type, filename, until, actor_id, is_download)
            return urls.local_url(self.identity, ticket)
        if self._presigner is None:
            import obstore  # 55 ms

            assert not isinstance(self._objects, obstore.store.LocalStore)
            return obstore.sign(self._objects, "GET", _key(digest), timedelta(seconds=expires_s))
        headers = {
            "response-content-type": media_type,
            "response-content-disposition": urls.content_disposition(filename, is_download=is_download),
        }
        return self._presigner.url("GET", self._presigned_key(digest), expires_s, headers)

    def each(self) -> Iterator[Kept]:
        """Everything the store holds, for sweeps."""
        import obstore  # 55 ms

        with named_faults(self.place):
            for page in obstore.list(self._objects):
                for meta in page:
                    digest = meta["path"].rpartition("/")[2]
                    # What is still coming in has no digest yet.
                    if _is_digest(digest) and meta["path"] == _key(digest):
                        yield Kept(digest, meta["size"], meta["last_modified"])

    def remove(self, digest: str, *, touched_by: datetime) -> bool:
        """Remove bytes that nobody put since `touched_by`; whether they were here and went.

        Only sweeping may know that nothing names them. S3 cannot hold an object still between the look and the
        removal: a put of the same bytes within those milliseconds is lost there.
        """
        import obstore  # 55 ms

        with named_faults(self.place), self.held_still(is_sweeping=True):
            meta = self._head(digest)
            if meta is None or meta.touched_at > touched_by:
                return False
            obstore.delete(self._objects, _key(digest))
        return True

    @contextmanager
    def held_still(self, *, is_sweeping: bool = False) -> Iterator[None]:
        """No sweep removes anything from a local store while the block lasts; on S3 this holds nothing."""
        if self.root is None:
            yield
            return
        with (self.root / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX if is_sweeping else fcntl.LOCK_SH)
            yield

    def _put(self, key: str, content: bytes | IO[bytes] | Iterator[bytes]) -> None:
        import obstore  # 55 ms

        obstore.put(self._objects, key, content)

    def _blocks(self, digest: str) -> Iterator[bytes]:
        if self.root is not None:
            with open(self.root / _key(digest), "rb") as file:
                while block := file.read(BLOCK_BYTES):
                    yield block
            return
        import obstore  # 55 ms

        for block in obstore.get(self._objects, _key(digest)).stream(min_chunk_size=BLOCK_BYTES):
            yield bytes(block)

    def _upload(self, path: Path, stored: Stored) -> Stored:
        if not self._already_keeps(stored):
            with named_faults(self.place), open(path, "rb") as file:
                self._put(_key(stored.digest), file)
        return stored

    def _adopt(self, path: Path, stored: Stored) -> None:
        """Make a file of the store's own folder the bytes of that digest, on disk before anyone names them."""
        assert self.root is not None
        if self._already_keeps(stored):
            return
        target = self.root / _key(stored.digest)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.chmod(0o444)
        _sync(path)
        path.rename(target)
        _sync(target.parent)

    def _already_keeps(self, stored: Stored) -> bool:
        """Whether these bytes are here; if so their time is renewed, so that no sweep takes them before their row is.

        An object of another length was cut short or altered: it counts as absent and is written again.
        """
        with self.held_still():
            meta = self._head(stored.digest)
            if meta is None or meta.size_bytes != stored.size_bytes:
                return False
            if self.root is not None:
                os.utime(self.root / _key(stored.digest))
                return True
        # S3 cannot renew a time; what is old is written again.
        return meta.touched_at > datetime.now(meta.touched_at.tzinfo) - RENEW_AFTER

    def _size_of(self, digest: str) -> int | None:
        meta = self._head(digest)
        return None if meta is None else meta.size_bytes

    def _head(self, digest: str) -> Kept | None:
        import obstore  # 55 ms

        with named_faults(self.place):
            try:
                meta = obstore.head(self._objects, _key(digest))
            except FileNotFoundError:
                return None
        return Kept(digest, meta["size"], meta["last_modified"])

    def _require_room(self, size_bytes: int) -> None:
        if self.root is None:
            return
        with named_faults(self.place):
            free = shutil.disk_usage(self.root).free
        if free < size_bytes + KEEP_FREE_BYTES:
            raise store_full(self.place)

    def _require_digest(self, digest: str, found: str) -> None:
        if found != digest:
            raise BytesAltered(
                f"{self.place} holds altered bytes under {digest}: their sha256 is {found}.",
                remedy="Restore them from a backup; they are not used.",
                digest=digest,
            )

    def _presigned_key(self, digest: str) -> str:
        prefix = str(getattr(self._objects, "prefix", None) or "").strip("/")
        return f"{prefix}/{_key(digest)}".lstrip("/")


def open_store(
    url: str,
    *,
    data_dir: Path,
    endpoint: str = "",
    region: str = "us-east-1",
    access_key: str = "",
    secret_key: str = "",
) -> Store:
    """The store at `file:///folder` or `s3://bucket/prefix`; keys and spool lie in `data_dir`, made if need be.

    Without keys S3 takes them from its own environment (AWS_…); URLs then cannot carry file names.
    Raises BadStoreUrl, StoreAway.
    """
    parts = urlsplit(url)
    identity, spool = open_identity(data_dir / "keys"), Spool(data_dir / "spool")
    if parts.scheme == "file":
        root = Path(unquote(parts.path))
        return Store(_local(root), f"The store in {root}", identity=identity, spool=spool, root=root)
    if parts.scheme != "s3" or not parts.netloc:
        raise BadStoreUrl(f"{url!r} is no place for bytes.", remedy="Use s3://bucket/prefix, or nothing for a folder.")
    from obstore.store import S3Store  # 55 ms

    endpoint = endpoint.rstrip("/") or f"https://s3.{region}.amazonaws.com"
    keys = {"access_key_id": access_key, "secret_access_key": secret_key} if access_key else {}
    objects = S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        endpoint=endpoint,
        region=region,
        virtual_hosted_style_request=False,
        # A store that is away must say so within the patience of a person.
        client_options={"allow_http": True, "connect_timeout": "4s", "timeout": "1h"},
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=15)},
        **keys,  # type: ignore[arg-type]  # str values of an all-optional TypedDict
    )
    presigner = urls.Presigner(endpoint, parts.netloc, region, access_key, secret_key) if access_key else None
    return Store(objects, f"The store {url}", identity=identity, spool=spool, presigner=presigner)


def _local(root: Path) -> "LocalStore":
    from obstore.store import LocalStore  # 55 ms

    with named_faults(f"The store in {root}"):
        (root / INCOMING).mkdir(parents=True, exist_ok=True)
        return LocalStore(str(root))


def _key(digest: str) -> str:
    if not _is_digest(digest):
        raise BytesMissing(f"{digest[:80]!r} is not the digest of anything.")
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def _is_digest(text: str) -> bool:
    return len(text) == 64 and set(text) <= set("0123456789abcdef")


def _hashed_blocks(file: IO[bytes], hasher: "hashlib._Hash") -> Iterator[bytes]:
    while block := file.read(BLOCK_BYTES):
        hasher.update(block)
        yield block


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
