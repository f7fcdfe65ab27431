"""COCO for video (the video-level fields of TAO and LVVIS): videos, images, tracks and annotations in one JSON file.

One COCO "video" is one clip. Images are its frames that carry a box or a mask, with their true frame number and pts;
boxes are on every frame that a track spans, masks (uncompressed RLE) on their keyframes. The four lists are written one
after another straight to the file.
Source: https://cocodataset.org/#format-data
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from muybridge.datasets.formats.boxes import FrameBox, frame_boxes
from muybridge.datasets.formats.contract import ExportSource
from muybridge.datasets.formats.masks import FrameMask, frame_masks
from muybridge.datasets.manifest import ManifestRow

Entry = dict[str, Any]
Mark = FrameBox | FrameMask


@dataclass(frozen=True, slots=True)
class Coco:
    name: str = "coco"
    media_type: str = "application/json"
    suffix: str = ".coco.json"

    def write(self, source: ExportSource, target: Path) -> None:
        categories = _categories(source)
        lists: Mapping[str, Callable[[], Iterator[Entry]]] = {
            "videos": lambda: _videos(source),
            "images": lambda: _images(source),
            "tracks": lambda: _tracks(source, categories),
            "annotations": lambda: _annotations(source, categories),
        }
        with target.open("w", encoding="utf-8", newline="\n") as file:
            info = {"description": source.title, "manifest_sha256": source.version_digest, **source.facts()}
            file.write(f'{{"info":{_text(info)}')
            file.write(f',"categories":{_text([{"id": i, "name": name} for name, i in categories.items()])}')
            for name, entries in lists.items():
                _write_list(file, name, entries())
            file.write("}\n")


def _categories(source: ExportSource) -> dict[str, int]:
    names = {str(value["class_name"]) for row in source.rows() for value in row.annotations if "keyframes" in value}
    return {name: number for number, name in enumerate(sorted(names), start=1)}


def _videos(source: ExportSource) -> Iterator[Entry]:
    for number, row in enumerate(source.rows(), start=1):
        yield {
            "id": number,
            "name": row.asset_name,
            "asset_sha256": row.asset_digest,
            "width": row.display_width,
            "height": row.display_height,
            "start_frame": row.start_frame,
            "length": row.num_frames,
            "start_pts": row.start_pts,
            "end_pts": row.end_pts,
            "time_base": [row.time_base_num, row.time_base_den],
            "split": row.split,
            "license": row.licence,
            "captions": row.captions,
        }


def _images(source: ExportSource) -> Iterator[Entry]:
    for row, video_id, first_id, _, marks in _walk(source):
        pts = source.pts[row.asset_id]
        for offset, frame in enumerate(_frames(marks)):
            yield {
                "id": first_id + offset,
                "video_id": video_id,
                "file_name": f"{row.asset_digest[:16]}/{frame:08d}.jpg",
                "width": row.display_width,
                "height": row.display_height,
                "frame_index": frame - row.start_frame,
                "frame": frame,
                "pts": int(pts[frame]),
            }


def _tracks(source: ExportSource, categories: Mapping[str, int]) -> Iterator[Entry]:
    for _, video_id, _, first_track, marks in _walk(source):
        for mark in {mark.track: mark for mark in marks}.values():
            yield {"id": first_track + mark.track, "video_id": video_id, "category_id": categories[mark.class_name]}


def _annotations(source: ExportSource, categories: Mapping[str, int]) -> Iterator[Entry]:
    number = 0
    for _, video_id, first_id, first_track, marks in _walk(source):
        image_of = {frame: first_id + offset for offset, frame in enumerate(_frames(marks))}
        for mark in marks:
            number += 1
            yield {
                "id": number,
                "image_id": image_of[mark.frame],
                "video_id": video_id,
                "track_id": first_track + mark.track,
                "category_id": categories[mark.class_name],
                "iscrowd": 0,
                **_drawn(mark),
            }


def _drawn(mark: Mark) -> Entry:
    if isinstance(mark, FrameMask):
        segmentation = {"size": mark.size, "counts": mark.counts}
        # Whether something is occluded is said of boxes only.
        return {"segmentation": segmentation, "bbox": mark.box, "area": mark.area, "is_keyframe": True}
    return {
        "bbox": list(mark.box),
        "area": round(mark.box[2] * mark.box[3], 3),
        "is_keyframe": mark.is_keyframe,
        "is_occluded": mark.is_occluded,
    }


def _walk(source: ExportSource) -> Iterator[tuple[ManifestRow, int, int, int, list[Mark]]]:
    """(row, video id, id of its first image, tracks before it, its marks): the ids that all lists agree on."""
    first_image, num_tracks = 1, 0
    for video_id, row in enumerate(source.rows(), start=1):
        boxes = list(frame_boxes(row))
        marks: list[Mark] = [*boxes, *frame_masks(row, num_box_tracks=boxes[-1].track if boxes else 0)]
        yield row, video_id, first_image, num_tracks, marks
        first_image += len(_frames(marks))
        num_tracks += marks[-1].track if marks else 0


def _frames(marks: list[Mark]) -> list[int]:
    return sorted({mark.frame for mark in marks})


def _write_list(file: IO[str], name: str, entries: Iterator[Entry]) -> None:
    file.write(f',"{name}":[')
    for number, entry in enumerate(entries):
        file.write(f"{',' if number else ''}\n{_text(entry)}")
    file.write("]")


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


EXPORTER = Coco()
