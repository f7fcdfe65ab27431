"""Slips of the hand must not be told as findings."""

import ast
from collections.abc import Callable
from pathlib import Path

import muybridge.cli
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


def test_a_path_that_is_not_there_is_named_with_what_would_help(muybridge: Callable[..., Ran]) -> None:
    ran = muybridge("ingest", "nowhere.mp4", "--json")
    assert ran.code == 1
    assert ran.json["error"] == {
        "code": "cli.no_files",
        "detail": "There is no nowhere.mp4.",
        "remedy": f"Paths are read from {Path.cwd()}; name files or folders that are there.",
    }
    assert ran.json["error"]["remedy"] in ran.err


def test_every_error_of_the_command_line_comes_with_a_remedy() -> None:
    raised = [
        (path.name, node)
        for path in Path(str(muybridge.cli.__file__)).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)
    ]
    ours = [(name, node.exc) for name, node in raised if ast.unparse(node.exc.func) not in FOREIGN]
    assert len(ours) > 10
    mute = [f"{name}:{call.lineno}" for name, call in ours if "remedy" not in {each.arg for each in call.keywords}]
    assert mute == []


FOREIGN = {"typer.Exit"}
"""What a command raises that is no error of ours."""
