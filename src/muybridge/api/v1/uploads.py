"""Bringing files in by offset: announce, send pieces, complete; goes on after a cut or a killed server."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import ClientDisconnect

from muybridge import trust
from muybridge.api.deps import CurrentActor, IdempotencyKey, Parts, PartsDep, Reader, Writer
from muybridge.api.errors import RESPONSES
from muybridge.api.ids import UploadId
from muybridge.api.v1.catalog import AssetOut
from muybridge.api.v1.rights import RightsIn
from muybridge.catalog import uploads
from muybridge.catalog.tables import Upload

router = APIRouter(prefix="/v1", tags=["catalog"], responses=RESPONSES)

WRITE_BYTES = 1 << 20
_RAW_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class UploadIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=512)
    """What people call the file; any characters."""
    size_bytes: int = Field(ge=0, le=2**53)
    media_type: str = Field(default="", max_length=100, pattern=r"^([\w.+-]+/[\w.+-]+)?$")
    sha256: str | None = Field(default=None, pattern="^[0-9a-fA-F]{64}$")
    """Checked when all bytes are here."""
    rights: RightsIn | None = None


class UploadOut(BaseModel):
    id: str
    created_at: datetime
    name: str
    size_bytes: int
    received_bytes: int
    """Where the next byte belongs."""
    chunk_bytes: int
    """How much to send at once."""
    media_type: str
    state: str
    asset_id: str | None

    @classmethod
    def of(cls, upload: Upload, received_bytes: int) -> "UploadOut":
        return cls(
            id=upload.id,
            created_at=upload.created_at,
            name=upload.name,
            size_bytes=upload.size_bytes,
            received_bytes=received_bytes,
            chunk_bytes=uploads.CHUNK_BYTES,
            media_type=upload.media_type,
            state=upload.state,
            asset_id=upload.asset_id,
        )


@router.post("/uploads", status_code=201)
def open_upload(
    session: Writer, actor: CurrentActor, parts: PartsDep, body: UploadIn, key: IdempotencyKey = None
) -> UploadOut:
    """Announce a file; its bytes follow by PATCH."""
    known = trust.once(session, actor, key, "catalog.open_upload", body.model_dump(mode="json"))
    if known is not None:
        upload = uploads.load_upload(session, actor, known)
        return UploadOut.of(upload, _received(parts, upload))
    upload = uploads.open_upload(
        session,
        actor,
        name=body.name,
        size_bytes=body.size_bytes,
        max_bytes=parts.max_upload_bytes,
        media_type=body.media_type,
        sha256=body.sha256,
        declaration=body.rights.declaration() if body.rights else None,
    )
    trust.remember(session, actor, key, "catalog.open_upload", upload.id)
    return UploadOut.of(upload, 0)


@router.get("/uploads/{id}")
def get_upload(session: Reader, actor: CurrentActor, parts: PartsDep, id: UploadId) -> UploadOut:
    """How far an upload is."""
    upload = uploads.load_upload(session, actor, id)
    return UploadOut.of(upload, _received(parts, upload))


@router.patch("/uploads/{id}", openapi_extra=_RAW_BODY)
async def send_piece(
    request: Request,
    actor: CurrentActor,
    parts: PartsDep,
    id: UploadId,
    upload_offset: Annotated[int, Header(ge=0, le=2**53, description="Where the piece begins: received_bytes")],
) -> UploadOut:
    """Send the next bytes as the raw body. 409 with `facts.offset` when they belong elsewhere.

    What arrived before a cut is kept.
    """
    upload = await run_in_threadpool(_load_open, parts, actor, id)
    offset = await run_in_threadpool(uploads.receive, parts.store, upload, upload_offset, b"")
    held = bytearray()
    try:
        async for block in request.stream():
            held += block
            if len(held) >= WRITE_BYTES:
                offset = await run_in_threadpool(uploads.receive, parts.store, upload, offset, bytes(held))
                held.clear()
    except ClientDisconnect:
        # Nobody reads the answer, but what did arrive need not be sent again.
        pass
    offset = await run_in_threadpool(uploads.receive, parts.store, upload, offset, bytes(held))
    await run_in_threadpool(_note_received, parts, actor, id, offset)
    return UploadOut.of(upload, offset)


@router.post("/uploads/{id}/complete", status_code=202)
def complete_upload(actor: CurrentActor, parts: PartsDep, id: UploadId) -> AssetOut:
    """Make the asset of a whole upload; its ingest job is queued. A second call gives the same asset."""
    asset = uploads.finish(parts.database, parts.store, actor, id)
    return AssetOut.of(asset)


@router.delete("/uploads/{id}", status_code=204)
def discard_upload(actor: CurrentActor, parts: PartsDep, id: UploadId) -> None:
    """Give an upload up; its bytes are removed."""
    with parts.database.write() as session:
        uploads.fail_upload(session, actor, id, {"code": "catalog.upload_discarded", "detail": "Given up."})
    parts.store.spool.discard(id)


def _load_open(parts: Parts, actor: trust.Actor, upload_id: str) -> Upload:
    with parts.database.read() as session:
        return uploads.load_open(session, actor, upload_id)


def _note_received(parts: Parts, actor: trust.Actor, upload_id: str, received_bytes: int) -> None:
    with parts.database.write() as session:
        uploads.note_received(session, actor, upload_id, received_bytes)


def _received(parts: Parts, upload: Upload) -> int:
    return parts.store.spool.received(upload.id) if upload.state == "open" else upload.received_bytes
