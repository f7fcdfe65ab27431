"""One tenant can never read, list, guess or infer another's rows: a walk over the whole OpenAPI document.

Both tenants own a real row for every path parameter. Ours asks with theirs, and gets what it gets for an id that is
nobody's, word for word. An operation that comes later is walked without anybody remembering to; one that cannot be
walked fails until it has what it needs in the tables below.
"""

import itertools
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "fixtures"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from holdings import Holdings
from labelled import Studio
from operations import Operation, all_operations, id_fields, least, prefixes_of

from muybridge import artifacts, db, trust, wiring
from muybridge.artifacts import Artifact
from muybridge.catalog.tables import Asset, Rights
from muybridge.datasets.manifest import write_manifest
from muybridge.settings import Settings
from muybridge.units import new_id

OPERATIONS = all_operations()

FREE = {
    "get /v1/health": "says only that the server is well",
    "get /media/{digest}": "has no actor: the signed address is the right; walked by test_an_address_...",
}
"""Operations that need nobody to be logged in."""

WAYS_IN = {"post /v1/auth/login", "post /v1/auth/link"}

PATH_VALUES = {"frame": 0, "resource": "generations"}
"""Path parameters that are no ids."""

BODIES: dict[str, dict[str, Any]] = {
    "post /v1/members": {"name": "New", "email": "new@ours.example", "role": "viewer"},
    "post /v1/projects": {"name": "New", "classes": [{"name": "car", "shapes": ["box"]}]},
    "post /v1/projects/{id}/ontologies": {"classes": [{"name": "van", "shapes": ["box"]}]},
    "post /v1/assets/{id}/clips": {"start_frame": 0, "end_frame": 5},
    "post /v1/assets/{id}/views": {"start_frame": 0, "end_frame": 5},
    "post /v1/dataset-versions/{id}/export": {"format": "jsonl"},
    "post /v1/assets/{id}/rights/revoke": {"reason": "asked to"},
    "post /v1/keys": {"name": "robot"},
    "post /v1/auth/login": {"email": "nobody@ours.example", "password": "not a password"},
    "put /v1/me/password": {"password": "correct horse"},
    "post /v1/sessions": {"prompt": "a red ball drifts right"},
    "post /v1/uploads": {"name": "new.mp4", "size_bytes": 10},
}
"""Bodies where the least one that fits the schema is refused before the id is looked at."""

HEADERS = {"patch /v1/uploads/{id}": {"Upload-Offset": "0", "Content-Type": "application/octet-stream"}}
QUERIES: dict[str, dict[str, Any]] = {"get /v1/events/stream": {"for_s": 0}}


@dataclass
class Pair:
    """Two tenants on one server, each with a row of everything."""

    database: db.Database
    app: Any
    ours: Holdings
    theirs: Holdings
    our_client: TestClient
    their_client: TestClient


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("tenants")
    shutil.copyfile(sqlite_template, folder / "muybridge.db")
    settings = Settings(data_dir=folder, database_url=f"sqlite:///{folder}/muybridge.db")
    wiring.connect_plugins()
    database = db.open_database(settings.database_url)
    installation = wiring.Installation(settings, database, wiring.open_store(settings))
    app = wiring.build_app(installation)
    (ours, our_secret), (theirs, their_secret) = (
        _settle(installation, folder, mark) for mark in ("ourmark", "theirmark")
    )
    trust.seal(database)
    clients = [TestClient(app, headers={"Authorization": f"Bearer {secret}"}) for secret in (our_secret, their_secret)]
    yield Pair(database, app, ours, theirs, *clients)
    for client in clients:
        client.close()
    database.dispose()


def _settle(installation: wiring.Installation, folder: Path, mark: str) -> tuple[Holdings, str]:
    database = installation.database
    with database.write() as session:
        owner = trust.create_tenant(session, mark, f"owner@{mark}.example", owner_name=mark).owner
        member = trust.actor_of(session, owner, via="cli")
        secret = trust.create_key(session, member, f"{mark} key", role=trust.Role.OWNER).secret
    actor = trust.authenticate_key(database, secret)
    studio = Studio(database, installation.store, actor, folder)
    asset_id = studio.an_asset(f"{mark}.mp4")
    manifest = installation.store.put_bytes(write_manifest([], {"mark": mark}))
    held = Holdings(actor, mark)
    with database.write() as session:
        asset = trust.load(session, actor, Asset, asset_id)
        rights = session.scalars(trust.visible(select(Rights), actor)).one()
        source = trust.load(session, actor, Artifact, asset.source_artifact_id)
        frozen = artifacts.put(
            session, actor, manifest, kind="manifest", media_type="application/x-parquet", filename=f"{mark}.parquet"
        )
        held.fill(session, asset, source, rights, manifest_artifact_id=frozen.id)
        trust.record(session, actor, "asset.viewed", asset_id, start_frame=0, end_frame=9, name=mark)
    return held, secret


