"""URLs that grant one artifact's bytes for a while: our own `/media/…` for a local store, presigned ones for S3.

Whoever makes a URL records it as an event; the URL then works for anyone who holds it, until it expires.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, urlsplit

from muybridge.artifacts.faults import BadSignature, UrlExpired
from muybridge.artifacts.identity import Identity


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a media URL grants, to whom it was given, and until when (seconds since 1970)."""

    digest: str
    tenant_id: str
    media_type: str
    filename: str
    until: int
    actor_id: str
    is_download: bool


def local_url(identity: Identity, ticket: Ticket) -> str:
    """`/media/<digest>?…` relative to this server."""
    # Written out: a page of the catalogue holds a hundred of these, and urlencode took a third of its time.
    kind, name = quote(ticket.media_type, safe=""), quote(ticket.filename, safe="")
    return (
        f"/media/{ticket.digest}?tenant={ticket.tenant_id}&type={kind}&name={name}&until={ticket.until}"
        f"&actor={ticket.actor_id}&download={ticket.is_download:d}&sig={identity.sign_url(_message(ticket))}"
    )


def check_local_url(identity: Identity, digest: str, query: Mapping[str, str]) -> Ticket:
    """The ticket of a media URL. Raises BadSignature when a character of it was changed, UrlExpired when it is old."""
    try:
        ticket = Ticket(
            digest=digest,
            tenant_id=query["tenant"],
            media_type=query["type"],
            filename=query["name"],
            until=int(query["until"]),
            actor_id=query["actor"],
            is_download=query["download"] == "1",
        )
        signature = query["sig"]
    except (KeyError, ValueError) as error:
        raise _bad_signature() from error
    if not hmac.compare_digest(identity.sign_url(_message(ticket)).encode(), signature.encode()):
        raise _bad_signature()
    if ticket.until < time.time():
        raise UrlExpired("This media address has expired.", remedy="Ask the API for a new one.")
    return ticket


_FIELDS: Final = sorted(field.name for field in fields(Ticket))
_ENCODER: Final = json.JSONEncoder(separators=(",", ":"))


def _message(ticket: Ticket) -> bytes:
    return _ENCODER.encode({name: getattr(ticket, name) for name in _FIELDS}).encode()


def _bad_signature() -> BadSignature:
    return BadSignature("This media address was not made here.", remedy="Ask the API for a new one.")


def content_disposition(filename: str, *, is_download: bool) -> str:
    """RFC 6266 with the RFC 8187 spelling, which carries any name."""
    return f"{'attachment' if is_download else 'inline'}; filename*=UTF-8''{quote(filename, safe='')}"


@dataclass(frozen=True, slots=True)
class Presigner:
    """AWS Signature Version 4 in the query. obstore signs paths only; we need the response headers under it too."""

    endpoint: str
    """https://host of the service; objects are addressed as endpoint/bucket/key."""
    bucket: str
    region: str
    access_key: str
    secret_key: str

    def url(
        self, method: str, key: str, expires_s: int, query: Mapping[str, str] | None = None, at: datetime | None = None
    ) -> str:
        """A URL for `method` on `key` ("" for the bucket itself), good for `expires_s` (at most a week) from `at`."""
        moment = at or datetime.now(UTC)
        stamp, day = moment.strftime("%Y%m%dT%H%M%SZ"), moment.strftime("%Y%m%d")
        scope = f"{day}/{self.region}/s3/aws4_request"
        host, base = urlsplit(self.endpoint).netloc, urlsplit(self.endpoint).path.rstrip("/")
        path = quote(f"{base}/{self.bucket}/{key}".rstrip("/"), safe="/-_.~")
        fields = {
            **(query or {}),
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            "X-Amz-Credential": f"{self.access_key}/{scope}",
            "X-Amz-Date": stamp,
            "X-Amz-Expires": str(expires_s),
            "X-Amz-SignedHeaders": "host",
        }
        canonical = "&".join(f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}" for k, v in sorted(fields.items()))
        request = f"{method}\n{path}\n{canonical}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD"
        to_sign = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
        key_bytes = f"AWS4{self.secret_key}".encode()
        for part in (day, self.region, "s3", "aws4_request"):
            key_bytes = hmac.digest(key_bytes, part.encode(), "sha256")
        signature = hmac.new(key_bytes, to_sign.encode(), hashlib.sha256).hexdigest()
        return f"{urlsplit(self.endpoint).scheme}://{host}{path}?{canonical}&X-Amz-Signature={signature}"
