"""The rows of training: runs, their metrics, and the checkpoints they leave. The status of a run is its job's."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from muybridge import db
from muybridge.db.rows import ID_LENGTH
from muybridge.trust import TenantRow


class Run(TenantRow):
    """One training: a frozen recipe, a seed, and the version of footage it may see (none: the simulator alone)."""

    __tablename__ = "runs"
    id: Mapped[str] = db.id_column("run")
    created_at: Mapped[datetime] = db.created_at()
    name: Mapped[str] = mapped_column(String(200))
    recipe: Mapped[dict[str, Any]]
    """training.recipe.Recipe or training.lora.LoraRecipe as JSON: what is trained is what is written here."""
    version_id: Mapped[str | None] = mapped_column(ForeignKey("dataset_versions.id"), index=True)
    seed: Mapped[int]
    job_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    parent_checkpoint_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    """Fine-tuning starts from these weights. No foreign key: checkpoints already point at runs, and rows are kept."""
    code_version: Mapped[str] = mapped_column(String(100))
    budget_s: Mapped[float | None]
    """Wall-clock seconds after which it stops itself; None: the recipe's steps."""
    stop_requested_at: Mapped[datetime | None]
    """Somebody asked it to end now and keep what it has."""


class RunMetric(TenantRow):
    """What one step measured; written about once a second, not once a step."""

    __tablename__ = "run_metrics"
    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id"), primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = db.created_at()
    values: Mapped[dict[str, Any]]
    """loss, frame_loss, text_loss, gradient_norm, learning_rate, clips_seen, elapsed_s; numbers."""


class RunSample(TenantRow):
    """A picture of what the network made at a step."""

    __tablename__ = "run_samples"
    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id"), primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = db.created_at()
    artifact_id: Mapped[str] = mapped_column(ForeignKey("artifacts.id"))
    prompts: Mapped[list[str]]
    """Top to bottom, one a row of the picture."""


class Checkpoint(TenantRow):
    """Weights at a step; they never change. The artifact is one safetensors file with its manifest inside."""

    __tablename__ = "checkpoints"
    __table_args__ = (UniqueConstraint("run_id", "step"), Index("ix_checkpoints_digest", "digest"))
    id: Mapped[str] = db.id_column("ckp")
    created_at: Mapped[datetime] = db.created_at()
    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id"))
    step: Mapped[int]
    artifact_id: Mapped[str] = mapped_column(ForeignKey("artifacts.id"))
    digest: Mapped[str] = mapped_column(String(64))
    is_final: Mapped[bool]
    card: Mapped[dict[str, Any]]
    """What is known of it: steps, clips seen, losses, early report card."""
    config: Mapped[dict[str, Any]]
    """worldmodel.config.ModelConfig as JSON; of matrices for another model, `kind` "lora" and what they fit."""

    @property
    def is_world_model(self) -> bool:
        """Whether it is a network of ours, which can be played, scored and gone on from."""
        return "kind" not in self.config
