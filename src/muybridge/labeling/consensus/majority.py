"""Majority: the label that most answerers gave; agreement is their share, scaled by how far their attributes agree.

A tie goes to the label first in order of the alphabet, with the tied share as agreement, so that a reviewer sees it
(two answerers who differ agree by half).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from muybridge.labeling.consensus.contract import Agreed, Answer
from muybridge.labeling.consensus.labels import agreed_on, label_of


@dataclass(frozen=True, slots=True)
class Majority:
    name: str = "majority"
    shapes: frozenset[str] = frozenset({"class", "comparison"})

    def agree(self, answers: Sequence[Answer], others: Sequence[Answer] = ()) -> Agreed:
        votes = Counter(label_of(answer) for answer in answers)
        label = min(votes, key=lambda each: (-votes[each], each))
        agreement = votes[label] / len(answers)
        return agreed_on(label, answers, agreement, {"votes": {"+".join(each): votes[each] for each in sorted(votes)}})


METHOD = Majority()
