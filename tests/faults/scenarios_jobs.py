"""A webhook's delivery: at least once, and no event left out."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from sqlalchemy import select

from faults import Arena, scenario
from muybridge import trust
from muybridge.jobs import Job, webhooks
from muybridge.trust import sealing


@scenario("jobs.deliver")
class Deliver:
    """Killed between the receiver's 2xx and the commit of the cursor, an event is told again, under the same id."""

    def arrange(self, arena: Arena) -> str:
        self.told: list[str] = []
        self.server = HTTPServer(("127.0.0.1", 0), _receiver(self.told))
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        url = f"http://127.0.0.1:{self.server.server_port}/"
        sealing.seal(arena.database)
        with arena.database.write() as session:
            webhooks.create_webhook(session, arena.actor, url, ["asset.*"], allows_private=True)
            for _ in range(3):
                trust.record(session, arena.actor, "asset.created", arena.actor.tenant_id)
        sealing.seal(arena.database)
        webhooks.enqueue_deliveries(arena.database)
        with arena.database.read() as session:
            return session.scalars(select(Job.id)).one()

    def check(self, arena: Arena) -> None:
        self.server.shutdown()
        self.server.server_close()
        with arena.database.read() as session:
            happened = session.scalars(select(trust.Event.id).where(trust.Event.name == "asset.created")).all()
        assert sorted(set(self.told)) == sorted(happened)


def _receiver(told: list[str]) -> type[BaseHTTPRequestHandler]:
    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["id"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Receiver
