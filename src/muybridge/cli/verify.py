"""`muybridge verify`: what a media file's provenance is worth, by exit code.

0 holds, signed by this installation or a listed anchor; 3 holds, but the signer is unknown; 1 tampered; 2 unsigned;
4 a file could not be read, which says nothing about it.
"""

from pathlib import Path
from typing import Annotated

import typer

from muybridge.artifacts import provenance
from muybridge.cli.console import AsJson, marked, out, print_json, speaking_errors
from muybridge.settings import Settings

app = typer.Typer()
EXIT_CODES = {"trusted": 0, "tampered": 1, "unsigned": 2, "stranger": 3}
UNREAD = 4
STYLES = {"trusted": "green", "tampered": "red", "unsigned": "yellow", "stranger": "yellow"}


@app.command()
def verify(
    files: Annotated[list[Path], typer.Argument(help="mp4, mov, jpg, png; webm with its sidecar")],
    anchor: Annotated[
        list[Path] | None, typer.Option(help="PEM certificates to trust beside this installation's")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say who signed each file and whether it is still what was signed. Works offline.

    Exit code: 0 trusted, 3 holds but the signer is unknown, 1 tampered, 2 unsigned; of several files the worst.
    4 when a file cannot be read.
    """
    with speaking_errors(as_json, exit_code=UNREAD):
        anchors = [_pem(path) for path in anchor or ()]
        own = Settings().data_dir / "keys" / "root.pem"
        if own.exists():
            anchors.append(own.read_text())
        verdicts = [(path, provenance.verify(path, anchors)) for path in files]
    if as_json:
        shown = [{"path": str(path), **provenance.to_json(verdict)} for path, verdict in verdicts]
        print_json(shown[0] if len(shown) == 1 else {"items": shown})
    else:
        for path, verdict in verdicts:
            _tell(path, verdict)
    severity = ["trusted", "stranger", "unsigned", "tampered"]
    raise typer.Exit(EXIT_CODES[max((verdict.state for _, verdict in verdicts), key=severity.index)])


def _pem(path: Path) -> str:
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise provenance.Unreadable(
            f"{path} is no PEM certificate that can be read.",
            remedy="Pass --anchor a text file that begins with -----BEGIN CERTIFICATE-----.",
        ) from error


def _tell(path: Path, verdict: provenance.Verdict) -> None:
    out.print(marked(verdict.state, STYLES[verdict.state], f"  {path}"))
    out.print(f"  {verdict.detail}")
    if claim := verdict.claim:
        for name, value in (
            ("engine", claim.engine),
            ("model", claim.model),
            ("checkpoint", claim.checkpoint_digest),
            ("dataset version", claim.dataset_version),
            ("spec", claim.spec_digest),
            ("seed", claim.seed),
            ("actor", claim.actor_id),
            ("came from", ", ".join(claim.lineage)),
        ):
            if value != "":
                out.print(f"  {name:<16}{value}")
