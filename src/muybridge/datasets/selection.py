"""Selection: what a living query finds now, as clips with labels by value and the ids they came from.

Labels enter in two ways: as a consensus that stands (agreed, or judged by a reviewer), and as a proposal that a
person accepted or adjusted. Open proposals and gold never enter.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from muybridge import trust
from muybridge.catalog.tables import Asset, Shot
from muybridge.errors import Invalid
from muybridge.labeling.tables import (
    Annotation,
    Attempt,
    Consensus,
    Project,
    Proposal,
    ProposalState,
    ReviewState,
    Source,
    Task,
    TaskKind,
)

Labels = Literal["any", "labelled", "accepted"]
MANY = 400


class BadQuery(Invalid):
    code = "datasets.bad_query"


@dataclass(frozen=True, slots=True)
class Query:
    """Which footage and which labels.

    labels: "any" takes every shot of the footage with whatever labels it has; "labelled" only clips that have one;
    "accepted" only labels that a person stands for (an accepted proposal, a reviewed consensus, one agreed by people).
    """

    project_ids: tuple[str, ...] | None = None
    """Labels of these projects; None for those of all."""
    asset_ids: tuple[str, ...] | None = None
    """Footage to choose from; None for the projects', or all that is ready."""
    labels: Labels = "any"
    class_names: tuple[str, ...] | None = None
    """Keep labels of these classes only (captions and spans of other classes go too)."""
    min_agreement: float = 0.0
    min_frames: int = 2

    def as_json(self) -> dict[str, Any]:
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}


def query_from_json(stored: Mapping[str, Any]) -> Query:
    """Raises BadQuery naming the field and what it takes."""
    for name, content in stored.items():
        if name not in _FIELDS:
            raise BadQuery(f"A dataset's query has no field {name!r}.", remedy=f"There are {', '.join(_FIELDS)}.")
        fits, takes = _FIELDS[name]
        if not fits(content):
            raise BadQuery(f"{name} is {takes}, not {content!r}.", remedy=f"Send {name} so, or leave it out.")
    frozen: dict[str, Any] = {name: tuple(each) if isinstance(each, list) else each for name, each in stored.items()}
    return Query(**frozen)


def _is_texts(content: object) -> bool:
    return content is None or (isinstance(content, list) and all(isinstance(item, str) for item in content))


def _is_share(content: object) -> bool:
    return isinstance(content, int | float) and not isinstance(content, bool) and 0 <= content <= 1


def _is_count(content: object) -> bool:
    return isinstance(content, int) and not isinstance(content, bool) and content >= 1


_TEXTS = (_is_texts, "a list of texts, or null")
_FIELDS: dict[str, tuple[Callable[[object], bool], str]] = {
    "project_ids": _TEXTS,
    "asset_ids": _TEXTS,
    "labels": (lambda content: content in get_args(Labels), f"one of {', '.join(get_args(Labels))}"),
    "class_names": _TEXTS,
    "min_agreement": (_is_share, "a number from 0 to 1"),
    "min_frames": (_is_count, "a whole number from 1"),
}
"""Field of a query -> what fits it, and that in words."""


@dataclass(slots=True)
class SelectedClip:
    """One clip of a ready asset and its labels by value, with what they came from."""

    asset: Asset
    start_frame: int
    end_frame: int
    start_pts: int
    end_pts: int
    annotations: list[dict[str, Any]] = field(default_factory=list)
    came_from: set[str] = field(default_factory=set)
    """Ids of the consensuses and annotations behind the labels."""


ClipPlace = tuple[str, int, int]


def select_clips(session: Session, actor: trust.Actor, query: Query) -> list[SelectedClip]:
    """What the query finds now, in order of asset and time."""
    trust.require(actor, "datasets.read")
    for project_id in query.project_ids or ():
        trust.load(session, actor, Project, project_id)
    assets = _assets(session, actor, query)
    clips: dict[ClipPlace, SelectedClip] = {}
    for task, values, origin in _labels(session, actor, query):
        clip = _clip_of_task(clips, assets, task)
        if clip is not None:
            clip.annotations += [value for value in values if _is_wanted(value, query)]
            clip.came_from.add(origin)
    if query.labels == "any":
        _add_shots(session, actor, assets, clips)
    else:
        clips = {place: clip for place, clip in clips.items() if clip.annotations}
    return [clips[place] for place in sorted(clips) if place[2] - place[1] >= query.min_frames]


def _assets(session: Session, actor: trust.Actor, query: Query) -> dict[str, Asset]:
    ready = select(Asset).where(Asset.is_ready.is_(True))
    if query.asset_ids is not None:
        # Each is loaded by id, so that one that is gone is named instead of silently left out.
        return {asset_id: trust.load(session, actor, Asset, asset_id) for asset_id in query.asset_ids}
    if query.project_ids is not None:
        shown = select(Task.asset_id).where(Task.project_id.in_(query.project_ids), Task.asset_id.is_not(None))
        ready = ready.where(Asset.id.in_(shown))
    return {asset.id: asset for asset in session.scalars(trust.visible(ready, actor))}


