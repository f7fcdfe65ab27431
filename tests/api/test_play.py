"""Playing through the API: a real worker, a real child with an untrained network, a real channel."""

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketDenialResponse, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "fixtures"))

from untrained import an_untrained_checkpoint

from muybridge import trust, wiring
from muybridge.jobs import Worker
from muybridge.trust import Role
from muybridge.worldmodel import runtimes
from muybridge.worldmodel.runtimes import Runtime

from .conftest import Site


class Playing:
    """One end of a session's channel, as a studio would hold it."""

    def __init__(self, socket: WebSocketTestSession) -> None:
        self._socket = socket
        self.opened = self.until("opened")[0]
        self.first = self.until("frame")

    def say(self, type_: str, **fields: Any) -> None:
        head = json.dumps({"type": type_, **fields}).encode()
        self._socket.send_bytes(len(head).to_bytes(4, "big") + head)

    def hear(self) -> tuple[dict[str, Any], bytes]:
        message = self._socket.receive_bytes()
        end = 4 + int.from_bytes(message[:4], "big")
        return json.loads(message[4:end]), message[end:]

    def until(self, type_: str) -> tuple[dict[str, Any], bytes]:
        while True:
            header, payload = self.hear()
            if header["type"] == type_:
                return header, payload
            assert header["type"] not in ("error", "closed"), header

    def step(self, action: int = 0) -> tuple[dict[str, Any], bytes]:
        self.say("step", action=action)
        return self.until("frame")

    def steps(self, *actions: int) -> list[bytes]:
        """The imagined pictures of these actions."""
        return [self.step(action)[1][: self.size] for action in actions]

    @property
    def size(self) -> int:
        return int(self.opened["width"] * self.opened["height"] * 3)


@pytest.fixture
def checkpoint(site: Site, tmp_path: Path) -> str:
    return an_untrained_checkpoint(site.database, site.installation.store, site.owner, tmp_path, is_scrambled=True).id


@pytest.fixture
def working(site: Site) -> Iterator[Worker]:
    worker = wiring.build_worker(site.installation)
    stop = threading.Event()
    thread = threading.Thread(target=worker.run_until, args=(stop,), kwargs={"grace_s": 0.0}, daemon=True)
    thread.start()
    yield worker
    stop.set()
    thread.join(20)


@pytest.fixture
def play(checkpoint: str, working: Worker, ours: TestClient) -> Callable[..., Any]:
    @contextmanager
    def opened(client: TestClient = ours, **wish: Any) -> Iterator[tuple[str, Playing]]:
        answer = client.post("/v1/sessions", json=wish or {"room": "arcade", "seed": 5})
        assert answer.status_code == 201, answer.text
        with client.websocket_connect(f"/v1/sessions/{answer.json()['id']}/channel") as socket:
            yield answer.json()["id"], Playing(socket)

    return opened


def finished(client: TestClient, session_id: str) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while not (told := client.get(f"/v1/sessions/{session_id}").json())["ended_at"]:
        assert time.monotonic() < deadline, told
        time.sleep(0.05)
    return dict(told)


def test_a_session_is_steered_spoken_to_gone_back_in_and_branched(play: Callable[..., Any]) -> None:
    with play() as (_, playing):
        opened = playing.opened
        assert [(action["id"], action["name"], action["key"]) for action in opened["actions"][:3]] == [
            (0, "stay", " "), (1, "left", "ArrowLeft"), (2, "right", "ArrowRight"),
        ]  # fmt: skip
        assert (opened["room"], opened["has_ghost"], opened["is_playing"]) == ("arcade", True, False)
        assert "arcade, a " in opened["scene"]
        assert opened["hears_words"] is False
        header, payload = playing.first
        assert (header["frame"], header["is_imagined"], header["ghost"]) == (0, False, True)
        assert payload[: playing.size] == payload[playing.size :], "imagination and ghost begin alike"
        seen = playing.steps(1, 2, 3, 4, 1, 2, 3, 4, 1, 2)

        playing.say("rewind", frame=2)
        assert playing.until("rewound")[0] == {"type": "rewound", "branch": "b0", "frame": 2}
        header, payload = playing.until("frame")
        assert (header["frame"], header["is_again"], payload[: playing.size]) == (2, True, seen[1])
        assert playing.steps(3, 4, 1, 2, 3, 4, 1, 2) == seen[2:]

        playing.say("branch", branch="b0", frame=4)
        assert playing.until("branched")[0] == {
            "type": "branched", "branch": "b1", "from_branch": "b0", "from_frame": 4, "seed": 5,
        }  # fmt: skip
        assert playing.until("frame")[1][: playing.size] == seen[3]
        playing.say("say", text="the sky turns green")
        header, payload = playing.step(1)
        assert (header["branch"], header["frame"], header["said"]) == ("b1", 5, "the sky turns green")
        assert payload != seen[4]
        assert (header["ghost"], header["drift"], len(payload)) == (False, None, playing.size)
        assert "no rule" in header["ghost_note"]

        playing.say("switch", branch="b0")
        assert playing.until("switched")[0] == {"type": "switched", "branch": "b0", "frame": 10}
        header, payload = playing.until("frame")
        assert (payload[: playing.size], header["ghost"]) == (seen[-1], True)

        playing.say("play", fps=30)
        assert [playing.until("frame")[0]["frame"] for _ in range(3)] == [11, 12, 13]
        playing.say("pause")
        playing.until("paused")
        playing.say("restart", seed=6)
        assert playing.until("branched")[0]["from_branch"] is None
        assert playing.until("frame")[0]["branch"] == "b2"


