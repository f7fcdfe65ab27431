import pytest
import torch

from muybridge.simulator import actions, ghosts, render
from muybridge.simulator.configs import ROOMS


@pytest.mark.parametrize("room", ROOMS)
def test_the_true_avatar_or_body_is_found_where_it_is(room: str) -> None:
    ghost = ghosts.begin(room, 3, fps=8.0)
    assert ghost.caption()
    for action in (1, 2, 3):
        found = ghosts.drift(ghost, ghosts.picture(ghost, height=64, width=64))
        assert found is None or found < 0.02
        after = ghost.step(action)
        assert after is not None
        ghost = after


def test_the_arcade_s_ghost_is_the_game_played_in_one_go() -> None:
    played = torch.tensor([[0, 2, 2, 3, 1, 4]])
    whole = actions.rollout(actions.start("demo", torch.tensor([5])), played)
    ghost: ghosts.Ghost | None = ghosts.begin("arcade", 5, fps=8.0)
    for number, action in enumerate(played[0].tolist()):
        ghost = ghost.step(action) if number and ghost else ghost
        assert ghost is not None
        shown = ghosts.picture(ghost, height=32, width=32)
        assert torch.equal(shown, render.render(whole, height=32, width=32)[0, number])


def test_a_shifted_picture_drifts_by_as_much() -> None:
    ghost = ghosts.begin("uniform", 3, fps=8.0)
    away = ghosts.drift(ghost, ghosts.picture(ghost, height=64, width=64).roll(8, 1))
    assert away == pytest.approx(8 / 64, abs=0.01)
    assert ghosts.drift(ghost, torch.full((64, 64, 3), 255, dtype=torch.uint8)) is None


def test_the_desk_obeys_what_is_said_and_does_nothing_unasked() -> None:
    ghost = ghosts.begin("desk", 5, fps=8.0)
    assert isinstance(ghost, ghosts.FilmGhost)
    assert "red ring" in ghost.caption()
    assert bool((ghost.film.colour_BTO == ghost.film.colour_BTO[:, :1]).all())
    assert ghost.obey("it rains") is None
    assert ghost.obey("the blue star turns green") is None, "there is none"
    told = ghost.obey("the red ring turns blue")
    assert told is not None
    before, after = ghosts.picture(told, height=64, width=64), told.step(0)
    assert torch.equal(before, ghosts.picture(ghost, height=64, width=64)), "the words act on the next frame"
    assert after is not None
    again = after.obey("the blue ring becomes a square")
    assert again is not None
    last = again.step(0)
    assert last is not None
    assert "blue square" in ghosts.FilmGhost(last.now).caption()


def test_a_scene_that_ends_and_words_that_no_rule_carries_out_are_none() -> None:
    ghost: ghosts.Ghost | None = ghosts.begin("bakeoff", 1, fps=8.0)
    for _ in range(11):
        assert ghost is not None
        ghost = ghost.step(0)
    assert ghost is not None
    assert ghost.step(0) is None
    assert ghosts.begin("arcade", 1, fps=8.0).obey("the player turns red") is None
