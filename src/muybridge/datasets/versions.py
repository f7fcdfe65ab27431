"""Versions: freezing what a dataset's query finds now, with the proof that it may be used.

A version is its manifest's bytes. Freezing the same selection again gives the same bytes and returns the version that
has them. Rights are asked of `catalog.rights` and kept as proof; training asks again before it starts.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from muybridge import artifacts, db, trust
from muybridge.artifacts import Artifact, Store
from muybridge.catalog import rights
from muybridge.catalog.tables import USES, Asset, Rights
from muybridge.datasets import datasets, manifest
from muybridge.datasets.cutting import clip_key, rows_of
from muybridge.datasets.selection import MANY, SelectedClip, query_from_json, select_clips, shots_of
from muybridge.datasets.splits import SPLITS, SplitPlan, plan_splits
from muybridge.datasets.tables import Dataset, DatasetVersion
from muybridge.errors import Invalid, LimitExceeded
from muybridge.units import FrameSpan

MAX_CLIPS = 200_000


class NothingSelected(Invalid):
    code = "datasets.nothing_selected"


class TooManyClips(LimitExceeded):
    code = "datasets.too_many_clips"


def freeze_version(
    session: Session,
    actor: trust.Actor,
    dataset: Dataset,
    *,
    store: Store,
    purpose: str = "train",
    include_synthetic: bool = False,
) -> DatasetVersion:
    """Freeze what the dataset finds now, or return its version that holds just that.

    purpose: label, train, generate or share; every asset must be allowed for it, or AssetForbidden names those that
    are not. include_synthetic: footage that a model made is left out otherwise, and the rights proof says which.
    Raises NothingSelected when no clip is left.
    """
    trust.require(actor, "datasets.freeze", dataset)
    if purpose not in USES:
        raise Invalid(f"{purpose!r} is no purpose; there are {', '.join(USES)}.")
    dataset = trust.load(session, actor, Dataset, dataset.id, for_update=True)
    clips = select_clips(session, actor, query_from_json(dataset.query))
    kept, left_out = _leave_out_synthetic(session, actor, clips, include_synthetic)
    _require_some(dataset, kept, left_out)
    asset_ids = sorted({clip.asset.id for clip in kept})
    rights.require_use(session, actor, asset_ids, purpose)
    held = _rights_of(session, actor, asset_ids)
    digests = _digests(session, actor, [clip.asset for clip in kept])
    plan = _plan(session, actor, kept, digests)
    rows = rows_of(session, actor, kept, plan, digests, held, store)
    if not rows:
        raise NothingSelected("Every clip fell into the gap between splits.", remedy="Add footage.")
    content = manifest.write_manifest(rows, {"purpose": purpose, "split_rule": plan.rule})
    stored = store.put_bytes(content)
    if twin := _twin(session, actor, dataset, stored.digest):
        return twin
    return _insert(session, actor, dataset, stored, rows, plan, kept, purpose, include_synthetic, left_out, held)


def load_rows(
    session: Session, actor: trust.Actor, version: DatasetVersion, store: Store
) -> list[manifest.ManifestRow]:
    """The rows of a version's manifest, checked by digest."""
    trust.require(actor, "datasets.read", version)
    artifact = artifacts.load(session, actor, version.manifest_artifact_id)
    return manifest.read_manifest(store.read(artifact.digest))


def _leave_out_synthetic(
    session: Session, actor: trust.Actor, clips: Sequence[SelectedClip], include_synthetic: bool
) -> tuple[list[SelectedClip], list[dict[str, str]]]:
    if include_synthetic:
        return list(clips), []
    names = {clip.asset.id: clip.asset.name for clip in clips}
    synthetic = rights.synthetic_among(session, actor, sorted(names))
    left_out = [
        {"asset_id": asset_id, "name": names[asset_id], "reason": "made by a model, and synthetic was not asked for"}
        for asset_id in sorted(synthetic)
    ]
    return [clip for clip in clips if clip.asset.id not in synthetic], left_out


def _require_some(dataset: Dataset, kept: Sequence[SelectedClip], left_out: Sequence[Mapping[str, str]]) -> None:
    if len(kept) > MAX_CLIPS:
        raise TooManyClips(f"{len(kept)} clips are more than {MAX_CLIPS} in one version.", remedy="Narrow the query.")
    if kept:
        return
    why = f" {len(left_out)} synthetic assets were left out." if left_out else ""
    raise NothingSelected(
        f"Dataset {dataset.name!r} finds no clip now.{why}",
        remedy="Label or accept something first, or widen the query."
        + (" Ask for synthetic footage if you want it." if left_out else ""),
    )


