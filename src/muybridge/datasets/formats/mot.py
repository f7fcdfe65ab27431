"""MOTChallenge: a zip of `<split>/<sequence>/gt/gt.txt` and `seqinfo.ini` for each clip, as trackers' scorers read it.

gt.txt columns: frame (from 1 within the clip), track id, x, y (the upper left pixel is 1, 1), w, h, 1 (to be scored),
class number, visibility. MOT knows boxes alone, and constant frame rates: seqinfo names the clip's mean rate; masks and
true pts are in the other formats.
Source: https://motchallenge.net/instructions/
"""

import zipfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from muybridge.datasets.formats.boxes import FrameBox, frame_boxes
from muybridge.datasets.formats.contract import ExportSource
from muybridge.datasets.manifest import ManifestRow
from muybridge.labeling.shapes import tracks_of

EPOCH = (1980, 1, 1, 0, 0, 0)
"""A zip stores times; one for all keeps the bytes the same tomorrow."""


@dataclass(frozen=True, slots=True)
class Mot:
    name: str = "mot"
    media_type: str = "application/zip"
    suffix: str = ".mot.zip"

    def write(self, source: ExportSource, target: Path) -> None:
        names = sorted({track.class_name for row in source.rows() for track in tracks_of(row.annotations)})
        numbers = {name: number for number, name in enumerate(names, start=1)}
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            _add(archive, "classes.txt", "".join(f"{name}\n" for name in names))
            for row in source.rows():
                folder = f"{row.split}/{_sequence(row)}"
                _add(archive, f"{folder}/gt/gt.txt", _gt(row, numbers))
                _add(archive, f"{folder}/seqinfo.ini", _seqinfo(row))


def _sequence(row: ManifestRow) -> str:
    """Named by all of the row's key: clips may begin on one frame, and two assets may be the same bytes."""
    return f"{row.asset_digest[:16]}-{row.start_frame:08d}-{row.end_frame:08d}-{row.asset_id}"


def _gt(row: ManifestRow, numbers: dict[str, int]) -> str:
    return "".join(_line(row, box, numbers) for box in sorted(frame_boxes(row)))


def _line(row: ManifestRow, box: FrameBox, numbers: dict[str, int]) -> str:
    x, y, w, h = box.box
    sides = ",".join(np.format_float_positional(round(side, 3), trim="-") for side in (x + 1, y + 1, w, h))
    visibility = 0 if box.is_occluded else 1
    return f"{box.frame - row.start_frame + 1},{box.track},{sides},1,{numbers[box.class_name]},{visibility}\n"


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
