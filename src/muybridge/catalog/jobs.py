"""The ingest job: describe, proxy, pictures, shots; each stage is committed with what it made.

A file that is no footage fails the job at once, since a second attempt would find the same; whatever ends the job
badly (a refusal, a full disk after its retries, a cancel) is written on the asset, so that no asset waits for ever.
"""

from pathlib import Path

from sqlalchemy.orm import Session

from muybridge import artifacts, jobs, trust
from muybridge.catalog import assets, ingest, shots
from muybridge.catalog.detectors import detectors
from muybridge.catalog.tables import Asset
from muybridge.jobs import Job, JobContext
from muybridge.trust import Actor

STAGES = ("describe", "proxy", "pictures", "shots")
LEAST_NEWS = 0.01


def fail_asset(session: Session, actor: Actor, job: Job) -> None:
    """Write on the asset why its ingest ended: nothing is left half known."""
    failure = job.failure or {"code": "catalog.ingest_cancelled", "detail": "Its ingest was cancelled."}
    ingest.refuse(session, actor, job.subject_id or "", failure)


@jobs.handler(assets.INGEST, stages=STAGES, on_end=fail_asset)
def ingest_asset(job: JobContext, asset_id: str) -> None:
    """Make an uploaded file footage one can work with. Each stage is skipped if an earlier attempt committed it."""
    source = _source(job, asset_id)
    if "describe" not in job.steps:
        _describe(job, asset_id, source)
    if "proxy" not in job.steps:
        _make_proxy(job, asset_id, source)
    if "pictures" not in job.steps:
        _draw_pictures(job, asset_id, source)
    if "shots" not in job.steps:
        _find_shots(job, asset_id, source)


def _describe(job: JobContext, asset_id: str, source: Path) -> None:
    job.progress(0.02, "reading")
    (described,) = job.run(ingest.describe_file, source, (job.store.identity.root_pem,))
    index = job.store.put_bytes(described.index_bytes)
    with job.transaction("describe") as session:
        asset = trust.load(session, job.actor, Asset, asset_id, for_update=True)
        ingest.keep_description(session, job.actor, asset, described, index)
        job.steps["describe"] = {"index": index.digest, "reasons_for_proxy": list(described.reasons_for_proxy)}


def _make_proxy(job: JobContext, asset_id: str, source: Path) -> None:
    from muybridge import media  # only names here; decoding is the child's

    if not job.steps["describe"]["reasons_for_proxy"]:
        with job.transaction("proxy"):
            job.steps["proxy"] = {"digest": None}
        return
    index = media.FrameIndexTable.from_bytes(job.store.read(job.steps["describe"]["index"]))
    proxy = job.workdir / "proxy.mp4"
    proxy.unlink(missing_ok=True)
    for done in job.run(media.make_proxy, source, proxy, index):
        job.progress(0.1 + 0.5 * done.num_done / max(1, done.num_frames), "making the proxy")
    stored = job.store.put_file(proxy)
    with job.transaction("proxy") as session:
        asset = trust.load(session, job.actor, Asset, asset_id, for_update=True)
        ingest.keep_proxy(session, job.actor, asset, stored)
        job.steps["proxy"] = {"digest": stored.digest}


def _draw_pictures(job: JobContext, asset_id: str, source: Path) -> None:
    job.progress(0.62, "drawing pictures")
    shown, poster, filmstrip = _shown(job, source), job.workdir / "poster.jpg", job.workdir / "filmstrip.jpg"
    (pictures,) = job.run(ingest.draw_pictures, shown, poster, filmstrip)
    kept = {"poster": job.store.put_file(poster), "filmstrip": job.store.put_file(filmstrip)}
    with job.transaction("pictures") as session:
        asset = trust.load(session, job.actor, Asset, asset_id, for_update=True)
        ingest.keep_pictures(session, job.actor, asset, pictures, **kept)
        job.steps["pictures"] = {"poster": kept["poster"].digest}


def _find_shots(job: JobContext, asset_id: str, source: Path) -> None:
    from muybridge.media.index import FrameIndexTable  # numpy; no decoder

    job.progress(0.7, "finding shots")
    content = job.store.read(job.steps["describe"]["index"])
    index = FrameIndexTable.from_bytes(content)
    detector = str(job.args.get("detector") or shots.default_detector(index.num_frames))
    # The plugin itself goes to the child: what `wiring` connected is known here only.
    (found,) = job.run(ingest.find_shots, source, content, detectors.get(detector))
    with job.transaction("shots") as session:
        asset = trust.load(session, job.actor, Asset, asset_id, for_update=True)
        shots.replace_shots(session, job.actor, asset, found, index, detector=detector)
        asset.is_ready, asset.failure = True, None
        trust.record(session, job.actor, "asset.ready", asset.id, name=asset.name, num_shots=len(found))
        job.steps["shots"] = {"num_shots": len(found), "detector": detector}


def _source(job: JobContext, asset_id: str) -> Path:
    """The asset's own file under the name that people gave it, so that errors name what they know."""
    with job.transaction() as session:
        asset = trust.load(session, job.actor, Asset, asset_id)
        digest = artifacts.load(session, job.actor, asset.source_artifact_id).digest
        name = asset.name
    held = job.store.path_of(digest, job.workdir)
    folder = job.workdir / "source"
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / _filename(name)
    link.unlink(missing_ok=True)
    link.symlink_to(held.resolve())
    return link


def _shown(job: JobContext, source: Path) -> Path:
    digest = job.steps["proxy"]["digest"]
    return job.store.path_of(digest, job.workdir) if digest else source


def _filename(name: str) -> str:
    """A name as one path component of at most 200 bytes, its suffix kept."""
    plain = name.replace("/", "\N{DIVISION SLASH}").lstrip(".") or "file"
    stem, suffix = Path(plain).stem, Path(plain).suffix[:16]
    return stem.encode()[: 200 - len(suffix.encode())].decode(errors="ignore") + suffix
