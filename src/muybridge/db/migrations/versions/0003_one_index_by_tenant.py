"""One index by tenant a table: lists go by (tenant_id, ...), and SQLite no longer chooses a shorter one and sorts."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SERVED = ("assets", "assignments", "datasets", "events", "grants", "jobs", "members", "quotas")
"""Tables with an index of their own that begins with tenant_id."""


def upgrade() -> None:
    op.create_index("ix_jobs_tenant_id_id", "jobs", ["tenant_id", "id"], unique=False)
    for table in SERVED:
        op.drop_index(f"ix_{table}_tenant_id", table_name=table)
