"""Addresses that are told, over v1: made, listed, told, paused, resumed, removed; and not told where they must not."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from muybridge import jobs, trust
from muybridge.jobs import webhooks
from muybridge.jobs.executors.inline import InlineExecutor
from muybridge.jobs.retries import Backoff

from .conftest import Site

PUBLIC = {"url": "https://hooks.example.com/muybridge", "event_names": ["asset.*"]}


class Receiver:
    """A server on this machine that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[Any, bytes]] = []
        self.status = 204
        receiver = self

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if receiver.status < 300:
                    receiver.told.append((self.headers, body))
                self.send_response(receiver.status)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


def allow_private(site: Site) -> None:
    site.app.state.parts = replace(site.app.state.parts, allow_private_webhooks=True)


def happen(site: Site, tmp_path: Path, name: str) -> None:
    """Something happens, and a worker tells whoever asked."""
    with site.database.write() as session:
        trust.record(session, site.owner, name, site.owner.tenant_id, place="Palo Alto")
    trust.seal(site.database)
    webhooks.enqueue_deliveries(site.database)
    worker = jobs.Worker(
        site.database,
        site.installation.store,
        workdir=tmp_path / "work",
        executor=InlineExecutor(),
        backoff=Backoff(base_s=0.01, cap_s=0.02),
    )
    worker.run_until_idle(120)


def test_the_secret_is_shown_once_and_signs_what_is_told(
    site: Site, ours: TestClient, receiver: Receiver, tmp_path: Path
) -> None:
    allow_private(site)
    body = {"url": receiver.url, "event_names": ["asset.ready"], "allows_private": True}
    trust.seal(site.database)
    made = ours.post("/v1/webhooks", json=body)
    assert made.status_code == 201
    webhook, secret = made.json(), made.json().pop("secret")
    (listed,) = ours.get("/v1/webhooks").json()["items"]
    assert listed == {name: value for name, value in webhook.items() if name != "secret"}
    assert secret not in ours.get(f"/v1/webhooks/{webhook['id']}").text

    happen(site, tmp_path, "asset.ready")
    ((headers, told),) = receiver.told
    stamp, _, seen = headers["X-Muybridge-Signature"].removeprefix("t=").partition(",v1=")
    assert seen == hmac.new(secret.encode(), f"{stamp}.".encode() + told, hashlib.sha256).hexdigest()
    assert json.loads(told)["name"] == "asset.ready"

    detail = ours.get(f"/v1/webhooks/{webhook['id']}").json()
    assert (detail["num_waiting"], detail["paused_reason"]) == (0, None)
    assert [(job["name"], job["state"]) for job in detail["deliveries"]] == [("jobs.deliver", "succeeded")]
    assert ours.delete(f"/v1/webhooks/{webhook['id']}").status_code == 204
    assert ours.get(f"/v1/webhooks/{webhook['id']}").status_code == 404
    happen(site, tmp_path, "asset.ready")
    assert len(receiver.told) == 1


def test_an_address_that_keeps_refusing_is_paused_and_says_why_until_it_is_resumed(
    site: Site, ours: TestClient, receiver: Receiver, tmp_path: Path
) -> None:
    allow_private(site)
    body = {"url": receiver.url, "event_names": ["asset.ready"], "allows_private": True}
    webhook_id = ours.post("/v1/webhooks", json=body).json()["id"]
    receiver.status = 503
    happen(site, tmp_path, "asset.ready")
    paused = ours.get(f"/v1/webhooks/{webhook_id}").json()
    assert (paused["num_waiting"], paused["paused_reason"]) == (1, "127.0.0.1 answered 503.")
    assert [(job["state"], job["failure"]["code"]) for job in paused["deliveries"]] == [
        ("failed", "jobs.webhook_refused")
    ]
    receiver.status = 204
    assert ours.post(f"/v1/webhooks/{webhook_id}/resume").json()["paused_reason"] is None
    happen(site, tmp_path, "asset.ready")
    assert len(receiver.told) == 2
    trust.seal(site.database)
    events = ours.get("/v1/events", params={"subject_id": webhook_id}).json()["items"]
    assert [event["name"] for event in events] == ["webhook.resumed", "webhook.paused", "webhook.created"]


def test_the_same_idempotency_key_gives_the_same_webhook(ours: TestClient) -> None:
    first, again = (ours.post("/v1/webhooks", json=PUBLIC, headers={"Idempotency-Key": "k"}).json() for _ in range(2))
    assert first == again
    assert len(ours.get("/v1/webhooks").json()["items"]) == 1


@pytest.mark.parametrize("role", [trust.Role.VIEWER, trust.Role.CREATOR, trust.Role.ANNOTATOR, trust.Role.SERVICE])
def test_who_does_not_answer_for_the_tenant_sees_and_makes_no_webhooks(
    site: Site, ours: TestClient, role: trust.Role
) -> None:
    made = ours.post("/v1/webhooks", json=PUBLIC).json()
    trust.seal(site.database)
    client = site.a_client(site.a_key(site.owner, role))
    answers = [
        client.post("/v1/webhooks", json=PUBLIC),
        client.get("/v1/webhooks"),
        client.get(f"/v1/webhooks/{made['id']}"),
        client.post(f"/v1/webhooks/{made['id']}/resume"),
        client.delete(f"/v1/webhooks/{made['id']}"),
    ]
    assert [answer.status_code for answer in answers] == [403] * 5
    # Nor is the address in what they may read of events: it may hold a secret of its own.
    assert PUBLIC["url"] not in client.get("/v1/events").text


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8400/v1/members",
        "http://localhost/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::ffff:10.0.0.1]/",
        "https://user:password@hooks.example.com/",
        "ftp://hooks.example.com/",
        "http://[::1",
        "http://hooks.example.com:99999/",
        "http://hooks.example.com/\r\nX-Evil: 1",
        "hooks.example.com",
        "",
    ],
)
def test_an_address_that_must_not_be_told_is_refused_in_the_reply(ours: TestClient, url: str) -> None:
    refused = ours.post("/v1/webhooks", json={"url": url, "event_names": ["*"]})
    assert (refused.status_code, refused.json()["code"]) == (422, "jobs.bad_webhook")


def test_private_networks_are_told_only_where_who_runs_the_server_says_so(site: Site, ours: TestClient) -> None:
    body = {"url": "http://10.0.0.7/hook", "event_names": ["*"], "allows_private": True}
    refused = ours.post("/v1/webhooks", json=body)
    assert (refused.status_code, refused.json()["remedy"]) == (
        422,
        "Whoever runs it can set MUYBRIDGE_ALLOW_PRIVATE_WEBHOOKS=1.",
    )
    allow_private(site)
    assert ours.post("/v1/webhooks", json=body).status_code == 201
