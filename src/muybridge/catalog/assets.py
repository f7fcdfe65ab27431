"""Assets: footage that came in or was made here, found by name, renamed, removed.

An asset is made with its rights row and its ingest job in one transaction; what the file holds is ingest's to find out.
"""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from muybridge import artifacts, db, jobs, trust
from muybridge.artifacts import Artifact
from muybridge.catalog import search, shots
from muybridge.catalog.tables import Asset, Clip, Consent, Rights, Shot
from muybridge.errors import Conflict, Invalid, NotFound
from muybridge.trust import Actor

INGEST = "catalog.ingest"
OWN_KINDS = ("source", "proxy", "poster", "filmstrip", "index")
"""Artifacts that exist for one asset and go with it; a generation's own bytes stay with the generation."""
NAME_LENGTH = 512


class AssetInUse(Conflict):
    code = "catalog.asset_in_use"


class AssetRetained(Conflict):
    code = "catalog.asset_retained"


class BadName(Invalid):
    code = "catalog.bad_name"


def create_asset(
    session: Session,
    actor: Actor,
    source: Artifact,
    *,
    name: str,
    is_synthetic: bool = False,
    detector: str = "",
) -> Asset:
    """Make an asset of stored bytes and put its ingest in the queue.

    detector: of shots; empty for the one that suits the length (shots.default_detector). Raises BadName.
    """
    trust.require(actor, "catalog.write", source)
    name = checked_name(name)
    asset = Asset(
        tenant_id=actor.tenant_id,
        name=name,
        search_name=name.casefold(),
        media_type=source.media_type,
        source_artifact_id=source.id,
    )
    session.add(asset)
    session.flush()
    session.add(Rights(tenant_id=actor.tenant_id, asset_id=asset.id, is_synthetic=is_synthetic))
    artifacts.derive(session, actor, asset.id, [source.id], title=name)
    trust.record(session, actor, "asset.created", asset.id, name=name, digest=source.digest, is_synthetic=is_synthetic)
    args = {"detector": detector} if detector else {}
    job = jobs.enqueue(session, actor, INGEST, asset.id, args=args, dedupe_key=f"{INGEST}:{asset.id}")
    asset.job_id = job.id
    session.flush()
    return asset


def adopt(session: Session, actor: Actor, artifact: Artifact, *, name: str, parents: Sequence[str] = ()) -> Asset:
    """Make footage of what a model made, marked synthetic; it may only be labelled until somebody declares more.

    parents: what it came from beside the artifact, e.g. the generation's id.
    """
    asset = create_asset(session, actor, artifact, name=name, is_synthetic=True, detector=shots.FAST)
    artifacts.derive(session, actor, asset.id, parents)
    return asset


def load_asset(session: Session, actor: Actor, asset_id: str) -> Asset:
    """The asset of that id. Raises NotFound."""
    trust.require(actor, "catalog.read")
    return trust.load(session, actor, Asset, asset_id)


def list_assets(
    session: Session,
    actor: Actor,
    *,
    query: str = "",
    limit: int = 50,
    cursor: str | None = None,
) -> db.Page[Asset]:
    """Newest first; `query` finds every asset whose name holds each of its words."""
    trust.require(actor, "catalog.read")
    statement = search.named(session, trust.visible(select(Asset), actor), query)
    return db.page(session, statement, Asset.id, limit=limit, cursor=cursor)


def load_artifacts(session: Session, actor: Actor, asset: Asset) -> dict[str, Artifact]:
    """The asset's artifacts by what they are to it: source, proxy, poster, filmstrip, index; absent ones left out."""
    named = {
        "source": asset.source_artifact_id,
        "proxy": asset.proxy_artifact_id,
        "poster": asset.poster_artifact_id,
        "filmstrip": asset.filmstrip_artifact_id,
        "index": asset.index_artifact_id,
    }
    rows = session.scalars(
        trust.visible(select(Artifact), actor).where(Artifact.id.in_([value for value in named.values() if value]))
    )
    by_id = {row.id: row for row in rows}
    return {what: by_id[value] for what, value in named.items() if value in by_id}


