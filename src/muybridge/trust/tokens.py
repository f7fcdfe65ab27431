"""Secrets that we hand out and keep only the digest of: login cookies, one-time links, API keys.

A token holds 256 random bits, so its plain sha256 can be neither reversed nor guessed; only passwords, which people
choose, need a slow hash. A token is looked up by its digest, so comparing reveals nothing about the token itself.
"""

import hashlib
import hmac
import secrets

MAX_LENGTH = 200


def new_token(prefix: str = "") -> str:
    """`prefix` and 64 hex digits."""
    return prefix + secrets.token_hex(32)


def digest_of(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def is_same(token: str, digest: str) -> bool:
    """Whether `digest` was taken from `token`; takes as long for any two."""
    return hmac.compare_digest(digest_of(token), digest)
