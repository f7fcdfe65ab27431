"""Under what right footage is held, and the one question every use must ask: may it be used for this, now?

Unset means label only. A use is allowed when it was declared, has not expired by the database's clock, was not
revoked, and every person who gave a recorded consent still consents to it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from muybridge import artifacts, db, trust
from muybridge.artifacts import LineageNode
from muybridge.catalog.tables import USES, Asset, Consent, Rights
from muybridge.errors import Forbidden, Invalid, NotFound
from muybridge.trust import Actor

MANY = 400
"""Ids in one statement."""


class AssetForbidden(Forbidden):
    """`facts["assets"]` lists {id, name, reason} of each asset that may not be used."""

    code = "catalog.asset_forbidden"


class BadDeclaration(Invalid):
    code = "catalog.bad_declaration"


@dataclass(frozen=True, slots=True)
class Declaration:
    """What somebody declares of footage; they answer for it by name in the event log."""

    source: str = ""
    owner: str = ""
    licence: str = ""
    allowed_uses: tuple[str, ...] = ("label",)
    expires_at: datetime | None = None
    retain_until: datetime | None = None
    is_synthetic: bool | None = None
    """None: as it was."""


class Refusal(NamedTuple):
    """An asset that may not be used for what was asked."""

    asset_id: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Revocation:
    """What stands on footage whose right was withdrawn."""

    asset_id: str
    versions: list[LineageNode]
    checkpoints: list[LineageNode]
    generations: list[LineageNode]
    others: list[LineageNode]
    twins: list[str]
    """Other assets of this tenant with the very same bytes; they are not revoked by this."""


def load_rights(session: Session, actor: Actor, asset_id: str) -> Rights:
    """The rights of one asset. Raises NotFound."""
    trust.require(actor, "catalog.read")
    trust.load(session, actor, Asset, asset_id)
    return session.scalars(trust.visible(select(Rights), actor).where(Rights.asset_id == asset_id)).one()


def declare(session: Session, actor: Actor, asset_id: str, declaration: Declaration) -> Rights:
    """Set the rights of an asset; who did it and what was said is an event. Raises BadDeclaration, NotFound."""
    trust.require(actor, "catalog.rights")
    check(declaration)
    row = load_rights(session, actor, asset_id)
    row.source, row.owner, row.licence = declaration.source, declaration.owner, declaration.licence
    row.allowed_uses = [use for use in USES if use in declaration.allowed_uses]
    row.expires_at, row.retain_until = declaration.expires_at, declaration.retain_until
    if declaration.is_synthetic is not None:
        row.is_synthetic = declaration.is_synthetic
    row.declared_by, row.declared_at = actor.id, db.now(session)
    # Declared anew, footage is held under a new right; the old revocation stays in the event log.
    row.revoked_at, row.revoked_by, row.revoked_reason = None, None, ""
    session.flush()
    trust.record(session, actor, "rights.declared", asset_id, **to_json(declaration))
    return row


def check(declaration: Declaration) -> None:
    """Raises BadDeclaration for unknown uses or texts that are too long."""
    if unknown := set(declaration.allowed_uses) - set(USES):
        raise BadDeclaration(f"Unknown uses: {', '.join(sorted(unknown))}.", remedy=f"Uses are {', '.join(USES)}.")
    for name, limit in (("source", 512), ("owner", 512), ("licence", 256)):
        said: str = getattr(declaration, name)
        if len(said) > limit or "\0" in said:
            raise BadDeclaration(f"{name} is too long or holds a NUL.", remedy=f"Use at most {limit} characters.")


def forbidden(session: Session, actor: Actor, asset_ids: Iterable[str], use: str) -> list[Refusal]:
    """Which of these assets may not be used for `use` now, and why; in the order given.

    use: label, train, generate or share. Raises NotFound for an asset that is not the actor's to see.
    """
    ids = list(dict.fromkeys(asset_ids))
    moment = db.now(session)
    found: dict[str, Refusal | None] = {}
    for start in range(0, len(ids), MANY):
        some = ids[start : start + MANY]
        consents = _consents_of(session, actor, some)
        rows = session.execute(
            trust.visible(select(Asset.id, Asset.name, Rights), actor)
            .join(Rights, Rights.asset_id == Asset.id)
            .where(Asset.id.in_(some))
        )
        for row in rows:
            reason = _reason_against(row.Rights, consents[row.id], use, moment)
            found[row.id] = Refusal(row.id, row.name, reason) if reason else None
    if missing := next((asset_id for asset_id in ids if asset_id not in found), None):
        raise NotFound(f"There is no asset {missing}.", remedy="Look its id up in the catalogue.")
    return [refusal for asset_id in ids if (refusal := found[asset_id])]


def require_use(session: Session, actor: Actor, asset_ids: Iterable[str], use: str) -> None:
    """Every one of these assets may be used for `use` now, or AssetForbidden names those that may not and why."""
    refused = forbidden(session, actor, asset_ids, use)
    if refused:
        raise _asset_forbidden(refused, use)


def require_past(session: Session, actor: Actor, identifier: str) -> None:
    """No footage that `identifier` (a version, checkpoint, generation…) came from has been revoked.

    Raises AssetForbidden naming the footage. Expiry does not reach back: what was made in time was made rightly.
    """
    ids = [node.id for node in artifacts.ancestors(session, actor, identifier) if node.noun == "asset"]
    refused: list[Refusal] = []
    for start in range(0, len(ids), MANY):
        rows = session.execute(
            trust.visible(select(Asset.id, Asset.name, Rights.revoked_reason), actor)
            .join(Rights, Rights.asset_id == Asset.id)
            .where(Asset.id.in_(ids[start : start + MANY]), Rights.revoked_at.is_not(None))
        )
        refused += [Refusal(row.id, row.name, _revoked(row.revoked_reason)) for row in rows]
    if refused:
        raise _asset_forbidden(refused, f"what came from them ({identifier})")


def synthetic_among(session: Session, actor: Actor, asset_ids: Sequence[str]) -> set[str]:
    """Which of these assets a model made."""
    return _among(session, actor, asset_ids, Rights.is_synthetic.is_(True))


def revoked_among(session: Session, actor: Actor, asset_ids: Sequence[str]) -> set[str]:
    """Which of these assets' rights were revoked."""
    return _among(session, actor, asset_ids, Rights.revoked_at.is_not(None))


