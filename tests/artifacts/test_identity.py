import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from muybridge.artifacts.identity import FILES, IdentityBroken, open_identity


def test_an_installation_keeps_its_identity(tmp_path: Path) -> None:
    first, again = open_identity(tmp_path / "keys"), open_identity(tmp_path / "keys")
    assert (first.root_pem, first.chain_pem) == (again.root_pem, again.chain_pem)
    assert first.sign_url(b"x") == again.sign_url(b"x")
    assert open_identity(tmp_path / "other").root_pem != first.root_pem


def test_private_keys_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    open_identity(tmp_path / "keys")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()}
    assert modes == dict.fromkeys(FILES, 0o600)
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_processes_that_start_at_once_agree_on_one_identity(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from muybridge.artifacts.identity import open_identity;"
        f"print(open_identity(Path({str(tmp_path / 'keys')!r})).root_pem)"
    )
    starts = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) for _ in range(3)]
    assert len({start.communicate()[0] for start in starts}) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]


def test_the_certificates_have_the_profile_that_verifiers_ask_for(tmp_path: Path) -> None:
    identity = open_identity(tmp_path / "keys")
    leaf, root = x509.load_pem_x509_certificates(identity.chain_pem.encode())
    leaf.verify_directly_issued_by(root)
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert not usage.key_cert_sign
    assert list(leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value) == [
        ExtendedKeyUsageOID.EMAIL_PROTECTION
    ]
    assert root.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_event_heads_are_signed_by_this_installation_only(tmp_path: Path) -> None:
    ours, theirs = open_identity(tmp_path / "a"), open_identity(tmp_path / "b")
    signature = ours.sign_event_head(b"head")
    assert ours.verify_event_head(b"head", signature)
    assert not ours.verify_event_head(b"other", signature)
    assert not theirs.verify_event_head(b"head", signature)


def test_a_lost_key_is_named(tmp_path: Path) -> None:
    identity = open_identity(tmp_path / "keys")
    (tmp_path / "keys" / "urls.key").unlink()
    with pytest.raises(IdentityBroken, match=r"urls\.key"):
        identity.sign_url(b"x")
