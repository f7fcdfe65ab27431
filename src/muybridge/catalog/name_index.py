"""An index of the parts of assets' names, so that a search need not read every name. Kept by the database itself.

Of every three letters on end: SQLite's FTS5 with its trigram tokenizer, filled by triggers; on PostgreSQL a GIN index
over a function, since the extension pg_trgm is not everywhere. Knows statements only; search.py asks.
"""

from typing import Final

from sqlalchemy import Connection, Table, event

from muybridge import db

GRAM: Final = 3
"""Letters in a gram. A shorter word has none, and is looked for in the names themselves."""
PREFIX: Final = "asset_name_"
"""How everything here is called, whatever keeps it."""


def keep_with(assets: Table) -> None:
    """Have the index made whenever the table of assets is made from its class; installations migrate instead."""
    db.made_by_hand(PREFIX)
    event.listen(assets, "after_create", lambda _table, connection, **_: make(connection))


def make(connection: Connection) -> None:
    """Make the index, or its triggers again: rebuilding a table loses them. What is indexed already stays so."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRES:
        connection.exec_driver_sql(statement)


# Numbers of our own: FTS5 knows rows by number, and SQLite may renumber a table whose key is text.
# content='': FTS5 keeps no copy of the names; to forget one it must be told the old name again.
_FORGET: Final = """INSERT INTO asset_name_grams (asset_name_grams, rowid, name)
    SELECT 'delete', number, OLD.search_name FROM asset_name_rows WHERE asset_id = OLD.id;"""
_ADD: Final = """INSERT INTO asset_name_grams (rowid, name)
    SELECT number, NEW.search_name FROM asset_name_rows WHERE asset_id = NEW.id;"""

_SQLITE: Final = (
    "CREATE TABLE IF NOT EXISTS asset_name_rows (number INTEGER PRIMARY KEY, asset_id VARCHAR(31) NOT NULL UNIQUE)",
    "CREATE VIRTUAL TABLE IF NOT EXISTS asset_name_grams USING fts5(name, content='', tokenize='trigram')",
    "DROP TRIGGER IF EXISTS asset_name_comes",
    f"""CREATE TRIGGER asset_name_comes AFTER INSERT ON assets
        BEGIN INSERT INTO asset_name_rows (asset_id) VALUES (NEW.id); {_ADD} END""",
    "DROP TRIGGER IF EXISTS asset_name_changes",
    f"""CREATE TRIGGER asset_name_changes AFTER UPDATE OF search_name ON assets
        WHEN NEW.search_name IS NOT OLD.search_name
        BEGIN {_FORGET} {_ADD} END""",
    "DROP TRIGGER IF EXISTS asset_name_goes",
    f"""CREATE TRIGGER asset_name_goes AFTER DELETE ON assets
        BEGIN {_FORGET} DELETE FROM asset_name_rows WHERE asset_id = OLD.id; END""",
)

_POSTGRES: Final = (
    f"""CREATE OR REPLACE FUNCTION asset_name_grams(name text) RETURNS text[]
        LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT coalesce(array_agg(DISTINCT substr(name, first, {GRAM})), '{{}}')
        FROM generate_series(1, char_length(name) - {GRAM - 1}) AS first $$""",
    "CREATE INDEX IF NOT EXISTS asset_name_gin ON assets USING gin (asset_name_grams(search_name))",
)
