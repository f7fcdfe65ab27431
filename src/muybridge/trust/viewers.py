"""Who saw this: the reading events of one asset, told by actor or visit by visit."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, Text, func, null, select
from sqlalchemy.orm import Session

from muybridge.db import Page, check_limit, cursor_of, number_of
from muybridge.trust.actors import Actor
from muybridge.trust.event_names import READING
from muybridge.trust.members import names_of
from muybridge.trust.permissions import require
from muybridge.trust.tables import Event
from muybridge.trust.visibility import visible

MOST_READ: Final = 5_000
"""Events behind one page of visits: a visit of many touching views must not make a page read the whole log."""
PURPOSES: Final = ("run_id", "evaluation_id", "generation_id", "session_id", "version_id")
"""Facts by which an export says what it was for, the nearest first; without any it is the subject."""


class _Seen(NamedTuple):
    """One reading event, as far as telling who saw needs it."""

    seq: int
    actor_id: str
    name: str
    via: str
    at: datetime
    span: tuple[int, int] | None
    taken_for: str | None


@dataclass(slots=True)
class Visit:
    """Reading events of one actor and kind, by one door, one after another over touching frames: told as one."""

    actor_id: str
    actor_name: str
    name: str
    """The event, e.g. `asset.viewed`."""
    via: str
    span: tuple[int, int] | None
    """Frames [start, end); None where the whole file was streamed, taken or exported."""
    taken_for: str | None
    """The id of what it was exported for: a run, an evaluation, a generation, a session, a dataset version."""
    first_at: datetime
    last_at: datetime
    times: int = 1

    @classmethod
    def of(cls, seen: _Seen) -> "Visit":
        what = (seen.name, seen.via, seen.span, seen.taken_for)
        return cls(seen.actor_id, seen.actor_id, *what, first_at=seen.at, last_at=seen.at)

    def goes_on_from(self, earlier: _Seen) -> bool:
        """Whether it is one look with the event of its actor just before it."""
        if (self.name, self.via, self.taken_for) != (earlier.name, earlier.via, earlier.taken_for):
            return False
        if self.span is None or earlier.span is None:
            return self.span is earlier.span
        return earlier.span[0] <= self.span[1] and earlier.span[1] >= self.span[0]

    def absorb(self, earlier: _Seen) -> None:
        """Take in the event that it goes on from."""
        if self.span and earlier.span:
            self.span = min(self.span[0], earlier.span[0]), max(self.span[1], earlier.span[1])
        self.first_at, self.times = earlier.at, self.times + 1


@dataclass(slots=True)
class Viewer:
    """One actor, and all that it saw or took of one asset."""

    actor_id: str
    actor_name: str
    first_at: datetime
    last_at: datetime
    times: dict[str, int] = field(default_factory=dict)
    """Event name -> how often."""
    spans: list[tuple[int, int]] = field(default_factory=list)
    """Frames looked at, half-open, merged and in order; empty where the whole file was streamed or taken."""
    vias: list[str] = field(default_factory=list)
    """The logins, keys and jobs that were used, in the order of first use."""
    purposes: list[str] = field(default_factory=list)
    """Ids of what it was exported for (see `Visit.taken_for`), in the order of first use."""


def who_saw(session: Session, actor: Actor, asset_id: str) -> list[Viewer]:
    """Everyone who viewed, streamed, downloaded or exported the asset, the latest first. Needs trust.audit.

    Only sealed events count, as everywhere: call `seal` first when the answer must include this very moment. Reads
    every such event, where a page of `list_visits` reads MOST_READ at most.
    """
    require(actor, "trust.audit")
    found = [
        _seen_by(session, actor, statement.order_by(Event.seq).execution_options(yield_per=1_000))
        for statement in (_of_asset(asset_id), _of_exports(asset_id))
    ]
    viewers: dict[str, Viewer] = {}
    for seen in heapq.merge(*found):
        viewer = viewers.setdefault(seen.actor_id, Viewer(seen.actor_id, seen.actor_id, seen.at, seen.at))
        _add(viewer, seen)
    names = names_of(session, actor, viewers)
    for viewer in viewers.values():
        viewer.actor_name = names.get(viewer.actor_id, viewer.actor_id)
        viewer.spans = merge_spans(viewer.spans)
    return sorted(viewers.values(), key=lambda viewer: viewer.last_at, reverse=True)


def list_visits(
    session: Session, actor: Actor, asset_id: str, *, cursor: str | None = None, limit: int = 100
) -> Page[Visit]:
    """The same visit by visit, the latest first. Raises BadCursor.

    A page ends early where MOST_READ events lie behind it, and a visit that its end cuts is told in two.
    """
    require(actor, "trust.audit")
    check_limit(limit)
    found = []
    for statement in (_of_asset(asset_id), _of_exports(asset_id)):
        if cursor is not None:
            statement = statement.where(Event.seq < number_of(cursor))
        found.append(_seen_by(session, actor, statement.order_by(Event.seq.desc()).limit(MOST_READ + 1)))
    visits: list[Visit] = []
    latest_of: dict[str, Visit] = {}
    last_read, has_more = 0, False
    for count, seen in enumerate(heapq.merge(*found, reverse=True)):
        known = latest_of.get(seen.actor_id)
        is_next = known is None or not known.goes_on_from(seen)
        if has_more := count == MOST_READ or (is_next and len(visits) == limit):
            break
        if known is None or is_next:
            known = latest_of[seen.actor_id] = Visit.of(seen)
            visits.append(known)
        else:
            known.absorb(seen)
        last_read = seen.seq
    names = names_of(session, actor, latest_of)
    for visit in visits:
        visit.actor_name = names.get(visit.actor_id, visit.actor_id)
    return Page(visits, cursor_of(last_read) if has_more else None)


def merge_spans(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same frames as few half-open spans, in order; touching spans become one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _of_asset(asset_id: str) -> Select[*tuple[Any, ...]]:
    """Events about the asset itself. Apart from exports: each select then walks an index of its own, in order."""
    # all tenants: both callers pass it through visible; the statement alone reads nothing.
    return select(*_TOLD, Event.facts, func.coalesce(*_purposes()).label("taken_for")).where(
        Event.subject_id == asset_id, Event.name.in_(READING), Event.seq.is_not(None)
    )


def _of_exports(asset_id: str) -> Select[*tuple[Any, ...]]:
    """Events about something else whose fact `asset_ids` names the asset: an export is one event, of any size.

    Found by the text of the facts, which may name 100,000 assets and are not worth fetching; ids need no escape in
    JSON.
    """
    named = Event.facts.cast(Text).contains(f'"{asset_id}"', autoescape=True)
    is_export = (Event.name == "asset.exported", Event.subject_id != asset_id, Event.seq.is_not(None))
    taken_for = func.coalesce(*_purposes(), Event.subject_id).label("taken_for")
    return select(*_TOLD, null().label("facts"), taken_for).where(*is_export, named)


def _purposes() -> list[ColumnElement[str]]:
    return [Event.facts[name].as_string() for name in PURPOSES]


_TOLD: Final = (Event.seq, Event.actor_id, Event.name, Event.via, Event.created_at)


def _seen_by(session: Session, actor: Actor, statement: Select[*tuple[Any, ...]]) -> Iterator[_Seen]:
    for row in session.execute(visible(statement, actor)):
        facts = row.facts or {}
        start, end = facts.get("start_frame"), facts.get("end_frame")
        span = (start, end) if isinstance(start, int) and isinstance(end, int) else None
        yield _Seen(row.seq, row.actor_id, row.name, row.via, row.created_at, span, row.taken_for)


def _add(viewer: Viewer, seen: _Seen) -> None:
    viewer.last_at = max(viewer.last_at, seen.at)
    viewer.times[seen.name] = viewer.times.get(seen.name, 0) + 1
    if seen.span:
        viewer.spans.append(seen.span)
    if seen.via not in viewer.vias:
        viewer.vias.append(seen.via)
    if seen.taken_for and seen.taken_for not in viewer.purposes:
        viewer.purposes.append(seen.taken_for)
