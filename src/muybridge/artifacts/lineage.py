"""What came from what: edges over typed ids of every room, walked by recursive queries.

A thing's title and facts are stored when it is derived, so the graph can be drawn without asking the rooms above.
The graph has no cycle: an edge that would close one is refused.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from muybridge import trust
from muybridge.artifacts.tables import LineageEdge, LineageTitle
from muybridge.errors import Conflict, Invalid, NotFound
from muybridge.trust import Actor
from muybridge.units import ID_PREFIXES, is_id

Direction = Literal["ancestors", "descendants"]
MANY = 400
"""Ids in one statement: far below the 32,766 parameters that SQLite takes."""


class LineageCycle(Conflict):
    code = "artifacts.lineage_cycle"


@dataclass(frozen=True, slots=True)
class LineageNode:
    """A thing in the graph, `depth` edges away from the one that was asked about (0 is itself)."""

    id: str
    noun: str
    title: str = ""
    depth: int = 0
    relation: str = ""
    """Of the last edge on a shortest way here."""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edge:
    child_id: str
    parent_id: str
    relation: str


@dataclass(frozen=True, slots=True)
class Graph:
    nodes: list[LineageNode]
    edges: list[Edge]


def derive(
    session: Session,
    actor: Actor,
    child_id: str,
    parent_ids: Sequence[str],
    relation: str = "derived_from",
    *,
    title: str = "",
    facts: dict[str, Any] | None = None,
) -> None:
    """Say that `child_id` came from each of `parent_ids`, and what the graph shall call it. Said twice is one edge.

    Raises LineageCycle when a parent came from the child, Invalid for what is not an id.
    """
    for identifier in (child_id, *parent_ids):
        if not is_id(identifier):
            raise Invalid(f"{identifier!r} is not an id, so nothing can be derived from it.")
    if title or facts:
        describe(session, actor, child_id, title, **(facts or {}))
    parents = sorted(set(parent_ids))
    if not parents:
        return
    _hold_graph(session, actor)
    _refuse_cycle(session, actor, child_id, parents)
    for parent_id in parents:
        edge = {"tenant_id": actor.tenant_id, "child_id": child_id, "parent_id": parent_id, "relation": relation}
        session.execute(_insert(session)(LineageEdge).values(**edge).on_conflict_do_nothing())


def describe(session: Session, actor: Actor, identifier: str, title: str, **facts: Any) -> None:
    """Say what the graph calls a thing and shows of it; what is said last stays."""
    shown = {"title": title[:512], "facts": facts}
    insert = _insert(session)(LineageTitle).values(id=identifier, tenant_id=actor.tenant_id, **shown)
    session.execute(
        insert.on_conflict_do_update(index_elements=["id"], set_=shown, where=LineageTitle.tenant_id == actor.tenant_id)
    )


def ancestors(session: Session, actor: Actor, identifier: str) -> list[LineageNode]:
    """What `identifier` came from, nearest first, without itself."""
    return _around(session, actor, identifier, "ancestors")


def descendants(session: Session, actor: Actor, identifier: str) -> list[LineageNode]:
    """What came from `identifier`, nearest first, without itself."""
    return _around(session, actor, identifier, "descendants")


def graph(session: Session, actor: Actor, identifier: str) -> Graph:
    """All that `identifier` came from and all that came from it, with the edges on the ways.

    Siblings are left out: the other children of a parent are no part of this thing's past or future. Raises NotFound
    for what nothing is known of.
    """
    trust.require(actor, "artifacts.read")
    edges = dict.fromkeys(
        edge for way in ("ancestors", "descendants") for edge in _edges(session, actor, [identifier], way)
    )
    if not edges and not _named(session, actor, {identifier: (0, "")})[0].title:
        raise NotFound(f"There is no lineage of {identifier}.", remedy="Check the id; it may belong to somebody else.")
    depths = {identifier: (0, "")}
    for way in ("ancestors", "descendants"):
        depths |= {key: value for key, value in _depths(identifier, edges, way).items() if key not in depths}
    return Graph(_named(session, actor, depths), list(edges))


def noun_of(identifier: str) -> str:
    return ID_PREFIXES.get(identifier.partition("_")[0], "thing")


def _around(session: Session, actor: Actor, identifier: str, direction: Direction) -> list[LineageNode]:
    depths = _depths(identifier, _edges(session, actor, [identifier], direction), direction)
    return _named(session, actor, depths)


def _edges(session: Session, actor: Actor, starts: Sequence[str], direction: Direction) -> list[Edge]:
    """Every edge on the way up or down from `starts`."""
    near, far = LineageEdge.child_id, LineageEdge.parent_id
    if direction == "descendants":
        near, far = far, near
    mine = LineageEdge.tenant_id == actor.tenant_id
    walk = select(far.label("id")).where(near.in_(starts), mine).cte("walk", recursive=True)
    # UNION, not UNION ALL: a diamond of k layers has 2^k ways, and only so many nodes.
    walk = walk.union(select(far).join(walk, near == walk.c.id).where(mine))
    rows = session.scalars(
        trust.visible(select(LineageEdge), actor)
        .where(near.in_(starts) | near.in_(select(walk.c.id)))
        .order_by(LineageEdge.child_id, LineageEdge.parent_id, LineageEdge.relation)
    )
    return [Edge(row.child_id, row.parent_id, row.relation) for row in rows]


def _depths(start: str, edges: Iterable[Edge], direction: Direction) -> dict[str, tuple[int, str]]:
    """How far each thing is from `start`, and by which relation it was reached; nearest first."""
    next_of: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for edge in edges:
        near, far = edge.child_id, edge.parent_id
        if direction == "descendants":
            near, far = far, near
        next_of[near].append((far, edge.relation))
    found: dict[str, tuple[int, str]] = {}
    queue = deque([(start, 0)])
    while queue:
        here, depth = queue.popleft()
        for identifier, relation in next_of[here]:
            if identifier not in found:
                found[identifier] = (depth + 1, relation)
                queue.append((identifier, depth + 1))
    return found


def _named(session: Session, actor: Actor, depths: dict[str, tuple[int, str]]) -> list[LineageNode]:
    titles: dict[str, LineageTitle] = {}
    ids = list(depths)
    for start in range(0, len(ids), MANY):
        some = ids[start : start + MANY]
        rows = session.scalars(trust.visible(select(LineageTitle), actor).where(LineageTitle.id.in_(some)))
        titles |= {row.id: row for row in rows}
    return [
        LineageNode(
            id=identifier,
            noun=noun_of(identifier),
            title=titles[identifier].title if identifier in titles else "",
            depth=depth,
            relation=relation,
            facts=titles[identifier].facts if identifier in titles else {},
        )
        for identifier, (depth, relation) in depths.items()
    ]


def _refuse_cycle(session: Session, actor: Actor, child_id: str, parents: Sequence[str]) -> None:
    if child_id in parents:
        raise LineageCycle(f"{child_id} cannot come from itself.")
    below = {edge.child_id for edge in _edges(session, actor, [child_id], "descendants")}
    if above := next((parent for parent in parents if parent in below), None):
        raise LineageCycle(
            f"{child_id} cannot come from {above}, which came from {child_id}.",
            remedy="Lineage says what was made first; derive the later thing from the earlier one.",
        )


def _hold_graph(session: Session, actor: Actor) -> None:
    """Let one transaction at a time add edges to a tenant's graph: two could close a cycle that neither sees.

    SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"lineage:{actor.tenant_id}", 0))))


def _insert(session: Session) -> Any:
    return sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgres_insert
