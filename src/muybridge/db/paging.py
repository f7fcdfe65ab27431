"""Keyset paging: a page costs the same at the start and at row 100,000."""

import base64
import binascii
from collections.abc import Callable, Iterable
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
    if not 1 <= limit <= MAX_LIMIT:
        raise Invalid(f"limit={limit} is outside 1..{MAX_LIMIT}.")
    if cursor is not None:
        edge = _decode(cursor, number=key.type.python_type is int)
        statement = statement.where(key < edge if newest_first else key > edge)
    statement = statement.order_by(key.desc() if newest_first else key).limit(limit + 1)
    items = list(session.scalars(statement))
    has_more = len(items) > limit
    items = items[:limit]
    return Page(items, _encode(getattr(items[-1], key.key)) if has_more else None)


def page_of(values: Iterable[T], key: Callable[[T], int], *, limit: int = 50, cursor: str | None = None) -> Page[T]:
    """One page of values that were computed, the largest key first; as `page` otherwise."""
    if not 1 <= limit <= MAX_LIMIT:
        raise Invalid(f"limit={limit} is outside 1..{MAX_LIMIT}.")
    edge = None if cursor is None else _decode(cursor, number=True)
    items = sorted((value for value in values if edge is None or key(value) < edge), key=key, reverse=True)
    has_more = len(items) > limit
    return Page(items[:limit], _encode(key(items[limit - 1])) if has_more else None)


def _encode(value: str | int) -> str:
    return base64.urlsafe_b64encode(str(value).encode()).decode().rstrip("=")


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
