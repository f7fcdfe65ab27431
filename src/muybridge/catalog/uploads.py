"""Bringing a file in: by offset over HTTP, resumable after a cut or a killed server, or from a path of this machine.

The bytes wait in the store's spool; only a whole file with the right digest becomes an artifact and an asset. Storing
is done between transactions (`seal`), since hashing gigabytes must not hold the database.
"""

import mimetypes
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from muybridge import artifacts, db, trust
from muybridge.artifacts import Store, Stored
from muybridge.catalog import assets, rights
from muybridge.catalog.tables import Asset, Upload
from muybridge.errors import Conflict, Invalid, LimitExceeded
from muybridge.trust import Actor

CHUNK_BYTES = 8 << 20
"""What we ask clients to send at once: large enough to be fast, small enough to lose little when cut."""
STALE_S = 7 * 86_400.0
"""How long an upload may wait for its next byte before it is given up."""
UNKNOWN_TYPE = "application/octet-stream"


class EmptyUpload(Invalid):
    code = "catalog.empty_upload"


class UploadTooLarge(LimitExceeded):
    code = "catalog.upload_too_large"


class BeyondEnd(Invalid):
    code = "catalog.beyond_end"


class UploadClosed(Conflict):
    code = "catalog.upload_closed"


class UploadIncomplete(Conflict):
    """`facts["offset"]` is where the next byte belongs."""

    code = "catalog.upload_incomplete"


class DigestMismatch(Invalid):
    code = "catalog.digest_mismatch"


def open_upload(
    session: Session,
    actor: Actor,
    *,
    name: str,
    size_bytes: int,
    max_bytes: int,
    media_type: str = "",
    sha256: str | None = None,
    declaration: rights.Declaration | None = None,
) -> Upload:
    """Announce a file. Its size is reserved of the tenant's storage until it is complete or discarded.

    name: any, kept for people only. sha256: hex; checked when all bytes are here.
    Raises BadName, EmptyUpload, UploadTooLarge, QuotaExceeded.
    """
    trust.require(actor, "catalog.write")
    name = assets.checked_name(name)
    if declaration is not None:
        trust.require(actor, "catalog.rights")
        rights.check(declaration)
    if size_bytes < 1:
        raise EmptyUpload(f"{name} is empty (0 bytes).", remedy="Look at the file; there is nothing to bring in.")
    if size_bytes > max_bytes:
        raise UploadTooLarge(
            f"{name} has {size_bytes:,} bytes; {max_bytes:,} is the most one file may have.",
            remedy="Split the file, or raise MUYBRIDGE_MAX_UPLOAD_BYTES.",
        )
    trust.reserve(session, actor, "storage_bytes", size_bytes)
    upload = Upload(
        tenant_id=actor.tenant_id,
        name=name,
        size_bytes=size_bytes,
        media_type=media_type_of(name, media_type),
        sha256=sha256.lower() if sha256 else None,
        rights=rights.to_json(declaration) if declaration else {},
    )
    session.add(upload)
    session.flush()
    trust.record(session, actor, "upload.opened", upload.id, name=name, size_bytes=size_bytes)
    return upload


def load_upload(session: Session, actor: Actor, upload_id: str) -> Upload:
    """The upload of that id. Raises NotFound."""
    trust.require(actor, "catalog.write")
    return trust.load(session, actor, Upload, upload_id)


def load_open(session: Session, actor: Actor, upload_id: str) -> Upload:
    """The upload, if it still takes bytes. Raises UploadClosed, NotFound."""
    upload = load_upload(session, actor, upload_id)
    if upload.state != "open":
        raise UploadClosed(f"The upload of {upload.name} is {upload.state}.", remedy="Open a new one.")
    return upload


def receive(store: Store, upload: Upload, offset: int, content: bytes) -> int:
    """Keep `content` at `offset`, which must be where the bytes so far end; returns the new end.

    Raises WrongOffset (its facts say the right one), BeyondEnd, StoreFull. Touches no row.
    """
    if offset + len(content) > upload.size_bytes:
        raise BeyondEnd(
            f"{upload.name} was announced with {upload.size_bytes:,} bytes; byte {offset + len(content):,} is beyond.",
            remedy="Open a new upload with the right size.",
        )
    return store.spool.append(upload.id, offset, content)


def note_received(session: Session, actor: Actor, upload_id: str, received_bytes: int) -> None:
    """Write down how far an upload is, for whoever asks the database. The spool stays the truth."""
    upload = load_upload(session, actor, upload_id)
    upload.received_bytes = max(upload.received_bytes, received_bytes)


def seal(store: Store, upload: Upload) -> Stored:
    """Put a whole upload in the store. Touches no row and may be repeated.

    Raises UploadIncomplete, DigestMismatch, StoreAway, StoreFull; the bytes stay in the spool then.
    """
    received = store.spool.received(upload.id)
    if received != upload.size_bytes:
        raise UploadIncomplete(
            f"{received:,} of {upload.size_bytes:,} bytes of {upload.name} have arrived.",
            remedy=f"Go on from byte {received}.",
            offset=received,
        )
    digest = store.spool.digest(upload.id)
    if upload.sha256 and digest != upload.sha256:
        raise DigestMismatch(
            f"{upload.name} arrived with sha256 {digest}, not {upload.sha256}.",
            remedy="It was changed on its way or while it was read; upload it again.",
        )
    return store.put_upload(upload.id)


