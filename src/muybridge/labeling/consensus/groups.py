"""Which things of different answers are the same thing: groups with at most one thing of each answer."""

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def group_things(
    things: Sequence[Sequence[T]], likeness: Callable[[T, T], float], at_least: float
) -> list[dict[int, T]]:
    """Merge greedily, most alike first; a group never holds two things of one answer.

    things[i]: the things of answer i. Gives {answer index: thing} for each group, in order of first appearance.
    """
    nodes = [(i, j) for i, several in enumerate(things) for j in range(len(several))]
    pairs = []
    for at, (i, j) in enumerate(nodes):
        for k, l in nodes[at + 1 :]:  # noqa: E741
            if i != k and (value := likeness(things[i][j], things[k][l])) >= at_least:
                pairs.append((-value, (i, j), (k, l)))
    group_of = {node: {node[0]: node} for node in nodes}
    for _, one, two in sorted(pairs):
        left, right = group_of[one], group_of[two]
        if left is not right and not left.keys() & right.keys():
            left |= right
            for node in right.values():
                group_of[node] = left
    seen: list[dict[int, tuple[int, int]]] = []
    for node in nodes:
        if not any(group_of[node] is group for group in seen):
            seen.append(group_of[node])
    return [{i: things[i][j] for i, (_, j) in sorted(group.items())} for group in seen]
