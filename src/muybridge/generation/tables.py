"""Rows of making video: a generation is one request and what came of it; a session is one interactive play."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from muybridge import db
from muybridge.db.rows import ID_LENGTH
from muybridge.trust import TenantRow


class Generation(TenantRow):
    """The status is the job's; `artifact_id` and `asset_id` are there when the signed clip exists."""

    __tablename__ = "generations"

    id: Mapped[str] = db.id_column("gen")
    created_at: Mapped[datetime] = db.created_at()
    kind: Mapped[str] = mapped_column(String(32))
    """text_to_video, image_to_video, continuation or play."""
    engine: Mapped[str] = mapped_column(String(64))
    spec: Mapped[dict[str, Any]]
    """The frozen request: engine, prompt, seed, frames, steps, guidance, input span."""
    spec_digest: Mapped[str] = mapped_column(String(64))
    prompt_digest: Mapped[str] = mapped_column(String(64), default="")
    checkpoint_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), ForeignKey("checkpoints.id"), index=True)
    input_asset_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), ForeignKey("assets.id"), index=True)
    job_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    artifact_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), ForeignKey("artifacts.id"))
    """The signed mp4."""
    asset_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), ForeignKey("assets.id"))
    """What we make is footage too: the asset it was adopted as."""
    verdict: Mapped[dict[str, Any] | None] = mapped_column(db.Json)
    """What verifying the signed file said, when it was made."""


class PlaySession(TenantRow):
    """One interactive play of a checkpoint: how it began, and when and why it ended. Its journal lies in stretches."""

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_owner_id", "owner_id", "ended_at"),)

    id: Mapped[str] = db.id_column("ses")
    created_at: Mapped[datetime] = db.created_at()
    owner_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    """The member or key that opened it and may steer it."""
    checkpoint_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("checkpoints.id"), index=True)
    engine: Mapped[str] = mapped_column(String(64))
    """What imagines it, and every clip of it."""
    room: Mapped[str | None] = mapped_column(String(32))
    prompt: Mapped[str] = mapped_column(Text, default="")
    asset_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), ForeignKey("assets.id"), index=True)
    frame: Mapped[int | None]
    """Of the asset: the first frame."""
    image_artifact_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), ForeignKey("artifacts.id"))
    seed: Mapped[int]
    first_steps: Mapped[int]
    steps: Mapped[int]
    fps: Mapped[float]
    job_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    num_frames: Mapped[int] = mapped_column(default=0)
    """Imagined so far, dropped ones included."""
    reserved_frames: Mapped[int] = mapped_column(default=0)
    """Of the tenant's quota."""
    end_requested_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(String(20), default="")
    """closed, ended, idle, quota, full, failed or cancelled; empty while it is open."""


class SessionStretch(TenantRow):
    """A stretch of a session's journal: what was done since the stretch before; never changed."""

    __tablename__ = "session_stretches"

    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = db.created_at()
    ops: Mapped[list[Any]]
    """generation.journal ops, in order."""
