import contextlib
import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from sqlalchemy import select

from muybridge import db, trust
from muybridge.jobs import Handler, Job, JobState, Worker, posting, queue, webhooks
from muybridge.jobs.errors import BadWebhook, WebhookRefused
from muybridge.jobs.tables import Webhook
from muybridge.plugins import Registry
from muybridge.trust import sealing


class Receiver:
    """A server on this machine that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        receiver = self

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = receiver.answers.pop(0) if receiver.answers else 204
                if status < 300:
                    receiver.told.append((dict(self.headers), body))
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?from=muybridge"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def names(self) -> list[str]:
        return [json.loads(body)["name"] for _, body in self.told]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.server.shutdown()
    receiver.server.server_close()


@pytest.fixture
def worker(handlers: Registry[Handler], make_worker: Callable[..., Worker]) -> Worker:
    handlers.put("jobs.deliver", webhooks.deliver)
    return make_worker()


def subscribe(database: db.Database, actor: trust.Actor, url: str, *names: str, allows_private: bool = True) -> Webhook:
    sealing.seal(database)
    with database.write() as session:
        return webhooks.create_webhook(session, actor, url, list(names), allows_private=allows_private)


def happen(database: db.Database, actor: trust.Actor, *names: str) -> None:
    with database.write() as session:
        for name in names:
            trust.record(session, actor, name, actor.tenant_id, place="Palo Alto")
    sealing.seal(database)
    webhooks.enqueue_deliveries(database)


def test_a_webhook_is_told_what_it_asked_for_in_order_and_signed(
    any_database: db.Database, actor: trust.Actor, receiver: Receiver, worker: Worker
) -> None:
    webhook = subscribe(any_database, actor, receiver.url, "asset.*", "run.finished")
    happen(any_database, actor, "asset.created", "project.created", "run.finished", "asset.ready")
    worker.run_until_idle(120)
    assert receiver.names == ["asset.created", "run.finished", "asset.ready"]
    headers, body = receiver.told[0]
    stamp, _, seen = headers["X-Muybridge-Signature"].removeprefix("t=").partition(",v1=")
    assert seen == hmac.new(webhook.secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    told = json.loads(body)
    assert told["facts"] == {"place": "Palo Alto"}
    assert headers["X-Muybridge-Delivery"] == told["id"]
    happen(any_database, actor, "asset.failed")
    worker.run_until_idle(120)
    assert receiver.names[3:] == ["asset.failed"]


def test_without_a_webhook_nothing_is_enqueued(any_database: db.Database, actor: trust.Actor) -> None:
    happen(any_database, actor, "asset.created")
    with any_database.read() as session:
        assert session.scalars(select(Job.id)).all() == []


def test_what_is_told_between_the_look_and_the_job_makes_no_second_job(
    any_database: db.Database,
    actor: trust.Actor,
    receiver: Receiver,
    worker: Worker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    webhook = subscribe(any_database, actor, receiver.url, "asset.*")
    happen(any_database, actor, "asset.created")
    look = webhooks._next_events

    def look_late(*args: Any, **options: Any) -> list[webhooks.EventFacts]:
        found = look(*args, **options)
        monkeypatch.setattr(webhooks, "_next_events", look)
        worker.run_until_idle(120)
        return found

    monkeypatch.setattr(webhooks, "_next_events", look_late)
    webhooks.enqueue_deliveries(any_database)
    with any_database.read() as session:
        assert [job.subject_id for job in session.scalars(select(Job))] == [webhook.id]
    assert receiver.names == ["asset.created"]


def test_what_was_refused_is_told_again(
    any_database: db.Database, actor: trust.Actor, receiver: Receiver, worker: Worker
) -> None:
    subscribe(any_database, actor, receiver.url, "*")
    receiver.answers = [500, 302]
    happen(any_database, actor, "asset.created", "asset.ready")
    worker.run_until_idle(120)
    assert [name for name in receiver.names if name.startswith("asset")] == ["asset.created", "asset.ready"]


def test_a_receiver_that_keeps_refusing_is_left_in_peace_until_resumed(
    any_database: db.Database,
    actor: trust.Actor,
    receiver: Receiver,
    worker: Worker,
) -> None:
    from muybridge.jobs import HANDLERS

    if "jobs.deliver" not in HANDLERS:
        HANDLERS.add("jobs.deliver", "muybridge.jobs.webhooks:deliver")
    webhook = subscribe(any_database, actor, receiver.url, "asset.*")
    receiver.answers = [503] * webhooks.MAX_ATTEMPTS
    happen(any_database, actor, "asset.created")
    worker.run_until_idle(120)
    with any_database.read() as session:
        job = session.scalars(select(Job)).one()
        paused = trust.load(session, actor, Webhook, webhook.id)
    assert job.state == JobState.FAILED
    assert paused.paused_reason == "127.0.0.1 answered 503."
    assert webhooks.enqueue_deliveries(any_database) == 0
    with any_database.write() as session:
        webhooks.resume_webhook(session, actor, webhook.id)
    assert webhooks.enqueue_deliveries(any_database) == 1
    worker.run_until_idle(120)
    assert receiver.names == ["asset.created"]


def test_a_delivery_that_is_called_off_silences_no_webhook(any_database: db.Database, actor: trust.Actor) -> None:
    from muybridge.jobs import HANDLERS

    if "jobs.deliver" not in HANDLERS:
        HANDLERS.add("jobs.deliver", "muybridge.jobs.webhooks:deliver")
    webhook = subscribe(any_database, actor, "https://siem.example/x", "asset.*")
    happen(any_database, actor, "asset.created")
    with any_database.write() as session:
        job = session.scalars(select(Job)).one()
        assert queue.cancel(session, actor, job.id).state == JobState.CANCELLED
    with any_database.read() as session:
        assert trust.load(session, actor, Webhook, webhook.id).paused_reason is None
    assert webhooks.enqueue_deliveries(any_database) == 1


@pytest.mark.parametrize(
    ("scheme", "at_once"),
    [("http", b"HTTP/1.1 "), ("http", b"HTTP/1.1 204 Taken\r\nX-Wait: "), ("https", b"\x16")],
)
def test_a_receiver_that_drips_is_left_at_the_deadline(
    scheme: str, at_once: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "TIMEOUT_S", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            connected, _ = server.accept()
            with connected, contextlib.suppress(OSError):
                connected.sendall(at_once)
                for _ in range(100):
                    connected.sendall(b"\x03")
                    time.sleep(0.1)

        threading.Thread(target=drip, daemon=True).start()
        url = f"{scheme}://127.0.0.1:{server.getsockname()[1]}/"
        with pytest.raises(WebhookRefused, match="no answer within"):
            posting.post(url, webhooks.Payload(b"{}", {}), allows_private=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "[::1]", "0.0.0.0", "localhost"])
def test_private_addresses_are_not_told_unless_allowed(host: str) -> None:
    payload = webhooks.Payload(b"{}", {})
    with pytest.raises(WebhookRefused, match="not of the public Internet"):
        webhooks.post(f"http://{host}:9/x", payload, allows_private=False)


@pytest.mark.parametrize("url", ["ftp://example.com/x", "https:///x", "file:///etc/passwd", "https://user:pw@host/x"])
def test_what_cannot_be_told_is_refused(any_database: db.Database, actor: trust.Actor, url: str) -> None:
    with pytest.raises(BadWebhook), any_database.write() as session:
        webhooks.create_webhook(session, actor, url, ["*"])


def test_an_unknown_event_is_refused(any_database: db.Database, actor: trust.Actor) -> None:
    with pytest.raises(BadWebhook, match="eaten"), any_database.write() as session:
        webhooks.create_webhook(session, actor, "https://example.com", ["asset.eaten"])
