"""Simulated annotators and judges of stated skill, who answer against exact truth.

They measure the machinery on footage whose truth is known, and are recorded as `source=simulated` under names that
begin with `simulated:`; a consensus of theirs says so too. Same seed, same answers.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from sqlalchemy.orm import Session

from muybridge import trust
from muybridge.labeling import attempts, claims
from muybridge.labeling.shapes import KIND_OF_SHAPE, BoxTrack, Keyframe, track_from_value, value_from_track
from muybridge.labeling.tables import Attempt, Ontology, Project, Source, Task

Truth = Callable[[Task], Sequence[Mapping[str, Any]]]
"""The exact annotations of a task's clip, box tracks with a keyframe on every frame."""
Better = Literal["left", "right", "tie"]


@dataclass(frozen=True, slots=True)
class AnnotatorSkill:
    """How somebody errs. All but `keyframe_every` are in [0,1]."""

    name: str
    miss_rate: float = 0.0
    """Probability of overlooking an object."""
    jitter: float = 0.0
    """Standard deviation of each drawn side, as a share of the box's width or height."""
    class_confusion: float = 0.0
    """Probability of naming another class."""
    keyframe_every: int = 1
    """Frames between the keyframes that they draw; between them the box is interpolated."""

    @property
    def answerer(self) -> str:
        return f"{claims.SIMULATED_PREFIX}{self.name}"


@dataclass(frozen=True, slots=True)
class JudgeSkill:
    """How often a judge names the better side; else one of the other verdicts, each as often."""

    name: str
    accuracy: float = 1.0

    @property
    def answerer(self) -> str:
        return f"{claims.SIMULATED_PREFIX}{self.name}"


CREW = (
    AnnotatorSkill("careful", miss_rate=0.02, jitter=0.02, class_confusion=0.01, keyframe_every=4),
    AnnotatorSkill("ordinary", miss_rate=0.06, jitter=0.05, class_confusion=0.05, keyframe_every=8),
    AnnotatorSkill("hasty", miss_rate=0.15, jitter=0.10, class_confusion=0.15, keyframe_every=16),
)
"""A mixed crew: one reads the guideline, one skims it, one wants to be done."""
JUDGES = (JudgeSkill("judge-90", 0.9), JudgeSkill("judge-80", 0.8), JudgeSkill("judge-65", 0.65))


def answer_next(
    session: Session, actor: trust.Actor, project: Project, skill: AnnotatorSkill, truth: Truth, *, seed: int = 0
) -> Attempt | None:
    """Claim one task for a simulated annotator and answer it; None when nothing is left for them."""
    assignment = claims.claim_next(session, actor, project, answerer=skill.answerer)
    if assignment is None:
        return None
    task = trust.load(session, actor, Task, assignment.task_id)
    ontology = trust.load(session, actor, Ontology, task.ontology_id or "")
    values = answer_clip(skill, truth(task), ontology.classes, _generator(seed, skill.name, task))
    return attempts.submit_attempt(
        session, actor, assignment, values, duration_s=float(len(values)), source=Source.SIMULATED
    )


def judge_next(
    session: Session,
    actor: trust.Actor,
    project: Project,
    skill: JudgeSkill,
    better: Callable[[Task], Better],
    *,
    seed: int = 0,
) -> Attempt | None:
    """Claim one comparison for a simulated judge and answer it; None when nothing is left for them."""
    assignment = claims.claim_next(session, actor, project, answerer=skill.answerer)
    if assignment is None:
        return None
    task = trust.load(session, actor, Task, assignment.task_id)
    verdict = judge(skill, better(task), _generator(seed, skill.name, task))
    answer = [{"shape": "comparison", "verdict": verdict}]
    return attempts.submit_attempt(session, actor, assignment, answer, source=Source.SIMULATED)


def answer_clip(
    skill: AnnotatorSkill,
    truth: Sequence[Mapping[str, Any]],
    classes: Sequence[Mapping[str, Any]],
    generator: np.random.Generator,
) -> list[dict[str, Any]]:
    """What somebody of that skill says where `truth` is so; classes are confused among those of the same shape."""
    answered = []
    for value in truth:
        if generator.random() < skill.miss_rate:
            continue
        names = [entry["name"] for entry in classes if value["shape"] in map(KIND_OF_SHAPE.get, entry["shapes"])]
        class_name = _class_said(skill, value["class_name"], names, generator)
        if value["shape"] == "box_track":
            track = _draw(skill, track_from_value(value), class_name, generator)
            answered.append(value_from_track(track))
        else:
            answered.append({**value, "class_name": class_name})
    return answered


def judge(skill: JudgeSkill, better: Better, generator: np.random.Generator) -> str:
    """The verdict of a judge who sees that `better` is so with probability `accuracy`."""
    if generator.random() < skill.accuracy:
        return better
    others = [verdict for verdict in ("left", "right", "tie") if verdict != better]
    return others[int(generator.integers(len(others)))]


def _class_said(
    skill: AnnotatorSkill, true_name: str, class_names: Sequence[str], generator: np.random.Generator
) -> str:
    others = [name for name in class_names if name != true_name]
    if others and generator.random() < skill.class_confusion:
        return others[int(generator.integers(len(others)))]
    return true_name


def _draw(skill: AnnotatorSkill, track: BoxTrack, class_name: str, generator: np.random.Generator) -> BoxTrack:
    """Every n-th keyframe and the last, each side off by its own error, never thinner than a pixel."""
    kept = list(track.keyframes[:: skill.keyframe_every])
    if kept[-1] is not track.keyframes[-1]:
        kept.append(track.keyframes[-1])
    drawn = []
    for key in kept:
        x, y, w, h = key.box
        left, top, right, bottom = generator.normal(0.0, skill.jitter, 4) if skill.jitter else (0.0, 0.0, 0.0, 0.0)
        width, height = max(1.0, w * (1 + right - left)), max(1.0, h * (1 + bottom - top))
        box = tuple(round(float(side), 2) for side in (x + left * w, y + top * h, width, height))
        drawn.append(Keyframe(key.frame, key.pts, (box[0], box[1], box[2], box[3]), key.is_occluded))
    return BoxTrack(class_name, tuple(drawn), dict(track.attributes))


def _generator(seed: int, name: str, task: Task) -> np.random.Generator:
    """A stream of chance of its own for each annotator and task, whatever the order in which they are answered."""
    place = task.external_id or f"{task.asset_id}:{task.start_frame}:{task.payload}"
    digest = hashlib.sha256(f"{seed}:{name}:{place}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:16]))
