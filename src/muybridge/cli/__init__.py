"""The command line: one file a command, imported when it is asked for."""


def main() -> None:
    from muybridge.cli.app import app

    app()
