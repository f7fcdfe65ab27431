"""What is printed is text: a bracket in a name is never taken for markup."""

import pytest

from muybridge.cli import console
from muybridge.errors import Invalid


def test_names_with_brackets_are_printed_whole(capsys: pytest.CaptureFixture[str]) -> None:
    name = "take [2] [/red] of 'muybridge[onnx]'.mp4"
    console.out.print(name)
    console.out.print(console.marked("ok", "green", f"  {name}"))
    console.table(name, ["file"], [[name]])
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == name
    assert printed[1] == f"ok  {name}"
    assert sum(name in line for line in printed) == 4


def test_an_error_names_its_file_whole(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(console.typer.Exit), console.speaking_errors():
        raise Invalid("There is no take [2].mp4.", remedy="Run: pip install 'muybridge[onnx]'")
    assert capsys.readouterr().err.splitlines() == [
        "error There is no take [2].mp4.",
        "      Run: pip install 'muybridge[onnx]'",
    ]
