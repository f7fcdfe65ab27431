import json
import subprocess
import sys

import pytest

from muybridge.training import recipes
from muybridge.training.recipe import recipe_from_json
from muybridge.training.recipes import UnknownRecipe


@pytest.mark.parametrize("name", sorted(recipes.RECIPES))
def test_a_recipe_comes_back_through_json(name: str) -> None:
    recipe = recipes.recipe(name)
    assert recipe_from_json(json.loads(json.dumps(recipe.to_json()))) == recipe


def test_an_unknown_recipe_names_the_known_ones() -> None:
    with pytest.raises(UnknownRecipe, match="bakeoff"):
        recipes.recipe("alchemy")


def test_what_the_door_imports_of_training_does_not_load_torch() -> None:
    code = (
        "import sys, muybridge.training.recipes, muybridge.training.runs, muybridge.training.tables, "
        "muybridge.training.checkpoints, muybridge.training.jobs, muybridge.api.v1.training; "
        "sys.exit('torch' in sys.modules or 'av' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
