"""Comparisons: two generations before people who do not know which is which, as labelling tasks; and the standings.

Sides are drawn at random and recorded. Standings are Bradley-Terry strengths (Bradley & Terry 1952) over all verdicts,
a tie counting half for each side; "both bad" is a floor on quality, no tie, and counts for neither. Intervals resample
raters, not verdicts: one rater's verdicts err together; verdicts all alike resample to no interval at all, so none is
narrower than Wilson's for as many verdicts.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from muybridge import db, trust
from muybridge.artifacts import Artifact, Store
from muybridge.errors import Conflict
from muybridge.evaluation.intervals import estimate_share
from muybridge.evaluation.tables import Comparison, Evaluation
from muybridge.generation.tables import Generation
from muybridge.labeling import attempts, claims, tasks
from muybridge.labeling.tables import Annotation, Assignment, Attempt, Project, Task, TaskKind

QUESTION = "Which clip follows the words better and moves more truly?"
NUM_RESAMPLES = 500
Verdict = Literal["left", "right", "tie", "both_bad"]
State = Literal["open", "judged", "all"]


class NotRendered(Conflict):
    code = "evaluation.not_rendered"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two generations to be compared, and what each stands for in the standings."""

    one: Generation
    one_variant: str
    other: Generation
    other_variant: str


@dataclass(frozen=True, slots=True)
class Vote:
    rater: str
    source: str
    winner: str | None
    """None for a tie."""
    variants: tuple[str, str]
    is_both_bad: bool = False


def open_comparisons(
    session: Session,
    actor: trust.Actor,
    project: Project,
    pairs: Sequence[Pair],
    *,
    evaluation: Evaluation | None = None,
    question: str = QUESTION,
    replicas: int = 1,
    seed: int = 0,
) -> list[Comparison]:
    """Ask for each pair which is better. Raises NotRendered for a generation without a clip."""
    trust.require(actor, "evaluation.run", project)
    for generation in (each for pair in pairs for each in (pair.one, pair.other)):
        if generation.artifact_id is None:
            raise NotRendered(f"Generation {generation.id} has no clip yet.", remedy="Wait for its job to end.")
    sided = [_sides(pair, seed) for pair in pairs]
    asked = [
        tasks.NewTask(payload={"left": left.artifact_id, "right": right.artifact_id, "question": question})
        for (left, _), (right, _) in sided
    ]
    made = tasks.create_tasks(session, actor, project, asked, replicas=replicas, kind=TaskKind.COMPARISON)
    comparisons = [
        Comparison(
            tenant_id=actor.tenant_id,
            project_id=project.id,
            evaluation_id=evaluation.id if evaluation else None,
            task_id=task.id,
            question=question,
            left_generation_id=left.id,
            left_variant=left_variant,
            right_generation_id=right.id,
            right_variant=right_variant,
        )
        for task, ((left, left_variant), (right, right_variant)) in zip(made, sided, strict=True)
    ]
    session.add_all(comparisons)
    session.flush()
    trust.record(session, actor, "comparison.created", comparisons[0].id, num_comparisons=len(comparisons))
    return comparisons


def judge(session: Session, actor: trust.Actor, comparison: Comparison, verdict: Verdict) -> Attempt:
    """Say which side is better: claims the task for the actor and answers it. Raises AlreadySubmitted, LeaseLost."""
    task = trust.load(session, actor, Task, comparison.task_id)
    trust.require(actor, "labeling.answer", task)
    assignment = claims.claim_task(session, actor, task)
    trust.record(session, actor, "comparison.judged", comparison.id, verdict=verdict)
    return attempts.submit_attempt(session, actor, assignment, [{"shape": "comparison", "verdict": verdict}])


