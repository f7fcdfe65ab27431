"""The log over HTTP: by page, and as it grows."""

import asyncio
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from muybridge import artifacts, trust, wiring
from muybridge.api.v1 import events as stream
from muybridge.units import new_id

from .conftest import Site


def _events(text: str) -> list[dict[str, Any]]:
    blocks = [dict(line.split(": ", 1) for line in block.split("\n") if line) for block in text.split("\n\n") if block]
    return [{**json.loads(block["data"]), "sse": (block["id"], block["event"])} for block in blocks if "data" in block]


def _record(site: Site, actor: trust.Actor, subject_id: str) -> None:
    with site.database.write() as session:
        trust.record(session, actor, "asset.created", subject_id)
    trust.seal(site.database)


def test_events_are_listed_with_names_of_actors(site: Site, ours: TestClient) -> None:
    _record(site, site.owner, "ast_1")
    event = ours.get("/v1/events", params={"name": "asset.created"}).json()["items"][0]
    assert (event["actor_name"], event["subject_id"], event["seq"], len(event["hash"])) == ("ada", "ast_1", 4, 64)


def test_events_are_listed_by_the_noun_of_their_names(site: Site, ours: TestClient) -> None:
    _record(site, site.owner, "ast_1")
    found = {name: ours.get("/v1/events", params={"name": name}).json()["items"] for name in ("asset.", "ass.")}
    assert {name: [event["name"] for event in items] for name, items in found.items()} == {
        "asset.": ["asset.created"],
        "ass.": [],
    }


def test_a_stream_goes_on_behind_the_last_event_that_was_seen(site: Site, ours: TestClient) -> None:
    for number in range(3):
        _record(site, site.owner, f"ast_{number}")
    answer = ours.get("/v1/events/stream", params={"for_s": 0}, headers={"Last-Event-ID": "4"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = _events(answer.text)
    assert [(event["subject_id"], event["sse"]) for event in events] == [
        ("ast_1", ("5", "asset.created")),
        ("ast_2", ("6", "asset.created")),
    ]


def test_a_stream_tells_what_happens_while_it_is_open_of_its_own_tenant_only(
    site: Site, ours: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    _record(site, site.owner, "ast_before")
    is_open = threading.Event()
    last_seq = stream._last_seq

    def begin(*args: Any) -> int:
        seq = last_seq(*args)
        is_open.set()  # however long a busy machine took to get here
        return seq

    def act() -> None:
        assert is_open.wait(60)
        _record(site, site.stranger, "ast_theirs")
        _record(site, site.owner, "ast_ours")

    monkeypatch.setattr(stream, "_last_seq", begin)
    with ThreadPoolExecutor() as pool:
        acted = pool.submit(act)
        events = _events(ours.get("/v1/events/stream", params={"for_s": 5.0}).text)
        acted.result()
    assert [event["subject_id"] for event in events] == ["ast_ours"]


def test_a_stream_holds_no_database_session_while_it_waits(
    site: Site, ours: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[int] = []
    sleep = asyncio.sleep

    async def wait(seconds: float) -> None:
        held.append(site.database.engine.pool.checkedout())  # type: ignore[attr-defined]
        await sleep(seconds)

    monkeypatch.setattr(asyncio, "sleep", wait)
    ours.get("/v1/events/stream", params={"for_s": 1.5})
    assert set(held) == {0}


def test_a_server_seals_what_happens_and_signs_where_the_chains_end(site: Site, ours: TestClient) -> None:
    def told() -> list[dict[str, Any]]:
        return _events(ours.get("/v1/events/stream", params={"for_s": 0}, headers={"Last-Event-ID": "3"}).text)

    with wiring.sealing(site.installation):
        with site.database.write() as session:
            trust.record(session, site.owner, "asset.created", "ast_1")
        deadline = time.monotonic() + 60
        while not (events := told()):
            assert time.monotonic() < deadline, "no sealer came by"
            time.sleep(0.05)
    assert [event["subject_id"] for event in events] == ["ast_1"]
    data_dir, public_key = site.installation.settings.data_dir, wiring.events_signer(site.installation).public_key()
    with site.database.read() as session:
        report = trust.verify_chain(session, site.owner.tenant_id, heads_dir=data_dir / "heads", public_key=public_key)
    assert (report.is_whole, report.num_events, report.num_heads) == (True, 4, 1)


def test_a_number_that_is_none_is_refused(ours: TestClient) -> None:
    assert ours.get("/v1/events/stream", headers={"Last-Event-ID": "x"}).status_code == 422


def test_who_saw_names_what_footage_was_exported_for(site: Site, ours: TestClient) -> None:
    asset_id, run_id, version_id = new_id("ast"), new_id("run"), new_id("ver")
    with site.database.write() as session:
        artifacts.describe(session, site.owner, run_id, "first light")
        artifacts.describe(session, site.stranger, version_id, "theirs")
        trust.record(session, site.owner, "asset.exported", version_id, asset_ids=[asset_id])
        trust.record(session, site.owner, "asset.exported", version_id, asset_ids=[asset_id], run_id=run_id)
        trust.record(session, site.owner, "asset.streamed", asset_id)
    trust.seal(site.database)
    visits = ours.get(f"/v1/assets/{asset_id}/viewers").json()["items"]
    assert [visit["taken_for"] for visit in visits] == [
        None,
        {"id": run_id, "noun": "run", "title": "first light"},
        {"id": version_id, "noun": "dataset version", "title": ""},
    ]


def test_viewers_of_an_asset_that_is_nobodys_are_not_found(ours: TestClient) -> None:
    assert ours.get("/v1/assets/ast_01000000000000000000000000/viewers").status_code == 404
