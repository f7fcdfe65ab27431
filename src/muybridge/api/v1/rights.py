"""Under what right footage is held: declare, revoke, consents of the people in it."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter
from fastapi import Path as PathParameter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from muybridge import db
from muybridge.api.deps import CurrentActor, Reader, Writer
from muybridge.api.errors import RESPONSES
from muybridge.api.ids import AssetId, Moment, Text, pattern_of
from muybridge.api.v1.artifacts import LineageNodeOut
from muybridge.catalog import rights
from muybridge.catalog.tables import Consent, Rights

router = APIRouter(prefix="/v1", tags=["catalog"], responses=RESPONSES)

Use = Literal["label", "train", "generate", "share"]


class RightsIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    source: Text = ""
    owner: Text = ""
    licence: Annotated[Text, StringConstraints(max_length=256)] = ""
    allowed_uses: list[Use] = Field(default=["label"], max_length=4)
    expires_at: Moment | None = None
    """From then on the footage may not be used."""
    retain_until: Moment | None = None
    """Until then the footage may not be deleted."""
    is_synthetic: bool | None = None
    """null: as it was."""

    def declaration(self) -> rights.Declaration:
        return rights.Declaration(**{**self.model_dump(), "allowed_uses": tuple(self.allowed_uses)})


class RightsOut(BaseModel):
    asset_id: str
    source: str
    owner: str
    licence: str
    allowed_uses: list[Use]
    """What was declared; while nothing is, `label` alone."""
    expires_at: datetime | None
    retain_until: datetime | None
    is_synthetic: bool
    declared_by: str | None
    """null while nobody has declared anything."""
    declared_at: datetime | None
    revoked_at: datetime | None
    revoked_by: str | None
    revoked_reason: str

    @classmethod
    def of(cls, row: Rights) -> "RightsOut":
        shown = {name: getattr(row, name) for name in cls.model_fields}
        return cls(**{**shown, "allowed_uses": row.allowed_uses if row.declared_by else ["label"]})


class RevocationIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=1, max_length=2000, pattern=r"^[^\x00]*$")


class RevocationOut(BaseModel):
    """What stands on footage whose right was withdrawn."""

    asset_id: str
    versions: list[LineageNodeOut]
    checkpoints: list[LineageNodeOut]
    generations: list[LineageNodeOut]
    downstream: list[LineageNodeOut]
    """All of the above and whatever else came from it."""
    twins: list[str]
    """Other assets with the very same bytes, which are not revoked by this."""

    @classmethod
    def of(cls, found: rights.Revocation) -> "RevocationOut":
        versions, checkpoints, generations, others = (
            [LineageNodeOut.of(node) for node in nodes]
            for nodes in (found.versions, found.checkpoints, found.generations, found.others)
        )
        return cls(
            asset_id=found.asset_id,
            versions=versions,
            checkpoints=checkpoints,
            generations=generations,
            downstream=[*versions, *checkpoints, *generations, *others],
            twins=found.twins,
        )


class ConsentIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    person_ref: Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=r"^[^\x00]+$")]
    """Your own reference for the person."""
    uses: list[Use] = Field(min_length=1, max_length=4)
    given_at: Moment | None = None
    expires_at: Moment | None = None


class ConsentOut(BaseModel):
    id: str
    asset_id: str
    created_at: datetime
    person_ref: str
    uses: list[Use]
    given_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None

    @classmethod
    def of(cls, row: Consent) -> "ConsentOut":
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class ConsentList(BaseModel):
    items: list[ConsentOut]
    next_cursor: str | None = None


@router.get("/assets/{id}/rights")
def get_rights(session: Reader, actor: CurrentActor, id: AssetId) -> RightsOut:
    """The rights of an asset."""
    return RightsOut.of(rights.load_rights(session, actor, id))


@router.put("/assets/{id}/rights")
def declare_rights(session: Writer, actor: CurrentActor, id: AssetId, body: RightsIn) -> RightsOut:
    """Declare under what right footage is held; you answer for it by name in the event log."""
    return RightsOut.of(rights.declare(session, actor, id, body.declaration()))


@router.post("/assets/{id}/rights/revoke")
def revoke_rights(session: Writer, actor: CurrentActor, id: AssetId, body: RevocationIn) -> RevocationOut:
    """Withdraw the right at once, for every use; the answer says what stands on the footage."""
    return RevocationOut.of(rights.revoke(session, actor, id, body.reason))


@router.get("/assets/{id}/consents")
def list_consents(session: Reader, actor: CurrentActor, id: AssetId) -> ConsentList:
    """Consents of the people shown in an asset, oldest first."""
    return ConsentList(items=[ConsentOut.of(row) for row in rights.list_consents(session, actor, id)])


@router.post("/assets/{id}/consents", status_code=201)
def give_consent(session: Writer, actor: CurrentActor, id: AssetId, body: ConsentIn) -> ConsentOut:
    """Record that a person shown in an asset consents to uses of it."""
    consent = rights.give_consent(
        session,
        actor,
        id,
        person_ref=body.person_ref,
        uses=body.uses,
        given_at=body.given_at or db.now(session),
        expires_at=body.expires_at,
    )
    return ConsentOut.of(consent)


@router.post("/consents/{id}/revoke")
def revoke_consent(
    session: Writer, actor: CurrentActor, id: Annotated[str, PathParameter(pattern=pattern_of("cst"))]
) -> ConsentOut:
    """A person takes a consent back."""
    return ConsentOut.of(rights.revoke_consent(session, actor, id))