def _digests(session: Session, actor: trust.Actor, assets: Sequence[Asset]) -> dict[str, str]:
    """The digest of each asset's source bytes, by asset id."""
    sources = {asset.source_artifact_id: asset.id for asset in assets}
    found: dict[str, str] = {}
    ids = sorted(sources)
    for start in range(0, len(ids), MANY):
        statement = select(Artifact.id, Artifact.digest).where(Artifact.id.in_(ids[start : start + MANY]))
        rows = session.execute(trust.visible(statement, actor))
        found |= {sources[artifact_id]: digest for artifact_id, digest in rows}
    return found


def _rights_of(session: Session, actor: trust.Actor, asset_ids: Sequence[str]) -> dict[str, Rights]:
    found: dict[str, Rights] = {}
    for start in range(0, len(asset_ids), MANY):
        statement = select(Rights).where(Rights.asset_id.in_(asset_ids[start : start + MANY]))
        found |= {row.asset_id: row for row in session.scalars(trust.visible(statement, actor))}
    return found


def _plan(session: Session, actor: trust.Actor, clips: Sequence[SelectedClip], digests: Mapping[str, str]) -> SplitPlan:
    shots = shots_of(session, actor, sorted({clip.asset.id for clip in clips}))
    # Two assets of the same bytes are one asset here: the shots of either will do.
    spans = {
        digests[asset_id]: [FrameSpan(s.start_frame, s.end_frame) for s in some] for asset_id, some in shots.items()
    }
    return plan_splits([clip_key(clip, digests) for clip in clips], spans)


def _twin(session: Session, actor: trust.Actor, dataset: Dataset, digest: str) -> DatasetVersion | None:
    statement = select(DatasetVersion).where(DatasetVersion.dataset_id == dataset.id, DatasetVersion.digest == digest)
    return session.scalars(trust.visible(statement.order_by(DatasetVersion.number.desc()), actor)).first()


def _insert(
    session: Session,
    actor: trust.Actor,
    dataset: Dataset,
    stored: artifacts.Stored,
    rows: Sequence[manifest.ManifestRow],
    plan: SplitPlan,
    clips: Sequence[SelectedClip],
    purpose: str,
    include_synthetic: bool,
    left_out: Sequence[Mapping[str, str]],
    held: Mapping[str, Rights],
) -> DatasetVersion:
    number = datasets.last_number(session, actor, dataset) + 1
    artifact = artifacts.put(
        session, actor, stored, kind="manifest", media_type="application/vnd.apache.parquet",
        filename=f"{dataset.name} v{number}.parquet", derived_from=sorted(held),
    )  # fmt: skip
    version = DatasetVersion(
        tenant_id=actor.tenant_id,
        dataset_id=dataset.id,
        number=number,
        manifest_artifact_id=artifact.id,
        digest=stored.digest,
        query=dataset.query,
        num_assets=len({row.asset_digest for row in rows}),
        num_clips=len(rows),
        num_annotations=sum(len(row.annotations) for row in rows),
        splits={split: sum(row.split == split for row in rows) for split in SPLITS},
        split_rule=plan.rule,
        purpose=purpose,
        includes_synthetic=include_synthetic,
        rights_proof=_proof(session, rows, held, purpose, left_out),
    )
    session.add(version)
    session.flush()
    title = f"{dataset.name} v{number}"
    facts = {"digest": stored.digest, "num_clips": len(rows), "num_annotations": version.num_annotations}
    artifacts.derive(session, actor, version.id, [*sorted(held), artifact.id], title=title, facts=facts)
    trust.record(
        session, actor, "version.frozen", version.id,
        dataset_id=dataset.id, number=number, digest=stored.digest, purpose=purpose, split_rule=plan.rule,
        num_clips=len(rows), asset_ids=sorted(held), left_out=[entry["asset_id"] for entry in left_out],
        num_labels_from=sum(len(clip.came_from) for clip in clips),
    )  # fmt: skip
    return version


def _proof(
    session: Session,
    rows: Sequence[manifest.ManifestRow],
    held: Mapping[str, Rights],
    purpose: str,
    left_out: Sequence[Mapping[str, str]],
) -> dict[str, Any]:
    by_asset = {row.asset_id: row for row in rows}
    return {
        "purpose": purpose,
        "checked_at": db.now(session).isoformat(),
        "assets": [
            {
                "asset_id": asset_id,
                "name": row.asset_name,
                "digest": row.asset_digest,
                "licence": row.licence,
                "source": row.rights_source,
                "owner": row.rights_owner,
                "allowed_uses": list(row.allowed_uses),
                "is_synthetic": row.is_synthetic,
                "declared_by": held[asset_id].declared_by,
            }
            for asset_id, row in sorted(by_asset.items())
        ],
        "left_out": [dict(entry) for entry in left_out],
    }
