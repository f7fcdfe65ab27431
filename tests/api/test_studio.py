"""The studio at `/`: its page for every place in it, its built files, and nothing for a file that is gone."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from muybridge.api import studio

from .conftest import Site


@pytest.fixture
def visitor(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """Somebody before a studio of two files."""
    built = tmp_path / "studio"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text("<title>Muybridge</title>")
    (built / "assets" / "main-abc.js").write_text("run()")
    monkeypatch.setattr(studio, "STUDIO", built)
    return site.a_client()


@pytest.mark.parametrize(
    "place",
    ["/", "/catalogue", "/play/ses_1", "/assets/ast_1", "/assets/ast_1?tab=shots", "/%00", f"/{'a' * 300}"],
)
def test_every_place_is_the_one_page(visitor: TestClient, place: str) -> None:
    answer = visitor.get(place)
    assert (answer.status_code, answer.text) == (200, "<title>Muybridge</title>")
    assert answer.headers["cache-control"] == "no-cache"


def test_a_built_file_may_be_kept_for_ever(visitor: TestClient) -> None:
    answer = visitor.get("/assets/main-abc.js")
    assert (answer.status_code, answer.text) == (200, "run()")
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("file", ["main-old.js", "main-old.css", "sub/chunk-old.js", "arcade-old.webp"])
def test_a_built_file_that_is_gone_is_no_page(visitor: TestClient, file: str) -> None:
    answer = visitor.get(f"/assets/{file}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["detail"] == f"There is nothing at /assets/{file}."
