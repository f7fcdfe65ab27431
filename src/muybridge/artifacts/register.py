"""Artifact rows: whose the bytes in the store are, what they are called, and what they came from.

Bytes are stored before their row, outside its transaction: a row never names bytes that are not there, and bytes
whose row was rolled back are swept (sweeping.py).
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from muybridge import trust
from muybridge.artifacts import lineage
from muybridge.artifacts.store import Stored
from muybridge.artifacts.tables import Artifact
from muybridge.trust import Actor


def put(
    session: Session,
    actor: Actor,
    stored: Stored,
    *,
    kind: str,
    media_type: str,
    filename: str,
    derived_from: Sequence[str] = (),
    facts: dict[str, Any] | None = None,
) -> Artifact:
    """Make stored bytes an artifact of the actor's tenant, with its lineage; counts against its storage.

    Raises QuotaExceeded when the tenant may not hold so much, LineageCycle as lineage.derive does.
    """
    trust.reserve(session, actor, "storage_bytes", stored.size_bytes)
    artifact = Artifact(
        tenant_id=actor.tenant_id,
        digest=stored.digest,
        size_bytes=stored.size_bytes,
        kind=kind,
        media_type=media_type,
        filename=filename[:512],
        facts=facts or {},
    )
    session.add(artifact)
    session.flush()
    trust.settle(session, actor, "storage_bytes", stored.size_bytes)
    lineage.derive(
        session,
        actor,
        artifact.id,
        derived_from,
        title=artifact.filename,
        facts={"kind": kind, "digest": stored.digest, "size_bytes": stored.size_bytes},
    )
    return artifact


def load(session: Session, actor: Actor, artifact_id: str) -> Artifact:
    """The artifact of that id. Raises NotFound."""
    return trust.load(session, actor, Artifact, artifact_id)


def forget(session: Session, actor: Actor, artifact: Artifact) -> None:
    """Remove an artifact's row; its bytes go with the next sweep unless another row names them.

    The lineage keeps its edges and title: what was made from the bytes still came from them.
    """
    trust.refund(session, actor, "storage_bytes", artifact.size_bytes)
    session.delete(artifact)
