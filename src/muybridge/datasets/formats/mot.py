"""MOTChallenge: a zip of `<split>/<sequence>/gt/gt.txt` and `seqinfo.ini` for each clip, as trackers' scorers read it.

gt.txt columns: frame (from 1 within the clip), track id, x, y, w, h, 1 (to be scored), class number, visibility.
MOT is a format of constant frame rates: seqinfo names the clip's mean rate; true pts are in the other formats.
Source: https://motchallenge.net/instructions/
"""

import zipfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from muybridge.datasets.formats.boxes import frame_boxes
from muybridge.datasets.formats.contract import ExportSource
from muybridge.datasets.manifest import ManifestRow

EPOCH = (1980, 1, 1, 0, 0, 0)
"""A zip stores times; one for all keeps the bytes the same tomorrow."""


@dataclass(frozen=True, slots=True)
class Mot:
    name: str = "mot"
    media_type: str = "application/zip"
    suffix: str = ".mot.zip"

    def write(self, source: ExportSource, target: Path) -> None:
        names = sorted({str(v["class_name"]) for row in source.rows() for v in row.annotations if "keyframes" in v})
        numbers = {name: number for number, name in enumerate(names, start=1)}
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            _add(archive, "classes.txt", "".join(f"{name}\n" for name in names))
            for row in source.rows():
                folder = f"{row.split}/{_sequence(row)}"
                _add(archive, f"{folder}/gt/gt.txt", _gt(row, numbers))
                _add(archive, f"{folder}/seqinfo.ini", _seqinfo(row))


def _sequence(row: ManifestRow) -> str:
    return f"{row.asset_digest[:16]}-{row.start_frame:08d}"


def _gt(row: ManifestRow, numbers: dict[str, int]) -> str:
    lines = [
        f"{box.frame - row.start_frame + 1},{box.track},{','.join(f'{side:g}' for side in box.box)},1,"
        f"{numbers[box.class_name]},{0 if box.is_occluded else 1}\n"
        for box in sorted(frame_boxes(row))
    ]
    return "".join(lines)


def _seqinfo(row: ManifestRow) -> str:
    duration_s = (row.end_pts - row.start_pts) * Fraction(row.time_base_num, row.time_base_den)
    rate = float(row.num_frames / duration_s) if duration_s else 0.0
    return (
        f"[Sequence]\nname={_sequence(row)}\nimDir=img1\nframeRate={rate:g}\nseqLength={row.num_frames}\n"
        f"imWidth={row.display_width}\nimHeight={row.display_height}\nimExt=.jpg\n"
    )


def _add(archive: zipfile.ZipFile, name: str, text: str) -> None:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, text)


EXPORTER = Mot()
