import hashlib
import os
import random
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from muybridge import artifacts
from muybridge.artifacts import Store, Stored, faults, urls
from muybridge.units import new_id

Get = Callable[[str], tuple[int, bytes, dict[str, str]]]


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def a_file(tmp_path: Path) -> Path:
    """Three mebibytes and a bit of noise."""
    path = tmp_path / "noise.bin"
    path.write_bytes(random.Random(7).randbytes(3 * 2**20 + 17))
    return path


def test_bytes_come_back_under_their_digest(store: Store) -> None:
    stored = store.put_bytes(b"a horse in motion")
    assert stored == Stored(digest_of(b"a horse in motion"), 17)
    assert store.read(stored.digest) == b"a horse in motion"
    assert store.exists(stored.digest)


def test_no_bytes_are_bytes_too(store: Store) -> None:
    stored = store.put_bytes(b"")
    assert (stored.size_bytes, store.read(stored.digest)) == (0, b"")


def test_a_file_is_kept_whole_and_fetched_whole(store: Store, a_file: Path, tmp_path: Path) -> None:
    stored = store.put_file(a_file)
    assert stored == Stored(digest_of(a_file.read_bytes()), a_file.stat().st_size)
    fetched = store.fetch(stored.digest, tmp_path / "far" / "copy.bin")
    assert fetched.read_bytes() == a_file.read_bytes()


def test_putting_the_same_bytes_twice_keeps_one_copy(store: Store, a_file: Path) -> None:
    first, second = store.put_file(a_file), store.put_file(a_file)
    assert first == second == store.put_bytes(a_file.read_bytes())
    assert [kept.digest for kept in store.each()] == [first.digest]


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [(0, 4, b"a ho"), (2, 5, b"horse"), (11, None, b"motion"), (11, 99, b"motion"), (17, None, b""), (0, 0, b"")],
)
def test_a_range_is_half_open_and_ends_with_the_bytes(
    local_store: Store, start: int, length: int | None, expected: bytes
) -> None:
    stored = local_store.put_bytes(b"a horse in motion")
    assert local_store.read(stored.digest, start, length) == expected


def test_a_range_of_s3_is_the_same(s3_store: Store) -> None:
    stored = s3_store.put_bytes(b"a horse in motion")
    assert s3_store.read(stored.digest, 2, 5) == b"horse"


def test_what_is_not_there_is_named_missing(store: Store, tmp_path: Path) -> None:
    absent = digest_of(b"never put")
    assert not store.exists(absent)
    with pytest.raises(faults.BytesMissing, match=absent):
        store.read(absent)
    with pytest.raises(faults.BytesMissing):
        store.fetch(absent, tmp_path / "x")
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "A" * 64, "0" * 63])
def test_only_a_digest_is_a_name(local_store: Store, digest: str) -> None:
    with pytest.raises(faults.BytesMissing):
        local_store.read(digest)


def test_altered_bytes_are_refused_by_digest(local_store: Store, a_file: Path, tmp_path: Path) -> None:
    stored = local_store.put_file(a_file)
    path = local_store.path_of(stored.digest, tmp_path)
    path.chmod(0o644)
    with open(path, "r+b") as file:
        file.seek(1000)
        file.write(b"XX")
    with pytest.raises(faults.BytesAltered) as refused:
        local_store.fetch(stored.digest, tmp_path / "copy")
    assert refused.value.code == "artifacts.altered"
    assert not (tmp_path / "copy").exists()
    with pytest.raises(faults.BytesAltered):
        local_store.read(stored.digest)


def test_bytes_that_were_cut_short_are_written_again_by_the_next_put(local_store: Store, a_file: Path) -> None:
    stored = local_store.put_file(a_file)
    path = local_store.path_of(stored.digest, a_file.parent)
    path.chmod(0o644)
    os.truncate(path, 100)
    local_store.put_file(a_file)
    assert digest_of(path.read_bytes()) == stored.digest


