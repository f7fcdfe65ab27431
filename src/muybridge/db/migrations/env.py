"""Run by alembic, always with the connection that db.migrate holds."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON

from muybridge.db.rows import Row


def render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Our own column kinds by their names, so that a migration reads like the tables do."""
    if kind == "type" and isinstance(item, JSON) and item._variant_mapping:
        return "db.Json"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Row.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    user_module_prefix="db.",
    render_item=render,
)
context.run_migrations()
