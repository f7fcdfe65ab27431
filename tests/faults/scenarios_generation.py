"""Rendering: killed at each stage, a generation has one signed clip, adopted once, and used one of the quota."""

import sys
from pathlib import Path

from sqlalchemy import select

from faults import Arena, scenario
from muybridge import trust
from muybridge.catalog.tables import Asset
from muybridge.generation import generations
from muybridge.generation.spec import GenerationSpec, Kind
from muybridge.generation.tables import Generation
from muybridge.trust import Quota

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "fixtures"))

import painted


@scenario("generation.render")
class Render:
    def arrange(self, arena: Arena) -> str:
        painted.register()
        spec = GenerationSpec(Kind.TEXT_TO_VIDEO, engine="painted", prompt="a red ball", num_frames=4, min_side=32)
        with arena.database.write() as session:
            return generations.create_generation(session, arena.actor, spec).job_id or ""

    def in_worker(self) -> None:
        painted.register()

    def check(self, arena: Arena) -> None:
        with arena.database.read() as session:
            (made,) = session.scalars(select(Generation)).all()
            (asset,) = session.scalars(select(Asset)).all()
            quota = session.scalars(select(Quota).where(Quota.resource == "generations")).one()
            finished = session.scalars(select(trust.Event).where(trust.Event.name == "generation.finished")).all()
        assert (made.asset_id, asset.source_artifact_id) == (asset.id, made.artifact_id)
        assert (made.verdict or {})["state"] == "trusted"
        assert (asset.is_ready, asset.num_frames) == (True, 4)
        assert (quota.used, quota.reserved) == (1, 0)
        assert [event.subject_id for event in finished] == [made.id]
