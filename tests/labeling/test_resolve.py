from typing import Any

import pytest
from labelled import Studio, a_box_track, a_clip

from muybridge import jobs
from muybridge.labeling import review
from muybridge.labeling.review import AlreadyDecided
from muybridge.labeling.tables import Consensus, Project, Review, Task, TaskKind
from muybridge.labeling.tasks import NewTask, create_tasks
from muybridge.labeling.validation import InvalidAnnotations


def test_the_last_replica_enqueues_one_resolve_and_the_task_is_completed(any_studio: Studio) -> None:
    project = _asked(any_studio, replicas=3)
    _answer(any_studio, project, "ann", [a_box_track()])
    _answer(any_studio, project, "bob", [a_box_track(start=(12.0, 20.0))])
    assert any_studio.rows(jobs.Job) == []
    _answer(any_studio, project, "cid", [a_box_track(start=(11.0, 21.0)), a_box_track(start=(300.0, 100.0))])
    assert [job.name for job in any_studio.rows(jobs.Job)] == ["labeling.resolve"]
    any_studio.work()

    (consensus,) = any_studio.rows(Consensus)
    (track,) = consensus.value["annotations"]
    assert consensus.num_attempts == 3
    assert consensus.sources == ["person"]
    assert consensus.method == "tracks"
    assert track["keyframes"][0]["box"] == [11.0, 20.0, 40.0, 30.0]
    assert 0.85 < track["agreement"] < 1.0
    # A thing that one of three saw is dropped, and doubt is what remains of it.
    assert consensus.agreement == pytest.approx(track["agreement"] / 2)


def test_answers_that_differ_go_before_a_reviewer(studio: Studio) -> None:
    project = _doubted(studio)
    (consensus,), (opened,), (task,) = studio.rows(Consensus), studio.rows(Review), studio.rows(Task)
    assert consensus.agreement == 0.0
    assert consensus.review_state == "open"
    assert (opened.project_id, opened.task_id, opened.decision) == (project.id, task.id, None)
    assert task.completed_at is None


def test_one_box_under_two_names_goes_before_a_reviewer(studio: Studio) -> None:
    project = _asked(studio, replicas=2)
    _answer(studio, project, "ann", [a_box_track("car")])
    _answer(studio, project, "bob", [a_box_track("person")])
    studio.work()
    (consensus,), (opened,) = studio.rows(Consensus), studio.rows(Review)
    assert (consensus.agreement, consensus.review_state, opened.decision) == (0.0, "open", None)


def test_one_box_of_two_colours_goes_before_a_reviewer(studio: Studio) -> None:
    colour = {"name": "colour", "kind": "text"}
    project = studio.a_project(classes=[{"name": "car", "shapes": ["box"], "attributes": [colour]}])
    studio.ask(project, [a_clip(studio.an_asset())], replicas=2)
    _answer(studio, project, "ann", [a_box_track() | {"attributes": {"colour": "red"}}])
    _answer(studio, project, "bob", [a_box_track() | {"attributes": {"colour": "blue"}}])
    studio.work()
    (consensus,), (opened,) = studio.rows(Consensus), studio.rows(Review)
    assert (consensus.agreement, consensus.review_state, opened.decision) == (0.0, "open", None)


def test_an_accepted_consensus_stands(studio: Studio) -> None:
    _doubted(studio)
    before = studio.rows(Consensus)[0].value
    _judge(studio, "accept")
    (consensus,), (task,) = studio.rows(Consensus), studio.rows(Task)
    assert (consensus.review_state, consensus.value) == ("accepted", before)
    assert task.completed_at is not None


def test_a_fix_stands_in_the_consensuss_place_and_is_checked(studio: Studio) -> None:
    _doubted(studio)
    with pytest.raises(InvalidAnnotations):
        _judge(studio, "fix", [a_box_track("dragon")])
    _judge(studio, "fix", [a_box_track("person")])
    (consensus,) = studio.rows(Consensus)
    assert consensus.review_state == "fixed"
    assert consensus.value == {"annotations": [a_box_track("person")]}


