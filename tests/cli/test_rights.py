"""What `muybridge rights` tells a person."""

from collections.abc import Callable
from pathlib import Path

from muybridge.catalog import uploads
from muybridge.cli.local import Local

from .conftest import Ran


def test_revoking_says_which_footage_with_the_same_bytes_is_not_revoked(
    muybridge: Callable[..., Ran], local: Local, tmp_path: Path
) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"the same")
    database, store = local.installation.database, local.installation.store
    asset, twin = (uploads.ingest_file(database, store, local.owner, clip) for _ in range(2))
    told = muybridge("rights", "revoke", asset, "--reason", "The owner asked.").out.splitlines()
    assert told == [
        f"{asset} may not be used any more.",
        "Nothing stands on it.",
        f"The same bytes, and not revoked: {twin}",
    ]
