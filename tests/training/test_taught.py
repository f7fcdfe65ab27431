from dataclasses import replace

from muybridge.training import lora, recipes, taught
from muybridge.training.recipe import SimulatorClips


def test_a_stored_recipe_tells_what_may_be_said_to_its_network() -> None:
    assert taught.prompts_of(recipes.lab().to_json())[0].startswith("on a white background, a large red circle")
    assert taught.prompts_of(recipes.mini().to_json()) == ()
    assert taught.prompts_of({"name": "of another kind"}) == ()


def test_a_stored_recipe_tells_whether_its_network_obeys_words() -> None:
    """Where the first frame of some clip is learned; matrices beside another's weights teach no network of ours."""
    captioned = replace(recipes.footage(), footage_given=0)
    obedient = [recipes.lab(), recipes.tiny(), captioned]
    others = [recipes.mini(), recipes.footage(), lora.wan_lora()]
    assert [taught.obeys_words(each.to_json()) for each in obedient] == [True] * 3
    assert [taught.obeys_words(each.to_json()) for each in others] == [False] * 3
    assert taught.obeys_words({"clips": []}), "of a version that knew no given frames"


def test_a_stored_recipe_tells_which_rooms_it_shows_and_what_is_left_of_them() -> None:
    assert taught.rooms_of(recipes.mini().to_json()) == {"arcade": "seen from above", "desk": ""}
    assert taught.rooms_of(recipes.arcade().to_json()) == {"arcade": ""}
    one = replace(recipes.smoke(), clips=(SimulatorClips("lab", changes={"max_objects": 1}), SimulatorClips("lab")))
    assert taught.rooms_of(one.to_json()) == {"lab": "one body"}, "as a session begins: like the first of them"
    assert taught.rooms_of({"clips": [{"room": "attic", "changes": {}}]}) == {}, "unknown here"
    assert taught.rooms_of(lora.wan_lora().to_json()) == {}
