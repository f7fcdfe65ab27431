from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from muybridge import artifacts
from muybridge.artifacts import lineage
from muybridge.errors import Invalid, NotFound
from muybridge.trust import Actor
from muybridge.units import new_id

from .conftest import House

NODES = [new_id("art") for _ in range(7)]


def walk(edges: set[tuple[int, int]], start: int, *, up: bool) -> dict[int, int]:
    """Distances by plain breadth-first search, the oracle of the recursive query."""
    next_of = defaultdict(set)
    for child, parent in edges:
        next_of[child if up else parent].add(parent if up else child)
    found, front, depth = {}, {start}, 0
    while front:
        depth += 1
        front = {far for near in front for far in next_of[near]} - found.keys() - {start}
        found |= dict.fromkeys(front, depth)
    return found


def asked(session: Session, actor: Actor, start: int, *, up: bool) -> dict[int, int]:
    ask = artifacts.ancestors if up else artifacts.descendants
    return {NODES.index(node.id): node.depth for node in ask(session, actor, NODES[start])}


@given(wanted=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=18))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_graph_never_has_a_cycle_and_both_walks_agree_with_a_plain_search(
    house: House, wanted: list[tuple[int, int]]
) -> None:
    kept: set[tuple[int, int]] = set()
    with house.database.read() as session:
        for child, parent in wanted:
            closes = child == parent or child in walk(kept, parent, up=True)
            try:
                artifacts.derive(session, house.owner, NODES[child], [NODES[parent]])
                assert not closes
                kept.add((child, parent))
            except lineage.LineageCycle:
                assert closes
        for start in range(len(NODES)):
            assert asked(session, house.owner, start, up=True) == walk(kept, start, up=True)
            assert asked(session, house.owner, start, up=False) == walk(kept, start, up=False)
        # A read session rolls back: the next example starts with an empty graph.


def test_walks_are_the_same_on_both_databases(any_house: House) -> None:
    source, proxy, version, checkpoint = (new_id(prefix) for prefix in ("art", "art", "ver", "ckp"))
    with any_house.database.write() as session:
        artifacts.derive(session, any_house.owner, proxy, [source], title="proxy.mp4", facts={"kind": "proxy"})
        artifacts.derive(session, any_house.owner, version, [source, proxy], title="Horses v1")
        artifacts.derive(session, any_house.owner, checkpoint, [version], "trained_on")
    with any_house.database.read() as session:
        found = artifacts.descendants(session, any_house.owner, source)
        graph = lineage.graph(session, any_house.owner, version)
    assert [(node.id, node.noun, node.title, node.depth, node.relation) for node in found] == [
        (proxy, "artifact", "proxy.mp4", 1, "derived_from"),
        (version, "dataset version", "Horses v1", 1, "derived_from"),
        (checkpoint, "checkpoint", "", 2, "trained_on"),
    ]
    assert {node.id for node in graph.nodes} == {source, proxy, version, checkpoint}
    assert {(edge.child_id, edge.parent_id) for edge in graph.edges} == {
        (version, source),
        (version, proxy),
        (proxy, source),
        (checkpoint, version),
    }


def test_another_tenant_sees_nothing_of_a_graph(any_house: House) -> None:
    source, proxy = new_id("art"), new_id("art")
    with any_house.database.write() as session:
        artifacts.derive(session, any_house.owner, proxy, [source], title="secret.mp4")
    with any_house.database.read() as session:
        assert artifacts.ancestors(session, any_house.stranger, proxy) == []
        assert artifacts.descendants(session, any_house.stranger, source) == []
        with pytest.raises(NotFound):
            lineage.graph(session, any_house.stranger, proxy)


def test_another_tenant_cannot_rename_a_node_or_walk_through_its_own_edge(any_house: House) -> None:
    source, proxy, theirs = new_id("art"), new_id("art"), new_id("art")
    with any_house.database.write() as session:
        artifacts.derive(session, any_house.owner, proxy, [source], title="ours.mp4")
        artifacts.derive(session, any_house.stranger, theirs, [proxy])
        artifacts.describe(session, any_house.stranger, proxy, "renamed")
    with any_house.database.read() as session:
        assert [node.id for node in artifacts.ancestors(session, any_house.stranger, theirs)] == [proxy]
        assert [node.title for node in artifacts.descendants(session, any_house.owner, source)] == ["ours.mp4"]


def test_a_wide_diamond_is_walked_in_a_moment(house: House) -> None:
    layers = [[new_id("art") for _ in range(4)] for _ in range(24)]
    with house.database.write() as session:
        for above, below in pairwise(layers):
            for child in below:
                artifacts.derive(session, house.owner, child, above)
    with house.database.read() as session:
        found = artifacts.ancestors(session, house.owner, layers[-1][0])
    assert len(found) == 4 * 23


def test_a_graph_ends_where_nobody_can_look_any_more_and_says_so(
    any_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lineage, "EDGES_SHOWN", 5)
    footage, version, checkpoint = [new_id("ast") for _ in range(6)], new_id("ver"), new_id("ckp")
    with any_house.database.write() as session:
        artifacts.derive(session, any_house.owner, version, footage[:4])
        artifacts.derive(session, any_house.owner, checkpoint, [version], "trained_on")
    with any_house.database.read() as session:
        whole = lineage.graph(session, any_house.owner, checkpoint)
    with any_house.database.write() as session:
        artifacts.derive(session, any_house.owner, version, footage)
    with any_house.database.read() as session:
        cut = lineage.graph(session, any_house.owner, checkpoint)
    assert (len(whole.edges), whole.is_truncated) == (5, False)
    assert (len(cut.edges), len(cut.nodes), cut.is_truncated) == (5, 6, True)
    assert [node.id for node in cut.nodes][:2] == [checkpoint, version]


def test_a_long_chain_is_drawn_so_far_and_no_farther(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lineage, "LEVELS_SHOWN", 3)
    chain = [new_id("ckp") for _ in range(5)]
    with house.database.write() as session:
        for parent, child in pairwise(chain):
            artifacts.derive(session, house.owner, child, [parent])
    with house.database.read() as session:
        graphs = [lineage.graph(session, house.owner, identifier) for identifier in chain]
    assert [(len(graph.nodes), graph.is_truncated) for graph in graphs] == [
        (4, True),
        (5, False),
        (5, False),
        (5, False),
        (4, True),
    ]


def test_only_ids_have_lineage(house: House) -> None:
    with house.database.write() as session, pytest.raises(Invalid):
        artifacts.derive(session, house.owner, "art_1", [])


def test_saying_the_same_twice_is_one_edge(house: House) -> None:
    source, proxy = new_id("art"), new_id("art")
    with house.database.write() as session:
        for _ in range(2):
            artifacts.derive(session, house.owner, proxy, [source, source])
    with house.database.read() as session:
        assert len(lineage.graph(session, house.owner, proxy).edges) == 1
