"""Medoid: the answer most like all others, whole, for things that cannot be averaged (captions, masks)."""

from collections.abc import Sequence
from dataclasses import dataclass

from muybridge.labeling.consensus.contract import Agreed, Answer
from muybridge.labeling.consensus.similarity import answer_similarity
from muybridge.labeling.consensus.votes import attributes_alike


@dataclass(frozen=True, slots=True)
class Medoid:
    name: str = "medoid"
    shapes: frozenset[str] = frozenset({"caption", "mask_track"})

    def agree(self, answers: Sequence[Answer], others: Sequence[Answer] = ()) -> Agreed:
        """Agreement is the chosen answer's mean likeness to the others.

        That of each thing is scaled by the share of its attributes on which both say the same.
        """
        in_order = sorted(answers, key=lambda answer: answer.answerer)
        likeness = [
            [
                answer_similarity(one.annotations, two.annotations, attributes_alike)
                for two in in_order
                if two is not one
            ]
            for one in in_order
        ]
        means = [sum(row) / len(row) if row else 1.0 for row in likeness]
        best = max(range(len(in_order)), key=lambda i: (means[i], -i))
        agreement = min(1.0, means[best])
        chosen = tuple({**value, "agreement": agreement} for value in in_order[best].annotations)
        return Agreed(chosen, agreement, {"chosen": in_order[best].answerer})


METHOD = Medoid()
