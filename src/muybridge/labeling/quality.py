"""How good are the answers: consensus against exact truth, with intervals, and each answerer against the rest.

Pure scoring first, then the few selects that feed it. Intervals are percentile bootstraps over clips, since objects
of one clip err together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from muybridge import trust
from muybridge.labeling import attempts
from muybridge.labeling.consensus.similarity import answer_similarity
from muybridge.labeling.shapes import BoxTrack, track_iou, tracks_of
from muybridge.labeling.tables import Attempt, Consensus, Project, Proposal, ProposalState, Task, TaskKind

MATCH_IOU = 0.5
NUM_RESAMPLES = 1000


class Interval(NamedTuple):
    """A share with its 95 % bootstrap interval and the number of clips it is over."""

    value: float
    low: float
    high: float
    num_clips: int


@dataclass(frozen=True, slots=True)
class ClipScore:
    """One clip's tracks against its truth."""

    num_true: int
    num_found: int
    ious: tuple[float, ...]
    """IoU over time of each matched pair; a pair matches from 0.5 on, whatever its class."""
    num_class_right: int


@dataclass(frozen=True, slots=True)
class Quality:
    """Over all clips; None where nothing was there to be measured."""

    recall: Interval | None
    precision: Interval | None
    mean_iou: Interval | None
    class_accuracy: Interval | None

    def as_json(self) -> dict[str, Any]:
        named = {name: getattr(self, name) for name in ("recall", "precision", "mean_iou", "class_accuracy")}
        return {name: interval._asdict() if interval else None for name, interval in named.items()}


def score_clip(found: Sequence[Mapping[str, Any]], truth: Sequence[Mapping[str, Any]]) -> ClipScore:
    """Match tracks one to one by IoU over time, best first, classes aside; then see which classes are right."""
    found_tracks, true_tracks = tracks_of(found), tracks_of(truth)
    matched = _match(found_tracks, true_tracks)
    return ClipScore(
        num_true=len(true_tracks),
        num_found=len(found_tracks),
        ious=tuple(iou for _, _, iou in matched),
        num_class_right=sum(a.class_name == b.class_name for a, b, _ in matched),
    )


def summarise(scores: Sequence[ClipScore], *, seed: int = 0) -> Quality:
    """Pooled shares over clips, with intervals from resampled clips."""
    table = np.array(
        [[s.num_true, s.num_found, len(s.ious), sum(s.ious), s.num_class_right] for s in scores], np.float64
    ).reshape(-1, 5)
    true, found, matched, iou, right = range(5)
    return Quality(
        recall=_interval(table, matched, true, seed),
        precision=_interval(table, matched, found, seed),
        mean_iou=_interval(table, iou, matched, seed),
        class_accuracy=_interval(table, right, matched, seed),
    )