def _send(client: TestClient, operation: Operation, values: dict[str, Any], **changes: Any) -> Any:
    body = changes.get("body")
    return client.request(
        operation.method,
        operation.url({**PATH_VALUES, **values}),
        json=body,
        content=b"xxxxx" if body is None and operation.name in HEADERS else None,
        headers=HEADERS.get(operation.name, {}) | changes.get("headers", {}),
        params=QUERIES.get(operation.name, {}) | changes.get("params", {}),
    )


def _body_of(operation: Operation, held: Holdings) -> Any:
    if operation.name in BODIES:
        return BODIES[operation.name]
    return None if operation.body is None else least(operation.body, held.ids)


def _ids_for(operation: Operation, held: Holdings) -> list[dict[str, str]]:
    """Every way to fill the id parameters of an operation from what a tenant holds."""
    choices = []
    for parameter in operation.path_parameters:
        if prefixes := prefixes_of(parameter["schema"]):
            ids = [held.ids[prefix] for prefix in prefixes if prefix in held.ids]
            assert ids, f"{operation.name} needs a row for {parameter['name']} ({prefixes}); add one to Holdings"
            choices.append([(parameter["name"], identifier) for identifier in ids])
        else:
            assert parameter["name"] in PATH_VALUES, f"{operation.name} needs PATH_VALUES[{parameter['name']!r}]"
    return [dict(choice) for choice in itertools.product(*choices)]


def _nobodys(identifier: str) -> str:
    return new_id(identifier.partition("_")[0])


def _told(answer: Any, *ids: str) -> tuple[int, str]:
    """An answer with the ids that were asked for taken out, so that two can be compared."""
    text = answer.text
    for identifier in ids:
        text = text.replace(identifier, "ID")
    return answer.status_code, text


def _assert_nothing_of_theirs(pair: Pair, answer: Any, asked: tuple[str, ...] = ()) -> None:
    leaked = [identifier for identifier in pair.theirs.ids.values() if identifier in answer.text]
    assert (answer.status_code < 500, pair.theirs.mark in answer.text, sorted(set(leaked) - set(asked))) == (
        True,
        False,
        [],
    ), answer.text[:2000]


WITH_IDS = [operation for operation in OPERATIONS if operation.id_parameters]
WITHOUT_IDS = [operation for operation in OPERATIONS if not operation.id_parameters]


@pytest.mark.parametrize("operation", WITH_IDS, ids=lambda operation: operation.name)
def test_theirs_is_not_found_and_in_the_words_for_what_nobody_has(pair: Pair, operation: Operation) -> None:
    body = _body_of(operation, pair.ours)
    for values in _ids_for(operation, pair.theirs):
        nobodys = {name: _nobodys(identifier) for name, identifier in values.items()}
        answers = [_send(pair.our_client, operation, ids, body=body) for ids in (values, nobodys)]
        told = [_told(answer, *values.values(), *nobodys.values()) for answer in answers]
        assert told[0] == told[1]
        assert told[0][0] == 404, told[0]
        _assert_nothing_of_theirs(pair, answers[0], tuple(values.values()))


@pytest.mark.parametrize(
    "operation",
    [operation for operation in WITH_IDS if len(operation.id_parameters) > 1],
    ids=lambda operation: operation.name,
)
def test_one_of_ours_beside_one_of_theirs_is_not_found_either(pair: Pair, operation: Operation) -> None:
    ours, theirs = _ids_for(operation, pair.ours)[0], _ids_for(operation, pair.theirs)[0]
    for name in operation.id_parameters:
        answer = _send(pair.our_client, operation, {**ours, name: theirs[name]}, body=_body_of(operation, pair.ours))
        assert answer.status_code == 404, answer.text


IN_BODIES = [
    (operation, field, prefix, is_list)
    for operation in OPERATIONS
    if operation.body is not None
    for field, prefix, is_list in id_fields(operation.body)
]


@pytest.mark.parametrize(
    ("operation", "field", "prefix", "is_list"), IN_BODIES, ids=lambda value: getattr(value, "name", str(value))
)
def test_theirs_in_a_body_gets_the_answer_for_what_nobody_has(
    pair: Pair, operation: Operation, field: str, prefix: str, is_list: bool
) -> None:
    theirs = pair.theirs.ids.get(prefix)
    assert theirs, f"{operation.name} takes {prefix}_ ids; add a row to Holdings"
    values = _ids_for(operation, pair.ours)[0]
    told = []
    for identifier in (theirs, _nobodys(theirs)):
        body = {**_body_of(operation, pair.ours), field: [identifier] if is_list else identifier}
        answer = _send(pair.our_client, operation, values, body=body)
        _assert_nothing_of_theirs(pair, answer, (identifier,))
        told.append(_told(answer, identifier))
    assert told[0] == told[1]
    assert told[0][0] in (404, 409, 422), told[0]


ACTS_ON_ONESELF = {"post /v1/auth/logout"}


