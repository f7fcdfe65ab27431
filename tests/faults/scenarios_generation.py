"""Killed at each stage, a generation has one signed clip, adopted once, and used one of the quota; a session has one
journal, and ends once.
"""

import sys
from pathlib import Path

from sqlalchemy import select

from faults import Arena, scenario
from muybridge import trust
from muybridge.catalog.tables import Asset
from muybridge.generation import generations, sessions
from muybridge.generation.spec import GenerationSpec, Kind
from muybridge.generation.tables import Generation, PlaySession
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


@scenario("generation.play")
class Play:
    """Nobody comes: the first frame is imagined and kept, and the session ends idle."""

    def arrange(self, arena: Arena) -> str:
        from untrained import an_untrained_checkpoint  # torch: the worker processes do without

        checkpoint = an_untrained_checkpoint(arena.database, arena.store, arena.actor, arena.folder)
        wish = sessions.Wish(prompt="a red ball", first_steps=2)
        with arena.database.write() as session:
            opened = sessions.open_session(session, arena.actor, wish, checkpoint=checkpoint, idle_s=2.0)
            return opened.job_id or ""

    def check(self, arena: Arena) -> None:
        with arena.database.read() as session:
            (played,) = session.scalars(select(PlaySession)).all()
            journal = sessions.journal_of(session, arena.actor, played)
            quota = session.scalars(select(Quota).where(Quota.resource == "play_frames")).one()
            closed = session.scalars(select(trust.Event).where(trust.Event.name == "session.closed")).all()
        assert (played.end_reason, played.num_frames) == ("idle", 1)
        assert {name: len(branch.entries) for name, branch in journal.branches.items()} == {"b0": 1}
        assert (quota.used, quota.reserved) == (1, 0)
        assert [(event.subject_id, event.facts["num_frames"]) for event in closed] == [(played.id, 1)]
