"""JSON lines: a header, then one clip a line with everything the manifest holds. The format that loses nothing."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from muybridge.datasets.formats.contract import ExportSource


@dataclass(frozen=True, slots=True)
class JsonLines:
    name: str = "jsonl"
    media_type: str = "application/jsonl"
    suffix: str = ".jsonl"

    def write(self, source: ExportSource, target: Path) -> None:
        with target.open("w", encoding="utf-8", newline="\n") as file:
            header = {
                "format": "muybridge.dataset/1",
                "title": source.title,
                "manifest_sha256": source.version_digest,
                **source.facts(),
            }
            file.write(_line(header))
            for row in source.rows():
                file.write(_line(asdict(row)))


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"


EXPORTER = JsonLines()
