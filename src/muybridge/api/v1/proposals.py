"""What models offer and what reviewers judge: proposals and reviews of a project."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from muybridge import trust
from muybridge.api.deps import CurrentActor, Cursor, Limit, Reader, Writer
from muybridge.api.errors import RESPONSES
from muybridge.api.ids import JsonObject, pattern_of
from muybridge.api.v1.labeling import ProjectId, TaskOut, tasks_out
from muybridge.errors import Invalid
from muybridge.jobs import Job
from muybridge.labeling import proposals, review
from muybridge.labeling.tables import Consensus, Project, Proposal, ProposalState, Review, Task

router = APIRouter(prefix="/v1", tags=["labeling"], responses=RESPONSES)

ProposalId = Annotated[str, Path(pattern=pattern_of("prp"), description="prp_…")]
ReviewId = Annotated[str, Path(pattern=pattern_of("rev"), description="rev_…")]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ProposeIn(Strict):
    asset_ids: list[Annotated[str, Field(pattern=pattern_of("ast"))]] | None = Field(default=None, max_length=1000)
    tracker: str = Field(default=proposals.MOTION, max_length=100, pattern=r"^[A-Za-z0-9_.-]+$")


class StartedJob(BaseModel):
    id: str
    name: str
    subject_id: str | None
    state: str

    @classmethod
    def of(cls, job: Job) -> "StartedJob":
        return cls(**{name: getattr(job, name) for name in cls.model_fields})


class StartedJobs(BaseModel):
    items: list[StartedJob]


class ProposalOut(BaseModel):
    id: str
    created_at: datetime
    project_id: str
    task_id: str
    asset_id: str
    tracker: str
    source: str
    confidence: float
    value: dict[str, Any]
    state: ProposalState
    is_reviewed: bool
    decided_by: str | None
    decided_at: datetime | None
    annotation_id: str | None

    @classmethod
    def of(cls, proposal: Proposal) -> "ProposalOut":
        return cls(**{name: getattr(proposal, name) for name in cls.model_fields})


class ProposalPage(BaseModel):
    items: list[ProposalOut]
    next_cursor: str | None


class DecisionIn(Strict):
    decision: Literal["accept", "adjust", "reject", "reopen"]
    value: JsonObject | None = None
    class_name: str | None = Field(default=None, max_length=200)
    decided_by: str | None = Field(default=None, max_length=100, description="Reopen only what this actor decided")


class ConsensusOut(BaseModel):
    id: str
    method: str
    agreement: float
    num_attempts: int
    sources: list[str]
    review_state: str
    value: dict[str, Any]

    @classmethod
    def of(cls, consensus: Consensus) -> "ConsensusOut":
        return cls(**{name: getattr(consensus, name) for name in cls.model_fields})


class ReviewOut(BaseModel):
    id: str
    created_at: datetime
    project_id: str
    agreement: float
    decision: str | None
    note: str
    decided_by: str | None
    decided_at: datetime | None
    task: TaskOut
    consensus: ConsensusOut


class ReviewPage(BaseModel):
    items: list[ReviewOut]
    next_cursor: str | None


class ReviewIn(Strict):
    decision: Literal["accept", "fix", "reject"]
    annotations: list[JsonObject] | None = Field(default=None, max_length=10_000)
    note: str = Field(default="", max_length=10_000, pattern=r"^[^\x00]*$")


@router.post("/projects/{id}/propose", status_code=202)
def propose(session: Writer, actor: CurrentActor, id: ProjectId, body: ProposeIn) -> StartedJobs:
    """Have a tracker look for objects; what it offers is no label until a person accepts it."""
    project = trust.load(session, actor, Project, id)
    started = proposals.request_proposals(session, actor, project, asset_ids=body.asset_ids, tracker=body.tracker)
    return StartedJobs(items=[StartedJob.of(job) for job in started])


@router.get("/projects/{id}/proposals")
def list_proposals(
    session: Reader,
    actor: CurrentActor,
    id: ProjectId,
    state: ProposalState | None = None,
    asset_id: Annotated[str | None, Query(pattern=pattern_of("ast"))] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> ProposalPage:
    """What models offered, oldest first."""
    project = trust.load(session, actor, Project, id)
    page = proposals.list_proposals(session, actor, project, state=state, asset_id=asset_id, limit=limit, cursor=cursor)
    return ProposalPage(items=[ProposalOut.of(each) for each in page.items], next_cursor=page.next_cursor)


@router.post("/proposals/{id}/decide")
def decide_proposal(session: Writer, actor: CurrentActor, id: ProposalId, body: DecisionIn) -> ProposalOut:
    """Accept, adjust or reject what a model offers; or take one's decision back."""
    proposal = trust.load(session, actor, Proposal, id)
    if body.decision == "reopen":
        return ProposalOut.of(proposals.reopen_proposal(session, actor, proposal, decided_by=body.decided_by))
    if body.decided_by is not None:
        raise Invalid("decided_by goes with reopen alone.", remedy="Leave it out to accept, adjust or reject.")
    decided = proposals.decide_proposal(
        session, actor, proposal, body.decision, value=body.value, class_name=body.class_name
    )
    return ProposalOut.of(decided)


@router.get("/projects/{id}/reviews")
def list_reviews(
    session: Reader,
    actor: CurrentActor,
    id: ProjectId,
    is_open: bool = True,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> ReviewPage:
    """Answers that were not sure enough."""
    project = trust.load(session, actor, Project, id)
    page = review.list_reviews(session, actor, project, is_open=is_open, limit=limit, cursor=cursor)
    return ReviewPage(items=[_review_out(session, actor, each) for each in page.items], next_cursor=page.next_cursor)


@router.post("/reviews/{id}/decide")
def decide_review(session: Writer, actor: CurrentActor, id: ReviewId, body: ReviewIn) -> ReviewOut:
    """Accept, fix or reject an answer; rejected, one more person is asked."""
    row = trust.load(session, actor, Review, id)
    decided = review.decide_review(session, actor, row, body.decision, annotations=body.annotations, note=body.note)
    return _review_out(session, actor, decided)


def _review_out(session: Session, actor: trust.Actor, row: Review) -> ReviewOut:
    kept = ("id", "created_at", "project_id", "agreement", "decision", "note", "decided_by", "decided_at")
    return ReviewOut(
        **{name: getattr(row, name) for name in kept},
        task=tasks_out(session, actor, [trust.load(session, actor, Task, row.task_id)])[0],
        consensus=ConsensusOut.of(trust.load(session, actor, Consensus, row.consensus_id)),
    )
