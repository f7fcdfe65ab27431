"""Finding footage by words of its name: every asset whose name holds each word, wherever in it.

The name itself decides, by LIKE; the index of name_index.py only spares the reading of every name. SQLite's planner
cannot know how many names hold a word, so it is asked first: few are fetched by id, many lie close in any walk.
"""

from typing import Any

from sqlalchemy import ARRAY, Select, Text, cast, func, literal, text
from sqlalchemy.orm import Session

from muybridge.catalog.name_index import GRAM
from muybridge.catalog.tables import Asset

FEW = 1_000
"""Matches that are fetched by id. Where there are more, a page of 50 fills soon by walking the newest names."""


def named(session: Session, statement: Select[*tuple[Any, ...]], query: str) -> Select[*tuple[Any, ...]]:
    """The statement, limited to assets whose name holds each word of `query`, whatever its case."""
    words = query.replace("\0", " ").casefold().split()
    for word in words:
        statement = statement.where(Asset.search_name.contains(word, autoescape=True))
    indexed = [word for word in words if len(word) >= GRAM]
    if not indexed:
        return statement
    if session.get_bind().dialect.name == "sqlite":
        found = _found_by_sqlite(session, indexed)
        return statement if len(found) > FEW else statement.where(Asset.id.in_(found))
    grams = sorted({word[first : first + GRAM] for word in indexed for first in range(len(word) - GRAM + 1)})
    held = func.asset_name_grams(Asset.search_name)
    return statement.where(held.op("@>")(cast(literal(grams, ARRAY(Text)), ARRAY(Text))))


def _found_by_sqlite(session: Session, words: list[str]) -> list[str]:
    """Ids of assets whose names hold the words, of any tenant: candidates for a statement that knows whose they are."""
    quoted = " AND ".join('"' + word.replace('"', '""') + '"' for word in words)
    return list(session.scalars(_CANDIDATES, {"words": quoted, "limit": FEW + 1}))


# all tenants: ids only, never shown; the statement that they narrow has passed trust.visible.
_CANDIDATES = text(
    "SELECT asset_id FROM asset_name_rows WHERE number IN"
    " (SELECT rowid FROM asset_name_grams WHERE asset_name_grams MATCH :words LIMIT :limit)"
)
