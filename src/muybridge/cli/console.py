"""How commands speak: results on standard output, everything else on standard error, errors with their remedy."""

import json
import logging
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from muybridge.errors import MuybridgeError

# Names of files and extras have brackets in them: what is printed is text, never markup.
out = Console(soft_wrap=True, markup=False, highlight=False)
err = Console(stderr=True, soft_wrap=True, markup=False, highlight=False)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, nothing else there")]


def marked(mark: str, style: str, rest: str) -> Text:
    """A line that begins with a coloured mark."""
    return Text.assemble((mark, style), rest)


def print_json(value: Any) -> None:
    """Print `value` as one JSON document on standard output."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print rows under a title."""
    drawn = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        drawn.add_column(column, overflow="fold")
    for row in rows:
        drawn.add_row(*("" if cell is None else str(cell) for cell in row))
    out.print(drawn)


def pairs(title: str, facts: Mapping[str, Any]) -> None:
    """Print facts, one a line."""
    table(title, ["", ""], facts.items())


def bars() -> Progress:
    """Progress bars on standard error; silent when that is not a terminal."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[note]}", style="dim", markup=False),
        console=err,
        transient=not err.is_terminal,
        disable=not err.is_terminal,
    )


def start_logging(level: str) -> None:
    """Log to standard error; libraries that tell of every start are told to keep to what matters."""
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)


@contextmanager
def speaking_errors(as_json: bool = False, *, exit_code: int = 1) -> Iterator[None]:
    """Turn an error of ours into its sentence and remedy, and an exit code."""
    try:
        yield
    except MuybridgeError as error:
        if as_json:
            print_json({"error": {"code": error.code, "detail": error.detail, "remedy": error.remedy, **error.facts}})
        err.print(marked("error", "red", f" {error.detail}"))
        if error.remedy:
            err.print(f"      {error.remedy}")
        raise typer.Exit(exit_code) from error
