"""Blind comparisons: asking for them, which wait, the two clips of one, the verdict, and where the variants stand."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from muybridge import trust
from muybridge.api.deps import CurrentActor, Cursor, IdempotencyKey, Limit, PartsDep, Reader, Writer
from muybridge.api.errors import RESPONSES
from muybridge.api.ids import pattern_of
from muybridge.evaluation import comparisons, pairing
from muybridge.evaluation.comparisons import State, Verdict
from muybridge.evaluation.tables import Comparison
from muybridge.generation.tables import Generation
from muybridge.labeling.tables import Project
from muybridge.labeling.tasks import MAX_REPLICAS

router = APIRouter(prefix="/v1", tags=["evaluation"], responses=RESPONSES)

ComparisonId = Annotated[str, Path(pattern=pattern_of("cmp"), description="cmp_…")]


ProjectId = Annotated[str, Path(pattern=pattern_of("prj"), description="prj_…")]
Words = r"^[^\x00]*$"


class ComparisonsIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    generation_ids: list[Annotated[str, Field(pattern=pattern_of("gen"))]] = Field(
        min_length=1, max_length=pairing.MAX_GENERATIONS
    )
    """Every two that were asked for the same thing are put before judges."""
    variants: list[Annotated[str, Field(min_length=1, max_length=200, pattern=Words)]] = Field(
        default=[], max_length=pairing.MAX_GENERATIONS
    )
    """What each stands for in the standings (a model, a setting), in the same order; none: each for itself."""
    name: str = Field(default="", max_length=200, pattern=Words)
    """Of the project that the comparisons are tasks of."""
    question: str = Field(default=comparisons.QUESTION, min_length=1, max_length=500, pattern=Words)
    replicas: int = Field(default=1, ge=1, le=MAX_REPLICAS)
    """Judges for each pair."""


class ComparisonProjectOut(BaseModel):
    project_id: str
    name: str
    num_comparisons: int


class StandingOut(BaseModel):
    variant: str
    share: float
    """Expected share of wins against the mean opponent, from 0 to 1; low and high bound it with 95 %."""
    low: float
    high: float
    num_votes: int


class StandingsOut(BaseModel):
    """What judges have said so far."""

    num_comparisons: int
    num_verdicts: int
    num_raters: int
    sources: list[str]
    """Who judged: person, model or simulated."""
    ties: int
    both_bad: int
    num_decisive: int
    """Verdicts that chose a side."""
    left_share: float | None
    """How often of these the left side won; far from a half over many, the sides were not blind."""
    standings: list[StandingOut]


class ComparisonOut(BaseModel):
    """What a judge may know: nothing here tells which model made which clip."""

    id: str
    created_at: datetime
    project_id: str
    task_id: str
    evaluation_id: str | None
    question: str
    verdict: Verdict | None
    """What you said."""

    @classmethod
    def of(cls, row: Comparison, said: dict[str, Verdict]) -> "ComparisonOut":
        own = {name: getattr(row, name) for name in cls.model_fields if hasattr(row, name)}
        return cls(**own, verdict=said.get(row.id))


class ComparisonPage(BaseModel):
    items: list[ComparisonOut]
    next_cursor: str | None


class ComparisonDetail(ComparisonOut):
    prompt: str
    left_url: str
    right_url: str


class VerdictIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    verdict: Verdict


@router.get("/comparisons")
def list_comparisons(
    session: Reader,
    actor: CurrentActor,
    state: State = "all",
    project_id: Annotated[str | None, Query(pattern=pattern_of("prj"))] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> ComparisonPage:
    """Comparisons, oldest first; open: those that you may still judge."""
    page = comparisons.list_comparisons(session, actor, state=state, project_id=project_id, limit=limit, cursor=cursor)
    said = comparisons.verdicts_of(session, actor, page.items)
    return ComparisonPage(items=[ComparisonOut.of(row, said) for row in page.items], next_cursor=page.next_cursor)


@router.post("/comparisons", status_code=201)
def create_comparisons(
    session: Writer, actor: CurrentActor, body: ComparisonsIn, key: IdempotencyKey = None
) -> ComparisonProjectOut:
    """Ask people which of some generations are better: a project of blind pairs."""
    trust.require(actor, "evaluation.run")
    known = trust.once(session, actor, key, "evaluation.compare", body.model_dump(mode="json"))
    if known is None:
        chosen = [trust.load(session, actor, Generation, identifier) for identifier in body.generation_ids]
        options = body.model_dump(exclude={"generation_ids"})
        known = pairing.compare(session, actor, chosen, **options).id
        trust.remember(session, actor, key, "evaluation.compare", known)
    project = trust.load(session, actor, Project, known)
    asked = pairing.comparisons_of(session, actor, project)
    return ComparisonProjectOut(project_id=project.id, name=project.name, num_comparisons=len(asked))


@router.get("/projects/{id}/standings")
def get_standings(session: Reader, actor: CurrentActor, id: ProjectId) -> StandingsOut:
    """Where the variants of a comparison project stand, with intervals over judges."""
    trust.require(actor, "evaluation.read")
    asked = pairing.comparisons_of(session, actor, trust.load(session, actor, Project, id))
    return StandingsOut(**comparisons.summary_of(session, actor, asked))


@router.get("/comparisons/{id}")
def get_comparison(session: Writer, actor: CurrentActor, parts: PartsDep, id: ComparisonId) -> ComparisonDetail:
    """One comparison with its two clips; being given their addresses is an event."""
    trust.require(actor, "labeling.read")
    row = trust.load(session, actor, Comparison, id)
    shown = comparisons.show(session, actor, parts.store, row)
    said = comparisons.verdicts_of(session, actor, [row])
    return ComparisonDetail(**ComparisonOut.of(row, said).model_dump(), **shown._asdict())


@router.post("/comparisons/{id}/judge")
def judge_comparison(session: Writer, actor: CurrentActor, id: ComparisonId, body: VerdictIn) -> ComparisonOut:
    """Say which clip is better; once for each judge."""
    row = trust.load(session, actor, Comparison, id)
    comparisons.judge(session, actor, row, body.verdict)
    return ComparisonOut.of(row, comparisons.verdicts_of(session, actor, [row]))