def test_threads_that_put_the_same_file_agree(local_store: Store, a_file: Path) -> None:
    found: list[Stored] = []
    threads = [threading.Thread(target=lambda: found.append(local_store.put_file(a_file))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert [kept.digest for kept in local_store.each()] == [found[0].digest]


def test_an_upload_becomes_bytes_and_may_be_put_again(store: Store) -> None:
    upload_id = new_id("upl")
    store.spool.append(upload_id, 0, b"a horse ")
    store.spool.append(upload_id, 8, b"in motion")
    stored = store.put_upload(upload_id)
    assert store.put_upload(upload_id) == stored
    store.spool.discard(upload_id)
    assert store.read(stored.digest) == b"a horse in motion"


def test_a_store_that_is_away_says_so_within_seconds(tmp_path: Path) -> None:
    away = artifacts.open_store(
        "s3://bucket", data_dir=tmp_path, endpoint="http://127.0.0.1:9", access_key="a", secret_key="b"
    )
    with pytest.raises(faults.StoreAway, match="does not answer") as refused:
        away.put_bytes(b"x")
    assert "try again" in refused.value.remedy


def test_a_wrong_key_is_told_from_a_store_that_is_away(tmp_path: Path, s3_store: Store) -> None:
    assert s3_store._presigner is not None
    presigner = s3_store._presigner
    wrong = artifacts.open_store(
        f"s3://{presigner.bucket}",
        data_dir=tmp_path,
        endpoint=presigner.endpoint,
        access_key=presigner.access_key,
        secret_key="wrong",
    )
    with pytest.raises(faults.StoreRefused):
        wrong.put_bytes(b"x")


@pytest.mark.parametrize("url", ["ftp://host/x", "s3://", "nonsense"])
def test_a_place_that_is_no_store_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(faults.BadStoreUrl):
        artifacts.open_store(url, data_dir=tmp_path)


def local_query(url: str) -> tuple[str, dict[str, str]]:
    from urllib.parse import parse_qsl, urlsplit

    parts = urlsplit(url)
    return parts.path.rpartition("/")[2], dict(parse_qsl(parts.query, keep_blank_values=True))


def a_url(store: Store, digest: str, **options: object) -> str:
    return store.url(
        digest,
        tenant_id="ten_1",
        media_type="video/mp4",
        filename='a/b "c" 🐎.mp4',
        actor_id="mbr_1",
        **options,  # type: ignore[arg-type]
    )


def test_a_local_url_says_what_it_grants(local_store: Store) -> None:
    stored = local_store.put_bytes(b"frames")
    digest, query = local_query(a_url(local_store, stored.digest, is_download=True))
    ticket = urls.check_local_url(local_store.identity, digest, query)
    assert (ticket.digest, ticket.tenant_id, ticket.actor_id) == (stored.digest, "ten_1", "mbr_1")
    assert (ticket.media_type, ticket.filename, ticket.is_download) == ("video/mp4", 'a/b "c" 🐎.mp4', True)


@pytest.mark.parametrize("part", ["tenant", "type", "name", "until", "actor", "download", "sig"])
def test_a_local_url_with_one_changed_part_is_refused(local_store: Store, part: str) -> None:
    stored = local_store.put_bytes(b"frames")
    digest, query = local_query(a_url(local_store, stored.digest))
    query[part] = {"until": str(int(query["until"]) + 9), "download": "1"}.get(part, query[part] + "0")
    with pytest.raises(faults.BadSignature):
        urls.check_local_url(local_store.identity, digest, query)


def test_a_local_url_is_of_one_digest_and_one_installation(local_store: Store, tmp_path: Path) -> None:
    stored = local_store.put_bytes(b"frames")
    digest, query = local_query(a_url(local_store, stored.digest))
    with pytest.raises(faults.BadSignature):
        urls.check_local_url(local_store.identity, digest_of(b"other"), query)
    other = artifacts.open_store((tmp_path / "s2").as_uri(), data_dir=tmp_path / "d2")
    with pytest.raises(faults.BadSignature):
        urls.check_local_url(other.identity, digest, query)
    with pytest.raises(faults.BadSignature):
        urls.check_local_url(local_store.identity, digest, {})


def test_a_local_url_expires(local_store: Store) -> None:
    stored = local_store.put_bytes(b"frames")
    digest, query = local_query(a_url(local_store, stored.digest, expires_s=-1))
    with pytest.raises(faults.UrlExpired):
        urls.check_local_url(local_store.identity, digest, query)


def test_a_presigned_url_gives_the_bytes_with_their_name_and_kind(s3_store: Store, get: Get) -> None:
    stored = s3_store.put_bytes(b"frames")
    status, body, headers = get(a_url(s3_store, stored.digest))
    assert (status, body, headers["Content-Type"]) == (200, b"frames", "video/mp4")
    assert headers["Content-Disposition"] == "inline; filename*=UTF-8''a%2Fb%20%22c%22%20%F0%9F%90%8E.mp4"


def test_a_presigned_url_that_was_changed_or_is_old_is_refused(s3_store: Store, get: Get) -> None:
    stored = s3_store.put_bytes(b"frames")
    assert get(a_url(s3_store, stored.digest).replace("video%2Fmp4", "text%2Fhtml"))[0] == 403
    assert get(a_url(s3_store, stored.digest)[:-4] + "0000")[0] == 403
    import time

    short = a_url(s3_store, stored.digest, expires_s=1)
    time.sleep(2.1)
    assert get(short)[0] == 403


def test_presigning_follows_the_published_example_of_signature_version_4() -> None:
    # The worked example of "Authenticating Requests: Using Query Parameters" in Amazon's S3 manual.
    from datetime import UTC, datetime

    signer = urls.Presigner(
        "https://s3.amazonaws.com",
        "examplebucket",
        "us-east-1",
        "AKIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    )
    url = signer.url("GET", "test.txt", 86400, at=datetime(2013, 5, 24, tzinfo=UTC))
    assert url.startswith("https://s3.amazonaws.com/examplebucket/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256")
    assert "X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request" in url
