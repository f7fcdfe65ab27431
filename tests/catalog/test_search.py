"""The index of names answers as the names themselves would, on both databases, whatever happens to an asset."""

import random
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import insert, text
from tests.fixtures.plans import asked

from muybridge import db, trust, wiring
from muybridge.artifacts import Artifact
from muybridge.catalog import assets, search
from muybridge.catalog.tables import Asset
from muybridge.db import migrate
from muybridge.units import new_id

from .conftest import Studio, studio_of

WORDS = ["Horse", "horses", "Straße", "夜の馬", "🐎🐎🐎", 'a"quote', "100%", "x_y", "ab", "mp4", "AND", "NEAR(x)", "*"]


def some_assets(studio: Studio, names: list[str]) -> list[str]:
    return insert_assets(studio.database, studio.owner.tenant_id, names)


def insert_assets(database: db.Database, tenant_id: str, names: list[str]) -> list[str]:
    """Assets of these names as rows alone, oldest first."""
    tenant = {"tenant_id": tenant_id}
    ids, source = [new_id("ast") for _ in names], new_id("art")
    kept = {"digest": "0" * 64, "size_bytes": 1, "media_type": "video/mp4", "kind": "source", "filename": "a"}
    with database.write() as session:
        session.execute(insert(Artifact), [{"id": source, **tenant, **kept}])
        session.execute(
            insert(Asset),
            [
                {"id": asset_id, **tenant, "name": name, "search_name": name.casefold(), "media_type": "video/mp4"}
                | {"source_artifact_id": source}
                for asset_id, name in zip(ids, names, strict=True)
            ],
        )
    return ids


def found(studio: Studio, query: str) -> list[str]:
    with studio.database.read() as session:
        return [asset.name for asset in assets.list_assets(session, studio.owner, query=query, limit=500).items]


@pytest.mark.parametrize("few", [1_000, 3], ids=["few are fetched by id", "many are walked"])
def test_a_search_finds_what_reading_every_name_would(
    any_studio: Studio, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "FEW", few)
    chance = random.Random(7)
    names = [" ".join(chance.sample(WORDS, 3)) + f" {number}" for number in range(60)]
    some_assets(any_studio, names)
    for query in (*WORDS, "orse mp4", "馬", "夜の馬", "STRASSE 1", "rse s", "zebra", '"', "horse OR zebra", "'", "0%"):
        words = query.casefold().split()
        expected = [name for name in reversed(names) if all(word in name.casefold() for word in words)]
        assert (query, found(any_studio, query)) == (query, expected)


def test_a_renamed_asset_is_found_anew_and_a_deleted_one_no_more(any_studio: Studio) -> None:
    first, second = some_assets(any_studio, ["morning run.mp4", "evening run.mp4"])
    with any_studio.database.write() as session:
        assets.rename_asset(session, any_studio.owner, first, "noon run.mp4")
        session.delete(trust.load(session, any_studio.owner, Asset, second))
    assert {word: found(any_studio, word) for word in ("morning", "noon", "evening", "run")} == {
        "morning": [],
        "noon": ["noon run.mp4"],
        "evening": [],
        "run": ["noon run.mp4"],
    }
    if any_studio.database.is_sqlite:
        with any_studio.database.read() as session:
            left = text("SELECT count(*) FROM asset_name_grams WHERE asset_name_grams MATCH 'morning OR evening'")
            assert session.scalar(left) == 0


def test_a_page_of_matches_goes_on_behind_its_cursor(any_studio: Studio) -> None:
    some_assets(any_studio, [f"horse {number}" for number in range(5)])
    told, cursor = [], None
    with any_studio.database.read() as session:
        for _ in range(3):
            page = assets.list_assets(session, any_studio.owner, query="horse", limit=2, cursor=cursor)
            told.append([asset.name for asset in page.items])
            cursor = page.next_cursor
    assert told == [["horse 4", "horse 3"], ["horse 2", "horse 1"], ["horse 0"]]


def test_sqlite_asks_the_index_first_and_reads_no_more_names_than_match(studio: Studio) -> None:
    some_assets(studio, [f"horse {number}" for number in range(20)])
    with studio.database.read() as session, asked(studio.database) as told:
        assets.list_assets(session, studio.owner, query="horse 7")
    assert [plan for plan in told.plans() if "assets" in plan] == [
        "SEARCH assets USING INDEX ix_assets_tenant_id_id_search_name (tenant_id=? AND id=?)"
    ]


@pytest.mark.postgres
def test_postgresql_searches_by_its_index_once_there_is_something_to_spare(postgres_url: str, tmp_path: Path) -> None:
    database = db.open_database(postgres_url)
    studio = studio_of(database, tmp_path)
    some_assets(studio, [f"horse {number}" for number in range(4_000)])
    with database.read() as session, asked(database) as told:
        session.execute(text("ANALYZE assets"))
        assets.list_assets(session, studio.owner, query="e 3123")
        statement, values = told.selects[-1]
        plan = session.connection().exec_driver_sql(f"EXPLAIN {statement}", values).scalars().all()
    database.dispose()
    assert any("asset_name_gin" in line for line in plan), "\n".join(plan)


def test_names_that_were_there_before_the_index_are_in_it(tmp_path: Path) -> None:
    wiring.load_tables()
    database = db.open_database(f"sqlite:///{tmp_path}/old.db")
    config = migrate._config()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
    with database.write() as session:
        owner = trust.actor_of(session, trust.first_start(session).owner, via="cli")
    insert_assets(database, owner.tenant_id, ["an old horse.mp4"])
    migrate.migrate(database)
    with database.read() as session:
        page = assets.list_assets(session, owner, query="old horse")
    assert [asset.name for asset in page.items] == ["an old horse.mp4"]
    database.dispose()
