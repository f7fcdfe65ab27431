"""Who this installation is: its certificate authority, the key that signs its URLs, the key that signs event heads.

Made once, at first start, under `<data>/keys` with mode 0600. Servers that share a store and a database must share
this folder: what one signs the others verify. The private keys never leave it.
"""

import hmac
import os
import secrets
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from muybridge.errors import Unavailable

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.x509 import Certificate, CertificateBuilder, KeyUsage, Name

ROOT, CHAIN, LEAF_KEY = "root.pem", "chain.pem", "signing.key"
ROOT_KEY, EVENT_KEY, URL_KEY = "root.key", "events.key", "urls.key"
FILES = (ROOT, CHAIN, LEAF_KEY, ROOT_KEY, EVENT_KEY, URL_KEY)
VALID_FOR = timedelta(days=3650)


class IdentityBroken(Unavailable):
    code = "artifacts.identity_broken"


@dataclass(frozen=True)
class Identity:
    """The keys in one folder; read when first asked for, kept for the life of the process."""

    folder: Path

    @cached_property
    def root_pem(self) -> str:
        """The certificate that verifiers are given as anchor; it may be published."""
        return self._read(ROOT).decode()

    @cached_property
    def chain_pem(self) -> str:
        """The signing certificate, then the root."""
        return self._read(CHAIN).decode()

    @cached_property
    def leaf_key_pem(self) -> str:
        return self._read(LEAF_KEY).decode()

    @cached_property
    def _url_key(self) -> bytes:
        return self._read(URL_KEY)

    @cached_property
    def _event_key(self) -> "Ed25519PrivateKey":
        from cryptography.hazmat.primitives import serialization  # 0.2 s; most processes never sign
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        key = serialization.load_pem_private_key(self._read(EVENT_KEY), password=None)
        assert isinstance(key, Ed25519PrivateKey)
        return key

    def sign_url(self, message: bytes) -> str:
        """HMAC-SHA256 of what a media URL grants, in hex."""
        return hmac.digest(self._url_key, message, "sha256").hex()

    def sign_event_head(self, head: bytes) -> bytes:
        """Ed25519 (RFC 8032) over the head of an event chain, 64 bytes."""
        return self._event_key.sign(head)

    def verify_event_head(self, head: bytes, signature: bytes) -> bool:
        from cryptography.exceptions import InvalidSignature

        try:
            self._event_key.public_key().verify(signature, head)
        except InvalidSignature:
            return False
        return True

    def _read(self, name: str) -> bytes:
        try:
            return (self.folder / name).read_bytes()
        except OSError as error:
            raise IdentityBroken(
                f"The installation's key {name} cannot be read from {self.folder}: {error.strerror}.",
                remedy="Restore the keys folder from a backup; without it old signatures are strangers.",
            ) from error


def open_identity(folder: Path) -> Identity:
    """The identity kept in `folder`, made now if there is none. Two processes that start at once agree on one."""
    if not (folder / ROOT).exists():
        _make(folder)
    return Identity(folder)


def _make(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.with_name(f".{folder.name}.{secrets.token_hex(6)}")
    draft.mkdir(mode=0o700)
    for name, content in _mint().items():
        with open(draft / name, "xb", opener=_private) as file:
            file.write(content)
            os.fsync(file.fileno())
    try:
        # One rename decides which of two first starts made the installation.
        draft.rename(folder)
    except OSError:
        shutil.rmtree(draft)
        if not (folder / ROOT).exists():
            raise


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _mint() -> dict[str, bytes]:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519

    root_key, leaf_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root, leaf = _certificates(root_key, leaf_key)

    def pem(key: "EllipticCurvePrivateKey | Ed25519PrivateKey") -> bytes:
        return key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    root_pem = root.public_bytes(serialization.Encoding.PEM)
    return {
        ROOT_KEY: pem(root_key),
        LEAF_KEY: pem(leaf_key),
        CHAIN: leaf.public_bytes(serialization.Encoding.PEM) + root_pem,
        EVENT_KEY: pem(ed25519.Ed25519PrivateKey.generate()),
        URL_KEY: secrets.token_bytes(32),
        ROOT: root_pem,
    }


def _certificates(
    root_key: "EllipticCurvePrivateKey", leaf_key: "EllipticCurvePrivateKey"
) -> tuple["Certificate", "Certificate"]:
    """A root and the leaf that signs: the profile of C2PA 2.2, section 14.5.1 (EKU, KU, key identifiers)."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import ExtendedKeyUsageOID

    serial = secrets.token_hex(4)
    root_name, leaf_name = _name(f"Muybridge installation {serial}"), _name(f"Muybridge signer {serial}")
    root_id = x509.SubjectKeyIdentifier.from_public_key(root_key.public_key())
    root = (
        _certificate(root_name, root_name, root_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .add_extension(root_id, critical=False)
        .sign(root_key, hashes.SHA256())
    )
    leaf = (
        _certificate(leaf_name, root_name, leaf_key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(leaf_key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(root_id), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    return root, leaf


def _certificate(subject: "Name", issuer: "Name", key: "EllipticCurvePrivateKey") -> "CertificateBuilder":
    from cryptography import x509

    # An hour back: a verifier's clock may be behind ours.
    start = datetime.now(UTC) - timedelta(hours=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + VALID_FOR)
    )


def _name(common_name: str) -> "Name":
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Muybridge"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _key_usage(*, signs_certificates: bool) -> "KeyUsage":
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
