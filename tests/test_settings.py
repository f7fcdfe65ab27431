from pathlib import Path

import pytest

from muybridge.settings import Settings

GUIDE = Path(__file__).parents[1] / "docs" / "guides" / "settings.md"


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_documented(name: str) -> None:
    assert f"`MUYBRIDGE_{name.upper()}`" in GUIDE.read_text()


def test_defaults_are_the_embedded_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings()
    assert settings.resolved_database_url == f"sqlite:///{tmp_path}/data/muybridge.db"
    assert settings.resolved_store_url == f"file://{tmp_path}/data/store"
    assert settings.base_url == "http://127.0.0.1:8400"


def test_the_public_url_wins_over_host_and_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUYBRIDGE_PUBLIC_URL", "https://studio.example/")
    assert Settings().base_url == "https://studio.example"


@pytest.mark.parametrize(
    ("host", "certificate", "url"),
    [
        ("0.0.0.0", "", "http://localhost:8400"),
        ("::", "tls.pem", "https://localhost:8400"),
        ("::1", "", "http://[::1]:8400"),
        ("studio.internal", "tls.pem", "https://studio.internal:8400"),
    ],
)
def test_the_printed_address_is_one_that_a_browser_can_go_to(host: str, certificate: str, url: str) -> None:
    assert Settings(host=host, tls_certificate=Path(certificate) if certificate else None).base_url == url