def test_a_session_is_imagined_by_the_engine_that_was_asked_for_and_says_so(checkpoint: str, ours: TestClient) -> None:
    told = [ours.post("/v1/sessions", json={"room": "lab", **wish}).json() for wish in ({}, {"engine": "ours"})]
    assert [each["engine"] for each in told] == ["ours", "ours"]
    assert ours.get(f"/v1/sessions/{told[1]['id']}").json()["engine"] == "ours"
    assert {each["engine"] for each in ours.get("/v1/sessions").json()["items"]} == {"ours"}


@pytest.mark.skipif(not runtimes.is_installed(Runtime.ONNX_INT8), reason="needs the extra onnx")
def test_a_narrow_network_is_played_in_eight_bits_where_one_asks_for_it(play: Callable[..., Any]) -> None:
    with play(room="arcade", seed=5, engine="ours-int8") as (_, playing):
        assert playing.opened["engine"] == "ours-int8"
        assert playing.step(1)[0]["is_imagined"] is True


def test_an_engine_that_cannot_play_is_refused_by_name(checkpoint: str, ours: TestClient) -> None:
    refused = ours.post("/v1/sessions", json={"room": "lab", "engine": "steam"})
    assert (refused.status_code, refused.json()["code"]) == (422, "generation.beyond_limits")
    assert refused.json()["detail"] == "The engine steam cannot be played."
    assert refused.json()["remedy"] == "These can: ours, ours-int8."
    assert ours.get("/v1/sessions").json()["items"] == []


@pytest.mark.parametrize("image", ["\u0080", "not base64!"])
def test_a_picture_that_is_no_base64_is_refused(image: str, checkpoint: str, ours: TestClient) -> None:
    refused = ours.post("/v1/sessions", json={"image": image})
    assert (refused.status_code, refused.json()["code"]) == (422, "generation.bad_image")
    assert refused.json()["remedy"] == "Encode the file's bytes."


def test_what_cannot_be_done_is_said_and_the_session_lives_on(play: Callable[..., Any]) -> None:
    with play() as (_, playing):
        for asked, code in (
            ({"type": "say", "text": "  "}, "worldmodel.empty_prompt"),
            ({"type": "say", "text": "x" * 60_000}, "worldmodel.prompt_too_long"),
            ({"type": "act", "action": 5}, "worldmodel.action_out_of_range"),
            ({"type": "act", "action": "left"}, "generation.bad_message"),
            ({"type": "rewind", "frame": 1}, "generation.no_such_frame"),
            ({"type": "branch", "branch": "b9", "frame": 0}, "generation.no_such_branch"),
            ({"type": "play", "fps": 1e9}, "generation.bad_message"),
            ({"type": "fly"}, "generation.bad_message"),
        ):
            playing.say(asked.pop("type"), **asked)
            header, _ = playing.hear()
            assert (header["type"], header["code"]) == ("error", code)
            assert header["detail"]
        playing._socket.send_bytes(b"\x00")
        assert playing.hear()[0]["code"] == "generation.bad_message"
        playing._socket.send_text("{}")
        assert playing.hear()[0]["code"] == "generation.bad_message"
        playing.say("say", text="кот 🐈")
        assert playing.step()[0]["said"] == "кот 🐈"


def test_a_saved_clip_holds_the_frames_that_were_seen_and_verifies(
    site: Site, play: Callable[..., Any], ours: TestClient
) -> None:
    with play() as (session_id, playing):
        seen = [playing.first[1][: playing.size], *playing.steps(1, 1, 4, 0)]
        answer = ours.post(f"/v1/sessions/{session_id}/clips", json={"start_frame": 1, "end_frame": 4})
        assert answer.status_code == 202, answer.text
        generation_id = answer.json()["id"]
        assert (answer.json()["kind"], answer.json()["spec"]["num_frames"]) == ("play", 3)
        assert answer.json()["spec"]["script"]["entries"] == [[0, None], [1, None], [1, None], [4, None]]
        # The clip is rendered while the session goes on.
        deadline = time.monotonic() + 120
        while not (made := ours.get(f"/v1/generations/{generation_id}").json())["asset_id"]:
            assert time.monotonic() < deadline, ours.get("/v1/jobs").json()
            time.sleep(0.2)
        assert made["verified"] == "trusted"
        assert playing.step(2)[0]["frame"] == 5
    assert len(seen) == 5
    parents = {node["id"] for node in ours.get(f"/v1/lineage/{generation_id}").json().get("nodes", [])}
    assert not parents or session_id in parents


