"""The row of a generation: one request to make video, and what came of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
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
    """text_to_video, image_to_video or continuation."""
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
