"""Rows of answerability: who there is, what they may do, what they did.

`TenantRow` is the base of every row that belongs to somebody; the other rooms subclass it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from muybridge import db
from muybridge.db import Row
from muybridge.db.rows import ID_LENGTH


@dataclass(frozen=True, slots=True)
class Through:
    """The row lies in the project in which the row named by `column`, of class `target`, lies."""

    column: str
    target: "type[TenantRow]"


@dataclass(frozen=True, slots=True)
class Placed:
    """The row lies in every project into which `trust.place` put the id in `column`."""

    column: str = "id"


@dataclass(frozen=True, slots=True)
class InColumn:
    """The row lies in the project whose id is in `column`."""

    column: str


class TenantRow(Row):
    """A row that belongs to one tenant. Select it through `trust.visible` or `trust.load` only.

    `scope` says in which project the row lies, for actors who are confined to the projects granted to them; a row
    with a `project_id` need not say it. None: the row lies in no project, and reading it is a matter of role alone.

    A table is indexed by `tenant_id` alone unless an index of its own begins with it: beside (tenant_id, id), SQLite
    would choose the shorter one and sort the tenant's rows for each page.
    """

    __abstract__ = True
    scope: ClassVar[InColumn | Through | Placed | None] = None

    tenant_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("tenants.id"), sort_order=-95, nullable=False)

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if not _begins_by_tenant(cls.__table__):
            Index(None, cls.__table__.c.tenant_id)


def _begins_by_tenant(table: Any) -> bool:
    whole = [index for index in table.indexes if index.dialect_options["sqlite"]["where"] is None]
    unique = [rule for rule in table.constraints if isinstance(rule, UniqueConstraint)]
    return any([column.name for column in held.columns][:1] == ["tenant_id"] for held in (*whole, *unique))


class Tenant(Row):
    """Whose everything is: one customer, one team, one laptop."""

    __tablename__ = "tenants"
    id: Mapped[str] = db.id_column("ten")
    created_at: Mapped[datetime] = db.created_at()
    name: Mapped[str]


class Member(TenantRow):
    """A person in a tenant. Removed members stay as rows, because events name them."""

    __tablename__ = "members"
    __table_args__ = (UniqueConstraint("tenant_id", "email"),)
    id: Mapped[str] = db.id_column("mbr")
    created_at: Mapped[datetime] = db.created_at()
    email: Mapped[str] = mapped_column(index=True)
    """Lower case; unique within the tenant only, so that no tenant can ask who is in another."""
    name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str | None]
    removed_at: Mapped[datetime | None]


class Grant(TenantRow):
    """A role that a member or key has within one project, beside the role it has everywhere."""

    __tablename__ = "grants"
    __table_args__ = (UniqueConstraint("tenant_id", "actor_id", "scope_id"),)
    id: Mapped[str] = db.id_column("grt")
    created_at: Mapped[datetime] = db.created_at()
    actor_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    scope_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    role: Mapped[str]
    granted_by: Mapped[str] = mapped_column(String(ID_LENGTH))


class ScopeContent(TenantRow):
    """What lies in a project though its room does not know of projects: the footage that its tasks show."""

    __tablename__ = "scope_contents"
    scope_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    subject_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, index=True)


class ApiKey(TenantRow):
    """A secret that a program shows instead of a person. The secret itself is nowhere."""

    __tablename__ = "api_keys"
    id: Mapped[str] = db.id_column("key")
    created_at: Mapped[datetime] = db.created_at()
    name: Mapped[str]
    role: Mapped[str]
    scopes: Mapped[list[str]]
    """Permissions that the key is narrowed to; empty for all that its role has."""
    prefix: Mapped[str]
    """How the shown key starts (`key_`, `live_`, `test_`)."""
    hint: Mapped[str]
    """The last four characters, so that people can tell keys apart."""
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_by: Mapped[str] = mapped_column(String(ID_LENGTH))
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class Login(TenantRow):
    """One browser that a member logged in with."""

    __tablename__ = "logins"
    id: Mapped[str] = db.id_column("lgn")
    created_at: Mapped[datetime] = db.created_at()
    member_id: Mapped[str] = mapped_column(ForeignKey("members.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    method: Mapped[str]
    """`password` or `link`."""
    address: Mapped[str]
    user_agent: Mapped[str]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class LoginLink(TenantRow):
    """A link that logs one member in, once, for 15 minutes."""

    __tablename__ = "login_links"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    created_at: Mapped[datetime] = db.created_at()
    member_id: Mapped[str] = mapped_column(ForeignKey("members.id"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class LoginFailures(Row):
    """How often a log-in failed of late, by e-mail and address. Belongs to no tenant: nobody is known yet."""

    __tablename__ = "login_failures"
    bucket: Mapped[str] = mapped_column(String(64), primary_key=True)
    """sha256 of the e-mail and the address."""
    count: Mapped[int]
    last_at: Mapped[datetime]


class Event(TenantRow):
    """One thing that happened. Append-only: triggers refuse every change but the seal, once.

    `seq` and `hash` are empty until the sealer numbers the committed row; readers see sealed rows only.
    """

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("tenant_id", "seq"),
        Index("ix_events_unsealed", "id", sqlite_where=text("seq IS NULL"), postgresql_where=text("seq IS NULL")),
        Index("ix_events_subject", "tenant_id", "subject_id", "seq"),
        Index("ix_events_name", "tenant_id", "name", "seq"),
        Index("ix_events_actor", "tenant_id", "actor_id", "seq"),
    )
    id: Mapped[str] = db.id_column("evt")
    created_at: Mapped[datetime] = db.created_at()
    name: Mapped[str]
    actor_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    via: Mapped[str]
    """By which login, key or job the actor acted, e.g. `login:lgn_…`."""
    subject_id: Mapped[str]
    project_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    """The fact `project_id`, if there is one: whom the event concerns among confined actors."""
    # JSON, not JSONB: the hash is taken over values as they were written, whatever the database.
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    seq: Mapped[int | None] = mapped_column(BigInteger)
    hash: Mapped[str | None] = mapped_column(String(64))


class EventHead(Row):
    """Where a tenant's chain of events ends. The sealer's own row; signed copies live outside the database."""

    __tablename__ = "event_heads"
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime]


class Quota(TenantRow):
    """How much of one resource a tenant may use, has used, and has promised to jobs under way."""

    __tablename__ = "quotas"
    __table_args__ = (UniqueConstraint("tenant_id", "resource"),)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """`<tenant id>:<resource>`."""
    resource: Mapped[str]
    limit_amount: Mapped[int | None] = mapped_column(BigInteger)
    """None for no limit."""
    used: Mapped[int] = mapped_column(BigInteger, default=0)
    reserved: Mapped[int] = mapped_column(BigInteger, default=0)
    window: Mapped[str] = mapped_column(default="")
    """The day or month that `used` counts, e.g. `2026-03-29`; empty where use never lapses."""


class IdempotencyKey(TenantRow):
    """A request that was carried out, so that its repetition gives the same answer."""

    __tablename__ = "idempotency_keys"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    """sha256 of tenant, actor and the key that the client sent."""
    created_at: Mapped[datetime] = db.created_at()
    command: Mapped[str]
    fingerprint: Mapped[str] = mapped_column(String(64))
    """sha256 of the request."""
    result_id: Mapped[str | None]
