"""`muybridge openapi`: the API's description, for the studio's generated client and for yours."""

import typer

from muybridge import wiring
from muybridge.cli.console import print_json

app = typer.Typer()


@app.command()
def openapi() -> None:
    """Print the OpenAPI 3.1 document."""
    print_json(wiring.openapi())
