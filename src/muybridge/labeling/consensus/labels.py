"""Reading an answer as one label, for methods that vote: its set of classes, or its verdict."""

from collections.abc import Mapping, Sequence
from typing import Any

from muybridge.labeling.consensus.contract import Agreed, Answer
from muybridge.labeling.consensus.votes import attribute_agreement, attributes_of, attributes_said

Label = tuple[str, ...]
"""The class names said, sorted; () for none. A comparison's is its one verdict."""


def label_of(answer: Answer) -> Label:
    return tuple(sorted({_name(value) for value in answer.annotations if value["shape"] in ("class", "comparison")}))


def agreed_on(label: Label, answers: Sequence[Answer], agreement: float, facts: Mapping[str, Any]) -> Agreed:
    """The label as annotations; agreement: that of its names.

    A class has the attributes that most of those `answers` gave it which named it, and its agreement is scaled by
    theirs on them. The whole is as sure as its least sure class.
    """
    if any(value["shape"] == "comparison" for answer in answers for value in answer.annotations):
        verdicts = tuple({"shape": "comparison", "verdict": name, "agreement": agreement} for name in label)
        return Agreed(verdicts, agreement, facts)
    classes = tuple(_agreed_class(name, answers, agreement) for name in label)
    return Agreed(classes, min((value["agreement"] for value in classes), default=agreement), facts)


def _agreed_class(name: str, answers: Sequence[Answer], agreement: float) -> dict[str, Any]:
    named = [[attributes_of(value) for value in answer.annotations if _name(value) == name] for answer in answers]
    said = [attributes_said(several) for several in named if several]
    return {
        "shape": "class",
        "class_name": name,
        "attributes": attributes_said(said),
        "agreement": agreement * attribute_agreement(said),
    }


def _name(value: Mapping[str, Any]) -> str:
    return str(value["verdict"] if value["shape"] == "comparison" else value["class_name"])
