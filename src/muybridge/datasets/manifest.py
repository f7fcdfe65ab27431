"""The manifest: one row a clip, with its labels by value, its split and its rights, as deterministic Parquet.

The same rows give the same bytes: no time stamps, no random ids, keys sorted. (The file names the library that wrote
it, so another release of pyarrow may spell the same rows in other bytes; `content_digest` of the rows does not change.)
pyarrow is imported inside functions: the API process never pays for it unless it freezes.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from muybridge.errors import Invalid

if TYPE_CHECKING:
    import pyarrow

FORMAT = "muybridge.manifest/1"
ROW_GROUP = 4096


class BadManifest(Invalid):
    code = "datasets.bad_manifest"


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """One clip. Frames and pts are half-open and of the source file, whose sha256 is `asset_digest`."""

    asset_id: str
    asset_digest: str
    asset_name: str
    start_frame: int
    end_frame: int
    start_pts: int
    end_pts: int
    time_base_num: int
    time_base_den: int
    display_width: int
    display_height: int
    split: str
    licence: str
    rights_source: str
    rights_owner: str
    allowed_uses: tuple[str, ...] = ()
    is_synthetic: bool = False
    annotations: tuple[Mapping[str, Any], ...] = field(default=())
    """Values with "source" (person|simulated), "state" (consensus|reviewed|accepted|adjusted) and "agreement".

    source: who drew the value; simulated where any of those who answered was, even if a reviewer accepted it.
    agreement: of those who answered, on this value; None for what one person drew or accepted.
    """

    @property
    def num_frames(self) -> int:
        return self.end_frame - self.start_frame

    @property
    def key(self) -> tuple[str, int, int, str]:
        """What makes it this clip, and the order of rows: bytes, frames, and which asset of the same bytes."""
        return self.asset_digest, self.start_frame, self.end_frame, self.asset_id

    @property
    def captions(self) -> list[str]:
        return [str(value["text"]) for value in self.annotations if value["shape"] == "caption"]


def write_manifest(rows: Sequence[ManifestRow], facts: Mapping[str, Any]) -> bytes:
    """Parquet bytes of the rows, sorted by asset and time. facts: JSON values kept in the file (e.g. split_rule)."""
    import pyarrow.parquet

    in_order = sorted(rows, key=lambda row: row.key)
    schema = _schema().with_metadata({"format": FORMAT, "facts": _canonical(dict(facts))})
    columns = {entry.name: [getattr(row, entry.name) for row in in_order] for entry in fields(ManifestRow)}
    columns["annotations"] = [_canonical([dict(value) for value in row.annotations]) for row in in_order]
    columns["allowed_uses"] = [sorted(row.allowed_uses) for row in in_order]
    table = pyarrow.table(columns, schema=schema)
    target = BytesIO()
    pyarrow.parquet.write_table(table, target, compression="zstd", row_group_size=ROW_GROUP)
    return target.getvalue()


def read_manifest(source: Path | bytes) -> list[ManifestRow]:
    """Every row. Raises BadManifest for a file that is none of ours."""
    return list(iterate_manifest(source))


def iterate_manifest(source: Path | bytes) -> Iterator[ManifestRow]:
    """Rows in order, one row group in memory at a time."""
    with _opened(source) as parquet:
        for batch in parquet.iter_batches(batch_size=ROW_GROUP):
            # By column: pyarrow's rows of dicts cost three times as much.
            columns = batch.to_pydict()
            columns["annotations"] = [tuple(json.loads(cell)) for cell in columns["annotations"]]
            columns["allowed_uses"] = [tuple(cell) for cell in columns["allowed_uses"]]
            for cells in zip(*(columns[entry.name] for entry in fields(ManifestRow)), strict=True):
                yield ManifestRow(*cells)


def read_facts(source: Path | bytes) -> dict[str, Any]:
    """What was kept beside the rows, e.g. split_rule, purpose."""
    with _opened(source) as parquet:
        facts: dict[str, Any] = json.loads(parquet.schema_arrow.metadata[b"facts"])
        return facts


def content_digest(rows: Sequence[ManifestRow]) -> str:
    """sha256 over the rows in canonical JSON: what the manifest says, however it is spelled."""
    in_order = sorted(rows, key=lambda row: row.key)
    digest = hashlib.sha256()
    for row in in_order:
        digest.update(_canonical(asdict(row)).encode() + b"\n")
    return digest.hexdigest()


def _opened(source: Path | bytes) -> "pyarrow.parquet.ParquetFile":
    import pyarrow.parquet

    try:
        parquet = pyarrow.parquet.ParquetFile(BytesIO(source) if isinstance(source, bytes) else source)
    except (pyarrow.ArrowInvalid, OSError) as error:
        raise BadManifest(f"The manifest cannot be read: {error}.", remedy="Freeze the dataset again.") from error
    if (parquet.schema_arrow.metadata or {}).get(b"format") != FORMAT.encode():
        parquet.close()
        raise BadManifest("This Parquet file is no Muybridge manifest.")
    return parquet


def _schema() -> "pyarrow.Schema":
    import pyarrow

    kinds = {"int": pyarrow.int64(), "bool": pyarrow.bool_(), "str": pyarrow.string()}
    special = {"allowed_uses": pyarrow.list_(pyarrow.string()), "annotations": pyarrow.string()}
    return pyarrow.schema(
        [
            pyarrow.field(entry.name, special.get(entry.name) or kinds[entry.type.__name__], nullable=False)  # type: ignore[union-attr]
            for entry in fields(ManifestRow)
        ]
    )


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
