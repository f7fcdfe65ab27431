"""Rows of bytes with a past: an artifact is immutable bytes under a digest; an edge says what came from what.

The bytes are in the store (store.py); the rows here say whose they are, what they are called and why they exist.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from muybridge import db
from muybridge.db.rows import ID_LENGTH
from muybridge.trust.tables import TenantRow

ARTIFACT_KINDS = (
    "source",
    "proxy",
    "poster",
    "filmstrip",
    "index",
    "manifest",
    "checkpoint",
    "lora",
    "base_model",
    "generation",
    "report",
    "export",
)
"""What bytes are for. A room may use another word; these are the ones the product itself makes."""


class Artifact(TenantRow):
    """Bytes that somebody put in the store, once for each putting: the same bytes twice share one digest."""

    __tablename__ = "artifacts"

    id: Mapped[str] = db.id_column("art")
    created_at: Mapped[datetime] = db.created_at()
    digest: Mapped[str] = mapped_column(String(64), index=True)
    """Lower-case hex sha256; the name of the bytes in the store."""
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(128))
    kind: Mapped[str] = mapped_column(String(32))
    filename: Mapped[str] = mapped_column(String(512))
    """For people and for downloads; never a path."""
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)


class LineageTitle(TenantRow):
    """What the lineage graph calls a thing, stored when it was derived, so that no room above is asked."""

    __tablename__ = "lineage_titles"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    created_at: Mapped[datetime] = db.created_at()
    title: Mapped[str] = mapped_column(String(512), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)


class LineageEdge(TenantRow):
    """`child_id` came from `parent_id`. Ids are typed and of any room; the graph has no cycle."""

    __tablename__ = "lineage_edges"
    __table_args__ = (Index("ix_lineage_edges_parent_id_child_id", "parent_id", "child_id"),)

    child_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    parent_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    relation: Mapped[str] = mapped_column(String(32), primary_key=True)
    created_at: Mapped[datetime] = db.created_at()