def test_a_clip_of_frames_that_were_never_made_is_refused(play: Callable[..., Any], ours: TestClient) -> None:
    with play() as (session_id, playing):
        playing.step()
        for clip, code in (
            ({"branch": "b7", "end_frame": 1}, "generation.no_such_branch"),
            ({"start_frame": 3, "end_frame": 2}, "generation.bad_spec"),
            ({"end_frame": 900}, "generation.not_yet_kept"),
        ):
            assert ours.post(f"/v1/sessions/{session_id}/clips", json=clip).json()["code"] == code


def test_only_who_opened_a_session_may_steer_it(
    site: Site, play: Callable[..., Any], ours: TestClient, theirs: TestClient
) -> None:
    viewer = site.a_client(site.a_key(site.owner, Role.VIEWER))
    colleague = site.a_client(site.a_key(site.owner, Role.CREATOR))
    assert viewer.post("/v1/sessions", json={"room": "lab"}).status_code == 403
    with play() as (session_id, playing):
        assert viewer.get(f"/v1/sessions/{session_id}").status_code == 200
        for client, status in ((theirs, 404), (viewer, 403), (colleague, 403), (site.a_client(), 401)):
            with pytest.raises(WebSocketDenialResponse) as refused:
                client.websocket_connect(f"/v1/sessions/{session_id}/channel").__enter__()
            assert refused.value.status_code == status
            assert refused.value.json()["code"]
            assert client.delete(f"/v1/sessions/{session_id}").status_code == status
            clip = client.post(f"/v1/sessions/{session_id}/clips", json={"end_frame": 1})
            assert clip.status_code == status
        assert theirs.get(f"/v1/sessions/{session_id}").status_code == 404
        assert theirs.get("/v1/sessions").json()["items"] == []
        assert playing.step()[0]["frame"] == 1


def test_a_page_of_another_site_cannot_open_the_channel(site: Site, checkpoint: str, ours: TestClient) -> None:
    site.a_member("eve@ours.example", Role.CREATOR)
    browser = site.a_client()
    browser.post("/v1/auth/login", json={"email": "eve@ours.example", "password": "correct horse battery"})
    session_id = browser.post("/v1/sessions", json={"room": "arcade"}).json()["id"]
    with pytest.raises(WebSocketDenialResponse) as refused:
        browser.websocket_connect(
            f"/v1/sessions/{session_id}/channel", headers={"Origin": "https://evil.example"}
        ).__enter__()
    assert (refused.value.status_code, refused.value.json()["code"]) == (403, "api.cross_site_request")


def test_a_second_client_is_turned_away_and_the_first_may_come_back(play: Callable[..., Any], ours: TestClient) -> None:
    with play() as (session_id, playing):
        playing.step(1)
        channel = f"/v1/sessions/{session_id}/channel"
        with ours.websocket_connect(channel) as second:
            assert json.loads(second.receive_bytes()[4:]) == {"type": "closed", "reason": "taken"}
            with pytest.raises(WebSocketDisconnect):
                second.receive_bytes()
        playing.say("say", text="rain")
        last = playing.step(2)[1]
    with ours.websocket_connect(channel) as socket:
        back = Playing(socket)
        assert back.opened["branches"] == [
            {
                "id": "b0",
                "seed": 5,
                "from_branch": None,
                "from_frame": None,
                "num_frames": 3,
                "said": [{"frame": 2, "words": "rain"}],
            }
        ]
        assert (back.first[0]["frame"], back.first[0]["is_again"], back.first[1]) == (2, True, last)


@pytest.mark.parametrize(("way", "reason"), [("close", "closed"), ("delete", "ended")])
def test_a_session_ends_when_asked_to(
    way: str, reason: str, play: Callable[..., Any], ours: TestClient, site: Site
) -> None:
    with play() as (session_id, playing):
        playing.step()
        if way == "close":
            playing.say("close")
        else:
            ours.delete(f"/v1/sessions/{session_id}")
        assert playing.hear()[0] == {"type": "closed", "reason": reason}
    told = finished(ours, session_id)
    assert (told["end_reason"], told["num_frames"]) == (reason, 2)
    with site.database.read() as session:
        quota = {row.resource: row for row in trust.list_quotas(session, site.owner)}["play_frames"]
        assert (quota.used, quota.reserved) == (2, 0)
    with pytest.raises(WebSocketDenialResponse) as refused:
        ours.websocket_connect(f"/v1/sessions/{session_id}/channel").__enter__()
    assert refused.value.json()["code"] == "generation.session_over"
    clip = ours.post(f"/v1/sessions/{session_id}/clips", json={"end_frame": 2})
    assert clip.status_code == 202, "what was kept can still be saved"