def revoke(session: Session, actor: Actor, asset_id: str, reason: str) -> Revocation:
    """Withdraw the right to use an asset, at once and for every use, and say what stands on it."""
    trust.require(actor, "catalog.rights")
    row = load_rights(session, actor, asset_id)
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = db.now(session), actor.id
    row.revoked_reason = reason.replace("\0", "")[:2000]
    session.flush()
    downstream = find_downstream(session, actor, asset_id)
    trust.record(
        session,
        actor,
        "rights.revoked",
        asset_id,
        reason=row.revoked_reason,
        versions=[node.id for node in downstream.versions],
        checkpoints=[node.id for node in downstream.checkpoints],
        generations=[node.id for node in downstream.generations],
    )
    return downstream


def find_downstream(session: Session, actor: Actor, asset_id: str) -> Revocation:
    """What came from an asset, by kind, without changing anything."""
    trust.require(actor, "catalog.read")
    asset = trust.load(session, actor, Asset, asset_id)
    by_noun: dict[str, list[LineageNode]] = defaultdict(list)
    for node in artifacts.descendants(session, actor, asset_id):
        by_noun[node.noun].append(node)
    named = ("dataset version", "checkpoint", "generation")
    others = [node for noun, nodes in by_noun.items() if noun not in (*named, "artifact") for node in nodes]
    versions, checkpoints, generations = (by_noun[noun] for noun in named)
    return Revocation(asset_id, versions, checkpoints, generations, others, _twins(session, actor, asset))


