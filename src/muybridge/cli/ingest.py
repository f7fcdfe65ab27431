"""`muybridge ingest`: bring files and folders in, declare what they may be used for, and find their shots."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from muybridge.catalog import assets, rights, shots, uploads
from muybridge.catalog.tables import USES
from muybridge.cli import waiting
from muybridge.cli.console import AsJson, bars, err, print_json, speaking_errors, table
from muybridge.cli.local import Local, local_owner
from muybridge.errors import Invalid, MuybridgeError, NotFound

app = typer.Typer()
SUFFIXES = frozenset(
    f".{name}"
    for name in "3gp avi flv gif m2ts m4v mkv mov mp4 mpeg mpg mts mxf ogv ts vob webm wmv".split()  # noqa: SIM905
)
"""What is taken from a folder; a file that is named itself is tried whatever its suffix."""


class NoFiles(NotFound):
    code = "cli.no_files"


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders to look through")],
    allow: Annotated[list[str] | None, typer.Option(help=f"A use to allow: {', '.join(USES)}; repeatable")] = None,
    licence: Annotated[str, typer.Option(help="The licence you hold it under")] = "",
    owner: Annotated[str, typer.Option(help="Whose footage it is")] = "",
    source: Annotated[str, typer.Option(help="Where it came from")] = "",
    expires: Annotated[
        datetime | None, typer.Option(help="Day from which it may not be used", formats=["%Y-%m-%d"])
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Bring footage in and find its shots. A file that is refused does not stop the others; exit code 1 if one was.

    Unless you allow more, footage may be labelled and nothing else.
    """
    with speaking_errors(as_json):
        declaration = _declaration(allow or [], licence, owner, source, expires)
        files = list(_files(paths))
        with local_owner() as local, bars() as progress, waiting.some_worker(local.installation.settings) as keep:
            told = [_bring_in(local, path, declaration) for path in files]
            ids = [entry["job_id"] for entry in told if "job_id" in entry]
            waiting.wait(local.installation.database, local.owner, ids, progress, "ingest", keep)
            results = [_look(local, entry) for entry in told]
    if as_json:
        print_json({"items": results})
    else:
        table("Footage", ["file", "asset", "frames", "size", "shots", ""], [
            (r["file"], r.get("asset_id"), r.get("num_frames"), r.get("size"), r.get("num_shots"), r.get("detail"))
            for r in results
        ])  # fmt: skip
    raise typer.Exit(1 if any(not result["is_ready"] for result in results) else 0)


def _declaration(
    allow: list[str], licence: str, owner: str, source: str, expires: datetime | None
) -> rights.Declaration | None:
    if unknown := sorted(set(allow) - set(USES)):
        raise Invalid(f"There is no use {unknown[0]!r}.", remedy=f"Uses are {', '.join(USES)}.")
    if not (allow or licence or owner or source or expires):
        return None
    until = expires.replace(tzinfo=UTC) if expires else None
    return rights.Declaration(
        source=source, owner=owner, licence=licence, allowed_uses=tuple(allow) or ("label",), expires_at=until
    )


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    found = 0
    for path in paths:
        if not path.exists():
            raise NoFiles(
                f"There is no {path}.",
                remedy=f"Paths are read from {Path.cwd()}; name files or folders that are there.",
            )
        inside = sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in SUFFIXES)
        for file in inside if path.is_dir() else [path]:
            found += 1
            yield file
    if not found:
        raise NoFiles(
            f"No footage in {', '.join(map(str, paths))}.", remedy=f"Looked for {' '.join(sorted(SUFFIXES))}."
        )


def _bring_in(local: Local, path: Path, declaration: rights.Declaration | None) -> dict[str, Any]:
    installation, owner = local
    try:
        asset_id = uploads.ingest_file(installation.database, installation.store, owner, path, declaration=declaration)
    except MuybridgeError as error:
        err.print(f"refused {path}: {error}")
        return {"file": str(path), "is_ready": False, "code": error.code, "detail": error.detail}
    with installation.database.read() as session:
        asset = assets.load_asset(session, owner, asset_id)
    return {"file": str(path), "asset_id": asset_id, "job_id": asset.job_id}


def _look(local: Local, told: dict[str, Any]) -> dict[str, Any]:
    if "asset_id" not in told:
        return told
    with local.installation.database.read() as session:
        asset = assets.load_asset(session, local.owner, told["asset_id"])
        found = shots.list_shots(session, local.owner, asset.id).items
    failure: dict[str, Any] = asset.failure or {}
    return {
        "file": told["file"],
        "asset_id": asset.id,
        "is_ready": asset.is_ready,
        "num_frames": asset.num_frames,
        "size": f"{asset.display_width}x{asset.display_height}" if asset.display_width else None,
        "duration_s": asset.duration_s,
        "num_shots": len(found),
        **{name: failure[name] for name in ("code", "detail", "remedy") if name in failure},
    }
