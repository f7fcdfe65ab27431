"""Which engine plays a session: those so far were played by torch."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("engine", sa.String(length=64), nullable=False, server_default="ours"))
