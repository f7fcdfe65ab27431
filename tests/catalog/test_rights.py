from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from muybridge import artifacts, db, trust
from muybridge.catalog import rights
from muybridge.catalog.rights import AssetForbidden, BadDeclaration, Declaration
from muybridge.catalog.tables import USES, Asset
from muybridge.errors import Forbidden, NotFound
from muybridge.trust import Event, Role
from muybridge.units import new_id

from .conftest import Studio

ALL = Declaration(source="our own camera", owner="Us", licence="CC0-1.0", allowed_uses=USES)


def declare(studio: Studio, asset_id: str, declaration: Declaration = ALL) -> None:
    with studio.database.write() as session:
        rights.declare(session, studio.owner, asset_id, declaration)


def refusals(studio: Studio, asset_ids: list[str], use: str) -> list[tuple[str, str]]:
    with studio.database.read() as session:
        return [(found.name, found.reason) for found in rights.forbidden(session, studio.owner, asset_ids, use)]


def test_footage_that_nobody_declared_may_only_be_labelled(any_studio: Studio) -> None:
    asset_id = any_studio.an_asset("horse.mp4")
    assert refusals(any_studio, [asset_id], "label") == []
    for use in ("train", "generate", "share"):
        assert refusals(any_studio, [asset_id], use) == [
            ("horse.mp4", "nobody has declared its rights, so it may only be labelled")
        ]


def test_what_was_declared_is_allowed_and_nothing_else(any_studio: Studio) -> None:
    asset_id = any_studio.an_asset()
    declare(any_studio, asset_id, Declaration(allowed_uses=("train",)))
    assert refusals(any_studio, [asset_id], "train") == []
    assert refusals(any_studio, [asset_id], "label") == [("horse.mp4", "its rights allow train, not label")]


def test_forbidden_footage_is_refused_by_name(any_studio: Studio) -> None:
    free, unset, revoked = (any_studio.an_asset(name) for name in ("free.mp4", "unset.mp4", "revoked.mp4"))
    declare(any_studio, free)
    declare(any_studio, revoked)
    with any_studio.database.write() as session:
        rights.revoke(session, any_studio.owner, revoked, "the owner asked")
    with any_studio.database.read() as session, pytest.raises(AssetForbidden) as refused:
        rights.require_use(session, any_studio.owner, [free, unset, revoked, unset], "train")
    assert refused.value.facts == {
        "assets": [
            {"id": unset, "name": "unset.mp4", "reason": "nobody has declared its rights, so it may only be labelled"},
            {"id": revoked, "name": "revoked.mp4", "reason": "its rights were revoked (the owner asked)"},
        ]
    }
    assert "unset.mp4" in refused.value.detail
    assert "free.mp4" not in refused.value.detail


def test_rights_end_by_the_databases_clock(any_studio: Studio) -> None:
    asset_id = any_studio.an_asset()
    with any_studio.database.read() as session:
        moment = db.now(session)
    declare(any_studio, asset_id, Declaration(allowed_uses=USES, expires_at=moment + timedelta(hours=1)))
    assert refusals(any_studio, [asset_id], "label") == []
    declare(any_studio, asset_id, Declaration(allowed_uses=USES, expires_at=moment - timedelta(days=1)))
    assert refusals(any_studio, [asset_id], "label") == [
        ("horse.mp4", f"its rights expired on {moment - timedelta(days=1):%Y-%m-%d}")
    ]


def test_a_person_in_the_footage_may_say_no(any_studio: Studio) -> None:
    asset_id = any_studio.an_asset()
    declare(any_studio, asset_id)
    with any_studio.database.write() as session:
        consents = [
            rights.give_consent(session, any_studio.owner, asset_id, person_ref=person, uses=uses)
            for person, uses in (("rider", ["label", "train"]), ("groom", ["label"]))
        ]
    assert refusals(any_studio, [asset_id], "label") == []
    assert refusals(any_studio, [asset_id], "train") == [("horse.mp4", "groom does not consent to train")]
    with any_studio.database.write() as session:
        rights.revoke_consent(session, any_studio.owner, consents[0].id)
    assert refusals(any_studio, [asset_id], "label") == [("horse.mp4", "rider does not consent to label")]


def test_revoking_lists_what_stands_on_the_footage_and_blocks_it(any_studio: Studio) -> None:
    studio = any_studio
    asset_id, other = studio.an_asset("horse.mp4"), studio.an_asset("free.mp4")
    declare(studio, asset_id)
    declare(studio, other)
    version, checkpoint, generation, elsewhere = (new_id(prefix) for prefix in ("ver", "ckp", "gen", "ver"))
    with studio.database.write() as session:
        artifacts.derive(session, studio.owner, version, [asset_id, other], title="Horses v1")
        artifacts.derive(session, studio.owner, checkpoint, [version], title="nano step 500")
        artifacts.derive(session, studio.owner, generation, [checkpoint], title="a horse")
        artifacts.derive(session, studio.owner, elsewhere, [other], title="Free v1")
    with studio.database.read() as session:
        rights.require_past(session, studio.owner, generation)
    with studio.database.write() as session:
        found = rights.revoke(session, studio.owner, asset_id, "the owner asked")
    named = [[(node.id, node.title) for node in nodes] for nodes in (found.versions, found.checkpoints)]
    assert named == [[(version, "Horses v1")], [(checkpoint, "nano step 500")]]
    assert [(node.id, node.depth) for node in found.generations] == [(generation, 3)]
    with studio.database.read() as session:
        for identifier in (version, checkpoint, generation):
            with pytest.raises(AssetForbidden, match=r"horse\.mp4"):
                rights.require_past(session, studio.owner, identifier)
        rights.require_past(session, studio.owner, elsewhere)
        facts = session.scalars(
            trust.visible(select(Event.facts).where(Event.name == "rights.revoked"), studio.owner)
        ).one()
    assert facts == {
        "reason": "the owner asked",
        "versions": [version],
        "checkpoints": [checkpoint],
        "generations": [generation],
    }


