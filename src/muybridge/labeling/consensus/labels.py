"""Reading an answer as one label, for methods that vote: its set of classes, or its verdict."""

from collections.abc import Mapping
from typing import Any

from muybridge.labeling.consensus.contract import Answer

Label = tuple[str, ...]
"""The class names said, sorted; () for none. A comparison's is its one verdict."""


def label_of(answer: Answer) -> Label:
    return tuple(sorted({_name(value) for value in answer.annotations if value["shape"] in ("class", "comparison")}))


def annotations_of(label: Label, answers_shape: str, agreement: float) -> tuple[Mapping[str, Any], ...]:
    """The label as annotation values, each with the label's agreement."""
    if answers_shape == "comparison":
        return tuple({"shape": "comparison", "verdict": name, "agreement": agreement} for name in label)
    return tuple({"shape": "class", "class_name": name, "attributes": {}, "agreement": agreement} for name in label)


def shape_of(answers: tuple[Answer, ...]) -> str:
    shapes = {value["shape"] for answer in answers for value in answer.annotations}
    return "comparison" if "comparison" in shapes else "class"


def _name(value: Mapping[str, Any]) -> str:
    return str(value["verdict"] if value["shape"] == "comparison" else value["class_name"])
