"""The rows of labelling: campaigns, questions, who holds them, what was answered, agreed, doubted and offered.

Answers are stored by value (frames and pts), never as references to rows that can change. A box track has one shape
everywhere:

    {"shape": "box_track", "class_name": "car", "attributes": {},
     "keyframes": [{"frame": 12, "pts": 6144, "box": [x, y, w, h], "is_occluded": false}, ...]}

with boxes in display pixels of the asset, linear between keyframes, spanning first to last keyframe inclusive.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from muybridge import db
from muybridge.db.rows import ID_LENGTH
from muybridge.trust.tables import InColumn, TenantRow, Through


class TaskKind(StrEnum):
    ANNOTATE = "annotate"
    """Say what is in a clip, by the ontology."""
    COMPARISON = "comparison"
    """Say which of two generations is better; what made them is hidden."""


class Source(StrEnum):
    """Who gave an attempt. A simulated annotator is never passed off as a person."""

    PERSON = "person"
    MODEL = "model"
    SIMULATED = "simulated"


class ReviewState(StrEnum):
    NOT_NEEDED = "not_needed"
    """Agreement reached the project's threshold."""
    OPEN = "open"
    ACCEPTED = "accepted"
    FIXED = "fixed"
    REJECTED = "rejected"


class ProposalState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    ADJUSTED = "adjusted"
    REJECTED = "rejected"


class Project(TenantRow):
    """A labelling campaign and how sure it wants to be."""

    __tablename__ = "projects"
    scope = InColumn("id")
    id: Mapped[str] = db.id_column("prj")
    created_at: Mapped[datetime] = db.created_at()
    name: Mapped[str] = mapped_column(String(200))
    # No foreign key: projects and ontologies would point at each other, and SQLite cannot add one later.
    ontology_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    """The ontology version that new tasks are asked under; None until one is published."""
    class_method: Mapped[str] = mapped_column(String(100), default="dawid_skene")
    """Consensus method for classes, by name in labeling.consensus.METHODS."""
    review_below: Mapped[float] = mapped_column(default=0.7)
    """A consensus whose agreement is below this is judged by a person."""
    gold_rate: Mapped[float] = mapped_column(default=0.0)
    """Share of claims, 0 to 1, that are answered with a gold task while one is left for that person."""


class Ontology(TenantRow):
    """One published version of a project's classes; never changes."""

    __tablename__ = "ontologies"
    __table_args__ = (UniqueConstraint("project_id", "number"),)
    id: Mapped[str] = db.id_column("ont")
    created_at: Mapped[datetime] = db.created_at()
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"))
    number: Mapped[int]
    classes: Mapped[list[Any]]
    """[{"name", "shapes": [box|mask|span|class|caption], "attributes": [{"name", "kind", "choices", "is_required"}]}]

    See labeling.ontology for what each means.
    """


class Batch(TenantRow):
    """A delivery lot of tasks."""

    __tablename__ = "batches"
    __table_args__ = (UniqueConstraint("project_id", "name"),)
    id: Mapped[str] = db.id_column("bat")
    created_at: Mapped[datetime] = db.created_at()
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"))
    name: Mapped[str] = mapped_column(String(200))


class Task(TenantRow):
    """A question about one clip, to be answered by `replicas` people."""

    __tablename__ = "tasks"
    __table_args__ = (
        UniqueConstraint("project_id", "external_id"),
        CheckConstraint("replicas >= 1", name="replicas_positive"),
        # In the very order of claims, so that the first row is the answer.
        Index("ix_tasks_claim", "project_id", "is_open", "is_gold", text("priority DESC"), "id"),
        Index("ix_tasks_asset_id", "asset_id"),
    )
    id: Mapped[str] = db.id_column("tsk")
    created_at: Mapped[datetime] = db.created_at()
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"))
    batch_id: Mapped[str | None] = mapped_column(ForeignKey("batches.id"))
    kind: Mapped[str] = mapped_column(String(20))
    asset_id: Mapped[str | None] = mapped_column(ForeignKey("assets.id"))
    """None for a comparison, which asks about generations."""
    start_frame: Mapped[int | None]
    end_frame: Mapped[int | None]
    """Exclusive, as is end_pts."""
    start_pts: Mapped[int | None] = mapped_column(BigInteger)
    end_pts: Mapped[int | None] = mapped_column(BigInteger)
    ontology_id: Mapped[str | None] = mapped_column(ForeignKey("ontologies.id"))
    replicas: Mapped[int]
    external_id: Mapped[str | None] = mapped_column(String(200))
    priority: Mapped[int] = mapped_column(default=0)
    """Higher is asked first."""
    gold: Mapped[dict[str, Any] | None]
    """{"annotations": [...]} or {"verdict": ...} when the answer is known; never shown to who answers."""
    is_gold: Mapped[bool] = mapped_column(default=False)
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the asker adds, e.g. a comparison's {left, right, question}; names no engine or checkpoint."""
    is_open: Mapped[bool] = mapped_column(default=True)
    """Whether claims may still be handed out: fewer than `replicas` attempts were submitted."""
    completed_at: Mapped[datetime | None]
    """When its answer stood: agreed, or judged by a reviewer."""


