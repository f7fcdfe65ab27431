"""What came from what."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from muybridge.api.deps import CurrentActor, Reader
from muybridge.api.errors import RESPONSES
from muybridge.api.ids import AnyId
from muybridge.artifacts import lineage

router = APIRouter(prefix="/v1", tags=["artifacts"], responses=RESPONSES)


class LineageNodeOut(BaseModel):
    id: str
    noun: str
    title: str
    depth: int
    """Edges away from what was asked about; 0 is itself."""
    relation: str
    facts: dict[str, Any]

    @classmethod
    def of(cls, node: lineage.LineageNode) -> "LineageNodeOut":
        return cls(
            id=node.id, noun=node.noun, title=node.title, depth=node.depth, relation=node.relation, facts=node.facts
        )


class LineageEdgeOut(BaseModel):
    child_id: str
    parent_id: str
    relation: str


class LineageOut(BaseModel):
    nodes: list[LineageNodeOut]
    edges: list[LineageEdgeOut]
    truncated: bool
    """More lies beyond what is shown: ask about a node at the rim to go on."""


@router.get("/lineage/{id}")
def get_lineage(session: Reader, actor: CurrentActor, id: AnyId) -> LineageOut:
    """What a thing came from and what came from it, the nearest first, as far as anybody can look at."""
    graph = lineage.graph(session, actor, id)
    return LineageOut(
        nodes=[LineageNodeOut.of(node) for node in graph.nodes],
        edges=[
            LineageEdgeOut(child_id=edge.child_id, parent_id=edge.parent_id, relation=edge.relation)
            for edge in graph.edges
        ],
        truncated=graph.is_truncated,
    )
