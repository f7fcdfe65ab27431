"""Passwords: argon2id with the parameters of RFC 9106's second choice (64 MiB, three passes, four lanes)."""

import threading
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from muybridge.errors import Invalid

MIN_LENGTH: Final = 10
MAX_LENGTH: Final = 1_000

_hasher = PasswordHasher()
# Each hash takes 64 MiB: so many log-ins at once wait for each other rather than take all memory.
_slots = threading.BoundedSemaphore(4)
# A hash of nothing that anybody knows, to spend the same time on e-mails that are nobody's.
_NOBODY: Final = "$argon2id$v=19$m=65536,t=3,p=4$1++06hkIqNduOTOiYNwDsQ$tWkvMdXrjt/FJdpmyMnYuC33tERlZ4IV7LFAmFs3mXY"


class WeakPassword(Invalid):
    code = "trust.weak_password"


def hash_password(password: str) -> str:
    """The hash to keep. Raises WeakPassword for fewer than 10 or more than 1000 characters."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise WeakPassword(f"A password has {MIN_LENGTH} to {MAX_LENGTH} characters.")
    with _slots:
        return _hasher.hash(password.encode(errors="surrogatepass"))


def is_password(password: str, password_hash: str | None) -> bool:
    """Whether the hash was made from this password. Takes as long when there is no hash (None)."""
    if len(password) > MAX_LENGTH:
        return False
    with _slots:
        try:
            _hasher.verify(password_hash or _NOBODY, password.encode(errors="surrogatepass"))
        except (Argon2Error, InvalidHashError):
            return False
    return password_hash is not None
