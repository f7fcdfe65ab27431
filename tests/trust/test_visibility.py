"""What an actor sees, in every shape of statement."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from muybridge import trust
from muybridge.errors import NotFound
from muybridge.trust import Actor, Role
from muybridge.units import new_id

from . import rows
from .conftest import House
from .rows import Answer, Campaign, Cut, Film, Question


def _fill(session: Session, tenant_id: str) -> dict[str, str]:
    """Two campaigns with a question and an answer each, and a film in the first; ids by name."""
    ids = {}
    for which in ("one", "two"):
        campaign = Campaign(id=new_id("prj"), tenant_id=tenant_id)
        question = Question(id=new_id("tsk"), tenant_id=tenant_id, project_id=campaign.id)
        answer = Answer(id=new_id("atm"), tenant_id=tenant_id, task_id=question.id)
        film = Film(id=new_id("ast"), tenant_id=tenant_id)
        cut = Cut(id=new_id("sht"), tenant_id=tenant_id, film_id=film.id)
        for row in (campaign, question, answer, film, cut):
            session.add(row)
            session.flush()
            ids[f"{type(row).__name__.lower()} {which}"] = row.id
        trust.place(session, trust.system_actor(tenant_id), campaign.id, [film.id])
    return ids


@pytest.fixture
def ours(any_house: House) -> dict[str, str]:
    rows.create(any_house.database)
    with any_house.database.write() as session:
        _fill(session, any_house.stranger.tenant_id)
        return _fill(session, any_house.owner.tenant_id)


Film2 = aliased(Film)

SELECTS: dict[str, Callable[[], Any]] = {
    "an entity": lambda: select(Film.id),
    "a column of an alias": lambda: select(Film2.id),
    "a join": lambda: select(Film.id).join(Cut, Cut.film_id == Film.id),
    "a join without condition": lambda: select(Film.id).join(Cut, Cut.film_id != Film.id).distinct(),
    "a subquery": lambda: select(select(Film).subquery().c.id),
    "a common table": lambda: select(select(Film.id).cte().c.id),
    "an in": lambda: select(Film.id).where(Film.id.in_(select(Cut.film_id))),
    "an exists": lambda: select(Film.id).where(exists().where(Cut.film_id == Film.id)),
    "a union": lambda: select(Film.id).union(select(Film2.id)),
}


@pytest.mark.parametrize("shape", SELECTS)
def test_every_shape_of_select_shows_ones_own_tenant_only(any_house: House, ours: dict[str, str], shape: str) -> None:
    with any_house.database.read() as session:
        found = {row[0] for row in session.execute(trust.visible(SELECTS[shape](), any_house.owner))}
    assert found == {ours["film one"], ours["film two"]}


def test_counting_counts_ones_own_only(any_house: House, ours: dict[str, str]) -> None:
    with any_house.database.read() as session:
        assert session.scalar(trust.visible(select(func.count(Film.id)), any_house.owner)) == 2
        assert session.scalar(trust.visible(select(func.count()).select_from(Film), any_house.owner)) == 2


def test_an_update_and_a_delete_touch_ones_own_only(any_house: House, ours: dict[str, str]) -> None:
    with any_house.database.write() as session:
        session.execute(trust.visible(update(Cut), any_house.owner).values(film_id=ours["film one"]))
        session.execute(trust.visible(delete(Answer), any_house.owner))
    with any_house.database.read() as session:
        count = {
            actor: [session.scalar(trust.visible(statement, actor)) for statement in (
                select(func.count(Cut.id)).where(Cut.film_id == ours["film one"]), select(func.count(Answer.id))
            )]
            for actor in (any_house.owner, any_house.stranger)
        }  # fmt: skip
    assert count == {any_house.owner: [2, 0], any_house.stranger: [0, 2]}


def test_a_statement_without_a_tenant_row_is_the_programmers_fault(house: House) -> None:
    with pytest.raises(ValueError, match="without a tenant row"):
        trust.visible(select(trust.Tenant), house.owner)


def test_a_table_named_without_its_class_is_the_programmers_fault(house: House) -> None:
    with pytest.raises(ValueError, match="bare tables"):
        trust.visible(select(Film.__table__), house.owner)


def _seen(house: House, actor: Actor) -> dict[str, int]:
    with house.database.read() as session:
        return {row.__name__: session.scalar(trust.visible(select(func.count(row.id)), actor)) or 0 for row in rows.ALL}


ALL_OF_IT = {"Campaign": 2, "Question": 2, "Answer": 2, "Film": 2, "Cut": 2}
NOTHING = dict.fromkeys(ALL_OF_IT, 0)
ONE_PROJECT = dict.fromkeys(ALL_OF_IT, 1)


@pytest.mark.parametrize("role", [Role.OWNER, Role.MANAGER, Role.VIEWER, Role.SERVICE])
def test_roles_that_are_not_confined_see_all_of_their_tenant(
    any_house: House, ours: dict[str, str], role: Role
) -> None:
    assert _seen(any_house, Actor("mbr_1", any_house.owner.tenant_id, role)) == ALL_OF_IT


@pytest.mark.parametrize("role", [Role.ANNOTATOR, Role.REVIEWER])
def test_annotators_and_reviewers_see_what_lies_in_granted_projects(
    any_house: House, ours: dict[str, str], role: Role
) -> None:
    nobody = Actor("mbr_1", any_house.owner.tenant_id, role)
    granted = Actor("mbr_1", any_house.owner.tenant_id, role, {ours["campaign one"]: role})
    assert _seen(any_house, nobody) == NOTHING
    assert _seen(any_house, granted) == ONE_PROJECT


def test_creators_see_all_footage_and_no_ungranted_project(any_house: House, ours: dict[str, str]) -> None:
    creator = Actor("mbr_1", any_house.owner.tenant_id, Role.CREATOR)
    assert _seen(any_house, creator) == {**NOTHING, "Film": 2, "Cut": 2}


def test_a_grant_within_another_tenants_project_shows_nothing(any_house: House, ours: dict[str, str]) -> None:
    thief = Actor("mbr_1", any_house.stranger.tenant_id, Role.ANNOTATOR, {ours["campaign one"]: Role.ANNOTATOR})
    assert _seen(any_house, thief) == NOTHING


def test_an_id_that_is_not_yours_and_one_that_is_nobodys_get_the_same_answer(
    any_house: House, ours: dict[str, str]
) -> None:
    with any_house.database.read() as session:
        assert trust.load(session, any_house.owner, Film, ours["film one"]).id == ours["film one"]
        answers = []
        for identifier in (ours["film one"], new_id("ast")):
            with pytest.raises(NotFound) as refused:
                trust.load(session, any_house.stranger, Film, identifier, for_update=True)
            answers.append(str(refused.value).replace(identifier, "X"))
    assert answers[0] == answers[1] == "There is no asset X. Check the id; it may belong to somebody else."


def test_placing_footage_twice_places_it_once(any_house: House, ours: dict[str, str]) -> None:
    granted = Actor("mbr_1", any_house.owner.tenant_id, Role.ANNOTATOR, {ours["campaign one"]: Role.ANNOTATOR})
    with any_house.database.write() as session:
        for _ in range(2):
            trust.place(session, any_house.owner, ours["campaign one"], [ours["film one"], ours["film two"]])
    assert _seen(any_house, granted)["Film"] == 2


def test_two_may_place_the_same_footage_at_once(any_house: House, ours: dict[str, str]) -> None:
    def place(film: str) -> None:
        with any_house.database.write() as session:
            trust.place(session, any_house.owner, ours["campaign one"], [ours[film], ours["film two"]])
            time.sleep(0.3)  # long enough for the other to look

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(place, ["film one", "film one"]))
    granted = Actor("mbr_1", any_house.owner.tenant_id, Role.ANNOTATOR, {ours["campaign one"]: Role.ANNOTATOR})
    assert _seen(any_house, granted)["Film"] == 2
