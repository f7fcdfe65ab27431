import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest

from muybridge.training import lora, recipes
from muybridge.training.recipes import BadRecipe, Recipe, SimulatorClips, UnknownRecipe, recipe_from_json


@pytest.mark.parametrize("name", sorted(recipes.RECIPES))
def test_a_recipe_comes_back_through_json(name: str) -> None:
    recipe = recipes.recipe(name)
    assert recipe_from_json(json.loads(json.dumps(recipe.to_json()))) == recipe


def test_a_stored_recipe_tells_what_may_be_said_to_its_network() -> None:
    assert recipes.prompts_of(recipes.lab().to_json())[0].startswith("on a white background, a large red circle")
    assert recipes.prompts_of(recipes.mini().to_json()) == ()
    assert recipes.prompts_of({"name": "of another kind"}) == ()


def test_a_stored_recipe_tells_whether_its_network_obeys_words() -> None:
    """Where the first frame of some clip is learned; matrices beside another's weights teach no network of ours."""
    captioned = replace(recipes.footage(), footage_given=0)
    obedient = [recipes.lab(), recipes.tiny(), captioned]
    others = [recipes.mini(), recipes.footage(), lora.wan_lora()]
    assert [recipes.obeys_words(each.to_json()) for each in obedient] == [True] * 3
    assert [recipes.obeys_words(each.to_json()) for each in others] == [False] * 3
    assert recipes.obeys_words({"clips": []}), "of a version that knew no given frames"


def test_a_stored_recipe_tells_which_rooms_it_shows_and_what_is_left_of_them() -> None:
    assert recipes.rooms_of(recipes.mini().to_json()) == {"arcade": "seen from above", "desk": ""}
    assert recipes.rooms_of(recipes.arcade().to_json()) == {"arcade": ""}
    one = replace(recipes.smoke(), clips=(SimulatorClips("lab", changes={"max_objects": 1}), SimulatorClips("lab")))
    assert recipes.rooms_of(one.to_json()) == {"lab": "one body"}, "as a session begins: like the first of them"
    assert recipes.rooms_of({"clips": [{"room": "attic", "changes": {}}]}) == {}, "unknown here"
    assert recipes.rooms_of(lora.wan_lora().to_json()) == {}


def test_an_unknown_recipe_names_the_known_ones() -> None:
    with pytest.raises(UnknownRecipe, match="bakeoff"):
        recipes.recipe("alchemy")


def test_a_recipe_that_never_ends_is_refused(a_recipe: Callable[..., Recipe]) -> None:
    with pytest.raises(BadRecipe, match="never ends"):
        a_recipe(steps=None)


def test_clips_longer_than_the_window_are_refused(a_recipe: Callable[..., Recipe]) -> None:
    with pytest.raises(BadRecipe, match="Clips of 9 frames for a window of 6"):
        a_recipe(num_frames=9)


def test_an_unknown_field_is_refused_by_name(a_recipe: Callable[..., Recipe]) -> None:
    with pytest.raises(BadRecipe, match="does not know: epochs"):
        recipe_from_json({**a_recipe().to_json(), "epochs": 3})


def test_what_the_door_imports_of_training_does_not_load_torch() -> None:
    code = (
        "import sys, muybridge.training.recipes, muybridge.training.runs, muybridge.training.tables, "
        "muybridge.training.checkpoints, muybridge.training.jobs, muybridge.api.v1.training; "
        "sys.exit('torch' in sys.modules or 'av' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
