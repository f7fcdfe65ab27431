from fastapi.testclient import TestClient

from muybridge import trust

from .conftest import Site


def test_a_new_member_comes_in_by_the_link_in_the_answer(site: Site, ours: TestClient) -> None:
    made = ours.post("/v1/members", json={"name": "Eve", "email": "Eve@ours.example", "role": "annotator"})
    assert made.status_code == 201
    base, _, token = made.json()["link"].partition("/login?token=")
    assert base == site.installation.settings.base_url
    browser = site.a_client()
    assert browser.post("/v1/auth/link", json={"token": token}).json()["email"] == "eve@ours.example"
    assert browser.put("/v1/me/password", json={"password": "correct horse"}).status_code == 204
    assert [member["has_password"] for member in ours.get("/v1/members").json()["items"]] == [True, False]


def test_a_member_is_changed_and_removed(site: Site, ours: TestClient) -> None:
    member = site.a_member("eve@ours.example", trust.Role.ANNOTATOR, password=None)
    changed = ours.patch(f"/v1/members/{member.id}", json={"role": "reviewer", "name": "Eva"}).json()
    assert (changed["role"], changed["name"]) == ("reviewer", "Eva")
    assert ours.delete(f"/v1/members/{member.id}").status_code == 204
    assert [item["email"] for item in ours.get("/v1/members").json()["items"]] == ["ada@ours.example"]


def test_an_annotator_manages_nobody(site: Site) -> None:
    with site.database.write() as session:
        secret = trust.create_key(session, site.owner, "a", role=trust.Role.ANNOTATOR).secret
    client = site.a_client(secret)
    answers = [
        client.post("/v1/members", json={"name": "X", "email": "x@y.example", "role": "viewer"}),
        client.get("/v1/keys"),
        client.post("/v1/keys", json={"name": "x"}),
        client.put("/v1/quotas/generations", json={"limit": 5}),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(403, "trust.not_allowed")] * 4


def test_a_key_is_shown_once_works_and_is_revoked(site: Site, ours: TestClient) -> None:
    made = ours.post("/v1/keys", json={"name": "robot", "prefix": "live_", "scopes": ["trust.read"]}).json()
    robot = site.a_client(made["secret"])
    assert made["secret"].startswith("live_")
    assert robot.get("/v1/me").json()["permissions"] == ["trust.read"]
    listed = ours.get("/v1/keys").json()["items"][0]
    assert (listed["id"], listed["hint"], "secret" in listed) == (made["id"], made["secret"][-4:], False)
    assert ours.delete(f"/v1/keys/{made['id']}").status_code == 204
    assert robot.get("/v1/me").status_code == 401


def test_a_limit_is_set_and_shown(ours: TestClient) -> None:
    assert ours.put("/v1/quotas/generations", json={"limit": 5}).json()["limit"] == 5
    assert ours.put("/v1/quotas/patience", json={"limit": 5}).status_code == 422
    shown = {item["resource"]: item["limit"] for item in ours.get("/v1/quotas").json()["items"]}
    assert shown == {"generations": 5, "play_frames": None, "storage_bytes": None}


def test_a_grant_is_for_a_project_that_is_there(site: Site, ours: TestClient) -> None:
    member = site.a_member("eve@ours.example", trust.Role.ANNOTATOR, password=None)
    body = {"actor_id": member.id, "scope_id": "prj_01000000000000000000000000", "role": "annotator"}
    answer = ours.post("/v1/grants", json=body)
    assert (answer.status_code, answer.json()["detail"]) == (
        404,
        "There is no project prj_01000000000000000000000000.",
    )
