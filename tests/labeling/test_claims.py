import threading
from collections import Counter
from datetime import timedelta

import pytest
from labelled import Studio, a_clip
from sqlalchemy import select, update

from muybridge import db, trust
from muybridge.labeling import attempts, claims
from muybridge.labeling.tables import Assignment, Project, Task
from muybridge.labeling.tasks import NewTask, create_tasks

VERY_LATE = timedelta(hours=1)


def test_sixteen_people_at_once_never_get_more_holds_than_replicas(any_studio: Studio) -> None:
    asset = any_studio.an_asset()
    project = any_studio.a_project()
    tasks = any_studio.ask(project, [a_clip(asset, start, start + 10) for start in range(0, 100, 10)], replicas=3)
    people = [any_studio.a_person(f"person-{number}") for number in range(16)]
    start = threading.Barrier(len(people))
    failures: list[BaseException] = []

    def answer_until_none_is_left(person: trust.Actor) -> None:
        try:
            start.wait()
            while True:
                with any_studio.database.write() as session:
                    assignment = claims.claim_next(session, person, project)
                    if assignment is None:
                        return
                with any_studio.database.write() as session:
                    attempts.submit_attempt(session, person, assignment, [])
        except BaseException as failure:  # noqa: BLE001 (a thread's failure is the test's)
            failures.append(failure)

    threads = [threading.Thread(target=answer_until_none_is_left, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assignments = any_studio.rows(Assignment)
    assert Counter(assignment.task_id for assignment in assignments) == {task.id: 3 for task in tasks}
    assert max(Counter((each.task_id, each.actor_id) for each in assignments).values()) == 1


def test_claiming_again_gives_the_unfinished_assignment_back(studio: Studio) -> None:
    project = _asked(studio, num_tasks=2)
    person = studio.a_person("ann")
    first = _claim(studio, person, project)
    assert _claim(studio, person, project) == first


def test_higher_priority_is_asked_first_then_the_older(studio: Studio) -> None:
    asset = studio.an_asset()
    project = studio.a_project()
    with studio.database.write() as session:
        asked = [NewTask(a_clip(asset), name, priority=priority) for name, priority in (("b", 0), ("a", 5), ("c", 0))]
        create_tasks(session, studio.actor, project, asked)
    person = studio.a_person("ann")
    seen = []
    for _ in range(3):
        task_id = _claim(studio, person, project)
        seen.append(next(task.external_id for task in studio.rows(Task) if task.id == task_id))
        _submit(studio, person, task_id)
    assert seen == ["a", "b", "c"]


def test_an_expired_hold_goes_to_somebody_else_and_its_owner_learns_so(any_studio: Studio) -> None:
    project = _asked(any_studio)
    ann, bob = any_studio.a_person("ann"), any_studio.a_person("bob")
    task_id = _claim(any_studio, ann, project)
    assert _claim(any_studio, bob, project) is None
    _expire(any_studio, ann)
    assert _claim(any_studio, bob, project) == task_id
    with pytest.raises(claims.LeaseLost):
        _submit(any_studio, ann, task_id)
    _submit(any_studio, bob, task_id)


def test_an_expired_hold_still_counts_while_nobody_else_took_the_task(studio: Studio) -> None:
    project = _asked(studio)
    ann = studio.a_person("ann")
    task_id = _claim(studio, ann, project)
    _expire(studio, ann)
    _submit(studio, ann, task_id)
    assert studio.rows(Assignment)[0].submitted_at is not None


def test_a_heartbeat_extends_the_lease_by_the_databases_clock(studio: Studio) -> None:
    project = _asked(studio)
    ann = studio.a_person("ann")
    _claim(studio, ann, project)
    with studio.database.write() as session:
        before = db.now(session)
        held = claims.heartbeat(session, ann, studio.rows(Assignment)[0], lease_s=600)
        assert before <= held.lease_until - timedelta(seconds=600) <= db.now(session)


def test_a_released_task_goes_to_others_and_comes_back_last(studio: Studio) -> None:
    project = _asked(studio, num_tasks=2)
    ann, bob = studio.a_person("ann"), studio.a_person("bob")
    released = _claim(studio, ann, project)
    with studio.database.write() as session:
        claims.release(session, ann, studio.rows(Assignment)[0])
    other = _claim(studio, ann, project)
    assert other != released
    _submit(studio, ann, other)
    assert _claim(studio, ann, project) == released
    assert _claim(studio, bob, project) is None


def test_nobody_answers_the_same_task_twice(studio: Studio) -> None:
    project = _asked(studio, replicas=2)
    ann = studio.a_person("ann")
    _submit(studio, ann, _claim(studio, ann, project))
    assert _claim(studio, ann, project) is None


def test_another_persons_assignment_is_not_yours(studio: Studio) -> None:
    project = _asked(studio)
    ann, bob = studio.a_person("ann"), studio.a_person("bob")
    _claim(studio, ann, project)
    with studio.database.write() as session, pytest.raises(claims.NotYours):
        claims.release(session, bob, studio.rows(Assignment)[0])


def test_nobody_claims_in_another_persons_name(studio: Studio) -> None:
    project = _asked(studio)
    ann = studio.a_person("ann")
    with studio.database.write() as session, pytest.raises(claims.NotYours):
        claims.claim_next(session, studio.actor, project, answerer=ann.id)


def test_gold_comes_at_the_projects_rate(studio: Studio) -> None:
    asset = studio.an_asset()
    project = studio.a_project(gold_rate=0.25)
    with studio.database.write() as session:
        gold = [NewTask(a_clip(asset), gold={"annotations": []}) for _ in range(40)]
        create_tasks(session, studio.actor, project, gold)
        create_tasks(session, studio.actor, project, [NewTask(a_clip(asset)) for _ in range(40)])
    ann = studio.a_person("ann")
    for _ in range(40):
        _submit(studio, ann, _claim(studio, ann, project))
    is_gold = {task.id: task.is_gold for task in studio.rows(Task)}
    share = sum(is_gold[each.task_id] for each in studio.rows(Assignment)) / 40
    # Chance gives none of 40, or 24 and more, less than once in fifty thousand runs.
    assert 0.0 < share < 0.6


def test_the_very_same_claim_is_gold_or_not_by_chance(studio: Studio) -> None:
    """So that nothing an annotator can know tells it: chance gives 40 of a kind once in 500 billion runs."""
    project = studio.a_project(gold_rate=0.5)
    with studio.database.write() as session:
        clip = a_clip(studio.an_asset())
        gold, plain = create_tasks(
            session, studio.actor, project, [NewTask(clip, gold={"annotations": []}), NewTask(clip)]
        )
    ann = studio.a_person("ann")
    claimed = set()
    for _ in range(40):
        with studio.database.write() as session:
            assignment = claims.claim_next(session, ann, project)
            assert assignment is not None
            claimed.add(assignment.task_id)
            session.rollback()
    assert claimed == {gold.id, plain.id}


def test_a_viewer_may_not_claim(studio: Studio) -> None:
    project = _asked(studio)
    viewer = trust.Actor("mbr_viewer", studio.actor.tenant_id, trust.Role.VIEWER)
    with studio.database.write() as session, pytest.raises(trust.permissions.NotAllowed):
        claims.claim_next(session, viewer, project)


def _asked(studio: Studio, *, num_tasks: int = 1, replicas: int = 1) -> Project:
    asset = studio.an_asset()
    project = studio.a_project()
    studio.ask(project, [a_clip(asset, 10 * n, 10 * n + 10) for n in range(num_tasks)], replicas=replicas)
    return project


def _claim(studio: Studio, person: trust.Actor, project: Project) -> str | None:
    with studio.database.write() as session:
        assignment = claims.claim_next(session, person, project)
        return assignment.task_id if assignment else None


def _submit(studio: Studio, person: trust.Actor, task_id: str | None) -> None:
    with studio.database.write() as session:
        held = session.scalars(
            select(Assignment).where(Assignment.task_id == task_id, Assignment.actor_id == person.id)
        ).one()
        attempts.submit_attempt(session, person, held, [])


def _expire(studio: Studio, person: trust.Actor) -> None:
    with studio.database.write() as session:
        session.execute(
            update(Assignment).where(Assignment.actor_id == person.id).values(lease_until=db.now(session) - VERY_LATE)
        )
