"""How rows are stored: engine, sessions, the row base, paging, migrations. Knows no room's meaning."""

from muybridge.db.paging import MAX_LIMIT, Page, page, page_of
from muybridge.db.rows import Json, Row, UtcDateTime, created_at, id_column
from muybridge.db.sessions import Database, DatabaseBusy, StorageFull, now, open_database

__all__ = [
    "MAX_LIMIT",
    "Database",
    "DatabaseBusy",
    "Json",
    "Page",
    "Row",
    "StorageFull",
    "UtcDateTime",
    "created_at",
    "id_column",
    "now",
    "open_database",
    "page",
    "page_of",
]
