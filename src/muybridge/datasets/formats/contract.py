"""What an export format gets and gives."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from muybridge.datasets import manifest
from muybridge.datasets.manifest import ManifestRow


@dataclass(frozen=True, slots=True)
class ExportSource:
    """A frozen version to be written: its manifest's file and the true pts of each asset's frames."""

    manifest: Path
    title: str
    """`<dataset> v<number>`."""
    version_digest: str
    pts: Mapping[str, Sequence[int]]
    """By asset id: pts of each frame. VFR footage has no rate to compute times from."""

    def rows(self) -> Iterator[ManifestRow]:
        return manifest.iterate_manifest(self.manifest)

    def facts(self) -> dict[str, Any]:
        return manifest.read_facts(self.manifest)


class Exporter(Protocol):
    """Pure and picklable: it runs in a child process, reads the source and writes one file."""

    name: str
    media_type: str
    suffix: str
    """Of the file, with its dot."""

    def write(self, source: ExportSource, target: Path) -> None:
        """Write `target`. The same source gives the same bytes; memory does not grow with the number of clips."""
        ...


def write_export(exporter: Exporter, source: ExportSource, target: Path) -> str:
    """Run in a child process: write the export and name its file."""
    exporter.write(source, target)
    return target.name
