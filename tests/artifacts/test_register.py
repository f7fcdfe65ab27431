from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from muybridge import artifacts, trust
from muybridge.artifacts import Store
from muybridge.artifacts.sweeping import Swept, sweep
from muybridge.errors import NotFound
from muybridge.trust import Quota, quotas

from .conftest import House


def used_bytes(house: House) -> int:
    with house.database.read() as session:
        statement = trust.visible(select(Quota.used).where(Quota.resource == "storage_bytes"), house.owner)
        return session.scalars(statement).one()


def test_an_artifact_names_stored_bytes_and_what_they_came_from(any_house: House, local_store: Store) -> None:
    source, proxy = local_store.put_bytes(b"source"), local_store.put_bytes(b"the proxy")
    with any_house.database.write() as session:
        first = artifacts.put(
            session, any_house.owner, source, kind="source", media_type="video/mp4", filename="horse.mp4"
        )
        second = artifacts.put(
            session,
            any_house.owner,
            proxy,
            kind="proxy",
            media_type="video/mp4",
            filename="horse.proxy.mp4",
            derived_from=[first.id],
        )
    with any_house.database.read() as session:
        row = artifacts.load(session, any_house.owner, second.id)
        assert (row.digest, row.size_bytes, row.kind, row.filename) == (proxy.digest, 9, "proxy", "horse.proxy.mp4")
        assert [node.id for node in artifacts.ancestors(session, any_house.owner, second.id)] == [first.id]
        with pytest.raises(NotFound):
            artifacts.load(session, any_house.stranger, second.id)
    assert used_bytes(any_house) == 15


def test_a_tenant_may_not_hold_more_than_its_quota(any_house: House, local_store: Store) -> None:
    stored = local_store.put_bytes(b"0123456789")
    with any_house.database.write() as session:
        quotas.set_limit(session, any_house.owner, "storage_bytes", 15)
    options = {"kind": "source", "media_type": "video/mp4", "filename": "a.mp4"}
    with any_house.database.write() as session:
        kept = artifacts.put(session, any_house.owner, stored, **options)
    with pytest.raises(quotas.QuotaExceeded), any_house.database.write() as session:
        artifacts.put(session, any_house.owner, stored, **options)
    with any_house.database.write() as session:
        artifacts.forget(session, any_house.owner, artifacts.load(session, any_house.owner, kept.id))
    assert used_bytes(any_house) == 0
    with any_house.database.write() as session:
        artifacts.put(session, any_house.owner, stored, **options)


def test_a_sweep_takes_old_bytes_that_no_row_names_and_nothing_else(house: House, store: Store) -> None:
    named, rolled_back = store.put_bytes(b"named"), store.put_bytes(b"rolled back")
    with house.database.write() as session:
        artifacts.put(session, house.owner, named, kind="source", media_type="video/mp4", filename="a.mp4")
    assert sweep(house.database, store) == Swept(0, 0)
    assert sweep(house.database, store, older_than_s=-5) == Swept(1, 11)
    assert (store.exists(named.digest), store.exists(rolled_back.digest)) == (True, False)


def test_bytes_shared_by_two_tenants_go_with_the_last(house: House, local_store: Store) -> None:
    stored = local_store.put_bytes(b"shared")
    options = {"kind": "source", "media_type": "video/mp4", "filename": "a.mp4"}
    with house.database.write() as session:
        ours = artifacts.put(session, house.owner, stored, **options)
        theirs = artifacts.put(session, house.stranger, stored, **options)
    for actor, artifact_id, is_left in ((house.owner, ours.id, True), (house.stranger, theirs.id, False)):
        with house.database.write() as session:
            artifacts.forget(session, actor, artifacts.load(session, actor, artifact_id))
        sweep(house.database, local_store, older_than_s=-5)
        assert local_store.exists(stored.digest) is is_left


def test_a_sweep_tidies_what_a_killed_server_left_half_written(house: House, local_store: Store) -> None:
    assert local_store.root is not None
    left = local_store.root / "incoming" / "half"
    left.write_bytes(b"half")
    sweep(house.database, local_store)
    assert left.exists()
    sweep(house.database, local_store, older_than_s=-5)
    assert not left.exists()


def test_a_far_file_is_kept_near_and_the_least_used_makes_room(s3_store: Store, tmp_path: Path) -> None:
    near = tmp_path / "cache"
    first, second, third = (s3_store.put_bytes(letter * 100) for letter in (b"a", b"b", b"c"))
    for stored in (first, second):
        artifacts.cache.held_path(s3_store, stored.digest, near, most_bytes=250)
    import os

    os.utime(near / first.digest, (datetime(2020, 1, 1, tzinfo=UTC).timestamp(),) * 2)
    assert artifacts.cache.held_path(s3_store, third.digest, near, most_bytes=250).read_bytes() == b"c" * 100
    assert sorted(path.name for path in near.iterdir()) == sorted([second.digest, third.digest])
