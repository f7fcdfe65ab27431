"""Webhooks: addresses that are told what happens, and how the telling stands."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from muybridge import jobs, trust
from muybridge.api.deps import CurrentActor, Cursor, IdempotencyKey, Limit, PartsDep, Reader, Writer
from muybridge.api.errors import RESPONSES
from muybridge.api.ids import Text, pattern_of
from muybridge.api.v1.jobs import JobOut
from muybridge.jobs import webhooks
from muybridge.jobs.errors import BadWebhook
from muybridge.jobs.tables import Webhook

router = APIRouter(prefix="/v1", tags=["webhooks"], responses=RESPONSES)

WebhookId = Annotated[str, Path(pattern=pattern_of("whk"), description="whk_…")]
DELIVERIES_SHOWN = 20


class WebhookIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    url: str = Field(max_length=webhooks.MAX_URL_LENGTH, description="Where events are POSTed")
    event_names: list[Text] = Field(min_length=1, max_length=200, description="Names, `noun.*`, or `*` for all")
    allows_private: bool = Field(
        default=False,
        description="Whether the address may be of a private network; whoever runs the server must allow that too",
    )


class WebhookOut(BaseModel):
    id: str
    created_at: datetime
    url: str
    event_names: list[str]
    format: str
    allows_private: bool
    cursor: int
    """Number of the last event that was told or passed over."""
    paused_reason: str | None
    """Why nothing is told any more until somebody resumes it."""

    @classmethod
    def of(cls, webhook: Webhook) -> "WebhookOut":
        return cls(**{name: getattr(webhook, name) for name in WebhookOut.model_fields})


class NewWebhookOut(WebhookOut):
    secret: str
    """Key of the HMAC-SHA256 in `X-Muybridge-Signature`. In this answer only."""


class WebhookDetail(WebhookOut):
    num_waiting: int
    """Events that were asked for and are not told yet."""
    deliveries: list[JobOut]
    """The last ones, the newest first: their state, attempts, and why the last attempt failed."""


class WebhookPage(BaseModel):
    items: list[WebhookOut]
    next_cursor: str | None


@router.post("/webhooks", status_code=201)
def create_webhook(
    session: Writer, actor: CurrentActor, parts: PartsDep, body: WebhookIn, key: IdempotencyKey = None
) -> NewWebhookOut:
    """Have an address told of events from now on. The secret is in this answer and nowhere else.

    Each POST carries one event as JSON, its id in `X-Muybridge-Delivery`, and `X-Muybridge-Signature: t=…,v1=…`, the
    HMAC-SHA256 of `t.body` under the secret. Anything but a 2xx is tried again, in order, for some minutes; then the
    webhook is paused.
    """
    if body.allows_private and not parts.allow_private_webhooks:
        raise BadWebhook(
            "This installation tells no addresses of private networks.",
            remedy="Whoever runs it can set MUYBRIDGE_ALLOW_PRIVATE_WEBHOOKS=1.",
        )
    known = trust.once(session, actor, key, "jobs.create_webhook", body.model_dump(mode="json"))
    if known is not None:
        webhook = webhooks.load_webhook(session, actor, known)
    else:
        webhook = webhooks.create_webhook(
            session, actor, body.url, body.event_names, allows_private=body.allows_private
        )
        trust.remember(session, actor, key, "jobs.create_webhook", webhook.id)
    return NewWebhookOut(**WebhookOut.of(webhook).model_dump(), secret=webhook.secret)


@router.get("/webhooks")
def list_webhooks(session: Reader, actor: CurrentActor, cursor: Cursor = None, limit: Limit = 50) -> WebhookPage:
    """The addresses that are told, the newest first."""
    page = webhooks.list_webhooks(session, actor, cursor=cursor, limit=limit)
    return WebhookPage(items=[WebhookOut.of(webhook) for webhook in page.items], next_cursor=page.next_cursor)


@router.get("/webhooks/{id}")
def get_webhook(session: Reader, actor: CurrentActor, id: WebhookId) -> WebhookDetail:
    """One webhook, and how its deliveries stand."""
    webhook = webhooks.load_webhook(session, actor, id)
    deliveries = jobs.list_jobs(session, actor, subject_id=webhook.id, limit=DELIVERIES_SHOWN)
    return WebhookDetail(
        **WebhookOut.of(webhook).model_dump(),
        num_waiting=webhooks.num_waiting(session, webhook),
        deliveries=[JobOut.of(job) for job in deliveries.items],
    )


@router.post("/webhooks/{id}/resume")
def resume_webhook(session: Writer, actor: CurrentActor, id: WebhookId) -> WebhookOut:
    """Tell a paused address again, from where it was left."""
    return WebhookOut.of(webhooks.resume_webhook(session, actor, id))


@router.delete("/webhooks/{id}", status_code=204)
def delete_webhook(session: Writer, actor: CurrentActor, id: WebhookId) -> None:
    """Tell an address nothing more."""
    webhooks.delete_webhook(session, actor, id)
