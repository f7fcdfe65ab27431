"""What a consensus method gets and gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Answer:
    """One attempt by value: who answered which task, and what they said (of the shapes the method takes)."""

    task_id: str
    answerer: str
    annotations: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Agreed:
    """The agreed annotations, each with its own "agreement", and the agreement of the whole in [0,1].

    Two who differ in attributes agree less: by the share of the attributes on which they say the same.
    """

    annotations: tuple[Mapping[str, Any], ...]
    agreement: float
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What else the method learned (votes, posterior); JSON values."""


class ConsensusMethod(Protocol):
    """Pure, deterministic, and the same for every order of the answers."""

    name: str
    shapes: frozenset[str]
    """Annotation shapes it can agree on."""

    def agree(self, answers: Sequence[Answer], others: Sequence[Answer] = ()) -> Agreed:
        """Agree on one task. answers: at least one, all of that task, one an answerer.

        others: answers to other tasks of the project, for methods that learn who is reliable.
        One answer alone agrees with itself: agreement 1.0, and `num_attempts` beside it says so.
        """
        ...
