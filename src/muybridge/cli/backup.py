"""`muybridge backup`: one archive of an installation, taken while it runs.

The signed heads are copied first, since no head may know a later event than the copied database does; then the database
(SQLite's own online backup), then keys, then the store: its files are named by their content and never change, and no
sweep removes one meanwhile, so whatever the copied database names is there to be copied after it, from wherever the
store lies. An upload may come and go: one that ends meanwhile is not missed.
"""

import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from muybridge import __version__, db, wiring
from muybridge.artifacts import Store
from muybridge.cli.console import AsJson, bars, out, print_json, speaking_errors
from muybridge.errors import Conflict, NotFound
from muybridge.settings import Settings

app = typer.Typer()
DATABASE, ABOUT, STORE, SPOOL, HEADS = "muybridge.db", "about.json", "store", "spool", "heads"
FOLDERS = ("keys", HEADS, SPOOL)
"""What an archive holds of the data folder, beside the database and the store's bytes."""


class Written(NamedTuple):
    """What became of a backup."""

    num_files: int
    left_out: dict[str, str]
    """What the archive does not hold, with how to back that up."""


class NothingToBackUp(NotFound):
    code = "cli.nothing_to_back_up"


class ArchiveExists(Conflict):
    code = "cli.archive_exists"


@app.command()
def backup(
    archive: Annotated[Path, typer.Argument(help="The archive to write, e.g. muybridge-monday.tar")],
    as_json: AsJson = False,
) -> None:
    """Copy database, keys and a store that is a folder into one archive. Safe while the server runs."""
    with speaking_errors(as_json):
        settings = Settings()
        written = write_archive(settings, archive)
        if as_json:
            size_bytes, left_out = archive.stat().st_size, list(written.left_out)
            print_json(
                {"archive": str(archive), "size_bytes": size_bytes, "files": written.num_files, "left_out": left_out}
            )
        else:
            out.print(f"{written.num_files} files, {archive.stat().st_size:,} bytes in {archive}")
            for remedy in written.left_out.values():
                out.print(remedy)


def write_archive(settings: Settings, archive: Path) -> Written:
    """Write the archive, all or nothing.

    Raises NothingToBackUp for a data folder without an installation, ArchiveExists rather than replace an archive.
    """
    data_dir = settings.data_dir
    if not (data_dir / "keys").is_dir():
        raise NothingToBackUp(f"There is no installation in {data_dir.resolve()}.", remedy="Pass its folder: --data.")
    if archive.exists():
        raise ArchiveExists(f"{archive} exists already.", remedy="Name another archive, or move that one away.")
    archive.parent.mkdir(parents=True, exist_ok=True)
    draft = archive.with_name(f".{archive.name}.{os.getpid()}")
    store = wiring.open_store(settings)
    try:
        with (
            store.held_still(),
            tempfile.TemporaryDirectory(dir=archive.parent) as scratch,
            tarfile.open(draft, "w") as tar,
            bars() as progress,
        ):
            for source, name in progress.track(_files(settings, store, Path(scratch)), description="backup"):
                try:
                    tar.add(source, name, recursive=False)
                except FileNotFoundError:
                    if not name.startswith(f"{SPOOL}/"):
                        raise
            num_files = len(tar.getnames())
        draft.rename(archive)
    finally:
        draft.unlink(missing_ok=True)
    return Written(num_files, _left_out(settings, store))


def _left_out(settings: Settings, store: Store) -> dict[str, str]:
    left_out = {}
    if not _is_sqlite(settings):
        left_out["database"] = "The database is PostgreSQL's: back it up with pg_dump."
    if not store.is_local:
        left_out["store"] = f"{store.place} is no folder and its bytes were not copied: back it up with its own tools."
    return left_out


def _files(settings: Settings, store: Store, scratch: Path) -> list[tuple[Path, str]]:
    about = scratch / ABOUT
    about.write_text(json.dumps({"muybridge": __version__, "database": "sqlite" if _is_sqlite(settings) else "none"}))
    files = [(about, ABOUT)]
    if (heads := settings.data_dir / HEADS).is_dir():
        shutil.copytree(heads, scratch / HEADS)
    if _is_sqlite(settings):
        copy = scratch / DATABASE
        _copy_sqlite(settings, copy)
        files.append((copy, DATABASE))
    for folder in FOLDERS:
        home = scratch if folder == HEADS else settings.data_dir
        files += [(path, path.relative_to(home).as_posix()) for path in (home / folder).rglob("*") if path.is_file()]
    if store.root is not None:
        kept = [store.path_of(each.digest, scratch) for each in store.each()]
        files += [(path, f"{STORE}/{path.relative_to(store.root).as_posix()}") for path in kept]
    return files


def _is_sqlite(settings: Settings) -> bool:
    return settings.resolved_database_url.startswith("sqlite")


def _copy_sqlite(settings: Settings, target: Path) -> None:
    database = db.open_database(settings.resolved_database_url)
    connection = database.engine.raw_connection()
    with sqlite3.connect(target) as copy:
        source = connection.driver_connection
        assert isinstance(source, sqlite3.Connection)
        source.backup(copy, pages=1024)
    connection.close()
    database.dispose()
