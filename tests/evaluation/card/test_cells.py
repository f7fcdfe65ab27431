"""Which clips a checkpoint is judged on follows from what its recipe showed."""

import json
from collections.abc import Callable
from dataclasses import replace

from muybridge.evaluation.card import words
from muybridge.evaluation.card.cells import Cell, plan_cells
from muybridge.simulator import scenes
from muybridge.training.recipe import Recipe, SimulatorClips, recipe_from_json

Make = Callable[..., Recipe]


def names(cells: tuple[Cell, ...], where: str) -> list[str]:
    return [cell.name for cell in cells if cell.where == where]


def test_every_room_has_its_cells_inside_held_out_and_outside(a_recipe: Make) -> None:
    cells, left_out = plan_cells(a_recipe())
    views = ["arcade", "arcade · side-on"]
    assert names(cells, "in_distribution") == [
        name for room in scenes.ROOMS for name in (views if room == "arcade" else [room])
    ]
    assert names(cells, "held_out") == [
        "bakeoff · pairs", "lab · pairs", "lab · triples", "lab · count", "lab · background", "lab · wording",
        "arcade · macros", "arcade · side-on · macros", "desk · pairs", "desk · background",
    ]  # fmt: skip
    assert names(cells, "out_of_distribution") == [
        "uniform · out of distribution", "collision · out of distribution", "parabola · out of distribution"
    ]  # fmt: skip
    assert left_out == ("Questions about bakeoff: the recipe mini asked none.",)


def test_the_arcade_is_judged_by_itself_in_each_view_that_was_shown(a_recipe: Make) -> None:
    both = plan_cells(a_recipe("arcade")).cells
    assert [cell.config.is_side_on for cell in both if cell.where == "in_distribution"] == [False, True]
    from_above = replace(a_recipe("arcade"), clips=(SimulatorClips("arcade", changes={"is_side_on": False}),))
    assert [cell.name for cell in plan_cells(from_above).cells] == ["arcade", "arcade · macros"]


def test_a_room_that_was_never_shown_is_left_out_in_words(a_recipe: Make) -> None:
    cells, left_out = plan_cells(a_recipe("bakeoff"))
    assert [cell.name for cell in cells] == ["bakeoff", "bakeoff · pairs"]
    assert "lab: the recipe mini never showed this room." in left_out


def test_a_room_that_was_never_shown_is_outside_when_it_is_forced(a_recipe: Make) -> None:
    cells, _ = plan_cells(a_recipe("bakeoff"), has_all_rooms=True)
    assert names(cells, "in_distribution") == ["bakeoff"]
    (lab,) = [cell for cell in cells if cell.config.room == "lab"]
    assert (lab.name, lab.where, lab.config.holdout) == ("lab · never shown", "out_of_distribution", "seen")


def test_a_room_that_opens_with_a_given_frame_is_not_asked_for_in_words(a_recipe: Make) -> None:
    cells, left_out = plan_cells(a_recipe("arcade", "desk", num_given=1))
    assert {cell.config.room for cell in cells if words.applies(cell)} == {"desk"}
    assert "Text to video of arcade: the recipe mini opens its clips with a given frame." in left_out


def test_what_a_room_cannot_hold_out_is_no_cell(a_recipe: Make) -> None:
    cells, _ = plan_cells(a_recipe("lab", max_objects=1, backgrounds=(0,), shapes=(0, 4), colours=(0, 1)))
    assert names(cells, "held_out") == ["lab · triples", "lab · wording"]


def test_a_recipe_that_was_stored_as_json_gives_the_same_cells(a_recipe: Make) -> None:
    recipe = a_recipe("lab", backgrounds=(0, 1), max_objects=2)
    stored = recipe_from_json(json.loads(json.dumps(recipe.to_json())))
    assert plan_cells(stored) == plan_cells(recipe)


def test_phyworld_is_judged_at_its_published_length_whatever_the_training_clips(a_recipe: Make) -> None:
    for cell in plan_cells(a_recipe("uniform", "lab")).cells:
        assert cell.config.num_frames == (32 if cell.config.room == "uniform" else 8)


def test_every_cell_can_be_drawn_and_holds_what_it_says(a_recipe: Make) -> None:
    for cell in plan_cells(a_recipe()).cells:
        scene = scenes.sample(cell.config.room, "test", range(3), cell.config)
        assert scene.num_frames == cell.config.num_frames
