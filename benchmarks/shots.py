"""What finding shots costs per minute of 720p footage, beside a bare decode and the `scenedetect` command; JSON lines.

The footage is that of the ingest benchmark. TransNet V2 sees `--transnet-seconds` of it (all with `--full`), for on two
cores it is as slow as the footage is long; its cost per minute does not depend on the length. `scenedetect` decodes at
full size and scales down, as its defaults are; loading it is part of its command and is in its figure.

    python benchmarks/shots.py [--seconds 300] [--transnet-seconds 40] [--full]
"""

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ingest import bare_decode, line, make_footage, measured, run_step
from machine import peak_mb


def histogram(path: Path, folder: Path) -> int:
    from muybridge import media
    from muybridge.catalog.detectors.histogram import detector

    return len(detector.detect(path, media.describe(path).index))


def transnet(path: Path, folder: Path) -> int:
    from muybridge import media
    from muybridge.catalog.detectors.transnetv2 import detector

    return len(detector.detect(path, media.describe(path).index))


STEPS = {"bare decode": bare_decode, "histogram": histogram, "transnetv2": transnet}


def scenedetect(path: Path, folder: Path) -> dict[str, float] | None:
    """Its `detect-content` and `list-scenes`, or None where the command is not installed."""
    beside = Path(sys.executable).parent / "scenedetect"
    program = str(beside) if beside.exists() else shutil.which("scenedetect")
    if program is None:
        return None
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [program, "-q", "-i", str(path), "-o", str(folder), "detect-content", "list-scenes", "-q"]
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "wall_s": time.perf_counter() - began,
        "cpu_s": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "peak_mb": peak_mb(resource.RUSAGE_CHILDREN),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--transnet-seconds", type=int, default=20)
    parser.add_argument("--full", action="store_true", help="TransNet V2 sees all of it")
    parser.add_argument("--step", nargs=3, metavar=("STEP", "FILE", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        step, path, folder = options.step
        run_step(STEPS[step], Path(path), Path(folder))
        return
    script = Path(__file__)
    short_s = options.seconds if options.full else min(options.seconds, options.transnet_seconds)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = make_footage(folder / "footage.mp4", options.seconds)
        # First, for the peak memory of children is that of the largest so far.
        peer = scenedetect(path, folder)
        decode = measured(script, "bare decode", path, folder)
        minutes = options.seconds / 60
        print(line("shots", "bare decode", decode, decode, minutes), flush=True)
        print(line("shots", "histogram", measured(script, "histogram", path, folder), decode, minutes), flush=True)
        if peer:
            print(line("shots", "scenedetect detect-content (peer)", peer, decode, minutes), flush=True)
        short = path if short_s == options.seconds else make_footage(folder / "short.mp4", short_s)
        short_decode = {key: value * short_s / options.seconds for key, value in decode.items()}
        print(line("shots", "transnetv2", measured(script, "transnetv2", short, folder), short_decode, short_s / 60))


if __name__ == "__main__":
    main()
