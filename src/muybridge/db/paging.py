"""Keyset paging: a page costs the same at the start and at row 100,000."""

import base64
import binascii
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, Session

from muybridge.errors import Invalid
from muybridge.units import is_id

T = TypeVar("T")
MAX_LIMIT = 500


class BadCursor(Invalid):
    code = "db.bad_cursor"


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    items: list[T]
    next_cursor: str | None
    """Opaque; None on the last page."""


def page(
    session: Session,
    statement: Select[T],
    key: InstrumentedAttribute[str] | InstrumentedAttribute[int],
    *,
    limit: int = 50,
    cursor: str | None = None,
    newest_first: bool = True,
) -> Page[T]:
    """One page of `statement`, ordered by `key` (ids sort by creation).

    limit: 1..500, else Invalid. cursor: `next_cursor` of the page before, else BadCursor.
    """
    check_limit(limit)
    if cursor is not None:
        edge = _decode(cursor, number=key.type.python_type is int)
        statement = statement.where(key < edge if newest_first else key > edge)
    statement = statement.order_by(key.desc() if newest_first else key).limit(limit + 1)
    items = list(session.scalars(statement))
    has_more = len(items) > limit
    items = items[:limit]
    return Page(items, cursor_of(getattr(items[-1], key.key)) if has_more else None)


def check_limit(limit: int) -> None:
    """Raises Invalid for a page that holds nothing or more than MAX_LIMIT."""
    if not 1 <= limit <= MAX_LIMIT:
        raise Invalid(f"limit={limit} is outside 1..{MAX_LIMIT}.")


def cursor_of(key: str | int) -> str:
    """The cursor that goes on behind the row of that key."""
    return base64.urlsafe_b64encode(str(key).encode()).decode().rstrip("=")


def number_of(cursor: str) -> int:
    """The numeric key that a cursor goes on behind. Raises BadCursor."""
    number: int = _decode(cursor, number=True)
    return number


def _decode(cursor: str, *, number: bool) -> Any:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, UnicodeError, ValueError) as error:
        raise _bad(cursor) from error
    if number:
        if not text.isdecimal() or len(text) > 18:
            raise _bad(cursor)
        return int(text)
    if not is_id(text):
        raise _bad(cursor)
    return text


def _bad(cursor: str) -> BadCursor:
    return BadCursor(f"{cursor[:40]!r} is not a cursor.", remedy="Pass next_cursor of the page before, or none.")
