"""What `muybridge audit who-saw` tells a person."""

from collections.abc import Callable

import pytest

from muybridge import artifacts, trust
from muybridge.cli.local import Local

from .conftest import Ran


def test_who_saw_says_what_footage_was_taken_for_by_name(
    muybridge: Callable[..., Ran], local: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    with local.installation.database.write() as session:
        artifacts.describe(session, local.owner, "run_1", "first try")
        artifacts.describe(session, local.owner, "evl_1", "evaluation of step 9")
        trust.record(session, local.owner, "asset.viewed", "ast_1", start_frame=0, end_frame=12)
        for purpose in ({"run_id": "run_1"}, {"run_id": "run_1"}, {}, {"evaluation_id": "evl_1"}):
            trust.record(session, local.owner, "asset.exported", "ver_1", asset_ids=["ast_1"], **purpose)
    told = muybridge("audit", "who-saw", "ast_1").out
    assert "viewed 1x, exported 4x" in told
    assert "run first try, dataset version ver_1, evaluation of step 9" in told
    (viewer,) = muybridge("audit", "who-saw", "ast_1", "--json").json["viewers"]
    assert viewer["purposes"] == ["run_1", "ver_1", "evl_1"]
    assert viewer["spans"] == [[0, 12]]
