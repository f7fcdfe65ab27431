"""Step 2, label: simulated annotators answer rendered footage; a tracker proposes on real footage and people decide.

Nothing is invented: on real footage `consensus` stays null, with the reason, until people have answered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from muybridge import trust
from muybridge.catalog import assets, clips
from muybridge.cli.demo import footage
from muybridge.cli.demo.ledger import Ledger
from muybridge.cli.demo.plan import Plan, free_name
from muybridge.jobs import Job
from muybridge.labeling import projects, proposals, quality, simulated, tasks
from muybridge.labeling.tables import Consensus, Project, Task, TaskKind
from muybridge.units import FrameSpan

CLASSES = ("object", "person", "animal", "vehicle")
REPLICAS = 3
SHAPES = ("circle", "square", "triangle", "star", "ring", "occluder")
"""What can be seen in the Lab."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What labelling came to.

    consensus: mean agreement and, where the truth is known, quality with intervals; None where nobody answered, and
    `reason` says so. proposals: how many are open, accepted, adjusted and rejected.
    """

    project_id: str
    num_tasks: int
    consensus: dict[str, Any] | None
    reason: str
    proposals: dict[str, int]
    answerers: list[dict[str, Any]]

    @property
    def num_accepted(self) -> int:
        return self.proposals.get("accepted", 0) + self.proposals.get("adjusted", 0)


def label(ledger: Ledger, plan: Plan, asset_ids: Sequence[str]) -> Labels:
    """Ask and answer what can be answered honestly here."""
    names = SHAPES if plan.is_simulated else CLASSES
    project_id = ledger.once("project", lambda session: _project(session, ledger, plan, names))
    if plan.is_simulated:
        _ask(ledger, project_id, asset_ids)
        # Once: started again, the crew would take the next round's tasks, which wait for people.
        if not ledger.get("answered"):
            _answer(ledger, plan, project_id)
            ledger.wait_for("labeling.resolve", "agree")
            ledger.note("answered", True)
    else:
        _propose(ledger, project_id, asset_ids)
    return _look(ledger, plan, project_id)


def name_project(session: Session, actor: trust.Actor, title: str) -> str:
    """The title, numbered where a project has it already."""

    def is_taken(name: str) -> bool:
        named = select(Project.id).where(Project.name == name).limit(1)
        return session.scalars(trust.visible(named, actor)).first() is not None

    return free_name(title, is_taken)


def _project(session: Session, ledger: Ledger, plan: Plan, names: Sequence[str]) -> str:
    name = name_project(session, ledger.actor, plan.title)
    classes = [{"name": name, "shapes": ["box"]} for name in names]
    return projects.create_project(session, ledger.actor, name, classes=classes).id


def _ask(ledger: Ledger, project_id: str, asset_ids: Sequence[str]) -> None:
    def ask(session: Session) -> str:
        project = trust.load(session, ledger.actor, Project, project_id)
        asked = [
            tasks.NewTask(clip, external_id=f"{asset_id}/{number}")
            for asset_id in asset_ids
            for number, clip in enumerate(tasks.clips_of_shots(session, ledger.actor, asset_id))
        ]
        tasks.create_tasks(session, ledger.actor, project, asked, replicas=REPLICAS)
        return project_id

    ledger.once("tasks", ask)


def _answer(ledger: Ledger, plan: Plan, project_id: str) -> None:
    """The crew answers until nothing is left; answers already given are in the database."""
    truths = Truths(ledger, plan)
    bar = ledger.progress.add_task("label", total=len(simulated.CREW), note="")
    for skill in simulated.CREW:
        ledger.progress.update(bar, note=skill.name)
        while True:
            with ledger.write() as session:
                project = trust.load(session, ledger.actor, Project, project_id)
                if simulated.answer_next(session, ledger.actor, project, skill, truths.of, seed=plan.seed) is None:
                    break
        ledger.progress.update(bar, advance=1)


class Truths:
    """Exact annotations of the rendered footage, computed anew from its seeds; cached by asset."""

    def __init__(self, ledger: Ledger, plan: Plan) -> None:
        self.ledger = ledger
        self.plan = plan
        self._tracks: dict[str, list[dict[str, Any]]] = {}

    def of(self, task: Task) -> list[Mapping[str, Any]]:
        """The true box tracks within a task's clip."""
        assert task.asset_id is not None
        assert task.start_frame is not None
        assert task.end_frame is not None
        span = FrameSpan(task.start_frame, task.end_frame)
        if task.asset_id not in self._tracks:
            self._tracks[task.asset_id] = self._load(task.asset_id)
        cut = [
            {**track, "keyframes": [key for key in track["keyframes"] if key["frame"] in span]}
            for track in self._tracks[task.asset_id]
        ]
        return [track for track in cut if track["keyframes"]]

    def _load(self, asset_id: str) -> list[dict[str, Any]]:
        with self.ledger.read() as session:
            name = assets.load_asset(session, self.ledger.actor, asset_id).name
            index = clips.load_index(session, self.ledger.actor, self.ledger.installation.store, asset_id)
        number = int(name.removesuffix(".mp4").rpartition("-")[2]) - 1
        return [
            {
                "shape": "box_track",
                "class_name": track.class_name,
                "keyframes": [
                    {"frame": frame, "pts": int(index.pts[frame]), "box": list(box), "is_occluded": is_occluded}
                    for frame, box, is_occluded in zip(track.frames, track.boxes, track.is_occluded, strict=True)
                ],
                "attributes": {},
            }
            for track in footage.plan_of(self.plan, number).tracks
        ]


