"""Run by alembic, always with the connection that db.migrate holds."""

from alembic import context

from muybridge.db.rows import Row

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Row.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    user_module_prefix="db.",
)
context.run_migrations()
