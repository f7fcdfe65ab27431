"""The first clip of whoever has trained nothing yet."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from muybridge.training import shipped


@pytest.mark.compute
def test_words_alone_are_drawn_by_the_shipped_network_that_draws_and_the_clip_is_trusted(tmp_path: Path) -> None:
    words = "on a white background, a large red star drifts slowly to the left"
    command = [sys.executable, "-m", "muybridge.cli", "generate", words, "--frames", "2", "--json"]
    environment = {**os.environ, "MUYBRIDGE_DATA_DIR": str(tmp_path / "data")}
    said = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True).stdout
    made = json.loads(said)
    assert made["verified"] == "trusted"
    assert (tmp_path / made["path"]).stat().st_size > 0
    shown = subprocess.run(
        [sys.executable, "-m", "muybridge.cli", "verify", made["path"], "--json"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert hashlib.sha256(shipped.path_of("lab").read_bytes()).hexdigest() in shown
