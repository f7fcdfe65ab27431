"""Rows of judging: an evaluation of a checkpoint, and comparisons of two generations asked of people."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from muybridge import db
from muybridge.db.rows import ID_LENGTH
from muybridge.labeling.tables import Project, Task
from muybridge.trust import InColumn, TenantRow


class Evaluation(TenantRow):
    """One scoring of a checkpoint. Its status is its job's; `metrics` and the report are there when it is done."""

    __tablename__ = "evaluations"

    id: Mapped[str] = db.id_column("evl")
    created_at: Mapped[datetime] = db.created_at()
    checkpoint_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("checkpoints.id"), index=True)
    version_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), ForeignKey("dataset_versions.id"))
    """Whose held-out clips continuations are scored on; None for the simulator alone."""
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Frozen: rooms (trained, all or none), split, n, seed, extent."""
    job_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    metrics: Mapped[dict[str, Any] | None] = mapped_column(db.Json)
    report_artifact_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), ForeignKey("artifacts.id"))


class Comparison(TenantRow):
    """Two generations before judges who do not know which is which: a task of kind `comparison`."""

    __tablename__ = "comparisons"
    scope = InColumn("project_id")

    id: Mapped[str] = db.id_column("cmp")
    created_at: Mapped[datetime] = db.created_at()
    project_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey(Project.id), index=True)
    evaluation_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), ForeignKey(Evaluation.id), index=True)
    task_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey(Task.id), unique=True)
    question: Mapped[str] = mapped_column(String(500))
    left_generation_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("generations.id"))
    right_generation_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("generations.id"))
    left_variant: Mapped[str] = mapped_column(String(200))
    """What the left one stands for in the standings; hidden from judges."""
    right_variant: Mapped[str] = mapped_column(String(200))