def rename_asset(session: Session, actor: Actor, asset_id: str, name: str) -> Asset:
    """Give an asset another name. Raises BadName, NotFound."""
    trust.require(actor, "catalog.write")
    asset = trust.load(session, actor, Asset, asset_id, for_update=True)
    name = checked_name(name)
    trust.record(session, actor, "asset.updated", asset.id, name=name, was=asset.name)
    asset.name, asset.search_name = name, name.casefold()
    artifacts.describe(session, actor, asset.id, name)
    session.flush()
    return asset


def delete_asset(session: Session, actor: Actor, asset_id: str) -> None:
    """Remove an asset, its shots, clips, rights and derivatives; its bytes go with the next sweep.

    Raises AssetRetained before its retention date, AssetInUse when tasks, versions or generations stand on it: rights
    can be revoked then, which blocks further use and says what stands on it.
    """
    trust.require(actor, "catalog.write")
    asset = trust.load(session, actor, Asset, asset_id, for_update=True)
    _refuse_retained(session, actor, asset)
    _refuse_used(session, actor, asset)
    if asset.job_id is not None:
        _cancel_ingest(session, actor, asset.job_id)
    own = list(load_artifacts(session, actor, asset).values())
    try:
        with session.begin_nested():
            for kind in (Shot, Clip, Consent, Rights):
                session.execute(trust.visible(delete(kind), actor).where(kind.asset_id == asset.id))
            session.delete(asset)
            session.flush()
            for artifact in own:
                if artifact.kind in OWN_KINDS:
                    artifacts.forget(session, actor, artifact)
            session.flush()
    except IntegrityError as error:
        raise _in_use(asset, "labelling tasks or other rows") from error
    trust.record(session, actor, "asset.deleted", asset_id, name=asset.name)


def checked_name(name: str) -> str:
    """The name as it is kept: for people only, so any characters but control ones. Raises BadName."""
    shown = name.strip()
    try:
        shown.encode()
    except UnicodeEncodeError as error:
        raise BadName("The name is not valid Unicode.", remedy="Send it as UTF-8.") from error
    if not shown or len(shown.casefold()) > NAME_LENGTH or any(ord(letter) < 32 for letter in shown):
        raise BadName(
            f"{shown[:80]!r} is no name for footage.",
            remedy=f"Use 1 to {NAME_LENGTH} characters (ß counts as ss), none of them control characters.",
        )
    return shown


def _refuse_retained(session: Session, actor: Actor, asset: Asset) -> None:
    rights = session.scalars(trust.visible(select(Rights), actor).where(Rights.asset_id == asset.id)).one_or_none()
    if rights and rights.retain_until and rights.retain_until > db.now(session):
        raise AssetRetained(
            f"{asset.name} is to be kept until {rights.retain_until:%Y-%m-%d}.",
            remedy="Change its retention date first, if you may.",
        )


def _refuse_used(session: Session, actor: Actor, asset: Asset) -> None:
    own = {"artifact"}
    used = [node for node in artifacts.descendants(session, actor, asset.id) if node.noun not in own]
    if used:
        raise _in_use(asset, ", ".join(f"{node.noun} {node.title or node.id}" for node in used[:5]))


def _in_use(asset: Asset, by: str) -> AssetInUse:
    return AssetInUse(
        f"{asset.name} is used by {by}.",
        remedy="Revoke its rights instead: that blocks further use and keeps the past.",
    )


def _cancel_ingest(session: Session, actor: Actor, job_id: str) -> None:
    try:
        jobs.cancel(session, trust.system_actor(actor.tenant_id, via=actor.via), job_id)
    except (Conflict, NotFound):
        # It has ended, or its row was tidied away: nothing is left to stop.
        return
