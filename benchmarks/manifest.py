"""Write and read a manifest of 10,000 clips with a box track each, beside pyarrow on the same table; one JSON line.

The floor is what Parquet itself costs: `pyarrow.parquet.write_table` and `read_table` on columns that are already
built, without rows as objects and without labels as values.

    python benchmarks/manifest.py [--clips 10000] [--repeats 5]
"""

import argparse
import json
import os
import platform
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import fields
from io import BytesIO
from typing import Any

import pyarrow.parquet

from muybridge.datasets import manifest
from muybridge.datasets.manifest import ManifestRow

KEYFRAMES = 8


def make_rows(num_clips: int) -> list[ManifestRow]:
    """Clips of 96 frames, 40 an asset, each with one track of eight keyframes."""
    return [
        ManifestRow(
            asset_id=f"ast_{number // 40:026d}", asset_digest=f"{number // 40:064x}",
            asset_name=f"street {number // 40}.mp4", start_frame=96 * (number % 40), end_frame=96 * (number % 40 + 1),
            start_pts=49_152 * (number % 40), end_pts=49_152 * (number % 40 + 1), time_base_num=1, time_base_den=12_800,
            display_width=1280, display_height=720, split="train", licence="CC0", rights_source="field",
            rights_owner="us", allowed_uses=("label", "train"), annotations=(_track(number),),
        )
        for number in range(num_clips)
    ]  # fmt: skip


def _track(number: int) -> dict[str, Any]:
    keyframes = [
        {"frame": 96 * (number % 40) + 12 * k, "pts": 6_144 * k, "is_occluded": False,
         "box": [round(10.0 + number * 0.37 % 900 + 3.1 * k, 2), 20.5 + k, 64.0, 48.25]}
        for k in range(KEYFRAMES)
    ]  # fmt: skip
    marks = {"state": "accepted", "source": "person", "agreement": None}
    return {"shape": "box_track", "class_name": "car", "attributes": {}, "keyframes": keyframes, **marks}


def median_s(name: str, work: Callable[[], object], repeats: int) -> dict[str, float]:
    """Median seconds on the wall and of CPU (all threads): the second is what a busy machine does not change."""
    walls, cpus = [], []
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return {f"{name}_s": round(statistics.median(walls), 4), f"{name}_cpu_s": round(statistics.median(cpus), 4)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    rows = make_rows(options.clips)
    content = manifest.write_manifest(rows, {})
    table = pyarrow.parquet.read_table(BytesIO(content))
    again = manifest.write_manifest(list(reversed(manifest.read_manifest(content))), {})

    def write_bare() -> None:
        pyarrow.parquet.write_table(table, BytesIO(), compression="zstd", row_group_size=manifest.ROW_GROUP)

    print(
        json.dumps(
            {
                "benchmark": "manifest",
                "clips": options.clips,
                "columns": len(fields(ManifestRow)),
                "bytes": len(content),
                "is_deterministic": again == content,
                **median_s("write", lambda: manifest.write_manifest(rows, {}), options.repeats),
                **median_s("read", lambda: manifest.read_manifest(content), options.repeats),
                **median_s("pyarrow_write", write_bare, options.repeats),
                **median_s("pyarrow_read", lambda: pyarrow.parquet.read_table(BytesIO(content)), options.repeats),
                "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
                "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
                "load_1m": round(os.getloadavg()[0], 1),
            }
        )
    )


if __name__ == "__main__":
    main()
