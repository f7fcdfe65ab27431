"""Sessions: interactive plays of a checkpoint, their journals, and the quota of their frames."""

import sqlalchemy as sa
from alembic import op

from muybridge import db

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("owner_id", sa.String(length=31), nullable=False),
        sa.Column("checkpoint_id", sa.String(length=31), nullable=False),
        sa.Column("room", sa.String(length=32), nullable=True),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("asset_id", sa.String(length=31), nullable=True),
        sa.Column("frame", sa.Integer(), nullable=True),
        sa.Column("image_artifact_id", sa.String(length=31), nullable=True),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("first_steps", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("fps", sa.Double(), nullable=False),
        sa.Column("job_id", sa.String(length=31), nullable=True),
        sa.Column("num_frames", sa.Integer(), nullable=False),
        sa.Column("reserved_frames", sa.Integer(), nullable=False),
        sa.Column("end_requested_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_sessions_asset_id_assets")),
        sa.ForeignKeyConstraint(
            ["checkpoint_id"], ["checkpoints.id"], name=op.f("fk_sessions_checkpoint_id_checkpoints")
        ),
        sa.ForeignKeyConstraint(
            ["image_artifact_id"], ["artifacts.id"], name=op.f("fk_sessions_image_artifact_id_artifacts")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_sessions_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_asset_id"), "sessions", ["asset_id"], unique=False)
    op.create_index(op.f("ix_sessions_checkpoint_id"), "sessions", ["checkpoint_id"], unique=False)
    op.create_index("ix_sessions_owner_id", "sessions", ["owner_id", "ended_at"], unique=False)
    op.create_index(op.f("ix_sessions_tenant_id"), "sessions", ["tenant_id"], unique=False)

    op.create_table(
        "session_stretches",
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("session_id", sa.String(length=31), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("ops", db.Json, nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_session_stretches_session_id_sessions")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_session_stretches_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("session_id", "number", name=op.f("pk_session_stretches")),
    )
    op.create_index(op.f("ix_session_stretches_tenant_id"), "session_stretches", ["tenant_id"], unique=False)

    # Tenants that are there already: a new one gets this row when it is made.
    op.execute(
        'INSERT INTO quotas (id, tenant_id, resource, limit_amount, used, reserved, "window") '
        r"SELECT id || '\:play_frames', id, 'play_frames', NULL, 0, 0, '' FROM tenants"
    )
