from collections.abc import Callable

from .conftest import Ran


def test_a_key_is_created_listed_and_revoked(muybridge: Callable[..., Ran]) -> None:
    made = muybridge("keys", "create", "robot", "--prefix", "live_", "--json").json
    assert made["secret"].startswith("live_")
    (listed,) = muybridge("keys", "list", "--json").json["items"]
    assert (listed["id"], listed["name"], listed["state"]) == (made["id"], "robot", "active")
    assert made["secret"] not in muybridge("keys", "list", "--json").out
    assert muybridge("keys", "revoke", made["id"]).code == 0
    (listed,) = muybridge("keys", "list", "--json").json["items"]
    assert listed["state"] == "revoked"


def test_an_error_is_a_sentence_with_a_remedy_and_exit_code_1(muybridge: Callable[..., Ran]) -> None:
    ran = muybridge("keys", "create", "robot", "--scope", "catalog.fly", "--json")
    assert ran.code == 1
    assert "catalog.fly" in ran.json["error"]["detail"]
    assert ran.json["error"]["remedy"].startswith("Known:")
    assert "Traceback" not in ran.err