@pytest.mark.parametrize(
    "operation",
    [operation for operation in WITHOUT_IDS if operation.name not in {*FREE, *ACTS_ON_ONESELF}],
    ids=lambda operation: operation.name,
)
def test_nothing_of_theirs_is_in_an_answer_to_ours(pair: Pair, operation: Operation) -> None:
    headers = {"Last-Event-ID": "0"} if operation.path.endswith("/stream") else {}
    answer = _send(pair.our_client, operation, {}, body=_body_of(operation, pair.ours), headers=headers)
    _assert_nothing_of_theirs(pair, answer)
    for parameter in operation.parameters:
        for asked in _narrowing(parameter, pair.theirs):
            narrowed = _send(pair.our_client, operation, {}, params={parameter["name"]: asked})
            shown = narrowed.json()["items"] if narrowed.status_code == 200 else []
            assert (narrowed.status_code in (200, 404, 422), shown) == (True, [])


def _narrowing(parameter: Any, held: Holdings) -> list[str]:
    """What of theirs one could ask for by a query parameter."""
    name = parameter["name"]
    if parameter["in"] != "query":
        return []
    if name in ("query", "name"):
        return [held.mark]
    if not name.endswith("_id"):
        return []
    prefixes = prefixes_of(parameter["schema"]) or ["ast", "job", "key"]
    return [held.ids[prefix] for prefix in prefixes if prefix in held.ids]


SHOW_NO_ROWS = {
    *(f"/v1/{name}" for name in ("recipes", "export-formats", "engines", "system", "me/logins", "quotas", "health")),
    "/media/{digest}",
}
"""Reads that show what the installation can do or how much there is, and no row by its id."""
LISTS_OF_ONES_OWN = [
    operation
    for operation in OPERATIONS
    if operation.method == "get" and not operation.id_parameters and operation.path not in SHOW_NO_ROWS
]


@pytest.mark.parametrize("operation", LISTS_OF_ONES_OWN, ids=lambda operation: operation.name)
def test_each_list_shows_its_owner_a_real_row(pair: Pair, operation: Operation) -> None:
    headers = {"Last-Event-ID": "0"} if operation.path.endswith("/stream") else {}
    answer = _send(pair.their_client, operation, {}, headers=headers)
    theirs = (*pair.theirs.ids.values(), pair.theirs.actor.id, pair.theirs.actor.tenant_id)
    held = [identifier for identifier in theirs if identifier in answer.text]
    assert (answer.status_code, held != []) == (200, True), answer.text[:1000]


@pytest.mark.parametrize(
    "operation",
    [operation for operation in WITH_IDS if operation.method == "get"],
    ids=lambda operation: operation.name,
)
def test_what_is_not_found_for_us_is_there_for_them(pair: Pair, operation: Operation) -> None:
    for values in _ids_for(operation, pair.theirs):
        answer = _send(pair.their_client, operation, values)
        # Not every row that the tables allow is whole footage, so a 409 or 422 about it is an answer too.
        assert answer.status_code in ((200, 404) if operation.path == "/v1/lineage/{id}" else (200, 409, 422)), (
            values,
            answer.text,
        )


@pytest.mark.parametrize(
    "operation",
    [operation for operation in OPERATIONS if operation.name not in {*FREE, *WAYS_IN}],
    ids=lambda operation: operation.name,
)
def test_nobody_gets_in_without_saying_who_they_are(pair: Pair, operation: Operation) -> None:
    with TestClient(pair.app) as nobody:
        values = _ids_for(operation, pair.theirs)[0]
        answer = _send(nobody, operation, values, body=_body_of(operation, pair.theirs))
    assert answer.status_code == 401, answer.text


def test_their_rows_are_as_they_were_after_all_that_we_tried(pair: Pair) -> None:
    with pair.database.read() as session:
        for kind, row in pair.theirs.rows.items():
            now = session.scalars(
                trust.visible(select(kind).where(kind.id == row.id), pair.theirs.actor)  # type: ignore[attr-defined]
                if hasattr(kind, "id")
                else trust.visible(select(kind), pair.theirs.actor)
            ).first()
            assert now is not None, f"their {kind.__name__} is gone"
            columns = [column.name for column in kind.__table__.columns if column.name != "last_used_at"]
            assert {name: getattr(now, name) for name in columns} == {name: getattr(row, name) for name in columns}


def test_an_address_without_its_signature_opens_nothing(pair: Pair) -> None:
    given = pair.their_client.get(f"/v1/assets/{pair.theirs.ids['ast']}/media").json()
    url = next(url for url in given.values() if isinstance(url, str) and "/media/" in url)
    path, _, query = url.partition("?")
    with TestClient(pair.app) as nobody:
        assert nobody.get(url).status_code == 200
        assert nobody.get(path).status_code in (401, 403, 404, 422)
        mine = pair.our_client.get(f"/v1/assets/{pair.ours.ids['ast']}/media").json()
        my_url = next(url for url in mine.values() if isinstance(url, str) and "/media/" in url)
        # The signature of an address that we were given, on the digest of theirs.
        forged = pair.our_client.get(f"{path}?{my_url.partition('?')[2]}")
        assert forged.status_code in (401, 403, 404)
    assert query
