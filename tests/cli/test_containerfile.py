"""What the Containerfile counts on is so. Tests build no image."""

import re

from tests.conftest import REPOSITORY

from muybridge import wiring
from muybridge.cli.doctor import EXTRAS
from muybridge.settings import Settings

TEXT = (REPOSITORY / "Containerfile").read_text("utf-8")


def test_its_health_check_asks_an_address_that_the_server_answers() -> None:
    found = re.search(r"http://127\.0\.0\.1:(\d+)(/[^']*)", TEXT)
    assert found
    assert int(found[1]) == Settings.model_fields["port"].default
    assert f"EXPOSE {found[1]}\n" in TEXT
    assert "get" in wiring.openapi()["paths"][found[2]]


def test_what_it_sets_are_settings() -> None:
    (line,) = re.findall(r"^ENV (.+)$", TEXT, re.MULTILINE)
    names = [pair.partition("=")[0] for pair in line.split()]
    assert names == ["MUYBRIDGE_DATA_DIR", "MUYBRIDGE_HOST"]
    assert all(name.removeprefix("MUYBRIDGE_").lower() in Settings.model_fields for name in names)


def test_the_extras_that_it_installs_are_extras() -> None:
    (extras,) = re.findall(r"^ARG EXTRAS=(\S+)$", TEXT, re.MULTILINE)
    assert set(extras.split(",")) <= set(EXTRAS)


def test_what_it_builds_from_is_there_and_not_ignored() -> None:
    ignored = {line for line in (REPOSITORY / ".dockerignore").read_text("utf-8").splitlines() if line[:1] != "#"}
    for path in (
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "web/package-lock.json",
        "web/package.json",
        "src/muybridge",
    ):
        assert (REPOSITORY / path).exists()
        assert not ignored & {path, path.partition("/")[0]}
