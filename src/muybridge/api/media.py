"""Bytes by signed address, with Range, for a local store. S3 serves its own.

No login here: the address is the right, it was given to somebody and that was recorded, and it expires.
"""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import FileResponse, Response

from muybridge.api.deps import PartsDep
from muybridge.api.errors import RESPONSES
from muybridge.artifacts import urls

router = APIRouter(tags=["media"], responses=RESPONSES)

# What was uploaded may be a page: shown from our origin it must not run, load or reach anything.
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src data:"


@router.head("/media/{digest}", include_in_schema=False)
@router.get("/media/{digest}", response_class=Response)
def get_media(request: Request, parts: PartsDep, digest: Annotated[str, Path(pattern="^[0-9a-f]{64}$")]) -> Response:
    """The bytes that a signed address grants; Range requests get 206."""
    ticket = urls.check_local_url(parts.store.identity, digest, request.query_params)
    path = parts.store.path_of(digest, parts.data_dir / "cache")
    return FileResponse(
        path,
        media_type=ticket.media_type,
        headers={
            "Content-Disposition": urls.content_disposition(ticket.filename, is_download=ticket.is_download),
            "Content-Security-Policy": SANDBOX,
            "Cache-Control": "private, max-age=3600, immutable",
            "ETag": f'"{digest}"',
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )
