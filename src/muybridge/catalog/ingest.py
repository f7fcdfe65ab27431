"""From a file that came in to footage one can work with: facts, frame index, proxy, pictures, shots.

The heavy functions here are pure (paths in, values out) and run in a child process; the others write what they found
in one stage's transaction. jobs.py says in which order.
"""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from muybridge import artifacts, trust
from muybridge.artifacts import Stored
from muybridge.artifacts.provenance import Verdict, to_json, verify
from muybridge.catalog.detectors import DetectedShot, ShotDetector
from muybridge.catalog.tables import Asset, Rights
from muybridge.trust import Actor

if TYPE_CHECKING:
    from muybridge.media import Description, Filmstrip, MediaFacts

INDEX_TYPE = "application/vnd.muybridge.frame-index"


class Described(NamedTuple):
    facts: "MediaFacts"
    index_bytes: bytes
    """FrameIndexTable.to_bytes."""
    reasons_for_proxy: tuple[str, ...]
    verdict: Verdict


class Pictures(NamedTuple):
    poster_frame: int
    filmstrip: "Filmstrip"


def describe_file(path: Path, anchors: tuple[str, ...]) -> Described:
    """Measure a file and read its content credential. Raises MediaFault for what is no footage."""
    from muybridge import media  # decoders; this runs in the job's child process

    described: Description = media.describe(path)
    verdict = verify(path, anchors)
    reasons = media.reasons_for_proxy(described.facts, described.index)
    return Described(described.facts, described.index.to_bytes(), reasons, verdict)


def draw_pictures(path: Path, poster: Path, filmstrip: Path) -> Pictures:
    """Write poster and filmstrip of a file; `path` is the proxy where there is one."""
    from muybridge import media

    index = media.describe(path).index
    return Pictures(media.make_poster(path, index, poster), media.make_filmstrip(path, index, filmstrip))


def find_shots(path: Path, index: bytes, detector: ShotDetector) -> list[DetectedShot]:
    """Shots of a file by a detector, in a child process that knows no registry."""
    from muybridge.media.index import FrameIndexTable

    return detector.detect(path, FrameIndexTable.from_bytes(index))


def keep_description(session: Session, actor: Actor, asset: Asset, described: Described, index: Stored) -> None:
    """Write what a file holds on its asset, with its index as an artifact."""
    facts = described.facts
    for name in (
        "width",
        "height",
        "display_width",
        "display_height",
        "rotation",
        "num_frames",
        "start_pts",
        "end_pts",
        "duration_s",
        "fps",
        "is_vfr",
        "codec",
        "pixel_format",
        "has_audio",
    ):
        setattr(asset, name, getattr(facts, name))
    asset.time_base_num, asset.time_base_den = facts.time_base.numerator, facts.time_base.denominator
    asset.facts = {
        **asset.facts,
        "media": facts.to_json(),
        "proxy_reasons": list(described.reasons_for_proxy),
        "credential": to_json(described.verdict),
    }
    asset.index_artifact_id = artifacts.put(
        session,
        actor,
        index,
        kind="index",
        media_type=INDEX_TYPE,
        filename=f"{asset.name}.frames",
        derived_from=[asset.id],
    ).id
    if described.verdict.is_synthetic:
        _mark_synthetic(session, actor, asset)


def keep_proxy(session: Session, actor: Actor, asset: Asset, proxy: Stored) -> None:
    """Make a stored file the asset's proxy."""
    row = artifacts.put(
        session,
        actor,
        proxy,
        kind="proxy",
        media_type="video/mp4",
        filename=f"{asset.name}.proxy.mp4",
        derived_from=[asset.id],
    )
    asset.proxy_artifact_id = row.id


def keep_pictures(
    session: Session, actor: Actor, asset: Asset, pictures: Pictures, *, poster: Stored, filmstrip: Stored
) -> None:
    """Make stored JPEGs the asset's poster and filmstrip."""
    facts_of: dict[str, tuple[Stored, dict[str, Any]]] = {
        "poster": (poster, {"frame": pictures.poster_frame}),
        "filmstrip": (filmstrip, {**asdict(pictures.filmstrip), "frames": list(pictures.filmstrip.frames)}),
    }
    ids = {
        kind: artifacts.put(
            session,
            actor,
            stored,
            kind=kind,
            media_type="image/jpeg",
            filename=f"{asset.name}.{kind}.jpg",
            derived_from=[asset.id],
            facts=facts,
        ).id
        for kind, (stored, facts) in facts_of.items()
    }
    asset.poster_artifact_id, asset.filmstrip_artifact_id = ids["poster"], ids["filmstrip"]


def refuse(session: Session, actor: Actor, asset_id: str, failure: dict[str, Any]) -> None:
    """Write on an asset why it could not be ingested: {code, detail, remedy}. No error if it was deleted meanwhile."""
    asset = session.scalars(trust.visible(select(Asset), actor).where(Asset.id == asset_id)).one_or_none()
    if asset is None or asset.is_ready:
        return
    asset.failure = {name: str(failure.get(name, "")) for name in ("code", "detail", "remedy")}
    trust.record(session, actor, "asset.failed", asset.id, name=asset.name, **asset.failure)


def _mark_synthetic(session: Session, actor: Actor, asset: Asset) -> None:
    rights = session.scalars(trust.visible(select(Rights), actor).where(Rights.asset_id == asset.id)).one()
    rights.is_synthetic = True
