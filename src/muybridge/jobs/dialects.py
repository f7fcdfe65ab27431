"""What SQLite and PostgreSQL say differently about leases: the clock, and letting claimers pass each other.

SQLAlchemy leaves FOR UPDATE SKIP LOCKED out on SQLite, where BEGIN IMMEDIATE lets one claimer in at a time instead.
"""

from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, Float, Select, cast, func, literal, type_coerce
from sqlalchemy.orm import Session

from muybridge.db import UtcDateTime

# As SQLAlchemy writes datetimes to SQLite: microseconds, no zone. Comparisons there are of text.
_SQLITE_FORMAT = "%Y-%m-%d %H:%M:%f000"


def name_of(session: Session) -> str:
    """sqlite or postgresql."""
    return session.get_bind().dialect.name


def clock(dialect: str, *, later_s: "float | BindParameter[float]" = 0.0) -> ColumnElement[datetime]:
    """The database's clock, `later_s` seconds on, as an expression within a statement."""
    seconds = literal(later_s) if isinstance(later_s, float) else later_s
    if dialect == "sqlite":
        return type_coerce(func.strftime(_SQLITE_FORMAT, "now", func.printf("%+.3f seconds", seconds)), UtcDateTime)
    interval = func.make_interval(0, 0, 0, 0, 0, 0, cast(seconds, Float(53)))
    return type_coerce(func.clock_timestamp() + interval, UtcDateTime)


def moment(session: Session, *, later_s: float = 0.0) -> ColumnElement[datetime]:
    """`clock` of the database that a session is on."""
    return clock(name_of(session), later_s=later_s)


def skipping_locked(statement: Select[str]) -> Select[str]:
    """Lock the selected rows and pass over those that another transaction has locked."""
    return statement.with_for_update(skip_locked=True)
