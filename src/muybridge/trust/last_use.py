"""When a key or a log-in was last used, kept to the minute: a write for every read would cost more than it tells."""

import logging
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import update

from muybridge import db
from muybridge.errors import Unavailable
from muybridge.trust.actors import Actor
from muybridge.trust.tables import ApiKey, Login
from muybridge.trust.visibility import visible

log = logging.getLogger("muybridge.trust")

TOUCH_EVERY: Final = timedelta(minutes=1)


def note_use(database: db.Database, actor: Actor, way_in: ApiKey | Login, moment: datetime) -> None:
    """Write down that the actor came in by this key or log-in, unless that was written within the minute.

    A database that takes no writes (a full disk, another writer) keeps nobody from reading.
    """
    if way_in.last_used_at is not None and moment - way_in.last_used_at < TOUCH_EVERY:
        return
    kind = type(way_in)
    try:
        with database.write() as session:
            session.execute(visible(update(kind).where(kind.id == way_in.id), actor).values(last_used_at=moment))
    except Unavailable as error:
        log.warning("the use of %s was not written down: %s", way_in.id, error)
