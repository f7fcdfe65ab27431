"""Who saw this: the reading events of one asset, told by actor."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Text, and_, func, or_, select
from sqlalchemy.orm import Session

from muybridge.db import Page, page_of
from muybridge.trust.actors import Actor
from muybridge.trust.event_names import READING
from muybridge.trust.members import names_of
from muybridge.trust.permissions import require
from muybridge.trust.tables import Event
from muybridge.trust.visibility import visible


@dataclass(slots=True)
class Visit:
    """Reading events of one kind, by one door, one after another over touching frames: told as one."""

    name: str
    """The event, e.g. `asset.viewed`."""
    via: str
    span: tuple[int, int] | None
    """Frames [start, end); None where the whole file was streamed, taken or exported."""
    first_at: datetime
    last_at: datetime
    last_seq: int
    times: int = 1

    def absorb(self, later: "Visit") -> bool:
        """Take a later visit in, if it goes on where this one is."""
        if (self.name, self.via, self.span is None) != (later.name, later.via, later.span is None):
            return False
        if self.span and later.span:
            (start, end), (later_start, later_end) = self.span, later.span
            if later_start > end or later_end < start:
                return False
            self.span = min(start, later_start), max(end, later_end)
        self.last_at, self.last_seq, self.times = later.last_at, later.last_seq, self.times + later.times
        return True


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
    visits: list[Visit] = field(default_factory=list)
    """The same, told one by one in the order of time."""


def who_saw(session: Session, actor: Actor, asset_id: str) -> list[Viewer]:
    """Everyone who viewed, streamed, downloaded or exported the asset, the latest first. Needs trust.audit.

    Only sealed events count, as everywhere: call `seal` first when the answer must include this very moment.
    """
    require(actor, "trust.audit")
    # Only an export is one event for many assets; asking the JSON of every view would cost a walk over all of them.
    in_bulk = and_(Event.name == "asset.exported", _names_asset(session, asset_id))
    concerns = or_(Event.subject_id == asset_id, in_bulk)
    statement = select(Event).where(Event.seq.is_not(None), Event.name.in_(READING), concerns).order_by(Event.seq)
    viewers: dict[str, Viewer] = {}
    for event in session.scalars(visible(statement, actor).execution_options(yield_per=1_000)):
        viewer = viewers.setdefault(
            event.actor_id, Viewer(event.actor_id, event.actor_id, event.created_at, event.created_at)
        )
        _add(viewer, _visit_of(event))
    names = names_of(session, actor, viewers)
    for viewer in viewers.values():
        viewer.actor_name = names.get(viewer.actor_id, viewer.actor_id)
        viewer.spans = merge_spans(viewer.spans)
    return sorted(viewers.values(), key=lambda viewer: viewer.last_at, reverse=True)


def list_visits(
    session: Session, actor: Actor, asset_id: str, *, cursor: str | None = None, limit: int = 100
) -> Page[tuple[Viewer, Visit]]:
    """The same visit by visit, the latest first. Raises BadCursor."""
    told = ((viewer, visit) for viewer in who_saw(session, actor, asset_id) for visit in viewer.visits)
    return page_of(told, lambda pair: pair[1].last_seq, limit=limit, cursor=cursor)


def merge_spans(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same frames as few half-open spans, in order; touching spans become one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _visit_of(event: Event) -> Visit:
    start, end = event.facts.get("start_frame"), event.facts.get("end_frame")
    span = (start, end) if isinstance(start, int) and isinstance(end, int) else None
    return Visit(event.name, event.via, span, event.created_at, event.created_at, event.seq or 0)


def _add(viewer: Viewer, visit: Visit) -> None:
    viewer.last_at = max(viewer.last_at, visit.last_at)
    viewer.times[visit.name] = viewer.times.get(visit.name, 0) + 1
    if visit.span:
        viewer.spans.append(visit.span)
    if visit.via not in viewer.vias:
        viewer.vias.append(visit.via)
    if not (viewer.visits and viewer.visits[-1].absorb(visit)):
        viewer.visits.append(visit)


def _names_asset(session: Session, asset_id: str) -> ColumnElement[bool]:
    """Whether the fact `asset_ids` of a bulk event names the asset."""
    if session.get_bind().dialect.name == "sqlite":
        each = func.json_each(Event.facts, "$.asset_ids").table_valued("value")
        return select(each.c.value).where(each.c.value == asset_id).exists()
    return Event.facts.op("->")("asset_ids").cast(Text).contains(f'"{asset_id}"')
