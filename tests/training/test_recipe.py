from collections.abc import Callable

import pytest

from muybridge.training.recipe import BadRecipe, Recipe, recipe_from_json


def test_a_recipe_that_never_ends_is_refused(a_recipe: Callable[..., Recipe]) -> None:
    with pytest.raises(BadRecipe, match="never ends"):
        a_recipe(steps=None)


def test_clips_longer_than_the_window_are_refused(a_recipe: Callable[..., Recipe]) -> None:
    with pytest.raises(BadRecipe, match="Clips of 9 frames for a window of 6"):
        a_recipe(num_frames=9)


def test_an_unknown_field_is_refused_by_name(a_recipe: Callable[..., Recipe]) -> None:
    with pytest.raises(BadRecipe, match="does not know: epochs"):
        recipe_from_json({**a_recipe().to_json(), "epochs": 3})
