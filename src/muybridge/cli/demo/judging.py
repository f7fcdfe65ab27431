"""Steps 7 and 8, evaluate and ask: figures beside floors, blind comparisons, and the worst clips as the next round.

On rendered footage simulated judges of stated skill answer; on real footage the comparisons stay open for people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from muybridge import trust
from muybridge.catalog import clips
from muybridge.cli.demo import labels
from muybridge.cli.demo.learn import Learned
from muybridge.cli.demo.ledger import Ledger
from muybridge.cli.demo.make import MadeClip
from muybridge.cli.demo.plan import Plan
from muybridge.evaluation import comparisons, evaluations, pairing
from muybridge.evaluation.tables import Comparison, Evaluation
from muybridge.generation.spec import Kind
from muybridge.labeling import batches, projects, simulated, tasks
from muybridge.labeling.tables import Project, Task
from muybridge.units import FrameSpan

NUM_SCORED = 32
NUM_WORST = 4


@dataclass(frozen=True, slots=True)
class Judged:
    evaluation: Evaluation
    comparisons: dict[str, Any]
    next_round: list[dict[str, Any]]
    """Tasks of round 2: the clips that the network continued worst."""


def judge(ledger: Ledger, plan: Plan, learned: Learned, made: Sequence[MadeClip], project_id: str) -> Judged:
    """Score the checkpoint, ask which clips are better, and open the next round."""
    evaluation = _evaluate(ledger, plan, learned)
    asked = _ask(ledger, plan, made, evaluation)
    if plan.is_simulated:
        _answer(ledger, plan, made)
        ledger.wait_for("labeling.resolve", "agree")
    with ledger.read() as session:
        summary = comparisons.summary_of(session, ledger.actor, asked, seed=plan.seed)
    return Judged(evaluation, summary, _open_next_round(ledger, plan, evaluation, project_id))


def _evaluate(ledger: Ledger, plan: Plan, learned: Learned) -> Evaluation:
    def start(session: Session) -> str:
        return evaluations.start_evaluation(
            session,
            ledger.actor,
            learned.checkpoint,
            version=learned.version,
            n=NUM_SCORED,
            seed=plan.seed,
            extent="quick",
        ).id

    evaluation_id = ledger.once_worked("evaluation", start, Evaluation)
    with ledger.read() as session:
        job_id = trust.load(session, ledger.actor, Evaluation, evaluation_id).job_id
    ledger.wait([job_id] if job_id else [], "evaluate")
    with ledger.read() as session:
        return trust.load(session, ledger.actor, Evaluation, evaluation_id)


def _ask(ledger: Ledger, plan: Plan, made: Sequence[MadeClip], evaluation: Evaluation) -> list[Comparison]:
    judged = [clip for clip in made if not plan.is_simulated or clip.kind == Kind.TEXT_TO_VIDEO]

    def ask(session: Session) -> str:
        name = labels.name_project(session, ledger.actor, f"{plan.run_title}: comparisons")
        project = projects.create_project(session, ledger.actor, name)
        pairs = []
        for _, group in groupby(judged, key=lambda clip: (clip.kind, clip.number)):
            one, other = group
            pairs.append(comparisons.Pair(one.generation, one.variant, other.generation, other.variant))
        replicas = len(simulated.JUDGES) if plan.is_simulated else 1
        comparisons.open_comparisons(
            session, ledger.actor, project, pairs, evaluation=evaluation, replicas=replicas, seed=plan.seed
        )
        return project.id

    project_id = ledger.once("comparisons", ask)
    with ledger.read() as session:
        return pairing.comparisons_of(session, ledger.actor, trust.load(session, ledger.actor, Project, project_id))


def _answer(ledger: Ledger, plan: Plan, made: Sequence[MadeClip]) -> None:
    """Judges who see which clip has more of its prompt's facts right, each as often as their skill says."""
    scores = {clip.generation.artifact_id: _facts_right(clip) for clip in made if clip.kind == Kind.TEXT_TO_VIDEO}

    def better(task: Task) -> simulated.Better:
        left, right = scores[task.payload["left"]], scores[task.payload["right"]]
        return "tie" if left == right else "left" if left > right else "right"

    for skill in simulated.JUDGES:
        while True:
            with ledger.write() as session:
                project = trust.load(session, ledger.actor, Project, str(ledger.get("comparisons")))
                if simulated.judge_next(session, ledger.actor, project, skill, better, seed=plan.seed) is None:
                    break


def _facts_right(clip: MadeClip) -> int:
    """How many facts of its prompt a made clip shows, by the simulator's own judge."""
    import numpy as np  # the judge and the decoder are for rendered footage only
    import torch

    from muybridge.media import describe, read_frames
    from muybridge.simulator import captions, judge
    from muybridge.simulator.configs import room_config

    config = room_config("bakeoff")
    frames = np.stack(list(read_frames(clip.path, describe(clip.path).index)))
    step = frames.shape[1] // config.height
    small = torch.from_numpy(frames[None, : config.num_frames, step // 2 :: step, step // 2 :: step])
    (found,) = judge.facts_from_frames(small, config)
    scores = judge.compare(found, captions.parse(clip.generation.spec["prompt"]))
    return sum(mean == 1.0 for mean in judge.mean_scores([scores]).values())


def _open_next_round(ledger: Ledger, plan: Plan, evaluation: Evaluation, project_id: str) -> list[dict[str, Any]]:
    worst = (evaluation.metrics or {}).get("worst", [])[:NUM_WORST]
    if not worst:
        return []

    def open_round(session: Session) -> str:
        project = trust.load(session, ledger.actor, Project, project_id)
        batch = batches.create_batch(session, ledger.actor, project, f"Round 2: continued worst in {plan.run_title}")
        asked = [_task_of(session, ledger, number, entry) for number, entry in enumerate(worst)]
        tasks.create_tasks(session, ledger.actor, project, asked, batch=batch)
        return batch.id

    batch_id = ledger.once("next round", open_round)
    with ledger.read() as session:
        of_batch = select(Task).where(Task.batch_id == batch_id).order_by(Task.id)
        made = session.scalars(trust.visible(of_batch, ledger.actor)).all()
    return [{"task": task.id, **entry} for task, entry in zip(made, worst, strict=True)]


def _task_of(session: Session, ledger: Ledger, number: int, entry: dict[str, Any]) -> tasks.NewTask:
    index = clips.load_index(session, ledger.actor, ledger.installation.store, entry["asset_id"])
    start, end = entry["start_frame"], entry["end_frame"]
    clip = tasks.ClipSpan(entry["asset_id"], start, end, *index.pts_bounds(FrameSpan(start, end)))
    payload = {"why": f"continued {entry['psnr_gain_db']:+.1f} dB against repeating the last frame"}
    return tasks.NewTask(clip, external_id=f"round-2/{ledger.key}/{number}", payload=payload)
