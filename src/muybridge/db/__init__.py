"""How rows are stored: engine, sessions, the row base, paging, migrations. Knows no room's meaning."""

from muybridge.db.paging import MAX_LIMIT, Page, check_limit, cursor_of, number_of, page
from muybridge.db.rows import Json, Row, UtcDateTime, created_at, id_column, made_by_hand
from muybridge.db.sessions import Database, DatabaseAway, DatabaseBusy, StorageFull, insert, now, open_database

__all__ = [
    "MAX_LIMIT",
    "Database",
    "DatabaseAway",
    "DatabaseBusy",
    "Json",
    "Page",
    "Row",
    "StorageFull",
    "UtcDateTime",
    "check_limit",
    "created_at",
    "cursor_of",
    "id_column",
    "insert",
    "made_by_hand",
    "now",
    "number_of",
    "open_database",
    "page",
]
