"""An export: one artifact, written once."""

import sys
from pathlib import Path

from sqlalchemy import select

from faults import Arena, scenario
from muybridge import trust
from muybridge.artifacts import Artifact
from muybridge.datasets import datasets, exports, versions

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "fixtures"))

from labelled import Studio


@scenario("datasets.export")
class Export:
    def arrange(self, arena: Arena) -> str:
        studio = Studio(arena.database, arena.store, arena.actor, arena.folder)
        studio.an_asset()
        with arena.database.write() as session:
            dataset = datasets.create_dataset(session, arena.actor, "footage", {})
            version = versions.freeze_version(session, arena.actor, dataset, store=arena.store)
            return exports.request_export(session, arena.actor, version, "coco").id

    def check(self, arena: Arena) -> None:
        with arena.database.read() as session:
            found = session.scalars(trust.visible(select(Artifact).where(Artifact.kind == "export"), arena.actor))
            (artifact,) = found.all()
            assert artifact.filename == "footage v1.coco.json"
        assert b'"videos":[' in arena.store.read(artifact.digest)
