"""What SQLite's planner must know: that a tenant's rows are many, so that it looks for what a statement asks beside.

Every statement says `tenant_id = …`, and without statistics SQLite takes an index that begins so for as good as any
other: it walked all of a tenant's rows to find five by their ids. PostgreSQL gathers statistics by itself; here they
are written once, as SQLite's documentation allows ("Manual Control Of Query Plans Using SQLITE_STAT Tables"), because
those that ANALYZE would take of a young database mislead an old one.
"""

from typing import Any, Final

from sqlalchemy import Connection, MetaData, event

from muybridge.db import Row

MANY: Final = 1_000_000
"""Rows that a tenant may have in a table."""
SOME: Final = 10
"""Rows of a tenant that share what the next column of an index says; SQLite's own guess."""


def explain_tenants(connection: Connection) -> None:
    """Write the statistics of every index that begins with tenant_id; run after every migration.

    PostgreSQL needs none.
    """
    if connection.dialect.name != "sqlite":
        return
    connection.exec_driver_sql("ANALYZE sqlite_schema")  # makes the table of statistics
    found = connection.exec_driver_sql(_INDEXES).all()
    connection.exec_driver_sql("DELETE FROM sqlite_stat1")
    for table, index, num_columns in found:
        stat = " ".join(map(str, [MANY, MANY, *[SOME] * (num_columns - 1)]))
        connection.exec_driver_sql("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", (table, index, stat))
    connection.exec_driver_sql("ANALYZE sqlite_schema")  # reads it again


@event.listens_for(Row.metadata, "after_create")
def _explain_created(_metadata: MetaData, connection: Connection, **_: Any) -> None:
    explain_tenants(connection)


_INDEXES: Final = """
    SELECT tables.name, indexes.name, count(*)
    FROM sqlite_schema AS tables, pragma_index_list(tables.name) AS indexes, pragma_index_info(indexes.name) AS columns
    WHERE tables.type = 'table'
    GROUP BY tables.name, indexes.name
    HAVING max(columns.seqno = 0 AND columns.name = 'tenant_id')
"""
