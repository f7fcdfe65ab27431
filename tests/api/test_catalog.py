import asyncio
import hashlib
import io
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from httpx import ASGITransport, AsyncClient, Response
from PIL import Image
from tests.fixtures import video

from muybridge import artifacts, jobs, media, trust, wiring
from muybridge.catalog import uploads
from muybridge.jobs.executors.inline import InlineExecutor
from muybridge.units import new_id

from .conftest import Site

CONTENT = b"a horse in motion " * 5000
NAME = 'a/b "horse" 🐎.mp4'


@pytest.fixture(scope="session")
def a_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten numbered frames of VP9, so that there is a proxy beside the source."""
    path = tmp_path_factory.mktemp("clips") / "ten.webm"
    return video.make_clip(path, num_frames=10, size=(160, 96), codec="libvpx-vp9")


@pytest.fixture
def footage(site: Site, a_clip: Path) -> str:
    """An ingested asset."""
    installation = site.installation
    asset_id = uploads.ingest_file(
        site.database, installation.store, site.owner, a_clip, name=NAME, detector="histogram"
    )
    worker = jobs.Worker(
        site.database,
        installation.store,
        workdir=installation.settings.data_dir / "work",
        executor=InlineExecutor(),
    )
    worker.run_until_idle(timeout_s=120)
    return asset_id


def opened(client: TestClient, **changes: Any) -> dict[str, Any]:
    answer = client.post("/v1/uploads", json={"name": NAME, "size_bytes": len(CONTENT), **changes})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def send(client: TestClient, upload_id: str, offset: int, content: bytes) -> Response:
    return client.patch(f"/v1/uploads/{upload_id}", content=content, headers={"Upload-Offset": str(offset)})


def events(site: Site, *names: str) -> list[dict[str, Any]]:
    from sqlalchemy import select

    rows = select(trust.Event).where(trust.Event.name.in_(names)).order_by(trust.Event.id)
    with site.database.read() as session:
        return [
            {**row.facts, "name": row.name, "via": row.via} for row in session.scalars(trust.visible(rows, site.owner))
        ]


def test_a_file_is_sent_in_pieces_and_becomes_footage(ours: TestClient) -> None:
    upload = opened(ours, sha256=hashlib.sha256(CONTENT).hexdigest())
    assert (upload["received_bytes"], upload["chunk_bytes"], upload["state"]) == (0, 8 << 20, "open")
    assert send(ours, upload["id"], 0, CONTENT[:50_000]).json()["received_bytes"] == 50_000
    assert ours.get(f"/v1/uploads/{upload['id']}").json()["received_bytes"] == 50_000
    assert send(ours, upload["id"], 50_000, CONTENT[50_000:]).json()["received_bytes"] == len(CONTENT)
    done = ours.post(f"/v1/uploads/{upload['id']}/complete")
    assert (done.status_code, done.json()["name"], done.json()["is_ready"]) == (202, NAME, False)
    again = ours.post(f"/v1/uploads/{upload['id']}/complete")
    assert (again.status_code, again.json()["id"]) == (202, done.json()["id"])


def test_a_piece_at_the_wrong_place_is_told_the_right_one(ours: TestClient) -> None:
    upload = opened(ours)
    send(ours, upload["id"], 0, CONTENT[:100])
    answer = send(ours, upload["id"], 0, CONTENT[:100])
    assert (answer.status_code, answer.json()["code"]) == (409, "artifacts.wrong_offset")
    assert answer.json()["facts"] == {"offset": 100}
    early = ours.post(f"/v1/uploads/{upload['id']}/complete")
    assert (early.status_code, early.json()["facts"]) == (409, {"offset": 100})


def test_the_same_request_twice_is_one_upload(ours: TestClient) -> None:
    key = {"Idempotency-Key": "horse-1"}
    body = {"name": NAME, "size_bytes": 10}
    first, again = (ours.post("/v1/uploads", json=body, headers=key).json()["id"] for _ in range(2))
    assert first == again


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"size_bytes": 0}, "catalog.empty_upload"),
        ({"name": "a\u0000b"}, "catalog.bad_name"),
        ({"name": "ß" * 300}, "catalog.bad_name"),
        ({"sha256": "xyz"}, "api.invalid_request"),
        ({"colour": "red"}, "api.invalid_request"),
        ({"rights": {"allowed_uses": ["sell"]}}, "api.invalid_request"),
        ({"rights": {"expires_at": "9999-12-31T23:59:59-12:00"}}, "api.invalid_request"),
        ({"rights": {"expires_at": "2027-01-01T00:00:00"}}, "api.invalid_request"),
    ],
)
def test_what_cannot_be_uploaded_is_refused(ours: TestClient, changes: dict[str, Any], code: str) -> None:
    answer = ours.post("/v1/uploads", json={"name": NAME, "size_bytes": 10, **changes})
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_an_upload_that_was_given_up_takes_no_more(ours: TestClient) -> None:
    upload = opened(ours)
    send(ours, upload["id"], 0, CONTENT[:100])
    assert ours.delete(f"/v1/uploads/{upload['id']}").status_code == 204
    answer = send(ours, upload["id"], 100, CONTENT[100:])
    assert (answer.status_code, answer.json()["code"]) == (409, "catalog.upload_closed")


def test_footage_is_listed_searched_and_renamed(ours: TestClient, footage: str) -> None:
    page = ours.get("/v1/assets", params={"query": "HORSE 🐎"}).json()
    assert ([asset["id"] for asset in page["items"]], page["next_cursor"]) == ([footage], None)
    asset = page["items"][0]
    assert (asset["num_frames"], asset["codec"], asset["is_ready"]) == (10, "vp9", True)
    assert asset["poster_url"].startswith("/media/")
    assert asset["filmstrip"]["frames"] == list(range(10))
    assert ours.patch(f"/v1/assets/{footage}", json={"name": "Zebra"}).json()["name"] == "Zebra"
    assert ours.get("/v1/assets", params={"query": "horse"}).json()["items"] == []
    unfoldable = ours.patch(f"/v1/assets/{footage}", json={"name": "ß" * 300})
    assert (unfoldable.status_code, unfoldable.json()["code"]) == (422, "catalog.bad_name")


def test_being_given_addresses_is_streaming_and_they_serve_ranges(site: Site, ours: TestClient, footage: str) -> None:
    media = ours.get(f"/v1/assets/{footage}/media").json()
    assert [event["name"] for event in events(site, "asset.streamed")] == ["asset.streamed"]
    nobody = site.a_client()
    whole = nobody.get(media["proxy_url"])
    assert (whole.status_code, whole.headers["content-type"]) == (200, "video/mp4")
    assert whole.headers["accept-ranges"] == "bytes"
    part = nobody.get(media["proxy_url"], headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, whole.content[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole.content)}"
    tail = nobody.get(media["proxy_url"], headers={"Range": "bytes=-7"})
    assert (tail.status_code, tail.content) == (206, whole.content[-7:])
    assert nobody.get(media["proxy_url"], headers={"Range": f"bytes={10**9}-"}).status_code == 416
    assert nobody.head(media["proxy_url"]).headers["content-length"] == str(len(whole.content))
    poster = nobody.get(media["poster_url"])
    assert (poster.headers["content-type"], poster.content[:2]) == ("image/jpeg", b"\xff\xd8")


def test_an_address_that_was_changed_serves_nothing(site: Site, ours: TestClient, footage: str) -> None:
    url = ours.get(f"/v1/assets/{footage}/media").json()["source_url"]
    nobody = site.a_client()
    for changed in (url.replace("video%2Fmp4", "text%2Fhtml"), url[:-3] + "000", url.partition("?")[0]):
        answer = nobody.get(changed)
        assert (answer.status_code, answer.json()["code"]) == (403, "artifacts.bad_signature")


def test_a_download_keeps_any_name_and_never_runs_as_a_page(site: Site, ours: TestClient, footage: str) -> None:
    url = ours.post(f"/v1/assets/{footage}/downloads").json()["url"]
    answer = site.a_client().get(url)
    assert answer.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''a%2Fb%20%22horse%22%20%F0%9F%90%8E.mp4"
    )
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert [event["name"] for event in events(site, "asset.downloaded")] == ["asset.downloaded"]


def test_a_frame_is_exactly_that_frame_and_looking_at_it_is_on_record(
    site: Site, ours: TestClient, footage: str
) -> None:
    for frame in (0, 7, 3):
        answer = ours.get(f"/v1/assets/{footage}/frames/{frame}.jpg")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
        assert video.number_of(np.asarray(Image.open(io.BytesIO(answer.content)))) == frame
    seen = [(event["start_frame"], event["end_frame"]) for event in events(site, "asset.viewed")]
    assert seen == [(0, 1), (7, 8), (3, 4)]
    assert ours.get(f"/v1/assets/{footage}/frames/10.jpg").json()["code"] == "catalog.span_outside"


def test_frames_are_drawn_from_the_proxy_and_not_from_what_somebody_sent(
    site: Site, ours: TestClient, footage: str, a_clip: Path
) -> None:
    source = site.installation.store.path_of(hashlib.sha256(a_clip.read_bytes()).hexdigest(), Path("/nowhere"))
    source.chmod(0o600)
    source.write_bytes(b"")
    drawn = ours.get(f"/v1/assets/{footage}/frames/7.jpg")
    assert drawn.status_code == 200, drawn.text
    assert video.number_of(np.asarray(Image.open(io.BytesIO(drawn.content)))) == 7


def test_frames_are_drawn_two_at_a_time(site: Site, footage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at_work: list[None] = []
    most: list[int] = []
    two = threading.Barrier(2, timeout=60)

    def draw(*_: Any, **__: Any) -> bytes:
        at_work.append(None)
        most.append(len(at_work))
        two.wait()
        time.sleep(0.2)  # long enough for a third to come, were it let
        at_work.pop()
        return b"drawn"

    async def ask(key: str) -> list[int]:
        headers = {"Authorization": f"Bearer {key}"}
        transport = ASGITransport(site.app)
        async with AsyncClient(transport=transport, base_url="http://testserver", headers=headers) as client:
            asked = (client.get(f"/v1/assets/{footage}/frames/{frame}.jpg") for frame in range(6))
            return [answer.status_code for answer in await asyncio.gather(*asked)]

    monkeypatch.setattr(media, "frame_jpeg", draw)
    assert asyncio.run(ask(site.a_key(site.owner))) == [200] * 6
    assert max(most) == 2


def test_views_name_their_span_and_their_key(site: Site, ours: TestClient, footage: str) -> None:
    assert ours.post(f"/v1/assets/{footage}/views", json={"start_frame": 2, "end_frame": 5}).status_code == 204
    (event,) = events(site, "asset.viewed")
    assert (event["start_frame"], event["end_frame"], event["via"][:4]) == (2, 5, "key:")
    wrong = ours.post(f"/v1/assets/{footage}/views", json={"start_frame": 5, "end_frame": 5})
    assert wrong.status_code == 422


def test_shots_clips_and_the_index_are_in_true_time(ours: TestClient, footage: str) -> None:
    index = ours.get(f"/v1/assets/{footage}/index").json()
    assert (len(index["pts"]), index["pts"][0]) == (10, 0)
    shots = ours.get(f"/v1/assets/{footage}/shots").json()["items"]
    assert [(shot["start_frame"], shot["end_frame"]) for shot in shots] == [(0, 10)]
    assert (shots[0]["start_pts"], shots[0]["end_pts"]) == (0, index["end_pts"])
    clip = ours.post(f"/v1/assets/{footage}/clips", json={"start_frame": 2, "end_frame": 4})
    assert (clip.status_code, clip.json()["start_pts"]) == (201, index["pts"][2])
    assert [found["id"] for found in ours.get(f"/v1/assets/{footage}/clips").json()["items"]] == [clip.json()["id"]]


def test_rights_are_declared_revoked_and_traced(site: Site, ours: TestClient, footage: str) -> None:
    assert ours.get(f"/v1/assets/{footage}/rights").json()["allowed_uses"] == ["label"]
    declared = ours.put(
        f"/v1/assets/{footage}/rights",
        json={"owner": "Us", "licence": "CC0-1.0", "allowed_uses": ["train", "label"], "retain_until": None},
    ).json()
    assert (declared["allowed_uses"], declared["declared_by"][:4]) == (["label", "train"], "key_")
    version = new_id("ver")
    with site.database.write() as session:
        artifacts.derive(session, site.owner, version, [footage], title="Horses v1")
    revoked = ours.post(f"/v1/assets/{footage}/rights/revoke", json={"reason": "the owner asked"}).json()
    assert [node["title"] for node in revoked["versions"]] == ["Horses v1"]
    assert [node["id"] for node in revoked["downstream"]] == [version]
    assert ours.get(f"/v1/assets/{footage}/rights").json()["revoked_reason"] == "the owner asked"
    assert ours.delete(f"/v1/assets/{footage}").json()["code"] == "catalog.asset_in_use"


def test_revoked_footage_is_given_to_no_viewer_and_who_saw_it_last_is_written_down(
    site: Site, ours: TestClient, footage: str
) -> None:
    viewer = site.a_client(site.a_key(site.owner, trust.Role.VIEWER))
    assert viewer.get(f"/v1/assets/{footage}/frames/0.jpg").status_code == 200
    ours.post(f"/v1/assets/{footage}/rights/revoke", json={"reason": "the owner asked"})
    for refused in (viewer.get(f"/v1/assets/{footage}/frames/0.jpg"), viewer.get(f"/v1/assets/{footage}/media")):
        assert (refused.status_code, refused.json()["code"]) == (403, "catalog.asset_forbidden")
    # What a player loaded before goes on, and what it shows is told a few seconds later.
    seen = {"start_frame": 2, "end_frame": 5}
    assert viewer.post(f"/v1/assets/{footage}/views", json=seen).status_code == 204


def test_consents_are_given_and_taken_back(ours: TestClient, footage: str) -> None:
    given = ours.post(f"/v1/assets/{footage}/consents", json={"person_ref": "rider", "uses": ["label"]})
    assert (given.status_code, given.json()["revoked_at"]) == (201, None)
    back = ours.post(f"/v1/consents/{given.json()['id']}/revoke").json()
    assert back["revoked_at"] is not None
    assert ours.get(f"/v1/assets/{footage}/consents").json()["items"] == [back]


def test_lineage_shows_names_without_asking_the_rooms(ours: TestClient, theirs: TestClient, footage: str) -> None:
    lineage = ours.get(f"/v1/lineage/{footage}").json()
    nodes = {node["id"]: node for node in lineage["nodes"]}
    assert (nodes[footage]["noun"], nodes[footage]["title"], nodes[footage]["depth"]) == ("asset", NAME, 0)
    kinds = sorted(node["facts"]["kind"] for node in nodes.values() if node["noun"] == "artifact")
    assert kinds == ["filmstrip", "index", "poster", "proxy", "source"]
    assert all(edge["child_id"] in nodes and edge["parent_id"] in nodes for edge in lineage["edges"])
    assert theirs.get(f"/v1/lineage/{footage}").status_code == 404


def test_deleted_footage_is_gone(ours: TestClient, footage: str) -> None:
    assert ours.delete(f"/v1/assets/{footage}").status_code == 204
    assert ours.get(f"/v1/assets/{footage}").json()["code"] == "muybridge.not_found"


def test_footage_of_another_tenant_is_not_there(ours: TestClient, theirs: TestClient, footage: str) -> None:
    upload = opened(ours)
    assert theirs.get("/v1/assets").json()["items"] == []
    asked = [
        *(
            theirs.get(f"/v1/assets/{footage}{rest}")
            for rest in ("", "/shots", "/index", "/media", "/rights", "/clips")
        ),
        *(theirs.get(f"/v1/assets/{footage}{rest}") for rest in ("/consents", "/frames/0.jpg")),
        theirs.post(f"/v1/assets/{footage}/views", json={"start_frame": 0, "end_frame": 1}),
        theirs.post(f"/v1/assets/{footage}/downloads"),
        theirs.put(f"/v1/assets/{footage}/rights", json={}),
        theirs.post(f"/v1/assets/{footage}/rights/revoke", json={"reason": "x"}),
        theirs.patch(f"/v1/assets/{footage}", json={"name": "x"}),
        theirs.delete(f"/v1/assets/{footage}"),
        theirs.get(f"/v1/uploads/{upload['id']}"),
        send(theirs, upload["id"], 0, b"x"),
        theirs.post(f"/v1/uploads/{upload['id']}/complete"),
        theirs.delete(f"/v1/uploads/{upload['id']}"),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in asked} == {(404, "muybridge.not_found")}


def test_nobody_gets_nothing(site: Site, footage: str) -> None:
    assert site.a_client().get(f"/v1/assets/{footage}").status_code == 401


def test_the_server_never_imports_torch() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from muybridge import wiring; wiring.openapi(); print('torch' in sys.modules, 'av' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False", "False"]
    assert wiring.ROUTERS
