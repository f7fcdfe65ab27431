import pytest
from fastapi.testclient import TestClient

from muybridge import db, trust

from .conftest import PASSWORD, Site


def _by_link(site: Site, actor: trust.Actor) -> TestClient:
    """A browser that came in by a link."""
    client = site.a_client()
    with site.database.write() as session:
        token = trust.login_link(session, session.get_one(trust.Member, actor.id))
    assert client.post("/v1/auth/link", json={"token": token}).status_code == 200
    return client


def test_a_link_logs_the_owner_in_by_a_cookie_that_scripts_cannot_read(site: Site) -> None:
    client = site.a_client()
    with site.database.write() as session:
        token = trust.login_link(session, session.get_one(trust.Member, site.owner.id))
    answer = client.post("/v1/auth/link", json={"token": token})
    cookie = answer.headers["set-cookie"]
    assert [part in cookie for part in ("muybridge_login=", "HttpOnly", "SameSite=lax", "Path=/", "Secure")] == [
        True,
        True,
        True,
        True,
        False,
    ]
    me = client.get("/v1/me").json()
    assert (me["id"], me["email"], me["role"], me["tenant"]["name"]) == (
        site.owner.id,
        "ada@ours.example",
        "owner",
        "Ours",
    )
    assert "trust.manage" in me["permissions"]
    assert client.post("/v1/auth/link", json={"token": token}).status_code == 401


def test_behind_tls_the_cookie_is_secure(site: Site) -> None:
    site.app.state.parts = type(site.app.state.parts)(
        **{**vars_of(site.app.state.parts), "base_url": "https://studio.example"}
    )
    with site.database.write() as session:
        token = trust.login_link(session, session.get_one(trust.Member, site.owner.id))
    assert "Secure" in site.a_client().post("/v1/auth/link", json={"token": token}).headers["set-cookie"]


def vars_of(parts: object) -> dict[str, object]:
    return {name: getattr(parts, name) for name in type(parts).__dataclass_fields__}  # type: ignore[attr-defined]


def test_a_password_logs_in_and_logging_out_ends_it(site: Site) -> None:
    member = site.a_member("eve@ours.example", trust.Role.ANNOTATOR)
    client = site.a_client()
    answer = client.post("/v1/auth/login", json={"email": "EVE@ours.example", "password": PASSWORD})
    assert (answer.status_code, answer.json()["id"]) == (200, member.id)
    token = client.cookies["muybridge_login"]
    assert client.post("/v1/auth/logout").status_code == 204
    again = site.a_client()
    again.cookies.set("muybridge_login", token)
    refused = again.get("/v1/me")
    assert (refused.status_code, refused.json()["code"]) == (401, "trust.login_refused")


def test_failed_log_ins_are_kept_and_then_throttled_with_a_time_to_wait(site: Site) -> None:
    site.a_member("eve@ours.example", trust.Role.ANNOTATOR)
    client = site.a_client()
    answers = [
        client.post("/v1/auth/login", json={"email": "eve@ours.example", "password": "wrong password"})
        for _ in range(6)
    ]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert answers[-1].json()["code"] == "trust.too_many_failures"
    assert 0 < int(answers[-1].headers["retry-after"]) <= 900


def test_another_site_cannot_act_with_a_members_cookie(site: Site) -> None:
    client = _by_link(site, site.owner)
    for origin, status in (("https://evil.example", 403), ("null", 403), ("http://testserver", 204)):
        answer = client.put("/v1/me/password", json={"password": PASSWORD}, headers={"Origin": origin})
        assert (origin, answer.status_code) == (origin, status)


def test_another_site_cannot_log_a_browser_in(site: Site) -> None:
    body = {"email": "eve@ours.example", "password": PASSWORD}
    answer = site.a_client().post("/v1/auth/login", json=body, headers={"Origin": "https://evil.example"})
    assert (answer.status_code, answer.json()["code"]) == (403, "api.cross_site_request")


def test_ones_open_log_ins_are_listed_and_ended_one_by_one(site: Site) -> None:
    here, there = _by_link(site, site.owner), _by_link(site, site.owner)
    listed = here.get("/v1/me/logins").json()["items"]
    assert [login["is_current"] for login in listed] == [False, True]
    assert here.delete(f"/v1/logins/{listed[0]['id']}").status_code == 204
    assert (here.get("/v1/me").status_code, there.get("/v1/me").status_code) == (200, 401)


def test_nobody_without_key_or_cookie_gets_in(site: Site) -> None:
    answer = site.a_client().get("/v1/me")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_an_answer_that_holds_a_secret_is_not_kept_by_caches(site: Site, ours: TestClient) -> None:
    answer = ours.post("/v1/keys", json={"name": "robot"})
    assert answer.headers["cache-control"] == "no-store"


def test_a_database_that_is_away_is_no_defect_of_ours(
    site: Site, ours: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = db.open_database("postgresql+psycopg://somebody:secret@127.0.0.1:1/nothing")
    monkeypatch.setattr(site.database, "engine", nowhere.engine)
    answer = ours.get("/v1/assets")
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "db.away", "5")
