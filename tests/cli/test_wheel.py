"""`pip install muybridge && muybridge serve` with no Node and no repository.

The wheel is built the long way (an sdist, and the wheel from it), and installed with everything it asks for into a
virtual environment of its own. Nothing is borrowed from the environment of the tests, so a dependency that only the
dev group brings is missed here; of that environment come the versions alone, so that what is tested is one thing.
"""

import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.conftest import REPOSITORY, skip_or_fail

PACKAGE = REPOSITORY / "src" / "muybridge"
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


@dataclass(frozen=True)
class Installed:
    """A virtual environment that holds the wheel and what it asks for, and a folder to work in."""

    wheel: Path
    commands: Path
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """Nothing but the installed commands on the path, and no setting from outside."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MUYBRIDGE_", "PYTHON"))}
        return {**kept, "PATH": str(self.commands), "VIRTUAL_ENV": str(self.commands.parent)}

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.commands / command[0]), *command[1:]],
            cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    if not (PACKAGE / "studio" / "index.html").is_file():
        skip_or_fail("the wheel needs the built studio: make web")
    if shutil.which("uv") is None:
        skip_or_fail("the wheel is built and installed by uv: pip install uv")
    folder = tmp_path_factory.mktemp("away")
    uv("build", "--quiet", "--out-dir", str(folder / "dist"), str(REPOSITORY))
    (wheel,) = (folder / "dist").glob("*.whl")
    known = folder / "versions.txt"
    known.write_text("".join(f"{each.name}=={each.version.partition('+')[0]}\n" for each in metadata.distributions()))
    uv("venv", "--quiet", "--python", sys.executable, str(folder / "venv"))
    uv("pip", "install", "--quiet", "--python", str(folder / "venv"), "--constraint", str(known), str(wheel))
    (folder / "work").mkdir()
    return Installed(wheel, folder / "venv" / "bin", folder / "work")


def uv(*command: str) -> None:
    # uv reads no setting of pip's; `make` hands over its folder of wheels in the same way.
    wheels = os.environ.get("UV_FIND_LINKS") or os.environ.get("PIP_FIND_LINKS", "")
    ran = subprocess.run(
        ["uv", *command], env={**os.environ, "UV_FIND_LINKS": wheels}, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr[-3000:]


def test_the_wheel_carries_the_package_as_it_stands_and_nothing_else(installed: Installed) -> None:
    with zipfile.ZipFile(installed.wheel) as wheel:
        carried = {name.removeprefix("muybridge/") for name in wheel.namelist() if ".dist-info/" not in name}
    here = {path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*") if path.is_file()}
    assert carried == {name for name in here if "__pycache__/" not in name}
    assert {"studio/index.html", "worldmodel/shipped/nano.safetensors", "py.typed"} <= carried


def test_nothing_of_the_repository_and_no_node_is_within_reach(installed: Installed) -> None:
    assert shutil.which("node", path=installed.environment["PATH"]) is None
    code = "import json, sys, muybridge; print(json.dumps([muybridge.__file__, *sys.path]))"
    reached = json.loads(installed.run("python", "-c", code).stdout)
    assert Path(reached[0]).is_relative_to(installed.commands.parent)
    assert [place for place in reached if Path(place).is_relative_to(REPOSITORY)] == []


def test_the_doctor_finds_the_installation_well(installed: Installed) -> None:
    ran = installed.run("muybridge", "--data", "examined", "doctor", "--json")
    told = json.loads(ran.stdout)
    states = {finding["name"]: finding["state"] for finding in told["findings"]}
    assert (ran.returncode, told["is_well"], told["version"]) == (0, True, metadata.version("muybridge"))
    for name in ("muybridge", "studio", "database", "store", "space", "events"):
        assert states[name] == "ok"
    # Extras of the dev group; the wheel must do without.
    assert (states["diffusers"], states["onnx"]) == ("missing", "missing")


@pytest.fixture(scope="module")
def served(installed: Installed) -> Iterator["Served"]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [str(installed.commands / "muybridge"), "serve", "--port", str(port)],
        cwd=installed.folder, env=installed.environment, text=True,
        stdout=subprocess.PIPE, stderr=(installed.folder / "serve.log").open("w"), start_new_session=True,
    )  # fmt: skip
    try:
        yield Served(process, f"http://127.0.0.1:{port}", login_token(process))
    finally:
        process.send_signal(signal.SIGINT)
        code = process.wait(30)
    assert code in (0, -signal.SIGINT), (installed.folder / "serve.log").read_text()[-3000:]


@dataclass(frozen=True)
class Served:
    process: "subprocess.Popen[str]"
    url: str
    token: str

    def get(self, path: str, **options: Any) -> httpx.Response:
        return httpx.get(self.url + path, timeout=30, **options)


def login_token(process: "subprocess.Popen[str]") -> str:
    """From the link that `serve` prints, read until it is there."""
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"/login\?token=(\S+)", line):
            return found.group(1)
    pytest.fail("the server ended before it printed its link")


def test_the_studio_and_all_that_its_page_asks_for_are_served(served: Served) -> None:
    wait_until_well(served)
    page = served.get("/")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    asked = re.findall(r'(?:src|href)="(/[^"]+)"', page.text)
    assert [place for place in asked if place.startswith("/assets/")] != []
    for place in asked:
        answer = served.get(place)
        assert (answer.status_code, len(answer.content) > 0) == (200, True), place
        assert "text/html" not in answer.headers["content-type"], place
        assert ("immutable" in answer.headers["cache-control"]) == place.startswith("/assets/"), place
    assert served.get("/catalogue").text == page.text


def test_the_owner_logs_in_by_the_link_and_finds_the_shipped_checkpoints(served: Served) -> None:
    assert wait_until_well(served).json() == {"status": "ok", "version": metadata.version("muybridge")}
    with httpx.Client(base_url=served.url, headers={"Origin": served.url}, timeout=30) as studio:
        assert studio.post("/v1/auth/link", json={"token": served.token}).status_code == 200
        held = {each["digest"] for each in studio.get("/v1/checkpoints").json()["items"]}
    shipped = (PACKAGE / "worldmodel" / "shipped").glob("*.safetensors")
    assert held == {digest_of(path) for path in shipped}


def wait_until_well(served: Served) -> httpx.Response:
    """The link is printed just before the port is opened."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return served.get("/v1/health").raise_for_status()
        except httpx.ConnectError:
            assert time.monotonic() < deadline
            time.sleep(0.2)


def digest_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
