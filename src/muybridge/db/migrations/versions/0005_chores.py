"""Chores: when one worker last did each for all of them, and what came of it."""

import sqlalchemy as sa
from alembic import op

from muybridge import db

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chores",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("worker", sa.String(length=120), nullable=False),
        sa.Column("started_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("finished_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("result", db.Json, nullable=False),
        sa.Column("failure", db.Json, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_chores")),
    )
