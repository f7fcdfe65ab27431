"""HTTPS by certificate files: what is served, and what is refused before anything listens."""

import re
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from .conftest import Ran


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate for 127.0.0.1 beside its key, both named to the server."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "studio.internal")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(hours=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate = tmp_path / "tls.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    certificate.with_suffix(".key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    monkeypatch.setenv("MUYBRIDGE_TLS_CERTIFICATE", str(certificate))
    monkeypatch.setenv("MUYBRIDGE_TLS_KEY", str(certificate.with_suffix(".key")))
    return certificate


@pytest.fixture
def link(tls: Path, data_dir: Path) -> Iterator[str]:
    """The link that a server with this certificate prints, while it serves."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "muybridge.cli", "serve", "--workers", "0", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    found = next(found for line in process.stdout if (found := re.search(r"https?://\S+/login\S+", line)))
    yield found.group()
    process.send_signal(signal.SIGINT)
    process.wait(30)


def test_with_certificate_and_key_the_server_speaks_https_and_keeps_its_cookie_to_it(link: str, tls: Path) -> None:
    address, _, token = link.partition("/login?token=")
    assert address.startswith("https://127.0.0.1:")
    retrying = httpx.HTTPTransport(verify=ssl.create_default_context(cafile=tls), retries=8)
    with httpx.Client(transport=retrying, base_url=address, headers={"Origin": address}, timeout=30) as studio:
        assert studio.get("/v1/health").json()["status"] == "ok"
        entered = studio.post("/v1/auth/link", json={"token": token})
        assert "secure" in entered.headers["set-cookie"].lower()
        assert studio.get("/v1/me").status_code == 200


def test_half_of_what_https_needs_is_refused(
    tls: Path, muybridge: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MUYBRIDGE_TLS_KEY")
    ran = muybridge("serve", "--port", "0")
    assert ran.code == 1
    assert "only one is named" in ran.err
    assert "MUYBRIDGE_TLS_KEY" in ran.err


@pytest.mark.parametrize("broken", ["absent", "no key", "of another"])
def test_a_certificate_that_cannot_serve_is_refused_by_name(
    broken: str, tls: Path, muybridge: Callable[..., Ran]
) -> None:
    key = tls.with_suffix(".key")
    match broken:
        case "absent":
            key.unlink()
        case "no key":
            key.write_text("dear server")
        case "of another":
            other = ec.generate_private_key(ec.SECP256R1())
            key.write_bytes(
                other.private_bytes(
                    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
                )
            )
    ran = muybridge("serve", "--port", "0")
    assert ran.code == 1
    assert f"HTTPS cannot be served by {tls} and {key}" in ran.err
    assert "Name a readable PEM certificate" in ran.err