class Assignment(TenantRow):
    """One person's leased hold on a task; at most one per person and task, so nobody answers twice."""

    __tablename__ = "assignments"
    __table_args__ = (
        UniqueConstraint("task_id", "actor_id"),
        Index("ix_assignments_actor", "project_id", "actor_id", "submitted_at"),
        # With the tenant first: SQLite else counts a task's holds by the index on tenants alone.
        Index("ix_assignments_task", "tenant_id", "task_id"),
    )
    id: Mapped[str] = db.id_column("asg")
    created_at: Mapped[datetime] = db.created_at()
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"))
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"))
    actor_id: Mapped[str] = mapped_column(String(100))
    lease_until: Mapped[datetime]
    """By the database's clock; past it the task may go to someone else, and the draft stays."""
    submitted_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    draft: Mapped[dict[str, Any] | None]


class Attempt(TenantRow):
    """One submission: under an assignment, or by deciding a proposal (then without one)."""

    __tablename__ = "attempts"
    scope = Through("task_id", Task)
    __table_args__ = (UniqueConstraint("assignment_id"), Index("ix_attempts_task_id", "task_id"))
    id: Mapped[str] = db.id_column("atm")
    created_at: Mapped[datetime] = db.created_at()
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"))
    assignment_id: Mapped[str | None] = mapped_column(ForeignKey("assignments.id"))
    actor_id: Mapped[str] = mapped_column(String(100))
    source: Mapped[str] = mapped_column(String(20))
    duration_s: Mapped[float]
    gold_score: Mapped[float | None]
    """Agreement with the known answer in [0,1], on gold tasks."""


class Annotation(TenantRow):
    """One labelled thing, by value."""

    __tablename__ = "annotations"
    scope = Through("attempt_id", Attempt)
    __table_args__ = (Index("ix_annotations_attempt_id", "attempt_id"),)
    id: Mapped[str] = db.id_column("ann")
    created_at: Mapped[datetime] = db.created_at()
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempts.id"))
    kind: Mapped[str] = mapped_column(String(20))
    """box_track, mask_track, span, class, caption or comparison."""
    class_name: Mapped[str | None] = mapped_column(String(200))
    value: Mapped[dict[str, Any]]
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Consensus(TenantRow):
    """The answer agreed from a task's attempts."""

    __tablename__ = "consensuses"
    scope = Through("task_id", Task)
    __table_args__ = (UniqueConstraint("task_id"),)
    id: Mapped[str] = db.id_column("con")
    created_at: Mapped[datetime] = db.created_at()
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"))
    method: Mapped[str] = mapped_column(String(100))
    agreement: Mapped[float]
    """In [0,1]."""
    num_attempts: Mapped[int]
    value: Mapped[dict[str, Any]]
    """{"annotations": [value + "agreement"]} or {"verdict", "votes"}; a reviewer's fix replaces it."""
    sources: Mapped[list[Any]] = mapped_column(default=list)
    """Kinds of answerers it was agreed from, e.g. ["simulated"]."""
    review_state: Mapped[str] = mapped_column(String(20), default=ReviewState.NOT_NEEDED)


class Review(TenantRow):
    """A person's verdict on a consensus: accept, fix or reject."""

    __tablename__ = "reviews"
    __table_args__ = (Index("ix_reviews_project_id", "project_id", "decided_at"),)
    id: Mapped[str] = db.id_column("rev")
    created_at: Mapped[datetime] = db.created_at()
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"))
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"))
    consensus_id: Mapped[str] = mapped_column(ForeignKey("consensuses.id"))
    agreement: Mapped[float]
    """As it stood when the review was opened."""
    decision: Mapped[str | None] = mapped_column(String(20))
    value: Mapped[dict[str, Any] | None]
    """What the reviewer put in place of the consensus (fix only)."""
    note: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[str | None] = mapped_column(String(100))
    decided_at: Mapped[datetime | None]


class Proposal(TenantRow):
    """A shape a model offers, with confidence, not yet accepted by anyone."""

    __tablename__ = "proposals"
    __table_args__ = (
        Index("ix_proposals_project_id", "project_id", "state", "id"),
        Index("ix_proposals_task_id", "task_id"),
    )
    id: Mapped[str] = db.id_column("prp")
    created_at: Mapped[datetime] = db.created_at()
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"))
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"))
    asset_id: Mapped[str] = mapped_column(ForeignKey("assets.id"))
    tracker: Mapped[str] = mapped_column(String(100))
    confidence: Mapped[float]
    """In [0,1], by the tracker's own measure."""
    value: Mapped[dict[str, Any]]
    source: Mapped[str] = mapped_column(String(20), default=Source.MODEL)
    state: Mapped[str] = mapped_column(String(20), default=ProposalState.OPEN)
    decided_by: Mapped[str | None] = mapped_column(String(100))
    decided_at: Mapped[datetime | None]
    annotation_id: Mapped[str | None] = mapped_column(ForeignKey("annotations.id"))

    @property
    def is_reviewed(self) -> bool:
        return self.state != ProposalState.OPEN