Labelled = tuple[Task, list[dict[str, Any]], str]


def _labels(session: Session, actor: trust.Actor, query: Query) -> Iterable[Labelled]:
    """(task, values, id they came from), oldest first."""
    yield from _agreed(session, actor, query)
    yield from _accepted(session, actor, query)


def _agreed(session: Session, actor: trust.Actor, query: Query) -> Iterable[Labelled]:
    stands = (ReviewState.NOT_NEEDED, ReviewState.ACCEPTED, ReviewState.FIXED)
    statement = (
        select(Consensus, Task)
        .join(Task, Task.id == Consensus.task_id)
        .where(Consensus.review_state.in_(stands), Task.kind == TaskKind.ANNOTATE, Task.is_gold.is_(False))
        .where(*_of_project(query))
        .order_by(Consensus.id)
    )
    for consensus, task in session.execute(trust.visible(statement, actor)):
        is_reviewed = consensus.review_state != ReviewState.NOT_NEEDED
        is_fixed = consensus.review_state == ReviewState.FIXED
        is_peoples = is_fixed or set(consensus.sources) == {Source.PERSON}
        if query.labels == "accepted" and not (is_reviewed or is_peoples):
            continue
        if not is_reviewed and consensus.agreement < query.min_agreement:
            continue
        marks = {
            "state": "reviewed" if is_reviewed else "consensus",
            "source": Source.PERSON.value if is_peoples else Source.SIMULATED.value,
        }
        # A reviewer's fix was agreed with nobody: it has no agreement of its own.
        yield task, [{"agreement": None, **value, **marks} for value in consensus.value["annotations"]], consensus.id


def _accepted(session: Session, actor: trust.Actor, query: Query) -> Iterable[Labelled]:
    statement = (
        select(Annotation, Proposal.state, Task)
        .join(Proposal, Proposal.annotation_id == Annotation.id)
        .join(Attempt, Attempt.id == Annotation.attempt_id)
        .join(Task, Task.id == Attempt.task_id)
        .where(Proposal.state.in_((ProposalState.ACCEPTED, ProposalState.ADJUSTED)))
        .where(*_of_project(query))
        .order_by(Annotation.id)
    )
    for annotation, state, task in session.execute(trust.visible(statement, actor)):
        marks = {"state": str(state), "source": Source.PERSON.value, "agreement": None}
        yield task, [{**annotation.value, **marks}], annotation.id


def _of_project(query: Query) -> list[ColumnElement[bool]]:
    return [] if query.project_ids is None else [Task.project_id.in_(query.project_ids)]


def _clip_of_task(clips: dict[ClipPlace, SelectedClip], assets: Mapping[str, Asset], task: Task) -> SelectedClip | None:
    """The selected clip of the task's span, made on first need; None when its asset is not chosen."""
    asset = assets.get(task.asset_id or "")
    span = (task.start_frame, task.end_frame, task.start_pts, task.end_pts)
    if asset is None or None in span:
        return None
    start_frame, end_frame, start_pts, end_pts = (int(edge or 0) for edge in span)
    place = (asset.id, start_frame, end_frame)
    if place not in clips:
        clips[place] = SelectedClip(asset, start_frame, end_frame, start_pts, end_pts)
    return clips[place]


def _is_wanted(value: Mapping[str, Any], query: Query) -> bool:
    return query.class_names is None or value["class_name"] in query.class_names


def shots_of(session: Session, actor: trust.Actor, asset_ids: Sequence[str]) -> dict[str, list[Shot]]:
    """Shots of each asset in order of time; an asset without any is not there."""
    found: dict[str, list[Shot]] = {}
    for start in range(0, len(asset_ids), MANY):
        statement = select(Shot).where(Shot.asset_id.in_(asset_ids[start : start + MANY]))
        for shot in session.scalars(trust.visible(statement.order_by(Shot.asset_id, Shot.number), actor)):
            found.setdefault(shot.asset_id, []).append(shot)
    return found


def _add_shots(
    session: Session, actor: trust.Actor, assets: Mapping[str, Asset], clips: dict[ClipPlace, SelectedClip]
) -> None:
    """Shots that no labelled clip touches enter without labels, so that no frame enters twice."""
    labelled: dict[str, list[tuple[int, int]]] = {}
    for asset_id, start, end in clips:
        labelled.setdefault(asset_id, []).append((start, end))
    for asset_id, several in shots_of(session, actor, list(assets)).items():
        for shot in several:
            taken = labelled.get(asset_id, ())
            if not any(start < shot.end_frame and shot.start_frame < end for start, end in taken):
                place = (asset_id, shot.start_frame, shot.end_frame)
                clips[place] = SelectedClip(
                    assets[asset_id], shot.start_frame, shot.end_frame, shot.start_pts, shot.end_pts
                )
