"""What came from what: edges over typed ids of every room, walked by recursive queries or, to be drawn, level by level.

A thing's title and facts are stored when it is derived, so the graph can be drawn without asking the rooms above.
The graph has no cycle: an edge that would close one is refused.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from muybridge import db, trust
from muybridge.artifacts.tables import LineageEdge, LineageTitle
from muybridge.errors import Conflict, Invalid, NotFound
from muybridge.trust import Actor
from muybridge.units import ID_PREFIXES, is_id

Direction = Literal["ancestors", "descendants"]
MANY = 2_000
"""Ids in one statement: far below the 32,766 parameters that SQLite takes."""
EDGES_SHOWN = 1_000
"""Edges that `graph` follows each way: more than anybody can look at."""
LEVELS_SHOWN = 48
"""Steps that `graph` takes each way. Each is a query or two, so a long chain must end somewhere too."""


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

    @property
    def name(self) -> str:
        """`run first try`: its noun, said once, and its title, or its id where it has none."""
        title = self.title or self.id
        return title if title.startswith(self.noun) else f"{self.noun} {title}"


@dataclass(frozen=True, slots=True)
class Edge:
    child_id: str
    parent_id: str
    relation: str

    @classmethod
    def of(cls, row: LineageEdge) -> "Edge":
        return cls(row.child_id, row.parent_id, row.relation)


@dataclass(frozen=True, slots=True)
class Graph:
    nodes: list[LineageNode]
    edges: list[Edge]
    is_truncated: bool = False
    """Whether more lies beyond what is shown: ask about a node at the rim to go on."""


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
        session.execute(db.insert(session, LineageEdge).values(**edge).on_conflict_do_nothing())


def describe(session: Session, actor: Actor, identifier: str, title: str, **facts: Any) -> None:
    """Say what the graph calls a thing and shows of it; what is said last stays."""
    shown = {"title": title[:512], "facts": facts}
    insert = db.insert(session, LineageTitle).values(id=identifier, tenant_id=actor.tenant_id, **shown)
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
    """What `identifier` came from and what came from it, with the edges on the ways, the nearest first.

    Siblings are left out: the other children of a parent are no part of this thing's past or future. At most
    EDGES_SHOWN edges and LEVELS_SHOWN steps each way. Raises NotFound for what nothing is known of.
    """
    trust.require(actor, "artifacts.read")
    past = _near_edges(session, actor, identifier, "ancestors")
    future = _near_edges(session, actor, identifier, "descendants")
    edges = [*past.edges, *future.edges]
    if not edges and not _named(session, actor, {identifier: (0, "")})[0].title:
        raise NotFound(f"There is no lineage of {identifier}.", remedy="Check the id; it may belong to somebody else.")
    depths = {
        identifier: (0, ""),
        **_depths(identifier, past.edges, "ancestors"),
        **_depths(identifier, future.edges, "descendants"),
    }
    return Graph(_named(session, actor, depths), edges, past.is_truncated or future.is_truncated)


def nodes_of(session: Session, actor: Actor, ids: Iterable[str]) -> dict[str, LineageNode]:
    """These things as the graph shows them; what it does not know has no title."""
    return {node.id: node for node in _named(session, actor, dict.fromkeys(ids, (0, "")))}


def noun_of(identifier: str) -> str:
    return ID_PREFIXES.get(identifier.partition("_")[0], "thing")


def _around(session: Session, actor: Actor, identifier: str, direction: Direction) -> list[LineageNode]:
    depths = _depths(identifier, _all_edges(session, actor, [identifier], direction), direction)
    return _named(session, actor, depths)


class _NearEdges(NamedTuple):
    edges: list[Edge]
    is_truncated: bool


def _near_edges(session: Session, actor: Actor, start: str, direction: Direction) -> _NearEdges:
    """Edges on the way up or down from `start`, level by level, until the limits of a graph."""
    found: list[Edge] = []
    seen, level = {start}, [start]
    for _ in range(LEVELS_SHOWN):
        rows = _edges_of(session, actor, level, direction, EDGES_SHOWN - len(found) + 1)
        if len(found) + len(rows) > EDGES_SHOWN:
            return _NearEdges([*found, *rows[: EDGES_SHOWN - len(found)]], True)
        found += rows
        beyond = (edge.parent_id if direction == "ancestors" else edge.child_id for edge in rows)
        level = [identifier for identifier in dict.fromkeys(beyond) if identifier not in seen]
        seen.update(level)
        if not level:
            return _NearEdges(found, False)
    return _NearEdges(found, bool(_edges_of(session, actor, level, direction, 1)))


def _edges_of(session: Session, actor: Actor, level: Sequence[str], direction: Direction, limit: int) -> list[Edge]:
    """The edges whose near end is in `level`, which is one statement's worth: a level has EDGES_SHOWN nodes at most."""
    near, far = _ends(direction)
    statement = select(LineageEdge).where(near.in_(level)).order_by(near, far, LineageEdge.relation).limit(limit)
    return [Edge.of(row) for row in session.scalars(trust.visible(statement, actor))]


def _all_edges(session: Session, actor: Actor, starts: Sequence[str], direction: Direction) -> list[Edge]:
    """Every edge on the way up or down from `starts`."""
    near, far = _ends(direction)
    mine = LineageEdge.tenant_id == actor.tenant_id
    walk = select(far.label("id")).where(near.in_(starts), mine).cte("walk", recursive=True)
    # UNION, not UNION ALL: a diamond of k layers has 2^k ways, and only so many nodes.
    walk = walk.union(select(far).join(walk, near == walk.c.id).where(mine))
    rows = session.scalars(
        trust.visible(select(LineageEdge), actor)
        .where(near.in_(starts) | near.in_(select(walk.c.id)))
        .order_by(LineageEdge.child_id, LineageEdge.parent_id, LineageEdge.relation)
    )
    return [Edge.of(row) for row in rows]


def _ends(direction: Direction) -> tuple[InstrumentedAttribute[str], InstrumentedAttribute[str]]:
    """The near and the far end of an edge, walked that way."""
    if direction == "ancestors":
        return LineageEdge.child_id, LineageEdge.parent_id
    return LineageEdge.parent_id, LineageEdge.child_id


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
    below = {edge.child_id for edge in _all_edges(session, actor, [child_id], "descendants")}
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
