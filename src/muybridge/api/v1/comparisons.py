"""Blind comparisons: which wait, the two clips of one, and the verdict."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict

from muybridge import trust
from muybridge.api.deps import CurrentActor, Cursor, Limit, PartsDep, Reader, Writer
from muybridge.api.errors import RESPONSES
from muybridge.api.ids import pattern_of
from muybridge.evaluation import comparisons
from muybridge.evaluation.comparisons import State, Verdict
from muybridge.evaluation.tables import Comparison

router = APIRouter(prefix="/v1", tags=["evaluation"], responses=RESPONSES)

ComparisonId = Annotated[str, Path(pattern=pattern_of("cmp"), description="cmp_…")]


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
    session: Reader, actor: CurrentActor, state: State = "all", limit: Limit = 50, cursor: Cursor = None
) -> ComparisonPage:
    """Comparisons, oldest first; open: those that you may still judge."""
    page = comparisons.list_comparisons(session, actor, state=state, limit=limit, cursor=cursor)
    said = comparisons.verdicts_of(session, actor, page.items)
    return ComparisonPage(items=[ComparisonOut.of(row, said) for row in page.items], next_cursor=page.next_cursor)


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
