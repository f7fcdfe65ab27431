"""Chain heads, signed and written outside the database.

A chain alone cannot tell that its tail was cut or that all of it was computed anew. A signed head can: it says that
at that moment event number `seq` had this hash. One JSON line a head, in one file a tenant; copy the files elsewhere
(they are small, and a copy that an intruder cannot reach is the whole point).
"""

import base64
import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from muybridge.errors import Invalid
from muybridge.trust.events import canonical_json
from muybridge.trust.tables import EventHead


class BadHead(Invalid):
    code = "trust.bad_head"


@dataclass(frozen=True, slots=True)
class Head:
    """Where one tenant's chain stood at one moment."""

    tenant_id: str
    seq: int
    hash: str
    signed_at: str


class SignedHeads(NamedTuple):
    heads: list[Head]
    faults: list[str]
    """Lines that are no heads or are not signed: a crash in mid-write, or a hand."""


def load_signer(path: Path) -> Ed25519PrivateKey:
    """The key at `path`, made on first use and readable by its owner only. Raises BadHead if it is no such key."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_bytes(pem)
        try:
            os.link(fresh, path)  # unlike rename, it keeps the key of a process that was quicker
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise BadHead(f"{path} holds no Ed25519 key.", remedy="Restore it from a backup.")
    return key


def write_heads(session: Session, signer: Ed25519PrivateKey, folder: Path) -> list[Head]:
    """Sign where every tenant's chain stands and append it to `folder/<tenant>.jsonl`, if it has moved on since.

    Returns the heads written. The bytes are on disk when this returns. Raises BadHead, once all others are signed, for
    chains that went back or were computed anew: what was signed first stays the only word on its number.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # Read before the database is: another server of this folder may sign a later head meanwhile.
    signed = {path.stem: _last_head(path, signer.public_key()) for path in folder.glob("*.jsonl")}
    written, refused = [], []
    # all tenants: the installation signs for every one of them.
    for row in session.scalars(select(EventHead).order_by(EventHead.tenant_id)):
        path, last = folder / f"{row.tenant_id}.jsonl", signed.get(row.tenant_id)
        if last is not None and last.seq >= row.seq:
            if (last.seq, last.hash) != (row.seq, row.hash):
                refused.append(f"{row.tenant_id} at number {row.seq} (number {last.seq} was signed)")
            continue
        head = Head(row.tenant_id, row.seq, row.hash, datetime.now(UTC).isoformat(timespec="microseconds"))
        signature = base64.b64encode(signer.sign(canonical_json(asdict(head)))).decode()
        line = json.dumps({**asdict(head), "signature": signature}, sort_keys=True) + "\n"
        with path.open("a", encoding="ascii") as file:
            # A line torn by a crash stays torn, and is told as such; the next one begins on a line of its own.
            file.write(line if _ends_whole(path) else f"\n{line}")
            file.flush()
            os.fsync(file.fileno())
        written.append(head)
    if refused:
        raise BadHead(
            f"Event chains went back or were computed anew, and are not signed: {', '.join(refused)}.",
            remedy="Look at them: muybridge audit chain",
        )
    return written


def read_heads(folder: Path, tenant_id: str, public_key: Ed25519PublicKey) -> SignedHeads:
    """Every head of a tenant that the key signed, oldest first, and what stands there without its signature."""
    path = folder / f"{tenant_id}.jsonl"
    if not path.exists():
        return SignedHeads([], [])
    heads, faults = [], []
    for number, line in enumerate(path.read_text("ascii", errors="replace").splitlines(), 1):
        try:
            heads.append(_checked(line, tenant_id, public_key))
        except BadHead as error:
            faults.append(f"{path.name}, line {number}: {error.detail}")
    return SignedHeads(heads, faults)


def _checked(line: str, tenant_id: str, public_key: Ed25519PublicKey) -> Head:
    try:
        fields: dict[str, Any] = json.loads(line)
        signature = base64.b64decode(fields.pop("signature"), validate=True)
        head = Head(**fields)
        public_key.verify(signature, canonical_json(asdict(head)))
    except (ValueError, KeyError, TypeError, AttributeError, InvalidSignature) as error:
        raise BadHead("not a head signed by this installation.") from error
    if head.tenant_id != tenant_id:
        raise BadHead(f"a head of another tenant, {head.tenant_id}.")
    return head


def _last_head(path: Path, public_key: Ed25519PublicKey) -> Head | None:
    """The newest head that the key signed; torn lines, and lines of another hand, are passed over."""
    for line in reversed(_tail(path).decode("ascii", errors="replace").splitlines()):
        with suppress(BadHead):
            return _checked(line, path.stem, public_key)
    return None


def _ends_whole(path: Path) -> bool:
    tail = _tail(path)
    return not tail or tail.endswith(b"\n")


def _tail(path: Path) -> bytes:
    """The last 4 KiB: more than any line, and all that is read however long the file has become."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 4096))
        return file.read()
