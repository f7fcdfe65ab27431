"""What can go wrong with bytes, by name, and how the store's own errors become these."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from muybridge.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable


class StoreAway(Unavailable):
    """The store does not answer; nothing was changed."""

    code = "artifacts.store_away"


class StoreFull(Unavailable):
    code = "artifacts.store_full"


class StoreRefused(Unavailable):
    """The store answers, but not to our key or not for this bucket."""

    code = "artifacts.store_refused"


class BytesMissing(NotFound):
    code = "artifacts.missing"


class BytesAltered(Unavailable):
    """Bytes that no longer have the digest they are named by."""

    code = "artifacts.altered"


class WrongOffset(Conflict):
    """`facts["offset"]` is where the next byte belongs."""

    code = "artifacts.wrong_offset"


class BadStoreUrl(Invalid):
    code = "artifacts.bad_store_url"


class BadSignature(Forbidden):
    code = "artifacts.bad_signature"


class UrlExpired(Forbidden):
    code = "artifacts.url_expired"


RETRY = "Nothing was lost; try again when it is back (uploads go on where they stopped)."
FULL_ERRORS = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def named_faults(place: str) -> Iterator[None]:
    """Give what the operating system or obstore raises about `place` one of the names above."""
    from obstore import exceptions  # 55 ms, and the spool needs no store

    try:
        yield
    except FileNotFoundError as error:
        raise BytesMissing(f"{place} does not hold {_subject(error)}.", remedy="Restore it from a backup.") from error
    except OSError as error:
        if error.errno in FULL_ERRORS:
            raise store_full(place) from error
        raise StoreAway(f"{place} cannot be used: {error.strerror or error}.", remedy=RETRY) from error
    except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError) as error:
        raise StoreRefused(
            f"{place} refuses our key.", remedy="Check MUYBRIDGE_STORE_ACCESS_KEY, its secret and the bucket's rights."
        ) from error
    except exceptions.BaseError as error:
        if "os error 28" in str(error) or "No space left" in str(error) or "XMinioStorageFull" in str(error):
            raise store_full(place) from error
        raise StoreAway(f"{place} does not answer.", remedy=RETRY, reason=_first_line(error)) from error


def store_full(place: str) -> StoreFull:
    return StoreFull(f"{place} is full.", remedy="Free some space, then try again; uploads go on where they stopped.")


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__


def _subject(error: FileNotFoundError) -> str:
    return str(error.filename) if error.filename else "these bytes"
