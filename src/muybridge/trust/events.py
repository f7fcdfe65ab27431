"""What happened: recording it in the transaction of the fact, and reading what is sealed.

An event is inserted without number or hash; `sealing` gives it both after the commit. Readers see sealed rows only,
by cursor, so that no row can appear behind a reader's back.
"""

import json
from typing import Any

from sqlalchemy.orm import Session

from muybridge.trust.actors import Actor
from muybridge.trust.event_names import EVENT_NAMES
from muybridge.trust.tables import Event


def record(session: Session, actor: Actor, name: str, subject_id: str, /, **facts: Any) -> Event:
    """Write down what the actor did, in the caller's transaction. One event for a bulk command, not one a row.

    facts: JSON values; `project_id`, if given, says whom it concerns among confined members.
    ValueError for a name that is not in `event_names` or facts that are not JSON.
    """
    if name not in EVENT_NAMES:
        raise ValueError(f"unknown event {name!r}; add it to trust.event_names.EVENT_NAMES")
    canonical_json(facts)
    event = Event(
        tenant_id=actor.tenant_id,
        name=name,
        actor_id=actor.id,
        via=actor.via,
        subject_id=subject_id,
        project_id=facts.get("project_id"),
        facts=facts,
    )
    session.add(event)
    return event


def canonical_json(value: Any) -> bytes:
    """The one spelling of a JSON value: sorted keys, no spaces, ASCII, no NaN. ValueError if it is not JSON."""
    try:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode()
    except TypeError as error:
        raise ValueError(f"not a JSON value: {error}") from error
