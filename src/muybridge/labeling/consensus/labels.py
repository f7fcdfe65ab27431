"""Reading an answer as one label, for methods that vote: its set of classes, or its verdict."""

from collections.abc import Mapping, Sequence
from typing import Any

from muybridge.labeling.consensus.contract import Answer
from muybridge.labeling.consensus.votes import attributes_said

Label = tuple[str, ...]
"""The class names said, sorted; () for none. A comparison's is its one verdict."""


def label_of(answer: Answer) -> Label:
    return tuple(sorted({_name(value) for value in answer.annotations if value["shape"] in ("class", "comparison")}))


def annotations_of(label: Label, answers: Sequence[Answer], agreement: float) -> tuple[Mapping[str, Any], ...]:
    """The label as annotation values, each with the label's agreement.

    A class has the attributes that most of those `answers` gave it which named it.
    """
    values = [value for answer in answers for value in answer.annotations]
    if any(value["shape"] == "comparison" for value in values):
        return tuple({"shape": "comparison", "verdict": name, "agreement": agreement} for name in label)
    return tuple(
        {
            "shape": "class",
            "class_name": name,
            "attributes": attributes_said([value.get("attributes") or {} for value in values if _name(value) == name]),
            "agreement": agreement,
        }
        for name in label
    )


def _name(value: Mapping[str, Any]) -> str:
    return str(value["verdict"] if value["shape"] == "comparison" else value["class_name"])