def complete_upload(session: Session, actor: Actor, upload_id: str, stored: Stored) -> Asset:
    """Make the asset of a sealed upload and queue its ingest; a second call gives the same asset.

    The caller discards the spool's copy after the commit. Raises UploadClosed for one that failed, NotFound.
    """
    trust.require(actor, "catalog.write")
    upload = trust.load(session, actor, Upload, upload_id, for_update=True)
    if upload.asset_id is not None:
        return assets.load_asset(session, trust.system_actor(actor.tenant_id, via=actor.via), upload.asset_id)
    if upload.state != "open":
        raise UploadClosed(f"The upload of {upload.name} is {upload.state}.", remedy="Open a new one.")
    trust.release(session, actor, "storage_bytes", upload.size_bytes)
    declaration = rights.from_json(upload.rights) if upload.rights else None
    asset = _create(session, actor, stored, upload.name, upload.media_type, declaration)
    upload.asset_id, upload.state, upload.received_bytes = asset.id, "completed", upload.size_bytes
    trust.record(session, actor, "upload.completed", upload.id, asset_id=asset.id, digest=stored.digest)
    return asset


def finish(database: db.Database, store: Store, actor: Actor, upload_id: str) -> Asset:
    """Complete an upload from end to end: seal it, make the asset, remove the spool's copy.

    Raises UploadIncomplete, DigestMismatch (the upload has failed then), UploadClosed, StoreAway, StoreFull, NotFound.
    """
    with database.read() as session:
        upload = load_upload(session, actor, upload_id)
    try:
        stored = Stored("", 0) if upload.state != "open" else seal(store, upload)
    except DigestMismatch as mismatch:
        with database.write() as session:
            fail_upload(session, actor, upload_id, {"code": mismatch.code, "detail": mismatch.detail})
        store.spool.discard(upload_id)
        raise
    with database.write() as session:
        asset = complete_upload(session, actor, upload_id, stored)
    store.spool.discard(upload_id)
    return asset


def fail_upload(session: Session, actor: Actor, upload_id: str, failure: dict[str, Any]) -> None:
    """Give an upload up and what it reserved back; the caller discards the spool's copy after the commit."""
    trust.require(actor, "catalog.write")
    upload = trust.load(session, actor, Upload, upload_id, for_update=True)
    if upload.state != "open":
        return
    upload.state = "failed"
    trust.release(session, actor, "storage_bytes", upload.size_bytes)
    trust.record(session, actor, "upload.failed", upload.id, name=upload.name, **failure)


def ingest_file(
    database: db.Database,
    store: Store,
    actor: Actor,
    path: Path,
    *,
    name: str = "",
    declaration: rights.Declaration | None = None,
    detector: str = "",
    key: str | None = None,
) -> str:
    """Bring in a file of this machine; returns the asset's id. With a `key`, a second call gives the same asset.

    detector: of shots; empty for the one that suits the length.

    Raises EmptyUpload, BadName, StoreFull, StoreAway, and OSError when the file cannot be read.
    """
    trust.require(actor, "catalog.write")
    name = assets.checked_name(name or path.name)
    if path.stat().st_size == 0:
        raise EmptyUpload(f"{name} is empty (0 bytes).", remedy="Look at the file; there is nothing to bring in.")
    stored = store.put_file(path)
    with database.write() as session:
        known = trust.once(session, actor, key, "catalog.ingest_file", {"name": name, "digest": stored.digest})
        if known is not None:
            return known
        asset = _create(session, actor, stored, name, media_type_of(name, ""), declaration, detector)
        trust.remember(session, actor, key, "catalog.ingest_file", asset.id)
        return asset.id


def discard_stale(database: db.Database, store: Store, *, older_than_s: float = STALE_S) -> int:
    """Give up uploads to whose bytes in this spool nobody added for so long, and remove those. Returns how many."""
    num_discarded = 0
    for upload_id in store.spool.stale(older_than_s):
        with database.write() as session:
            if not store.spool.is_stale(upload_id, older_than_s):
                continue  # somebody went on with it since the look
            # all tenants: the spool is the installation's, and this is its housekeeping.
            upload = session.get(Upload, upload_id)
            if upload is not None:
                _abandon(session, upload)
        store.spool.discard(upload_id)
        num_discarded += 1
    return num_discarded


def give_up_unbegun(database: db.Database, store: Store, *, older_than_s: float = STALE_S) -> int:
    """Give up uploads that were opened so long ago and of which no byte ever came. Returns how many."""
    with database.write() as session:
        edge = db.now(session) - timedelta(seconds=older_than_s)
        # all tenants: what they reserve is held for nobody, and this is the installation's housekeeping.
        old = select(Upload).where(Upload.state == "open", Upload.received_bytes == 0, Upload.created_at < edge)
        unbegun = [upload for upload in session.scalars(old) if store.spool.received(upload.id) == 0]
        for upload in unbegun:
            _abandon(session, upload)
        return len(unbegun)


def _abandon(session: Session, upload: Upload) -> None:
    reason = {"code": "catalog.upload_abandoned", "detail": "Nothing arrived for too long."}
    fail_upload(session, trust.system_actor(upload.tenant_id), upload.id, reason)


def media_type_of(name: str, declared: str) -> str:
    """What a file is called to be: declared video, image or audio, else by its name. What it is, ingest finds out."""
    for guess in (declared.strip().lower(), mimetypes.guess_type(f"file{Path(name).suffix}")[0] or ""):
        if guess.partition("/")[0] in ("video", "image", "audio") and len(guess) <= 100 and "svg" not in guess:
            return guess
    return UNKNOWN_TYPE


def _create(
    session: Session,
    actor: Actor,
    stored: Stored,
    name: str,
    media_type: str,
    declaration: rights.Declaration | None,
    detector: str = "",
) -> Asset:
    source = artifacts.put(session, actor, stored, kind="source", media_type=media_type, filename=name)
    asset = assets.create_asset(session, actor, source, name=name, detector=detector)
    if declaration is not None:
        rights.declare(session, actor, asset.id, declaration)
    return asset
