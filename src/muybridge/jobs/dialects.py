"""What SQLite and PostgreSQL say differently about leases: the clock, and letting claimers pass each other.

SQLAlchemy leaves FOR UPDATE SKIP LOCKED out on SQLite, where BEGIN IMMEDIATE lets one claimer in at a time instead.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, literal, type_coerce
from sqlalchemy.orm import Session

from muybridge.db import UtcDateTime

# As SQLAlchemy writes datetimes to SQLite: microseconds, no zone. Comparisons there are of text.
_SQLITE_FORMAT = "%Y-%m-%d %H:%M:%f000"


def moment(session: Session, *, later_s: float = 0.0) -> ColumnElement[datetime]:
    """The database's clock, `later_s` seconds on, as an expression within a statement."""
    if session.get_bind().dialect.name == "sqlite":
        return type_coerce(func.strftime(_SQLITE_FORMAT, "now", f"{later_s:+.3f} seconds"), UtcDateTime)
    return type_coerce(func.clock_timestamp() + literal(timedelta(seconds=later_s)), UtcDateTime)


def skipping_locked(statement: Select[str]) -> Select[str]:
    """Lock the selected rows and pass over those that another transaction has locked."""
    return statement.with_for_update(skip_locked=True)