def _match(found: Sequence[BoxTrack], true: Sequence[BoxTrack]) -> list[tuple[BoxTrack, BoxTrack, float]]:
    pairs = sorted(
        ((track_iou(a, b), i, j) for i, a in enumerate(found) for j, b in enumerate(true)),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    used_found: set[int] = set()
    used_true: set[int] = set()
    matched = []
    for iou, i, j in pairs:
        if iou >= MATCH_IOU and i not in used_found and j not in used_true:
            used_found.add(i)
            used_true.add(j)
            matched.append((found[i], true[j], iou))
    return matched


def _interval(table: np.ndarray[Any, np.dtype[np.float64]], top: int, bottom: int, seed: int) -> Interval | None:
    """The ratio of two column sums, and what it would be over clips drawn again with replacement."""
    total = table[:, bottom].sum()
    if total == 0:
        return None
    draws = np.random.default_rng(seed).integers(len(table), size=(NUM_RESAMPLES, len(table)))
    tops, bottoms = table[draws, top].sum(axis=1), table[draws, bottom].sum(axis=1)
    ratios = tops[bottoms > 0] / bottoms[bottoms > 0]
    low, high = np.percentile(ratios, [2.5, 97.5])
    return Interval(float(table[:, top].sum() / total), float(low), float(high), len(table))


@dataclass(frozen=True, slots=True)
class AnswererScore:
    """How one answerer compares; scores in [0,1], None where there is nothing to compare with."""

    answerer: str
    source: str
    num_attempts: int
    with_consensus: float | None
    """Mean likeness to the consensus of the tasks they answered."""
    with_gold: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far a project's answers agree; `mean` is None with the reason where nobody answered."""

    mean: float | None
    num_tasks: int
    sources: tuple[str, ...]
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def score_answerers(session: Session, actor: trust.Actor, project: Project) -> list[AnswererScore]:
    """Each answerer of the project, in order of name."""
    trust.require(actor, "labeling.read", project)
    statement = (
        select(Attempt)
        .join(Task, Task.id == Attempt.task_id)
        .where(Task.project_id == project.id, Attempt.assignment_id.is_not(None))
        .order_by(Attempt.id)
    )
    answered = list(session.scalars(trust.visible(statement, actor)))
    values = attempts.values_by_attempt(session, actor, [attempt.id for attempt in answered])
    agreed = {consensus.task_id: consensus.value for consensus in _consensuses(session, actor, project)}
    return [
        _score_answerer(who, [attempt for attempt in answered if attempt.actor_id == who], values, agreed)
        for who in sorted({attempt.actor_id for attempt in answered})
    ]


def _score_answerer(
    who: str, theirs: Sequence[Attempt], values: Mapping[str, list[Any]], agreed: Mapping[str, Mapping[str, Any]]
) -> AnswererScore:
    likeness = [
        answer_similarity(values[attempt.id], agreed[attempt.task_id]["annotations"])
        for attempt in theirs
        if attempt.task_id in agreed
    ]
    gold = [attempt.gold_score for attempt in theirs if attempt.gold_score is not None]
    return AnswererScore(
        answerer=who,
        source=theirs[0].source,
        num_attempts=len(theirs),
        with_consensus=sum(likeness) / len(likeness) if likeness else None,
        with_gold=sum(gold) / len(gold) if gold else None,
    )


def agreement_of(session: Session, actor: trust.Actor, project: Project) -> Agreement:
    """Mean agreement over tasks that two or more answered. A single answer agrees with nobody and is not counted."""
    trust.require(actor, "labeling.read", project)
    consensuses = _consensuses(session, actor, project)
    shared = [consensus for consensus in consensuses if consensus.num_attempts > 1]
    sources = tuple(sorted({source for consensus in shared for source in consensus.sources}))
    if shared:
        mean = sum(consensus.agreement for consensus in shared) / len(shared)
        return Agreement(mean, len(shared), sources)
    if consensuses:
        return Agreement(None, 0, (), "Each task was answered by one alone; agreement needs two.")
    decided = select(func.count(Proposal.id)).where(
        Proposal.project_id == project.id, Proposal.state != ProposalState.OPEN
    )
    if session.scalars(trust.visible(decided, actor)).one():
        return Agreement(None, 0, (), "Proposals were decided by one person each; agreement needs two answers.")
    return Agreement(None, 0, (), "Nobody answered yet.")


def count_proposals(session: Session, actor: trust.Actor, project: Project) -> dict[str, int]:
    """How many proposals are open, accepted, adjusted and rejected."""
    trust.require(actor, "labeling.read", project)
    statement = select(Proposal.state, func.count(Proposal.id)).where(Proposal.project_id == project.id)
    rows = session.execute(trust.visible(statement.group_by(Proposal.state), actor))
    found = dict(rows.all())
    return {state.value: found.get(state.value, 0) for state in ProposalState}


def _consensuses(session: Session, actor: trust.Actor, project: Project) -> list[Consensus]:
    statement = (
        select(Consensus)
        .join(Task, Task.id == Consensus.task_id)
        .where(Task.project_id == project.id, Task.kind == TaskKind.ANNOTATE)
        .order_by(Consensus.task_id)
    )
    return list(session.scalars(trust.visible(statement, actor)))
