"""Who saw this: the reading events of one asset, told by actor."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Text, and_, func, or_, select
from sqlalchemy.orm import Session

from muybridge.trust.actors import Actor
from muybridge.trust.event_names import READING
from muybridge.trust.permissions import require
from muybridge.trust.tables import ApiKey, Event, Member
from muybridge.trust.visibility import visible


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


def who_saw(session: Session, actor: Actor, asset_id: str) -> list[Viewer]:
    """Everyone who viewed, streamed, downloaded or exported the asset, the latest first. Needs trust.audit.

    Only sealed events count, as everywhere: call `seal` first when the answer must include this very moment.
    """
    require(actor, "trust.audit")
    # Only an export is one event for many assets; asking the JSON of every view would cost a walk over all of them.
    in_bulk = and_(Event.name == "asset.exported", _names_asset(session, asset_id))
    concerns = or_(Event.subject_id == asset_id, in_bulk)
    statement = select(Event).where(Event.seq.is_not(None), Event.name.in_(READING), concerns).order_by(Event.seq)
    viewers = _by_actor(session.scalars(visible(statement, actor).execution_options(yield_per=1_000)))
    names = _names(session, actor, list(viewers))
    for viewer in viewers.values():
        viewer.actor_name = names.get(viewer.actor_id, viewer.actor_id)
        viewer.spans = merge_spans(viewer.spans)
    return sorted(viewers.values(), key=lambda viewer: viewer.last_at, reverse=True)


def merge_spans(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same frames as few half-open spans, in order; touching spans become one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _by_actor(events: Iterable[Event]) -> dict[str, Viewer]:
    viewers: dict[str, Viewer] = {}
    for event in events:
        viewer = viewers.setdefault(
            event.actor_id, Viewer(event.actor_id, event.actor_id, event.created_at, event.created_at)
        )
        viewer.last_at = max(viewer.last_at, event.created_at)
        viewer.times[event.name] = viewer.times.get(event.name, 0) + 1
        start, end = event.facts.get("start_frame"), event.facts.get("end_frame")
        if isinstance(start, int) and isinstance(end, int):
            viewer.spans.append((start, end))
        if event.via not in viewer.vias:
            viewer.vias.append(event.via)
    return viewers


def _names(session: Session, actor: Actor, ids: list[str]) -> dict[str, str]:
    members = visible(select(Member.id, Member.name).where(Member.id.in_(ids)), actor)
    keys = visible(select(ApiKey.id, ApiKey.name).where(ApiKey.id.in_(ids)), actor)
    return {row.id: row.name for statement in (members, keys) for row in session.execute(statement)}


def _names_asset(session: Session, asset_id: str) -> ColumnElement[bool]:
    """Whether the fact `asset_ids` of a bulk event names the asset."""
    if session.get_bind().dialect.name == "sqlite":
        each = func.json_each(Event.facts, "$.asset_ids").table_valued("value")
        return select(each.c.value).where(each.c.value == asset_id).exists()
    return Event.facts.op("->")("asset_ids").cast(Text).contains(f'"{asset_id}"')
