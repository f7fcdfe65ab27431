"""Rows of footage: uploads, assets with their facts, shots, clips, and the rights that footage is held under."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from muybridge import db
from muybridge.catalog import name_index
from muybridge.db.rows import ID_LENGTH
from muybridge.trust.tables import Placed, TenantRow, Through

UPLOAD_STATES = ("open", "completed", "failed")
USES = ("label", "train", "generate", "share")
"""What footage may be allowed for. An asset whose rights nobody declared may be labelled and nothing else."""


def _asset_id() -> Mapped[str]:
    return mapped_column(String(ID_LENGTH), ForeignKey("assets.id", ondelete="CASCADE"), index=True)


def _artifact_id() -> Mapped[str | None]:
    return mapped_column(String(ID_LENGTH), ForeignKey("artifacts.id"))


class Upload(TenantRow):
    """A file on its way in, by offset; its bytes wait in the store's spool until it is complete."""

    __tablename__ = "uploads"

    id: Mapped[str] = db.id_column("upl")
    created_at: Mapped[datetime] = db.created_at()
    name: Mapped[str] = mapped_column(String(512))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    received_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    media_type: Mapped[str] = mapped_column(String(128))
    sha256: Mapped[str | None] = mapped_column(String(64))
    """What the sender says the bytes are; None when it does not say."""
    state: Mapped[str] = mapped_column(String(16), default="open")
    rights: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The declaration to record with the asset; empty when none was made."""
    asset_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))


class Asset(TenantRow):
    """One ingested media file and its facts. Facts are null until the ingest job has described the file.

    The status of the ingest is its job's; `is_ready` and `failure` say what exists.
    """

    __tablename__ = "assets"
    scope = Placed()
    # With the name, so that a search for what the name index has no gram of walks names and not whole rows.
    __table_args__ = (Index("ix_assets_tenant_id_id_search_name", "tenant_id", "id", "search_name"),)

    id: Mapped[str] = db.id_column("ast")
    created_at: Mapped[datetime] = db.created_at()
    name: Mapped[str] = mapped_column(String(512))
    search_name: Mapped[str] = mapped_column(String(512))
    """The name case-folded, for search."""
    media_type: Mapped[str] = mapped_column(String(128))
    source_artifact_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("artifacts.id"))
    proxy_artifact_id: Mapped[str | None] = _artifact_id()
    """The short-GOP H.264 copy; None when the source itself plays in a browser and steps well."""
    poster_artifact_id: Mapped[str | None] = _artifact_id()
    filmstrip_artifact_id: Mapped[str | None] = _artifact_id()
    index_artifact_id: Mapped[str | None] = _artifact_id()
    """JSON {"time_base": [n, d], "pts": [...]}: the true time of each frame."""
    job_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    is_ready: Mapped[bool] = mapped_column(default=False)
    failure: Mapped[dict[str, Any] | None] = mapped_column(db.Json)
    """{"code", "detail", "remedy"} of a file that was refused."""
    width: Mapped[int | None]
    """Coded pixels, before rotation and pixel aspect."""
    height: Mapped[int | None]
    display_width: Mapped[int | None]
    """Pixels as people see the frame; boxes are in these."""
    display_height: Mapped[int | None]
    rotation: Mapped[int | None]
    """Degrees clockwise to turn the coded frame: 0, 90, 180 or 270."""
    time_base_num: Mapped[int | None]
    time_base_den: Mapped[int | None]
    num_frames: Mapped[int | None]
    start_pts: Mapped[int | None] = mapped_column(BigInteger)
    end_pts: Mapped[int | None] = mapped_column(BigInteger)
    duration_s: Mapped[float | None]
    fps: Mapped[float | None]
    """Mean frames a second; see is_vfr before trusting it as a rate."""
    is_vfr: Mapped[bool | None]
    codec: Mapped[str | None] = mapped_column(String(32))
    pixel_format: Mapped[str | None] = mapped_column(String(32))
    has_audio: Mapped[bool | None]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Facts without a column: filmstrip layout, warnings of the decoder, the incoming manifest's verdict."""


name_index.keep_with(Asset.metadata.tables[Asset.__tablename__])


class Shot(TenantRow):
    """The frames between two detected cuts. An asset's shots cover it without gaps."""

    __tablename__ = "shots"
    scope = Through("asset_id", Asset)
    __table_args__ = (Index("uq_shots_asset_id_number", "asset_id", "number", unique=True),)

    id: Mapped[str] = db.id_column("sht")
    created_at: Mapped[datetime] = db.created_at()
    asset_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("assets.id", ondelete="CASCADE"))
    number: Mapped[int]
    """From 0, in order of time."""
    start_frame: Mapped[int]
    end_frame: Mapped[int]
    start_pts: Mapped[int] = mapped_column(BigInteger)
    end_pts: Mapped[int] = mapped_column(BigInteger)
    detector: Mapped[str] = mapped_column(String(64))
    confidence: Mapped[float]
    """Of the cut that opens the shot, in [0,1]; 1 for the first."""


class Clip(TenantRow):
    """Any chosen half-open span of an asset."""

    __tablename__ = "clips"
    scope = Through("asset_id", Asset)

    id: Mapped[str] = db.id_column("clp")
    created_at: Mapped[datetime] = db.created_at()
    asset_id: Mapped[str] = _asset_id()
    start_frame: Mapped[int]
    end_frame: Mapped[int]
    start_pts: Mapped[int] = mapped_column(BigInteger)
    end_pts: Mapped[int] = mapped_column(BigInteger)


class Rights(TenantRow):
    """Under what right an asset is held: one row an asset, changed only by declaration, each change an event."""

    __tablename__ = "rights"
    scope = Through("asset_id", Asset)

    asset_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("assets.id", ondelete="CASCADE"), primary_key=True, sort_order=-100
    )
    created_at: Mapped[datetime] = db.created_at()
    source: Mapped[str] = mapped_column(String(512), default="")
    owner: Mapped[str] = mapped_column(String(512), default="")
    licence: Mapped[str] = mapped_column(String(256), default="")
    allowed_uses: Mapped[list[str]] = mapped_column(default=list)
    expires_at: Mapped[datetime | None]
    """From here on the asset may not be used, by the database's clock."""
    retain_until: Mapped[datetime | None]
    """Until here the asset may not be deleted."""
    is_synthetic: Mapped[bool] = mapped_column(default=False)
    """Made by a model: read from the incoming manifest, or declared."""
    declared_by: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    """Who declared; None while unset, when label is all that is allowed."""
    declared_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    revoked_reason: Mapped[str] = mapped_column(String(2000), default="")


class Consent(TenantRow):
    """A person in the footage agreed to a use of it; taken back, the use ends."""

    __tablename__ = "consents"
    scope = Through("asset_id", Asset)

    id: Mapped[str] = db.id_column("cst")
    created_at: Mapped[datetime] = db.created_at()
    asset_id: Mapped[str] = _asset_id()
    person_ref: Mapped[str] = mapped_column(String(256))
    """The customer's own reference for the person; never a name that we need."""
    uses: Mapped[list[str]] = mapped_column(default=list)
    """The uses the person agreed to, of USES."""
    given_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
