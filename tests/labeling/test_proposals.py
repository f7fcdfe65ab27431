import pytest
from labelled import Studio, a_box_track
from sqlalchemy import select

from muybridge import trust
from muybridge.labeling import proposals, quality
from muybridge.labeling.tables import Annotation, Attempt, Project, Proposal, Task
from muybridge.labeling.validation import InvalidAnnotations


@pytest.fixture
def project(studio: Studio) -> Project:
    """A project in which a tracker looked at one asset of two shots."""
    asset = studio.an_asset(cuts=[60])
    project = studio.a_project()
    _propose(studio, project, asset)
    return project


def test_a_trackers_finds_are_open_proposals_by_a_model(studio: Studio, project: Project) -> None:
    offered = studio.rows(Proposal)
    assert [(each.value["class_name"], each.confidence, each.state, each.source) for each in offered] == [
        ("car", 0.9, "open", "model"),
        ("car", 0.9, "open", "model"),
        ("person", 0.4, "open", "model"),
    ]
    assert not any(each.is_reviewed for each in offered)
    assert offered[0].value["keyframes"][-1] == {
        "frame": 59, "pts": 59 * 512, "box": [69.0, 20.0, 30.0, 40.0], "is_occluded": False,
    }  # fmt: skip
    assert studio.rows(Attempt) == []


def test_proposing_again_replaces_what_nobody_decided(studio: Studio, project: Project) -> None:
    first = studio.rows(Proposal)
    _decide(studio, first[0], "reject")
    _propose(studio, project, first[0].asset_id)
    states = sorted(each.state for each in studio.rows(Proposal))
    assert states == ["open", "open", "open", "rejected"]
    assert len(studio.rows(Task)) == 2


def test_accepting_makes_an_attempt_of_a_person_with_the_annotation_by_value(studio: Studio, project: Project) -> None:
    ann = studio.a_person("ann")
    proposal = studio.rows(Proposal)[0]
    accepted = _decide(studio, proposal, "accept", class_name="person", actor=ann)
    (attempt,), (annotation,) = studio.rows(Attempt), studio.rows(Annotation)
    assert (attempt.source, attempt.actor_id, attempt.assignment_id) == ("person", ann.id, None)
    assert annotation.value == proposal.value | {"class_name": "person"}
    assert (accepted.state, accepted.decided_by, accepted.annotation_id) == ("accepted", ann.id, annotation.id)


def test_an_adjustment_puts_the_persons_value_in_its_place(studio: Studio, project: Project) -> None:
    value = a_box_track(frames=[0, 59])
    adjusted = _decide(studio, studio.rows(Proposal)[0], "adjust", value=value)
    assert adjusted.state == "adjusted"
    assert studio.rows(Annotation)[0].value == value


def test_an_adjustment_that_leaves_the_shot_is_refused_and_the_proposal_stays_open(
    studio: Studio, project: Project
) -> None:
    with pytest.raises(InvalidAnnotations, match=r"frame 99 is outside the clip \[0, 60\)"):
        _decide(studio, studio.rows(Proposal)[0], "adjust", value=a_box_track())
    assert studio.rows(Proposal)[0].state == "open"


def test_a_proposal_is_decided_once(studio: Studio, project: Project) -> None:
    _decide(studio, studio.rows(Proposal)[0], "reject")
    with pytest.raises(proposals.AlreadyDecided):
        _decide(studio, studio.rows(Proposal)[0], "accept")


def test_a_decision_can_be_taken_back_and_made_again(studio: Studio, project: Project) -> None:
    proposal = studio.rows(Proposal)[0]
    _decide(studio, proposal, "accept")
    with studio.database.write() as session:
        reopened = proposals.reopen_proposal(session, studio.actor, proposal)
        assert (reopened.state, reopened.annotation_id, reopened.decided_by) == ("open", None, None)
    assert _decide(studio, proposal, "reject").state == "rejected"


def test_what_another_decided_meanwhile_is_not_taken_back_as_ones_own(studio: Studio, project: Project) -> None:
    ann, proposal = studio.a_person("ann"), studio.rows(Proposal)[0]
    _decide(studio, proposal, "reject", actor=ann)
    with pytest.raises(proposals.AlreadyDecided), studio.database.write() as session:
        proposals.reopen_proposal(session, studio.actor, proposal, decided_by=studio.actor.id)
    kept = studio.rows(Proposal)[0]
    assert (kept.state, kept.decided_by) == ("rejected", ann.id)
    with studio.database.write() as session:
        assert proposals.reopen_proposal(session, studio.actor, proposal, decided_by=ann.id).state == "open"


def test_a_task_is_complete_when_all_its_proposals_are_decided(studio: Studio, project: Project) -> None:
    of_second_shot = studio.rows(Proposal)[1:]
    _decide(studio, of_second_shot[0], "accept")
    assert [task.completed_at is not None for task in studio.rows(Task)] == [False, False]
    _decide(studio, of_second_shot[1], "reject")
    assert [task.completed_at is not None for task in studio.rows(Task)] == [False, True]


def test_accepted_proposals_are_never_called_agreed(studio: Studio, project: Project) -> None:
    with studio.database.read() as session:
        assert quality.agreement_of(session, studio.actor, project).reason == "Nobody answered yet."
    _decide(studio, studio.rows(Proposal)[0], "accept")
    with studio.database.read() as session:
        agreement = quality.agreement_of(session, studio.actor, project)
        counts = quality.count_proposals(session, studio.actor, project)
    assert agreement.mean is None
    assert agreement.reason == "Proposals were decided by one person each; agreement needs two answers."
    assert counts == {"open": 2, "accepted": 1, "adjusted": 0, "rejected": 0}


def test_an_ontology_without_boxes_is_nothing_to_propose_for(studio: Studio) -> None:
    asset = studio.an_asset()
    project = studio.a_project(classes=[{"name": "scene", "shapes": ["caption"]}])
    with pytest.raises(proposals.NoBoxClass):
        _propose(studio, project, asset)


def _propose(studio: Studio, project: Project, asset_id: str) -> None:
    with studio.database.write() as session:
        project = session.scalars(select(Project).where(Project.id == project.id)).one()
        proposals.request_proposals(session, studio.actor, project, asset_ids=[asset_id], tracker="two_things")
    studio.work()


def _decide(
    studio: Studio,
    proposal: Proposal,
    decision: proposals.Decision,
    *,
    value: dict[str, object] | None = None,
    class_name: str | None = None,
    actor: trust.Actor | None = None,
) -> Proposal:
    with studio.database.write() as session:
        return proposals.decide_proposal(
            session, actor or studio.actor, proposal, decision, value=value, class_name=class_name
        )