def list_comparisons(
    session: Session,
    actor: trust.Actor,
    *,
    state: State = "all",
    project_id: str | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> db.Page[Comparison]:
    """Oldest first, the order in which they are judged. open: those that the actor may still judge."""
    trust.require(actor, "labeling.read")
    statement = select(Comparison)
    if project_id is not None:
        statement = statement.where(Comparison.project_id == project_id)
    if state != "all":
        statement = statement.join(Task, Task.id == Comparison.task_id).where(Task.is_open.is_(state == "open"))
    if state == "open":
        own = select(Assignment.task_id).where(Assignment.actor_id == actor.id, Assignment.submitted_at.is_not(None))
        statement = statement.where(Comparison.task_id.not_in(own))
    return db.page(
        session, trust.visible(statement, actor), Comparison.id, limit=limit, cursor=cursor, newest_first=False
    )


class Shown(NamedTuple):
    """What a judge sees: the words and two clips, without what made them."""

    prompt: str
    left_url: str
    right_url: str


def show(session: Session, actor: trust.Actor, store: Store, comparison: Comparison) -> Shown:
    """Addresses of both clips, good for an hour; being given them is an event for each clip."""
    trust.require(actor, "labeling.read", comparison)
    clips = [
        trust.load(session, actor, Generation, identifier)
        for identifier in (comparison.left_generation_id, comparison.right_generation_id)
    ]
    for clip in clips:
        if clip.asset_id is not None:
            trust.record(session, actor, "asset.streamed", clip.asset_id, comparison_id=comparison.id)
    left, right = (_address(session, actor, store, clip) for clip in clips)
    return Shown(str(clips[0].spec.get("prompt", "")), left, right)


def verdicts_of(session: Session, actor: trust.Actor, comparisons: Sequence[Comparison]) -> dict[str, Verdict]:
    """What the actor said of these comparisons, by comparison id."""
    trust.require(actor, "labeling.read")
    by_task = {comparison.task_id: comparison.id for comparison in comparisons}
    said = (
        select(Attempt.task_id, Annotation.value)
        .join(Annotation, Annotation.attempt_id == Attempt.id)
        .where(Attempt.task_id.in_(by_task), Attempt.actor_id == actor.id)
    )
    return {by_task[task_id]: value["verdict"] for task_id, value in session.execute(trust.visible(said, actor))}


def _address(session: Session, actor: trust.Actor, store: Store, clip: Generation) -> str:
    assert clip.artifact_id is not None, "open_comparisons takes rendered ones only"
    artifact = trust.load(session, actor, Artifact, clip.artifact_id)
    return store.url(
        artifact.digest,
        tenant_id=artifact.tenant_id,
        media_type=artifact.media_type,
        # Not the artifact's name: it could tell the sides apart.
        filename="clip.mp4",
        actor_id=actor.id,
    )


def votes_of(session: Session, actor: trust.Actor, comparisons: Sequence[Comparison]) -> list[Vote]:
    """Every verdict on these comparisons, in the order given."""
    trust.require(actor, "evaluation.read")
    by_task = {comparison.task_id: comparison for comparison in comparisons}
    found = (
        select(Attempt, Annotation)
        .join(Annotation, Annotation.attempt_id == Attempt.id)
        .where(Attempt.task_id.in_(by_task))
        .order_by(Attempt.id)
    )
    votes = []
    for attempt, annotation in session.execute(trust.visible(found, actor)):
        comparison = by_task[attempt.task_id]
        variants = {"left": comparison.left_variant, "right": comparison.right_variant}
        verdict = annotation.value["verdict"]
        votes.append(
            Vote(
                attempt.actor_id,
                attempt.source,
                variants.get(verdict),
                (comparison.left_variant, comparison.right_variant),
                is_both_bad=verdict == "both_bad",
            )
        )
    return votes


@dataclass(frozen=True, slots=True)
class Standing:
    """share: expected share of wins against the mean opponent, in [0, 1], with its 95 % interval."""

    variant: str
    share: float
    low: float
    high: float
    num_votes: int


def standings(votes: Sequence[Vote], *, seed: int = 0) -> list[Standing]:
    """Variants by strength, the strongest first; empty without a decisive verdict."""
    decisive = [vote for vote in votes if not vote.is_both_bad and vote.variants[0] != vote.variants[1]]
    variants = sorted({name for vote in decisive for name in vote.variants})
    if len(variants) < 2:
        return []
    raters = sorted({vote.rater for vote in decisive})
    of_rater = {rater: [vote for vote in decisive if vote.rater == rater] for rater in raters}
    shares = _shares(decisive, variants)
    generator = np.random.default_rng(seed)
    resampled = np.array(
        [
            _shares([vote for rater in generator.choice(raters, len(raters)) for vote in of_rater[rater]], variants)
            for _ in range(NUM_RESAMPLES)
        ]
    )
    low, high = np.percentile(resampled, [2.5, 97.5], axis=0)
    counts = [sum(name in vote.variants for vote in decisive) for name in variants]
    least = [estimate_share(share, count) for share, count in zip(shares.tolist(), counts, strict=True)]
    low = np.minimum(low, [each.low for each in least])
    high = np.maximum(high, [each.high for each in least])
    ranked = [
        Standing(*each) for each in zip(variants, shares.tolist(), low.tolist(), high.tolist(), counts, strict=True)
    ]
    return sorted(ranked, key=lambda each: each.share, reverse=True)


def summary_of(
    session: Session, actor: trust.Actor, comparisons: Sequence[Comparison], *, seed: int = 0
) -> dict[str, Any]:
    """What the judges said, as JSON: counts, who answered, the left side's share of decisive verdicts, standings."""
    votes = votes_of(session, actor, comparisons)
    decisive = [vote for vote in votes if vote.winner is not None and vote.variants[0] != vote.variants[1]]
    left = sum(vote.winner == vote.variants[0] for vote in decisive)
    return {
        "num_comparisons": len(comparisons),
        "num_verdicts": len(votes),
        "num_raters": len({vote.rater for vote in votes}),
        "sources": sorted({vote.source for vote in votes}),
        "ties": sum(vote.winner is None and not vote.is_both_bad for vote in votes),
        "both_bad": sum(vote.is_both_bad for vote in votes),
        "num_decisive": len(decisive),
        "left_share": left / len(decisive) if decisive else None,
        "standings": [asdict(each) for each in standings(votes, seed=seed)],
    }


def _sides(pair: Pair, seed: int) -> tuple[tuple[Generation, str], tuple[Generation, str]]:
    one, other = (pair.one, pair.one_variant), (pair.other, pair.other_variant)
    drawn = hashlib.sha256(f"{seed}/{pair.one.id}/{pair.other.id}".encode()).digest()[0] & 1
    return (other, one) if drawn else (one, other)


def _shares(votes: Sequence[Vote], variants: Sequence[str]) -> "np.ndarray[Any, np.dtype[np.float64]]":
    """Mean chance of each variant to win against the others, by its Bradley-Terry strength."""
    import evalica  # compiled; loads on first use

    # One tie between every two variants: without it a variant that never lost has no finite strength.
    prior = [(one, other) for number, one in enumerate(variants) for other in variants[number + 1 :]]
    winners = {True: evalica.Winner.X, False: evalica.Winner.Y}
    results = [
        evalica.Winner.Draw if vote.winner is None else winners[vote.winner == vote.variants[0]] for vote in votes
    ]
    ranked = evalica.bradley_terry(
        [vote.variants[0] for vote in votes] + [one for one, _ in prior],
        [vote.variants[1] for vote in votes] + [other for _, other in prior],
        results + [evalica.Winner.Draw] * len(prior),
    )
    strength = np.array([float(ranked.scores[name]) for name in variants])
    chance = strength[:, None] / (strength[:, None] + strength[None, :])
    shares: np.ndarray[Any, np.dtype[np.float64]] = (chance.sum(axis=1) - 0.5) / (len(variants) - 1)
    return shares
