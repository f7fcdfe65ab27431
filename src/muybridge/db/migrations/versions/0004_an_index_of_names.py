"""An index of the parts of assets' names, for search; and names beside ids, for words too short for it."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_assets_tenant_id_id", table_name="assets")
    op.create_index("ix_assets_tenant_id_id_search_name", "assets", ["tenant_id", "id", "search_name"], unique=False)
    connection = op.get_bind()
    for statement in SQLITE if connection.dialect.name == "sqlite" else POSTGRES:
        connection.exec_driver_sql(statement)


FORGET = """INSERT INTO asset_name_grams (asset_name_grams, rowid, name)
    SELECT 'delete', number, OLD.search_name FROM asset_name_rows WHERE asset_id = OLD.id;"""
ADD = """INSERT INTO asset_name_grams (rowid, name)
    SELECT number, NEW.search_name FROM asset_name_rows WHERE asset_id = NEW.id;"""

SQLITE = (
    "CREATE TABLE asset_name_rows (number INTEGER PRIMARY KEY, asset_id VARCHAR(31) NOT NULL UNIQUE)",
    "CREATE VIRTUAL TABLE asset_name_grams USING fts5(name, content='', tokenize='trigram')",
    f"""CREATE TRIGGER asset_name_comes AFTER INSERT ON assets
        BEGIN INSERT INTO asset_name_rows (asset_id) VALUES (NEW.id); {ADD} END""",
    f"""CREATE TRIGGER asset_name_changes AFTER UPDATE OF search_name ON assets
        WHEN NEW.search_name IS NOT OLD.search_name
        BEGIN {FORGET} {ADD} END""",
    f"""CREATE TRIGGER asset_name_goes AFTER DELETE ON assets
        BEGIN {FORGET} DELETE FROM asset_name_rows WHERE asset_id = OLD.id; END""",
    "INSERT INTO asset_name_rows (asset_id) SELECT id FROM assets ORDER BY id",
    """INSERT INTO asset_name_grams (rowid, name)
       SELECT number, search_name FROM asset_name_rows JOIN assets ON id = asset_id ORDER BY number""",
)

POSTGRES = (
    """CREATE FUNCTION asset_name_grams(name text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
       SELECT coalesce(array_agg(DISTINCT substr(name, first, 3)), '{}')
       FROM generate_series(1, char_length(name) - 2) AS first $$""",
    "CREATE INDEX asset_name_gin ON assets USING gin (asset_name_grams(search_name))",
)