def test_a_rejected_consensus_asks_one_more_person_and_is_agreed_anew(studio: Studio) -> None:
    project = _doubted(studio)
    _judge(studio, "reject")
    assert studio.rows(Task)[0].replicas == 3
    _answer(studio, project, "cid", [a_box_track()])
    studio.work()
    (consensus,) = studio.rows(Consensus)
    assert consensus.num_attempts == 3
    assert [value["class_name"] for value in consensus.value["annotations"]] == ["car"]
    assert [each.decision for each in studio.rows(Review)] == ["reject", None]


def test_a_review_is_decided_once(studio: Studio) -> None:
    _doubted(studio)
    _judge(studio, "accept")
    with pytest.raises(AlreadyDecided):
        _judge(studio, "reject")


def test_two_empty_answers_agree_that_nothing_is_there(studio: Studio) -> None:
    project = _asked(studio, replicas=2)
    for name in ("ann", "bob"):
        _answer(studio, project, name, [])
    studio.work()
    (consensus,) = studio.rows(Consensus)
    assert (consensus.method, consensus.agreement, consensus.value["annotations"]) == ("nothing_seen", 1.0, [])


def test_each_shape_is_agreed_by_its_own_method(studio: Studio) -> None:
    project = _asked(studio, replicas=2)
    said = [
        a_box_track(),
        {"shape": "class", "class_name": "person"},
        {"shape": "caption", "class_name": "scene", "text": "a car turns left"},
        {
            "shape": "span",
            "class_name": "turn",
            "start_frame": 10,
            "end_frame": 20,
            "start_pts": 5120,
            "end_pts": 10240,
        },
    ]
    for name in ("ann", "bob"):
        _answer(studio, project, name, said)
    studio.work()
    (consensus,) = studio.rows(Consensus)
    assert consensus.method == "tracks+medoid+dawid_skene+spans"
    assert sorted(value["shape"] for value in consensus.value["annotations"]) == [
        "box_track",
        "caption",
        "class",
        "span",
    ]


def test_comparisons_are_agreed_by_majority(studio: Studio) -> None:
    project = studio.a_project()
    with studio.database.write() as session:
        asked = NewTask(payload={"left": "gen_a", "right": "gen_b", "question": "Which moves better?"})
        create_tasks(session, studio.actor, project, [asked], replicas=3, kind=TaskKind.COMPARISON)
    for name, verdict in (("ann", "left"), ("bob", "right"), ("cid", "left")):
        _answer(studio, project, name, [{"shape": "comparison", "verdict": verdict}])
    studio.work()
    (consensus,) = studio.rows(Consensus)
    assert consensus.value["verdict"] == "left"
    assert consensus.value["facts"]["comparison"]["votes"] == {"left": 2, "right": 1}
    assert consensus.agreement == pytest.approx(2 / 3)


def test_gold_is_scored_at_once_and_never_resolved(studio: Studio) -> None:
    asset = studio.an_asset()
    project = studio.a_project(gold_rate=1.0)
    with studio.database.write() as session:
        gold = NewTask(a_clip(asset), gold={"annotations": [a_box_track()]})
        create_tasks(session, studio.actor, project, [gold], replicas=1)
    attempt = _answer(studio, project, "ann", [a_box_track(), a_box_track(start=(300.0, 200.0))])
    assert attempt.gold_score == pytest.approx(0.5)
    assert studio.rows(jobs.Job) == []


def _asked(studio: Studio, *, replicas: int) -> Project:
    project = studio.a_project()
    studio.ask(project, [a_clip(studio.an_asset())], replicas=replicas)
    return project


def _doubted(studio: Studio) -> Project:
    """Two people drew different things; a review is open."""
    project = _asked(studio, replicas=2)
    _answer(studio, project, "ann", [a_box_track()])
    _answer(studio, project, "bob", [a_box_track(start=(400.0, 200.0))])
    studio.work()
    return project


def _answer(studio: Studio, project: Project, name: str, annotations: list[Any]) -> Any:
    return studio.answer(project, studio.a_person(name), annotations)


def _judge(studio: Studio, decision: review.Decision, annotations: list[Any] | None = None) -> None:
    with studio.database.write() as session:
        opened = studio.rows(Review)[-1]
        review.decide_review(session, studio.actor, opened, decision, annotations=annotations)
