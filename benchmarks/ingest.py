"""What each step of ingest costs per minute of 720p footage, beside a bare PyAV decode of the same file; JSON lines.

The footage is made here: twenty seconds of moving scenes at 1280 x 720, 30 frames/s, encoded once (H.264, keyframes up
to 250 frames apart) and their packets repeated until `--seconds` are full. Each step runs in a process of its own, so
that its peak memory is its own; `times_decode` is its processor time over the bare decode's, which load disturbs less
than seconds. Shots have a benchmark of their own.

    python benchmarks/ingest.py [--seconds 300] [--full]
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from machine import machine, peak_mb
from numpy.typing import NDArray

WIDTH, HEIGHT, FPS, PIECE_S = 1280, 720, 30, 20


def scenes(num_frames: int) -> Iterator[NDArray[np.uint8]]:
    """A new textured scene every four seconds, the camera drifting over it and a block crossing."""
    for frame in range(num_frames):
        shot, at = divmod(frame, 4 * FPS)
        if at == 0:
            draw = np.random.default_rng(shot)
            rough = draw.integers(20, 236, ((HEIGHT + 160) // 16, (WIDTH + 320) // 16, 3)).astype(np.uint8)
            ground = np.kron(rough, np.ones((16, 16, 1), np.uint8))
        picture = ground[at // 2 : at // 2 + HEIGHT, at : at + WIDTH].copy()
        picture[200 + at : 360 + at, 8 * at : 8 * at + 160] = 255 - rough[0, 0]
        yield picture


def make_footage(path: Path, seconds: int) -> Path:
    """A real file of that length, most of it by repeating packets."""
    piece = path.with_name("piece.mp4")
    with av.open(str(piece), "w") as output:
        stream = output.add_stream("libx264", rate=FPS, options={"preset": "veryfast", "crf": "23", "bf": "2"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for picture in scenes(min(PIECE_S, seconds) * FPS):
            output.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        output.mux(stream.encode(None))
    with av.open(str(path), "w") as output:
        copy = None
        for turn in range(-(-seconds // PIECE_S)):
            with av.open(str(piece)) as source:
                before = source.streams.video[0]
                copy = copy or output.add_stream_from_template(before)
                shift = round(turn * PIECE_S / (before.time_base or Fraction(1)))
                for packet in source.demux(before):
                    if packet.size:
                        packet.pts, packet.dts, packet.stream = packet.pts + shift, packet.dts + shift, copy
                        output.mux(packet)
    return path


def bare_decode(path: Path, folder: Path) -> int:
    """The yardstick: PyAV as it comes, pictures thrown away."""
    with av.open(str(path)) as container:
        container.streams.video[0].thread_type = "AUTO"
        return sum(1 for _ in container.decode(video=0))


def probe(path: Path, folder: Path) -> int:
    from muybridge import media

    return media.describe(path).facts.num_frames


def proxy(path: Path, folder: Path) -> int:
    from muybridge import media

    index = media.describe(path).index
    return max(progress.num_done for progress in media.make_proxy(path, folder / "proxy.mp4", index))


def pictures(path: Path, folder: Path) -> int:
    """Poster and filmstrip, of the proxy as ingest does."""
    from muybridge import media

    proxy_path = folder / "proxy.mp4"
    index = media.describe(proxy_path).index
    media.make_poster(proxy_path, index, folder / "poster.jpg")
    return len(media.make_filmstrip(proxy_path, index, folder / "strip.jpg").frames)


STEPS: dict[str, Callable[[Path, Path], int]] = {
    "bare decode": bare_decode,
    "probe and pts": probe,
    "proxy": proxy,
    "poster and filmstrip": pictures,
}


def measured(script: Path, step: str, path: Path, folder: Path) -> dict[str, float]:
    """Run one step of a script in a process of its own."""
    command = [sys.executable, str(script), "--step", step, str(path), str(folder)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, float] = json.loads(told.splitlines()[-1])
    return found


def run_step(work: Callable[[Path, Path], int], path: Path, folder: Path) -> None:
    # Imports are paid once by a worker, not once a file.
    from muybridge import media

    _ = media.describe, media.make_proxy, media.make_poster
    began, usage = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    count = work(path, folder)
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu_s = after.ru_utime + after.ru_stime - usage.ru_utime - usage.ru_stime
    print(
        json.dumps({"wall_s": time.perf_counter() - began, "cpu_s": cpu_s, "peak_mb": peak_mb(), "count": count}),
        flush=True,
    )


def line(benchmark: str, step: str, found: dict[str, float], yardstick: dict[str, float], minutes: float) -> str:
    told = {
        "benchmark": benchmark,
        "step": step,
        "wall_s_per_minute": round(found["wall_s"] / minutes, 3),
        "cpu_s_per_minute": round(found["cpu_s"] / minutes, 3),
        "times_decode": round(found["cpu_s"] / yardstick["cpu_s"], 2),
        "peak_mb": found["peak_mb"],
        "footage": f"{minutes * 60:.0f} s of {WIDTH}x{HEIGHT} H.264 at {FPS} frames/s",
        "machine": machine(),
    }
    return json.dumps(told)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--full", action="store_true", help="the same: five minutes are the full form")
    parser.add_argument("--step", nargs=3, metavar=("STEP", "FILE", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        step, path, folder = options.step
        run_step(STEPS[step], Path(path), Path(folder))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = make_footage(folder / "footage.mp4", options.seconds)
        yardstick: dict[str, float] = {}
        for step in STEPS:
            found = measured(Path(__file__), step, path, folder)
            yardstick = yardstick or found
            print(line("ingest", step, found, yardstick, options.seconds / 60), flush=True)


if __name__ == "__main__":
    main()
