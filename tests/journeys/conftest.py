import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.fixtures import video

COMMAND = [sys.executable, "-m", "muybridge.cli"]


@dataclass(frozen=True)
class Demo:
    """`muybridge demo` on a data folder of its own, in processes of its own."""

    data_dir: Path
    clips: tuple[Path, ...]

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "MUYBRIDGE_DATA_DIR": str(self.data_dir), "OMP_NUM_THREADS": "1"}

    @property
    def arguments(self) -> list[str]:
        return ["demo", *map(str, self.clips), "--minutes", "0.1", "--json"]

    def start(self, *prefix: str) -> subprocess.Popen[str]:
        # A session of its own, so that a kill takes the demo and its worker at once.
        return subprocess.Popen(
            [*prefix, *COMMAND, *self.arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *prefix: str, more: tuple[str, ...] = (), timeout_s: float = 420) -> Any:
        command = [*prefix, *COMMAND, *self.arguments, *more]
        ran = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False, timeout=timeout_s
        )
        assert ran.returncode == 0, ran.stderr[-3000:]
        return json.loads(ran.stdout)

    @property
    def notes(self) -> dict[str, Any]:
        (ledger,) = self.data_dir.glob("demo/*/ledger.json")
        told: dict[str, Any] = json.loads(ledger.read_text())
        return told


def demo_in(folder: Path) -> Demo:
    """Two clips of two shots, three seconds each, in which something moves."""
    clips = tuple(
        video.make_clip(folder / f"clip {n}.mp4", pictures=video.scenes((36, 40), seed=n), size=(320, 180))
        for n in (1, 2)
    )
    return Demo(folder / "data", clips)


@pytest.fixture
def demo(tmp_path: Path) -> Demo:
    return demo_in(tmp_path)


@dataclass(frozen=True)
class Cut:
    """A demo that ran to its end without a route to anywhere, what it told, and whom its processes connected to."""

    demo: Demo
    told: Any
    connections: list[str]
    is_cut: bool
    """False where the machine grants no network namespace: it then ran with its network."""


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Cut:
    """One for several tests, since a demo takes a minute."""
    folder = tmp_path_factory.mktemp("cut")
    watch, log = folder / "watch", folder / "connections.txt"
    watch.mkdir()
    # Every Python process of the demo, the worker and its children included, tells whom it connects to.
    (watch / "sitecustomize.py").write_text(
        "import sys\n"
        "def tell(event, args):\n"
        "    if event == 'socket.connect' and isinstance(args[1], tuple):\n"
        f"        open({str(log)!r}, 'a').write(repr(args[1]) + '\\n')\n"
        "sys.addaudithook(tell)\n"
    )
    prefix = ("unshare", "-rn")
    is_cut = not subprocess.run([*prefix, "true"], check=False, capture_output=True).returncode
    demo = demo_in(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(watch))
        told = demo.run(*(prefix if is_cut else ()))
    return Cut(demo, told, log.read_text().splitlines() if log.exists() else [], is_cut)
