"""Training: killed at each stage, a run has one checkpoint at its last step and one row a step."""

from sqlalchemy import select

from faults import Arena, scenario
from muybridge.training import runs
from muybridge.training.recipe import Recipe, SimulatorClips
from muybridge.training.tables import Checkpoint, RunMetric
from muybridge.worldmodel.config import ModelConfig

STEPS = 4
MINI = ModelConfig("mini", width=32, layers=2, heads=2, vocab_size=400, window=6, max_text=32)


@scenario("training.train")
class Train:
    def arrange(self, arena: Arena) -> str:
        recipe = Recipe(
            name="mini", model=MINI, clips=(SimulatorClips("bakeoff"),), num_frames=4, steps=STEPS, batch_clips=4,
            warmup_steps=2, metrics_every_s=0.0, resume_every_s=0.0, sample_every_s=1e9,
        )  # fmt: skip
        with arena.database.write() as session:
            return runs.start_run(session, arena.actor, recipe).job_id or ""

    def check(self, arena: Arena) -> None:
        with arena.database.read() as session:
            (checkpoint,) = session.scalars(select(Checkpoint)).all()
            steps = session.scalars(select(RunMetric.step).order_by(RunMetric.step)).all()
        assert (checkpoint.step, checkpoint.is_final) == (STEPS, True)
        assert list(steps) == [1, 2, 3, 4]
