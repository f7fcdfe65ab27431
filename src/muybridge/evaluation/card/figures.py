"""One figure of the card: a value with its interval, the same judge's ceiling on true frames, and floors beside it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

from muybridge.evaluation.intervals import Estimate, estimate_mean, estimate_share

Extent = Literal["quick", "usual", "full"]
"""How far a card goes: quick for demos, full for releases."""
FLOORS = {
    "copy": "the last given frame, repeated",
    "inertia": "constant velocity, from the judge's own reading of the given frames",
    "nearest": "the nearest clip of the training split",
    "blind": "an answerer that sees the question only",
    "silent": "the same clip, nothing said",
    "shrunk": "the frame scaled down to as many numbers, and up again",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """value: None where no clip of the cell could be measured. is_higher_better: None where neither is."""

    group: str
    name: str
    value: Estimate | None
    unit: str = ""
    is_higher_better: bool | None = True
    ceiling: Estimate | None = None
    floors: Mapping[str, Estimate] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "group": self.group,
            "name": self.name,
            "unit": self.unit,
            "is_higher_better": self.is_higher_better,
            "value": self.value._asdict() if self.value else None,
            "ceiling": self.ceiling._asdict() if self.ceiling else None,
            "floors": {name: floor._asdict() for name, floor in self.floors.items()},
        }


def figure_from_json(values: Mapping[str, Any]) -> Figure:
    """The inverse of `Figure.to_json`."""
    estimates = {name: Estimate(**values[name]) if values[name] else None for name in ("value", "ceiling")}
    floors = {name: Estimate(**floor) for name, floor in values["floors"].items()}
    return Figure(
        values["group"], values["name"], estimates["value"], values["unit"], values["is_higher_better"],
        estimates["ceiling"], floors,
    )  # fmt: skip


def share_of(values: Sequence[float]) -> Estimate | None:
    """Mean of one share in [0, 1] a clip with Wilson's interval; clips that the share says nothing of are nan.

    Where clips hold several bodies the shares lie between 0 and 1 and the interval is wider than it need be.
    """
    told = [value for value in values if not math.isnan(value)]
    return estimate_share(sum(told) / len(told), len(told)) if told else None


def share(
    group: str,
    name: str,
    values: Sequence[float],
    *,
    ceiling: Sequence[float] = (),
    floors: Mapping[str, Sequence[float]] | None = None,
    is_higher_better: bool = True,
) -> Figure:
    """A figure of shares, one a clip, with Wilson's interval."""
    beside = {key: told for key, each in (floors or {}).items() if (told := share_of(each))}
    return Figure(
        group, name, share_of(values), is_higher_better=is_higher_better, ceiling=share_of(ceiling), floors=beside
    )


def mean(
    group: str,
    name: str,
    values: Sequence[float],
    *,
    unit: str,
    ceiling: Sequence[float] = (),
    floors: Mapping[str, Sequence[float]] | None = None,
    is_higher_better: bool | None = False,
    is_signed: bool = False,
) -> Figure:
    """A figure of means, one value a clip, with a bootstrap interval over clips. is_signed: it may be below 0."""
    estimate = partial(estimate_mean, least=-math.inf if is_signed else 0.0)
    beside = {key: told for key, each in (floors or {}).items() if (told := estimate(each))}
    return Figure(group, name, estimate(values), unit, is_higher_better, estimate(ceiling), beside)
