"""Gold: tasks whose answer is known. They measure people; their answers never enter a dataset as labels."""

from collections.abc import Mapping, Sequence
from typing import Any

from muybridge.labeling.consensus.similarity import answer_similarity
from muybridge.labeling.tables import Task


def score_answer(task: Task, annotations: Sequence[Mapping[str, Any]]) -> float | None:
    """How well an answer meets the task's gold, in [0,1]; None when the task is not gold.

    A verdict is right or wrong; annotations score as `similarity.answer_similarity` does between two answers.
    """
    if task.gold is None:
        return None
    if "verdict" in task.gold:
        return float(annotations[0]["verdict"] == task.gold["verdict"])
    return answer_similarity(task.gold["annotations"], annotations)
