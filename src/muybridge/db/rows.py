"""What every table is made of: the declarative base and the column kinds all rooms share."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, MetaData, String, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from muybridge.units import new_id

ID_LENGTH = 31

# JSONB keeps no key order and no duplicate keys; what must keep its bytes is an artifact, not a column.
Json = JSON().with_variant(JSONB(), "postgresql")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime on every database. SQLite stores text without a zone, so it is given back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}; use db.now(session) or datetime.now(UTC)")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Row(DeclarativeBase):
    """The base of every table. Foreign keys point down the rooms only."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, dict[str, Any]: Json, list[Any]: Json, list[str]: Json}  # noqa: RUF012


_BY_HAND: list[str] = []


def made_by_hand(prefix: str) -> None:
    """Say that a room makes tables and indexes of names with this prefix by statements of its own, not by a class."""
    _BY_HAND.append(prefix)


def is_made_by_hand(name: str) -> bool:
    return name.startswith(tuple(_BY_HAND))


def id_column(prefix: str) -> Mapped[str]:
    """The primary key: a typed id, minted when the row is made."""
    mint: Callable[[], str] = lambda: new_id(prefix)  # noqa: E731
    return mapped_column(String(ID_LENGTH), primary_key=True, default=mint, sort_order=-100)


def created_at() -> Mapped[datetime]:
    return mapped_column(UtcDateTime, default=lambda: datetime.now(UTC), sort_order=-90)
