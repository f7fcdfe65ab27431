"""Mutated containers: facts or a refusal, never a hang, never a fault that is not ours, never a dead process.

The probe runs in a child, for a bug in FFmpeg is a dead process and not an exception; a child that dies is a failure of
the file that it was given, and is named.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import video

Clips = Callable[[str], Path]
SEEDS = 40

CHILD = """
import json, sys, time
from muybridge.errors import Invalid
from muybridge.media import describe, read_frames
for line in sys.stdin:
    path = line.strip()
    started = time.monotonic()
    try:
        described = describe(path)
        shown = sum(1 for _ in zip(read_frames(path, described.index, size=(32, 24)), range(200)))
        verdict = f"{min(described.facts.num_frames, 200)} facts, {shown} shown"
    except Invalid as refusal:
        verdict = refusal.code
        assert str(refusal), "a refusal without words"
    print(json.dumps([path, verdict, time.monotonic() - started]), flush=True)
"""


def mutated(content: bytes, seed: int) -> bytes:
    """Some of: flipped bytes (mostly in the header), a run of zeros, a cut, a doubled stretch, a huge box size."""
    draw = np.random.default_rng(seed)
    work = bytearray(content)
    table = content.find(b"moov")
    for _ in range(int(draw.integers(1, 6))):
        kind = draw.integers(0, 5)
        near_table = 0 < table < len(work) - 1 and draw.random() < 0.6
        at = int(draw.integers(table, min(table + 1200, len(work)))) if near_table else int(draw.integers(0, len(work)))
        at = min(at, len(work) - 1)
        if kind == 0:
            work[at] ^= 1 << int(draw.integers(0, 8))
        elif kind == 1:
            run = int(draw.integers(1, 64))
            work[at : at + run] = bytes(min(run, len(work) - at))
        elif kind == 2 and len(work) > 2000:
            del work[max(at, 1000) :]
        elif kind == 3:
            work[at:at] = work[at : at + int(draw.integers(1, 300))]
        else:
            work[at : at + 4] = draw.choice([b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80\x00\x00\x00"])
    return bytes(work)


@pytest.mark.parametrize("name", ["fuzz.mp4", "b-frames.mkv", "b-frames.avi", "b-frames.ts", "ten-bit-hevc.mp4"])
def test_mutated_files_are_read_or_refused_and_kill_nobody(clip: Clips, tmp_path: Path, name: str) -> None:
    if name == "fuzz.mp4":
        source = video.make_clip(tmp_path / name, num_frames=20, size=(160, 120), b_frames=2, with_audio=True)
    else:
        source = clip(name)
    paths = []
    for seed in range(SEEDS):
        path = tmp_path / f"{seed}{source.suffix}"
        path.write_bytes(mutated(source.read_bytes(), seed))
        paths.append(str(path))
    child = subprocess.run(
        [sys.executable, "-c", CHILD], input="\n".join(paths), capture_output=True, text=True, timeout=240, check=False
    )
    verdicts = [json.loads(line) for line in child.stdout.splitlines() if line.startswith("[")]
    done = [path for path, _, _ in verdicts]
    assert done == paths, f"{paths[len(done)]} broke the child ({child.returncode}): {child.stderr[-2000:]}"
    for path, verdict, seconds in verdicts:
        assert seconds < 20, f"{path} took {seconds:.0f} s"
        if "facts" in verdict:
            facts, shown = verdict.split(" facts, ")
            assert shown == f"{facts} shown", path
