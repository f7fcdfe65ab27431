"""The local owner: whoever can read the data folder acts as the owner of the tenant in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from muybridge import trust, wiring
from muybridge.settings import Settings


class Local(NamedTuple):
    installation: wiring.Installation
    owner: trust.Actor


@contextmanager
def local_owner() -> Iterator[Local]:
    """Open the installation that the environment names, made now if there is none, and act as its owner."""
    with wiring.open_installation(Settings()) as installation:
        with installation.database.write() as session:
            trust.first_start(session)
            owner = trust.cli_owner(session)
        yield Local(installation, owner)
