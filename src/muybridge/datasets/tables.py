"""The rows of datasets: a living query, and its frozen versions, which never change."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from muybridge import db
from muybridge.trust.tables import TenantRow


class Dataset(TenantRow):
    """A living query over labelled footage; freeze it to train on it."""

    __tablename__ = "datasets"
    __table_args__ = (UniqueConstraint("tenant_id", "name"),)
    id: Mapped[str] = db.id_column("dst")
    created_at: Mapped[datetime] = db.created_at()
    name: Mapped[str] = mapped_column(String(200))
    query: Mapped[dict[str, Any]]
    """See datasets.selection.Query."""


class DatasetVersion(TenantRow):
    """A frozen manifest: which clips, with which labels by value, in which split, by which right."""

    __tablename__ = "dataset_versions"
    __table_args__ = (UniqueConstraint("dataset_id", "number"), Index("ix_dataset_versions_digest", "digest"))
    id: Mapped[str] = db.id_column("ver")
    created_at: Mapped[datetime] = db.created_at()
    dataset_id: Mapped[str] = mapped_column(ForeignKey("datasets.id"))
    number: Mapped[int]
    manifest_artifact_id: Mapped[str] = mapped_column(ForeignKey("artifacts.id"))
    digest: Mapped[str] = mapped_column(String(64))
    """sha256 of the manifest's bytes: one selection, one digest."""
    query: Mapped[dict[str, Any]]
    """The dataset's query as it stood."""
    num_assets: Mapped[int]
    num_clips: Mapped[int]
    num_annotations: Mapped[int]
    splits: Mapped[dict[str, Any]]
    """{"train": num_clips, "val": ..., "test": ...}"""
    split_rule: Mapped[str] = mapped_column(String(40))
    """by_asset, or by_shot_with_gap where there are fewer than five assets."""
    purpose: Mapped[str] = mapped_column(String(20))
    includes_synthetic: Mapped[bool]
    rights_proof: Mapped[dict[str, Any]]
    """Which licence allowed each asset, when it was checked, and what was left out and why."""
