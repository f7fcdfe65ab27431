"""`python -m muybridge.cli` is `muybridge`."""

from muybridge.cli import main

main()
