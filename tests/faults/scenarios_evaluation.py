"""Scoring: killed at its stage, an evaluation has one set of figures."""

import sys
from pathlib import Path

from sqlalchemy import select

from faults import Arena, scenario
from muybridge import trust
from muybridge.evaluation import evaluations
from muybridge.evaluation.tables import Evaluation

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "fixtures"))


@scenario("evaluation.score")
class Score:
    def arrange(self, arena: Arena) -> str:
        from untrained import an_untrained_checkpoint  # torch: the worker processes do without

        checkpoint = an_untrained_checkpoint(arena.database, arena.store, arena.actor, arena.folder)
        with arena.database.write() as session:
            asked = evaluations.start_evaluation(session, arena.actor, checkpoint, n=2, extent="quick")
            return asked.job_id or ""

    def check(self, arena: Arena) -> None:
        with arena.database.read() as session:
            (scored,) = session.scalars(select(Evaluation)).all()
            finished = session.scalars(select(trust.Event).where(trust.Event.name == "evaluation.finished")).all()
        assert scored.metrics is not None
        assert {cell["name"] for cell in scored.metrics["card"]["cells"]} == {"bakeoff", "bakeoff · pairs"}
        assert scored.report_artifact_id is not None
        assert [event.subject_id for event in finished] == [scored.id]
