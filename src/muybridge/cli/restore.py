"""`muybridge restore`: bring an archive back into an empty data folder."""

import json
import os
import shutil
import tarfile
from pathlib import Path
from typing import Annotated

import typer

from muybridge import wiring
from muybridge.cli.backup import ABOUT, DATABASE, FOLDERS, STORE
from muybridge.cli.console import AsJson, out, print_json, speaking_errors
from muybridge.errors import Conflict, Invalid
from muybridge.settings import Settings

app = typer.Typer()


class DataFolderInUse(Conflict):
    code = "cli.data_folder_in_use"


class NotAnArchive(Invalid):
    code = "cli.not_an_archive"


@app.command()
def restore(
    archive: Annotated[Path, typer.Argument(help="An archive that `muybridge backup` wrote", exists=True)],
    as_json: AsJson = False,
) -> None:
    """Bring a backup back into an empty data folder."""
    with speaking_errors(as_json):
        settings = Settings()
        data_dir = settings.data_dir
        files = read_archive(archive, data_dir)
        _fill_store(settings)
        if as_json:
            print_json({"data_dir": str(data_dir.resolve()), "files": files})
        else:
            out.print(f"{files} files are in {data_dir.resolve()}. Next: muybridge doctor")


def read_archive(archive: Path, data_dir: Path) -> int:
    """Unpack an archive and return how many files came out.

    Raises DataFolderInUse for a folder that holds anything, NotAnArchive for a file that `backup` did not write.
    """
    if data_dir.exists() and any(data_dir.iterdir()):
        raise DataFolderInUse(f"{data_dir.resolve()} is not empty.", remedy="Pass another folder: --data.")
    draft = data_dir.with_name(f".{data_dir.name}.restoring.{os.getpid()}")
    try:
        with tarfile.open(archive, "r") as tar:
            members = tar.getmembers()
            names = [member.name for member in members]
            _check(archive, names)
            tar.extractall(draft, filter="data")
    except tarfile.TarError as error:
        raise NotAnArchive(f"{archive} is not a whole archive: {error}.", remedy="Try another backup.") from error
    json.loads((draft / ABOUT).read_text())
    (draft / ABOUT).unlink()
    for key in (draft / "keys").glob("*"):
        key.chmod(0o600)
    if data_dir.exists():
        data_dir.rmdir()
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    draft.rename(data_dir)
    return len(names) - 1


def _fill_store(settings: Settings) -> None:
    """Bring the bytes that came with an archive to the store of these settings, where that is another place."""
    unpacked, store = settings.data_dir / STORE, wiring.open_store(settings)
    if not unpacked.is_dir() or (store.root is not None and store.root.resolve() == unpacked.resolve()):
        return
    for path in unpacked.rglob("*"):
        if path.is_file():
            store.put_file(path)
            path.unlink()
    shutil.rmtree(unpacked)


def _check(archive: Path, names: list[str]) -> None:
    allowed = {ABOUT, DATABASE, STORE, *FOLDERS}
    if ABOUT not in names or any(name.split("/", 1)[0] not in allowed for name in names):
        raise NotAnArchive(f"{archive} was not written by `muybridge backup`.", remedy="Name an archive that it wrote.")
