"""The table of commands. A command's module, and what it needs, is imported only when it is asked for."""

import importlib
import os
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

COMMANDS = {
    "demo": "Walk the whole loop on your clips, or on rendered ones",
    "serve": "Run server, studio and worker",
    "worker": "Run a worker beside a server",
    "ingest": "Bring footage in and find its shots",
    "train": "Train the world model",
    "generate": "Make a signed clip from text or from footage",
    "evaluate": "Score a checkpoint or a generation",
    "export": "Write a frozen dataset version in a format",
    "verify": "Say what a media file's provenance is worth",
    "audit": "Who saw what; does the event chain hold",
    "rights": "What footage may be used for, and revoking it",
    "keys": "Create, list and revoke API keys",
    "doctor": "What is installed, what is missing, does all hold",
    "backup": "Copy an installation into one archive",
    "restore": "Bring an archive back",
    "openapi": "Print the API's description",
}
"""Command -> one line. Each is a module of this package with a typer `app`."""


class Commands(TyperGroup):
    """Lists commands from the table, and imports the one that runs."""

    _is_listing = False

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        if self._is_listing:
            return TyperCommand(cmd_name, help=COMMANDS[cmd_name])
        return typer.main.get_command(importlib.import_module(f"muybridge.cli.{cmd_name}").app)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        self._is_listing = True
        super().format_help(ctx, formatter)


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        from muybridge import __version__

        typer.echo(f"muybridge {__version__}")
        raise typer.Exit


@app.callback()
def muybridge(
    data: Annotated[Path | None, typer.Option(help="The data folder (MUYBRIDGE_DATA_DIR; default ./data)")] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version and stop")
    ] = False,
) -> None:
    """Footage in; labels of measured quality, frozen datasets, a world model and signed video out."""
    if data is not None:
        os.environ["MUYBRIDGE_DATA_DIR"] = str(data)
