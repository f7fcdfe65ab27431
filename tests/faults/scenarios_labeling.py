"""Labelling's jobs: one consensus of a task's answers, one set of proposals of an asset."""

import sys
from pathlib import Path

from sqlalchemy import select

from faults import Arena, scenario
from muybridge import jobs, trust
from muybridge.labeling import proposals
from muybridge.labeling.tables import Consensus, Proposal, Review, Task
from muybridge.labeling.trackers import trackers
from muybridge.trust import Event

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "fixtures"))

from labelled import Studio, TwoThings, a_box_track, a_clip


@scenario("labeling.resolve")
class Resolve:
    """Two answers that differ: one consensus, one review."""

    def arrange(self, arena: Arena) -> str:
        studio = Studio(arena.database, arena.store, arena.actor, arena.folder)
        project = studio.a_project()
        studio.ask(project, [a_clip(studio.an_asset())], replicas=2)
        studio.answer(project, studio.a_person("ann"), [a_box_track()])
        studio.answer(project, studio.a_person("bob"), [a_box_track(start=(400.0, 200.0))])
        with arena.database.read() as session:
            resolve = select(jobs.Job.id).where(jobs.Job.name == "labeling.resolve")
            return session.scalars(trust.visible(resolve, arena.actor)).one()

    def check(self, arena: Arena) -> None:
        with arena.database.read() as session:
            (consensus,) = session.scalars(trust.visible(select(Consensus), arena.actor)).all()
            (review,) = session.scalars(trust.visible(select(Review), arena.actor)).all()
            assert (consensus.agreement, consensus.num_attempts) == (0.0, 2)
            assert review.consensus_id == consensus.id
            opened = select(Event).where(Event.name == "review.opened")
            assert len(session.scalars(trust.visible(opened, arena.actor)).all()) == 1


@scenario("labeling.propose")
class Propose:
    """Two shots, three things: three open proposals on two tasks."""

    def arrange(self, arena: Arena) -> str:
        self.in_worker()
        studio = Studio(arena.database, arena.store, arena.actor, arena.folder)
        project = studio.a_project()
        asset = studio.an_asset(cuts=[60])
        with arena.database.write() as session:
            (job,) = proposals.request_proposals(session, arena.actor, project, asset_ids=[asset], tracker="two_things")
            return job.id

    def check(self, arena: Arena) -> None:
        with arena.database.read() as session:
            offered = session.scalars(trust.visible(select(Proposal), arena.actor)).all()
            assert sorted((each.value["class_name"], each.state) for each in offered) == [
                ("car", "open"),
                ("car", "open"),
                ("person", "open"),
            ]
            assert len(session.scalars(trust.visible(select(Task), arena.actor)).all()) == 2

    def in_worker(self) -> None:
        trackers.put("two_things", TwoThings())
