"""The Arcade: rules that hold whatever is played."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from muybridge.simulator import arcade
from muybridge.simulator.actions import PLAYER_SLOT, picture, rollout, start, step
from muybridge.simulator.render import render
from muybridge.simulator.scenes import room_config, sample
from muybridge.simulator.vocabulary import ACTIONS

STAY, LEFT, RIGHT, UP, DOWN = range(len(ACTIONS))


@settings(max_examples=12)
@given(index=st.integers(0, 10_000), played=st.lists(st.integers(0, 4), min_size=1, max_size=16))
def test_nobody_walks_through_walls_and_coins_do_not_come_back(index: int, played: list[int]) -> None:
    state = start("dev", torch.tensor([index]))
    for action in played:
        after = step(state, torch.tensor([action]))
        assert not arcade._is_wall(after.tiles_BGG, after.player_B2).any()
        assert not (arcade._is_wall(after.tiles_BGG, after.block_B2) & after.has_block_B).any()
        assert not (after.has_block_B & arcade._overlaps(after.player_B2, after.block_B2)).any()
        assert not (after.has_coin_BK & ~state.has_coin_BK).any()
        state = after


def test_stepping_live_is_the_sampled_clip() -> None:
    scene = sample("arcade", "test", range(12))
    state = start("test", torch.arange(12))
    for frame in range(scene.num_frames):
        if frame:
            state = step(state, scene.action_BT[:, frame])
        assert torch.equal(state.player_B2 / 128, scene.position_BTO2[:, frame, PLAYER_SLOT])
    now = render(picture(state), height=48, width=48)
    assert torch.equal(now[:, 0], render(scene, height=48, width=48)[:, -1])


def test_five_actions_in_the_open_have_five_different_futures() -> None:
    state = start("test", torch.arange(64), room_config("arcade", is_side_on=False))
    futures = [step(state, torch.full((64,), action)).player_B2 for action in range(5)]
    moves = torch.stack(futures) - state.player_B2
    expected = torch.tensor([[0, 0], [-8, 0], [8, 0], [0, -8], [0, 8]])
    free = (moves == expected[:, None]).all(-1).all(0)
    assert int(free.sum()) > 5


def test_a_jump_rises_two_tiles_and_comes_down_again() -> None:
    config = room_config("arcade", is_side_on=True)
    state = start("test", torch.arange(40), config)
    height = [state.player_B2[:, 1]]
    for frame in range(12):
        state = step(state, torch.full((40,), UP if frame == 0 else STAY))
        height.append(state.player_B2[:, 1])
    rise = height[0] - torch.stack(height)
    assert int(rise.max()) == 13 + 10 + 7 + 4 + 1
    assert (rise[-1] == 0).all()


def test_the_hazard_sends_the_player_home_in_the_next_frame() -> None:
    scene = sample("arcade", "test", range(200))
    touched = scene.hits_BTOO[:, :-1, PLAYER_SLOT, 3].nonzero()
    assert len(touched) > 5
    for clip, frame in touched.tolist():
        home = scene.position_BTO2[clip, 0, PLAYER_SLOT]
        assert torch.equal(scene.position_BTO2[clip, frame + 1, PLAYER_SLOT], home)


def test_held_out_macros_are_not_played_in_training_and_are_where_asked_for() -> None:
    def turns(actions: torch.Tensor) -> torch.Tensor:
        before, after = actions[:, :-1], actions[:, 1:]
        return ((before == LEFT) & (after == UP)) | ((before == RIGHT) & (after == DOWN))

    assert not turns(sample("arcade", "train", range(500)).action_BT).any()
    held = sample("arcade", "test", range(50), room_config("arcade", holdout="macros"))
    assert turns(held.action_BT).any(1).all()


def test_a_rollout_of_given_actions_starts_at_the_given_state() -> None:
    state = start("demo", torch.tensor([4]))
    scene = rollout(state, torch.tensor([[0, RIGHT, RIGHT, UP]]))
    assert scene.num_frames == 4
    assert torch.equal(scene.position_BTO2[0, 0, PLAYER_SLOT] * 128, state.player_B2[0].to(torch.float32))
