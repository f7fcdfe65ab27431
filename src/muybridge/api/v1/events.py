"""What happened: the log by page, the log as it grows (SSE), and who saw an asset."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from pydantic import BaseModel
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from muybridge import artifacts, trust
from muybridge.api.deps import CurrentActor, Cursor, Limit, Parts, PartsDep, Reader, current_actor
from muybridge.api.errors import RESPONSES
from muybridge.api.ids import AssetId, Text
from muybridge.catalog.tables import Asset
from muybridge.errors import Forbidden

router = APIRouter(prefix="/v1", tags=["trust"], responses=RESPONSES)

POLL_S = 0.5
HEARTBEAT_S = 15.0
RECHECK_S = 30.0
"""How long a stream goes on after its log-in or key has ended."""


class EventOut(BaseModel):
    id: str
    seq: int
    created_at: datetime
    name: str
    actor_id: str
    actor_name: str
    via: str
    """By which login, key or job."""
    subject_id: str
    facts: dict[str, Any]
    hash: str

    @classmethod
    def of(cls, event: trust.Event, names: dict[str, str]) -> "EventOut":
        return cls(
            id=event.id,
            seq=event.seq or 0,
            created_at=event.created_at,
            name=event.name,
            actor_id=event.actor_id,
            actor_name=names.get(event.actor_id, event.actor_id),
            via=event.via,
            subject_id=event.subject_id,
            facts=event.facts,
            hash=event.hash or "",
        )


class EventsOut(BaseModel):
    items: list[EventOut]
    next_cursor: str | None


class PurposeOut(BaseModel):
    """What footage was exported for."""

    id: str
    noun: str
    """run, evaluation, generation, session, dataset version, …"""
    title: str
    """What its lineage calls it; empty where that has no name for it."""

    @classmethod
    def of(cls, node: artifacts.LineageNode) -> "PurposeOut":
        return cls(id=node.id, noun=node.noun, title=node.title)


class VisitOut(BaseModel):
    """One actor's look at an asset: by one login or key, over touching frames."""

    actor_id: str
    actor_name: str
    via: str
    name: str
    """asset.viewed, asset.streamed, asset.downloaded or asset.exported"""
    start_frame: int | None
    """Frames [start_frame, end_frame); null where the whole file was streamed or taken."""
    end_frame: int | None
    taken_for: PurposeOut | None
    """Of an export."""
    first_at: datetime
    at: datetime
    """The last time."""
    times: int


class VisitsOut(BaseModel):
    items: list[VisitOut]
    next_cursor: str | None


@router.get("/events")
def list_events(
    session: Reader,
    actor: CurrentActor,
    subject_id: Annotated[Text | None, Query()] = None,
    name: Annotated[Text | None, Query(description="rights.revoked; or rights. for all that begins so")] = None,
    actor_id: Annotated[Text | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> EventsOut:
    """Sealed events, the newest first. Without trust.audit: one's own, and what is no matter of people and rights."""
    page = trust.list_events(
        session, actor, subject_id=subject_id, name=name, actor_id=actor_id, cursor=cursor, limit=limit
    )
    return EventsOut(items=_shown(session, actor, page.items), next_cursor=page.next_cursor)


@router.get("/assets/{id}/viewers")
def list_viewers(
    session: Reader, actor: CurrentActor, id: AssetId, cursor: Cursor = None, limit: Limit = 100
) -> VisitsOut:
    """Who viewed, streamed, downloaded or exported an asset: which frames or what for, when, by which login or key."""
    page = trust.list_visits(session, actor, id, cursor=cursor, limit=limit)
    if not page.items:
        # What was seen outlives what was deleted; an asset that nobody has seen must still be one.
        trust.load(session, actor, Asset, id)
    purposes = artifacts.nodes_of(session, actor, {visit.taken_for for visit in page.items if visit.taken_for})
    items = [
        VisitOut(
            actor_id=visit.actor_id,
            actor_name=visit.actor_name,
            via=visit.via,
            name=visit.name,
            start_frame=visit.span[0] if visit.span else None,
            end_frame=visit.span[1] if visit.span else None,
            taken_for=PurposeOut.of(purposes[visit.taken_for]) if visit.taken_for else None,
            first_at=visit.first_at,
            at=visit.last_at,
            times=visit.times,
        )
        for visit in page.items
    ]
    return VisitsOut(items=items, next_cursor=page.next_cursor)


class EventStream(StreamingResponse):
    media_type = "text/event-stream"


@router.get("/events/stream", response_class=EventStream)
async def stream_events(
    request: Request,
    parts: PartsDep,
    actor: CurrentActor,
    last_event_id: Annotated[str | None, Header(pattern=r"^\d{1,18}$", description="Go on behind this number")] = None,
    for_s: Annotated[
        float, Query(ge=0, le=3600, description="End after so many seconds; clients then reconnect")
    ] = 3600,
) -> EventStream:
    """Events as they are sealed (Server-Sent Events): id = seq, event = name, data = the event.

    Without Last-Event-ID the stream begins with what happens from now on.
    """
    after = int(last_event_id) if last_event_id else await run_in_threadpool(_last_seq, parts, actor)
    chunks = _follow(request, parts, actor, after, for_s)
    return EventStream(chunks, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


async def _follow(request: Request, parts: Parts, actor: trust.Actor, after: int, for_s: float) -> AsyncIterator[str]:
    # No request session: each look at the log opens and closes a short one of its own.
    clock = asyncio.get_running_loop().time
    end = clock() + for_s
    quiet_since = checked_at = clock()
    yield "retry: 1000\n\n"
    while True:
        found = await run_in_threadpool(_after, parts, actor, after)
        for event in found:
            after, quiet_since = event.seq, clock()
            yield f"id: {event.seq}\nevent: {event.name}\ndata: {json.dumps(event.model_dump(mode='json'))}\n\n"
        if clock() >= end:
            return
        if found:
            continue
        if clock() - quiet_since >= HEARTBEAT_S:
            quiet_since = clock()
            yield ": still here\n\n"
        if clock() - checked_at >= RECHECK_S:
            checked_at = clock()
            try:
                actor = await run_in_threadpool(current_actor, request, parts)
            except Forbidden:
                return
        await asyncio.sleep(min(POLL_S, max(0.0, end - clock())))


def _last_seq(parts: Parts, actor: trust.Actor) -> int:
    with parts.database.read() as session:
        return trust.last_seq(session, actor)


def _after(parts: Parts, actor: trust.Actor, seq: int) -> list[EventOut]:
    with parts.database.read() as session:
        return _shown(session, actor, trust.events_after(session, actor, seq))


def _shown(session: Session, actor: trust.Actor, events: Iterable[trust.Event]) -> list[EventOut]:
    found = list(events)
    names = trust.names_of(session, actor, {event.actor_id for event in found})
    return [EventOut.of(event, names) for event in found]