def test_revoking_names_other_assets_with_the_very_same_bytes(studio: Studio) -> None:
    first, twin = (studio.an_asset(name, content=b"same") for name in ("a.mp4", "b.mp4"))
    studio.an_asset("theirs.mp4", content=b"same", actor=studio.stranger)
    with studio.database.write() as session:
        assert rights.revoke(session, studio.owner, first, "asked").twins == [twin]
    assert refusals(studio, [twin], "label") == []


def test_declaring_anew_ends_a_revocation_and_both_are_on_record(studio: Studio) -> None:
    asset_id = studio.an_asset()
    with studio.database.write() as session:
        rights.revoke(session, studio.owner, asset_id, "by mistake")
    declare(studio, asset_id)
    assert refusals(studio, [asset_id], "train") == []
    with studio.database.read() as session:
        names = trust.visible(
            select(Event.name).where(Event.name.startswith("rights.")).order_by(Event.id), studio.owner
        )
        assert list(session.scalars(names)) == ["rights.revoked", "rights.declared"]


@pytest.mark.parametrize(
    "declaration",
    [Declaration(allowed_uses=("sell",)), Declaration(owner="x" * 513), Declaration(licence="x" * 257)],
)
def test_what_cannot_be_declared_is_refused(studio: Studio, declaration: Declaration) -> None:
    with pytest.raises(BadDeclaration):
        declare(studio, studio.an_asset(), declaration)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ANNOTATOR, Role.CREATOR, Role.VIEWER])
def test_only_those_who_answer_for_rights_may_change_them(
    studio: Studio, role: Role, an_actor: Callable[..., trust.Actor]
) -> None:
    asset_id, actor = studio.an_asset(), an_actor(role)
    with studio.database.write() as session:
        for change in (
            lambda: rights.declare(session, actor, asset_id, ALL),
            lambda: rights.revoke(session, actor, asset_id, "x"),
            lambda: rights.give_consent(session, actor, asset_id, person_ref="p", uses=["label"]),
        ):
            with pytest.raises(Forbidden):
                change()


def test_another_tenants_footage_is_not_there(any_studio: Studio) -> None:
    asset_id = any_studio.an_asset()
    with any_studio.database.write() as session:
        consent = rights.give_consent(session, any_studio.owner, asset_id, person_ref="p", uses=["label"])
        asked: list[Callable[[], Any]] = [
            lambda: rights.load_rights(session, any_studio.stranger, asset_id),
            lambda: rights.declare(session, any_studio.stranger, asset_id, ALL),
            lambda: rights.revoke(session, any_studio.stranger, asset_id, "x"),
            lambda: rights.forbidden(session, any_studio.stranger, [asset_id], "label"),
            lambda: rights.list_consents(session, any_studio.stranger, asset_id),
            lambda: rights.revoke_consent(session, any_studio.stranger, consent.id),
            lambda: rights.find_downstream(session, any_studio.stranger, asset_id),
        ]
        for ask in asked:
            with pytest.raises(NotFound):
                ask()
        assert rights.synthetic_among(session, any_studio.stranger, [asset_id]) == set()


def test_a_declaration_comes_back_from_json_as_it_was() -> None:
    from datetime import UTC, datetime

    moment = datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)
    for declaration in (ALL, Declaration(expires_at=moment, retain_until=moment, is_synthetic=True)):
        assert rights.from_json(rights.to_json(declaration)) == declaration


def test_two_thousand_assets_are_asked_about_at_once(studio: Studio) -> None:
    first = studio.an_asset()
    with studio.database.write() as session:
        source = session.scalars(select(Asset.source_artifact_id)).one()
        ids = [new_id("ast") for _ in range(2000)]
        session.execute(
            text(
                "INSERT INTO assets (id, tenant_id, created_at, name, search_name, media_type, source_artifact_id,"
                " is_ready, facts) VALUES (:id, :tenant, '2026-01-01 00:00:00', 'a', 'a', '', :source, 1, '{}')"
            ),
            [{"id": one, "tenant": studio.owner.tenant_id, "source": source} for one in ids],
        )
        session.execute(
            text(
                "INSERT INTO rights (asset_id, tenant_id, created_at, source, owner, licence, allowed_uses,"
                " is_synthetic, revoked_reason) VALUES (:id, :tenant, '2026-01-01 00:00:00', '', '', '', '[]', 0, '')"
            ),
            [{"id": one, "tenant": studio.owner.tenant_id} for one in ids],
        )
    assert refusals(studio, [first, *ids], "label") == []
    assert len(refusals(studio, [first, *ids], "train")) == 2001
