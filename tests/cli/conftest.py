import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from muybridge import wiring
from muybridge.cli.local import Local, local_owner


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder that this process and the commands it starts use."""
    folder = tmp_path / "data"
    monkeypatch.setenv("MUYBRIDGE_DATA_DIR", str(folder))
    for name in ("DATABASE_URL", "STORE_URL"):
        monkeypatch.delenv(f"MUYBRIDGE_{name}", raising=False)
    return folder


@pytest.fixture
def muybridge(data_dir: Path) -> Callable[..., Ran]:
    """Run the real command in a process of its own."""

    def run(*arguments: str | Path, timeout_s: float = 120) -> Ran:
        command = [sys.executable, "-m", "muybridge.cli", *map(str, arguments)]
        finished = subprocess.run(command, capture_output=True, text=True, check=False, timeout=timeout_s)
        return Ran(finished.returncode, finished.stdout, finished.stderr)

    return run


@pytest.fixture
def local(data_dir: Path) -> Any:
    with local_owner() as opened:
        yield opened


__all__ = ["Local", "Ran", "wiring"]