def _propose(ledger: Ledger, project_id: str, asset_ids: Sequence[str]) -> None:
    """One job an asset, so that where one failed, the next start looks at that asset alone."""

    def request(session: Session, asset_id: str) -> str:
        project = trust.load(session, ledger.actor, Project, project_id)
        (job,) = proposals.request_proposals(session, ledger.actor, project, asset_ids=[asset_id])
        return job.id

    started = [
        ledger.once_worked(f"proposals/{asset_id}", partial(request, asset_id=asset_id), Job) for asset_id in asset_ids
    ]
    ledger.wait(started, "propose")


def _look(ledger: Ledger, plan: Plan, project_id: str) -> Labels:
    with ledger.read() as session:
        project = trust.load(session, ledger.actor, Project, project_id)
        agreement = quality.agreement_of(session, ledger.actor, project)
        # Tasks of a batch are the next round's, which is told of where it is opened.
        of_round = select(Task).where(
            Task.project_id == project_id, Task.kind == TaskKind.ANNOTATE, Task.batch_id.is_(None)
        )
        asked = list(session.scalars(trust.visible(of_round, ledger.actor)))
        consensus: dict[str, Any] | None = None
        reason = ""
        if agreement.num_tasks == 0:
            reason = agreement.reason or "Nobody has answered a task twice yet."
        else:
            consensus = agreement.as_json()
        if plan.is_simulated:
            consensus = {**(consensus or {}), "quality": _quality(session, ledger, plan, asked)}
        return Labels(
            project_id=project_id,
            num_tasks=len(asked),
            consensus=consensus,
            reason=reason,
            proposals=quality.count_proposals(session, ledger.actor, project),
            answerers=[asdict(score) for score in quality.score_answerers(session, ledger.actor, project)],
        )


def _quality(session: Session, ledger: Ledger, plan: Plan, asked: Sequence[Task]) -> dict[str, Any]:
    truths = Truths(ledger, plan)
    by_task = {task.id: task for task in asked}
    found = select(Consensus).where(Consensus.task_id.in_(by_task))
    scores = [
        quality.score_clip(consensus.value["annotations"], truths.of(by_task[consensus.task_id]))
        for consensus in session.scalars(trust.visible(found, ledger.actor))
    ]
    return quality.summarise(scores, seed=plan.seed).as_json()
