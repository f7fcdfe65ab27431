"""Ingest: one set of facts, pictures and shots, whatever stage the worker died at."""

import importlib.util
from pathlib import Path
from typing import Any

from sqlalchemy import select

from faults import Arena, scenario
from muybridge import trust
from muybridge.artifacts import Artifact
from muybridge.catalog import assets, uploads
from muybridge.catalog.tables import Asset, Shot
from muybridge.jobs import Job


@scenario("catalog.ingest")
class Ingest:
    """A clip that needs a proxy, so that every stage has something to make."""

    def arrange(self, arena: Arena) -> str:
        video = _fixture("video")
        clip = arena.folder / "two shots.webm"
        pictures = video.scenes([8, 8], size=(160, 96))
        video.make_clip(clip, size=(160, 96), codec="libvpx-vp9", pictures=pictures)
        asset_id = uploads.ingest_file(arena.database, arena.store, arena.actor, clip, detector="histogram")
        arena.facts["asset_id"] = asset_id
        with arena.database.read() as session:
            return session.scalars(trust.visible(select(Job.id), arena.actor).where(Job.subject_id == asset_id)).one()

    def check(self, arena: Arena) -> None:
        asset_id = arena.facts["asset_id"]
        with arena.database.read() as session:
            asset = trust.load(session, arena.actor, Asset, asset_id)
            held = assets.load_artifacts(session, arena.actor, asset)
            shots = trust.visible(select(Shot.number).where(Shot.asset_id == asset_id), arena.actor)
            kinds = session.scalars(trust.visible(select(Artifact.kind), arena.actor))
            assert sorted(kinds) == ["filmstrip", "index", "poster", "proxy", "source"]
            assert (asset.is_ready, asset.failure, asset.num_frames) == (True, None, 16)
            assert sorted(session.scalars(shots)) == [0, 1]
        assert all(arena.store.exists(artifact.digest) for artifact in held.values())
        assert {kept.digest for kept in arena.store.each()} >= {artifact.digest for artifact in held.values()}


def _fixture(name: str) -> Any:
    path = Path(__file__).resolve().parents[1] / "fixtures" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"fixture_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
