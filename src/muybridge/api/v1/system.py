"""Is the server well, and what does it hold."""

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import func, select

from muybridge import __version__, trust
from muybridge.api.deps import CurrentActor, PartsDep, Reader
from muybridge.api.errors import RESPONSES
from muybridge.artifacts.tables import Artifact
from muybridge.catalog.tables import Asset
from muybridge.generation.tables import Generation
from muybridge.labeling.tables import Task
from muybridge.training.tables import Run

router = APIRouter(prefix="/v1", tags=["system"], responses=RESPONSES)


class Health(BaseModel):
    status: str
    version: str


class SystemFacts(BaseModel):
    version: str
    database: str
    """sqlite or postgresql"""
    stored_bytes: int
    counts: dict[str, int]
    """How many assets, tasks, runs and generations this tenant has."""


@router.get("/health")
def health(parts: PartsDep) -> Health:
    """Answers when the server and its database do."""
    with parts.database.read() as session:
        session.execute(select(1))
    return Health(status="ok", version=__version__)


@router.get("/system")
def system(session: Reader, actor: CurrentActor, parts: PartsDep) -> SystemFacts:
    """What this tenant's installation holds."""
    trust.require(actor, "artifacts.read")
    counted = {"assets": Asset.id, "tasks": Task.id, "runs": Run.id, "generations": Generation.id}
    stored = session.scalar(trust.visible(select(func.coalesce(func.sum(Artifact.size_bytes), 0)), actor))
    return SystemFacts(
        version=__version__,
        database=parts.database.engine.dialect.name,
        stored_bytes=stored or 0,
        counts={
            name: session.scalar(trust.visible(select(func.count(key)), actor)) or 0 for name, key in counted.items()
        },
    )