def give_consent(
    session: Session,
    actor: Actor,
    asset_id: str,
    *,
    person_ref: str,
    uses: Sequence[str],
    given_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> Consent:
    """Record that a person shown in an asset consents to uses of it. Raises BadDeclaration, NotFound."""
    trust.require(actor, "catalog.rights")
    trust.load(session, actor, Asset, asset_id)
    check(Declaration(allowed_uses=tuple(uses)))
    if not 1 <= len(person_ref) <= 256 or "\0" in person_ref:
        raise BadDeclaration("person_ref is empty or too long.", remedy="Use your own reference, 1 to 256 characters.")
    consent = Consent(
        tenant_id=actor.tenant_id,
        asset_id=asset_id,
        person_ref=person_ref,
        uses=[use for use in USES if use in uses],
        given_at=given_at or db.now(session),
        expires_at=expires_at,
    )
    session.add(consent)
    session.flush()
    trust.record(session, actor, "consent.given", asset_id, consent_id=consent.id, uses=consent.uses)
    return consent


def revoke_consent(session: Session, actor: Actor, consent_id: str) -> Consent:
    """A person takes a consent back; uses that stood on it end now. Raises NotFound."""
    trust.require(actor, "catalog.rights")
    consent = trust.load(session, actor, Consent, consent_id, for_update=True)
    if consent.revoked_at is None:
        consent.revoked_at = db.now(session)
        trust.record(session, actor, "consent.revoked", consent.asset_id, consent_id=consent.id)
    return consent


def list_consents(session: Session, actor: Actor, asset_id: str) -> list[Consent]:
    """Consents of the people shown in an asset, oldest first. Raises NotFound."""
    trust.require(actor, "catalog.read")
    trust.load(session, actor, Asset, asset_id)
    rows = trust.visible(select(Consent), actor).where(Consent.asset_id == asset_id).order_by(Consent.id)
    return list(session.scalars(rows))


def to_json(declaration: Declaration) -> dict[str, Any]:
    """JSON values of a declaration, as uploads and events keep it."""
    return {
        **asdict(declaration),
        "allowed_uses": list(declaration.allowed_uses),
        "expires_at": declaration.expires_at.isoformat() if declaration.expires_at else None,
        "retain_until": declaration.retain_until.isoformat() if declaration.retain_until else None,
    }


def from_json(stored: dict[str, Any]) -> Declaration:
    """What `to_json` made."""
    times = {name: datetime.fromisoformat(stored[name]) for name in ("expires_at", "retain_until") if stored[name]}
    return Declaration(**{**stored, "allowed_uses": tuple(stored["allowed_uses"]), **times})


def _among(session: Session, actor: Actor, asset_ids: Sequence[str], holds: ColumnElement[bool]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(asset_ids), MANY):
        some = trust.visible(select(Rights.asset_id), actor).where(Rights.asset_id.in_(asset_ids[start : start + MANY]))
        found |= set(session.scalars(some.where(holds)))
    return found


def _reason_against(rights: Rights, consents: Sequence[Consent], use: str, moment: datetime) -> str:
    """Why not, in words; empty when the use is allowed."""
    if use not in USES:
        raise ValueError(f"unknown use {use!r}")
    if rights.revoked_at is not None:
        return _revoked(rights.revoked_reason)
    if rights.declared_by is None:
        return "" if use == "label" else "nobody has declared its rights, so it may only be labelled"
    if rights.expires_at is not None and rights.expires_at <= moment:
        return f"its rights expired on {rights.expires_at:%Y-%m-%d}"
    if use not in rights.allowed_uses:
        return f"its rights allow {', '.join(rights.allowed_uses) or 'nothing'}, not {use}"
    by_person: dict[str, list[Consent]] = defaultdict(list)
    for consent in consents:
        by_person[consent.person_ref].append(consent)
    against = [person for person, given in by_person.items() if not any(_holds(one, use, moment) for one in given)]
    return f"{', '.join(sorted(against))} does not consent to {use}" if against else ""


def _holds(consent: Consent, use: str, moment: datetime) -> bool:
    is_live = consent.revoked_at is None and (consent.expires_at is None or consent.expires_at > moment)
    return is_live and use in consent.uses


def _revoked(reason: str) -> str:
    return f"its rights were revoked{f' ({reason})' if reason else ''}"


def _consents_of(session: Session, actor: Actor, asset_ids: Sequence[str]) -> dict[str, list[Consent]]:
    found: dict[str, list[Consent]] = defaultdict(list)
    for consent in session.scalars(trust.visible(select(Consent), actor).where(Consent.asset_id.in_(asset_ids))):
        found[consent.asset_id].append(consent)
    return found


def _asset_forbidden(refused: Sequence[Refusal], use: str) -> AssetForbidden:
    shown = "; ".join(f"{refusal.name} ({refusal.asset_id}): {refusal.reason}" for refusal in refused[:20])
    more = f"; and {len(refused) - 20} more" if len(refused) > 20 else ""
    return AssetForbidden(
        f"May not be used for {use}: {shown}{more}.",
        remedy="Declare rights that allow it, or leave this footage out.",
        assets=[{"id": refusal.asset_id, "name": refusal.name, "reason": refusal.reason} for refusal in refused],
    )


def _twins(session: Session, actor: Actor, asset: Asset) -> list[str]:
    digest = artifacts.load(session, actor, asset.source_artifact_id).digest
    same = (
        trust.visible(select(Asset.id), actor)
        .join(artifacts.Artifact, artifacts.Artifact.id == Asset.source_artifact_id)
        .where(artifacts.Artifact.digest == digest, Asset.id != asset.id)
        .order_by(Asset.id)
    )
    return list(session.scalars(same))
