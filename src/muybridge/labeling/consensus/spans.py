"""Spans: match by IoU in frames within a class, keep what a majority marked, take the median edges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from muybridge.labeling.consensus.contract import Agreed, Answer
from muybridge.labeling.consensus.groups import group_things
from muybridge.labeling.consensus.similarity import value_similarity
from muybridge.labeling.consensus.votes import attributes_alike, attributes_of, attributes_said

SAME_SPAN_IOU = 0.3
Value = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Spans:
    name: str = "spans"
    shapes: frozenset[str] = frozenset({"span"})

    def agree(self, answers: Sequence[Answer], others: Sequence[Answer] = ()) -> Agreed:
        """Agreement of a span is the mean pairwise IoU among all answers, 0 for pairs that lack it.

        A pair's IoU is scaled by the share of its attributes on which both say the same.
        """
        in_order = sorted(answers, key=lambda answer: answer.answerer)
        things = [[value for value in answer.annotations if value["shape"] == "span"] for answer in in_order]
        groups = group_things(things, value_similarity, SAME_SPAN_IOU)
        num_pairs = len(in_order) * (len(in_order) - 1) / 2
        agreed, agreements = [], []
        for group in groups:
            total = sum(value_similarity(a, b) * attributes_alike(a, b) for a, b in combinations(group.values(), 2))
            agreement = min(1.0, total / num_pairs) if num_pairs else 1.0
            agreements.append(agreement)
            if 2 * len(group) > len(in_order):
                agreed.append(middle_span(list(group.values())) | {"agreement": agreement})
        agreed.sort(key=lambda value: (value["start_frame"], value["end_frame"], value["class_name"]))
        whole = sum(agreements) / len(agreements) if agreements else 1.0
        return Agreed(tuple(agreed), whole, {"num_groups": len(groups), "num_kept": len(agreed)})


def middle_span(spans: Sequence[Value]) -> dict[str, Any]:
    """The span between the members' lower median edges; each edge is one that somebody set, so its pts are true."""
    middle = (len(spans) - 1) // 2
    start = sorted((span["start_frame"], span["start_pts"]) for span in spans)[middle]
    # Members overlap by class and IoU > 0, but medians of edges may still cross: end after the start then.
    ends = sorted((span["end_frame"], span["end_pts"]) for span in spans)
    end = ends[middle] if ends[middle] > start and ends[middle][1] > start[1] else ends[-1]
    return {
        "shape": "span",
        "class_name": spans[0]["class_name"],
        "start_frame": start[0],
        "end_frame": end[0],
        "start_pts": start[1],
        "end_pts": end[1],
        "attributes": attributes_said([attributes_of(span) for span in spans]),
    }


METHOD = Spans()
