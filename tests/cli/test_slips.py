"""Slips of the hand must not be told as findings."""

from collections.abc import Callable
from pathlib import Path

from muybridge.cli.local import Local

from .conftest import Ran


def test_who_saw_an_asset_that_never_was_is_not_nobody(muybridge: Callable[..., Ran], local: Local) -> None:
    ran = muybridge("audit", "who-saw", "ast_x", "--json")
    assert (ran.code, ran.json["error"]["detail"]) == (1, "There is no asset ast_x.")


def test_a_file_that_cannot_be_read_is_not_called_tampered(muybridge: Callable[..., Ran], tmp_path: Path) -> None:
    assert muybridge("verify", tmp_path / "nowhere.mp4").code == 4
    letter = tmp_path / "letter.mp4"
    letter.write_text("dear footage")
    assert muybridge("verify", letter).code == 2
    assert muybridge("verify", letter, "--anchor", tmp_path / "nowhere.pem").code == 4
