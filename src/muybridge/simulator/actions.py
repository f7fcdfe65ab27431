"""The Arcade played: action by action for a live player, or whole clips of drawn actions.

A live session keeps an `ArcadeState`, calls `step` for every action and `picture` for what the true world looks like.
"""

import torch
from torch import Tensor

from . import arcade
from .arcade import ArcadeState, step
from .configs import ROOM_NUMBERS, RoomConfig, room_config
from .holdouts import check_split
from .seeds import Draws, keys
from .state import SceneBatch, blank
from .vocabulary import ACTIONS, AVATAR, BLOCK, COIN, COLOURS, HAZARD, SHAPES

__all__ = ["ACTIONS", "ArcadeState", "draw_actions", "picture", "rollout", "sample_arcade", "start", "step"]

_UNITS = arcade.NUM_TILES * arcade.TILE
_COIN_SLOTS = slice(0, arcade.MAX_COINS)
_HAZARD_SLOT, _BLOCK_SLOT, PLAYER_SLOT = arcade.MAX_COINS, arcade.MAX_COINS + 1, arcade.MAX_COINS + 2
COIN_RADIUS = 0.034
_RADII = {COIN: COIN_RADIUS, HAZARD: 0.046, BLOCK: 0.0625 / 0.88 * 0.94, AVATAR: 0.054}
_LOOKS = {COIN: ("circle", "yellow"), HAZARD: ("star", "red"), BLOCK: ("square", "orange")}


def start(split: str, indices: Tensor, config: RoomConfig | None = None) -> ArcadeState:
    """The first moments of games `indices` of a split; the same that `scenes.sample("arcade", …)` begins with."""
    config = config or room_config("arcade")
    check_split(split, config)
    return arcade.start(config, Draws(keys(split, ROOM_NUMBERS["arcade"], indices)))


def draw_actions(config: RoomConfig, draws: Draws) -> Tensor:
    """int64 [B, T]: runs of one action, a new one with chance 0.4 a frame; held-out turns only where asked for.

    Frame 0's action is `stay`: nothing led to it.
    """
    switches = draws.uniform("switches", config.num_frames) < 0.4
    wishes = draws.choice("wishes", (0, 1, 1, 2, 2, 3, 3, 4), config.num_frames)
    macro = torch.tensor(arcade.HELD_OUT_TURNS, device=wishes.device)[draws.integers("macro", 2)]
    action = torch.zeros_like(wishes)
    for frame in range(1, config.num_frames):
        before = action[:, frame - 1]
        after = torch.where(switches[:, frame] | (before == 0), wishes[:, frame], before)
        for first, second in arcade.HELD_OUT_TURNS:
            after = torch.where((before == first) & (after == second), 0, after)
        action[:, frame] = after
    if config.holdout == "macros":
        action[:, 2:5], action[:, 5:8] = macro[:, :1], macro[:, 1:]
    return action


def rollout(
    state: ArcadeState,
    actions_BT: Tensor,
    *,
    config: RoomConfig | None = None,
    split: str = "demo",
    indices_B: Tensor | None = None,
) -> SceneBatch:
    """The scene of playing `actions_BT` (the action that leads to each frame; frame 0's is not played) from `state`."""
    config = config or room_config("arcade", num_frames=actions_BT.shape[1])
    states = [state]
    for frame in range(1, actions_BT.shape[1]):
        states.append(step(states[-1], actions_BT[:, frame]))
    indices_B = torch.zeros_like(actions_BT[:, 0]) if indices_B is None else indices_B
    return _scene(states, actions_BT, config, split, indices_B)


def picture(state: ArcadeState, config: RoomConfig | None = None) -> SceneBatch:
    """One-frame scenes of the moment, for `render`."""
    still = torch.zeros(len(state.player_B2), 1, dtype=torch.int64, device=state.player_B2.device)
    return rollout(state, still, config=config or room_config("arcade", num_frames=1))


def _over_time(states: list[ArcadeState], name: str) -> Tensor:
    return torch.stack([getattr(state, name) for state in states], 1)


def _scene(
    states: list[ArcadeState], actions_BT: Tensor, config: RoomConfig, split: str, indices_B: Tensor
) -> SceneBatch:
    first = states[0]
    scene = blank(config, split, indices_B, PLAYER_SLOT + 1, num_frames=len(states))
    player, block = _over_time(states, "player_B2"), _over_time(states, "block_B2")
    places = torch.stack([first.hazard_B2[:, None].expand_as(player), block, player], 2)
    coins = first.coins_BK2[:, None].expand(-1, len(states), -1, -1)
    scene["position_BTO2"] = torch.cat([coins, places], 2).to(torch.float32) / _UNITS
    has_coin = _over_time(states, "has_coin_BK")
    scene["present_BTO"][:, :, _COIN_SLOTS] = has_coin
    scene["present_BTO"][:, :, _HAZARD_SLOT] = first.has_hazard_B[:, None]
    scene["present_BTO"][:, :, _BLOCK_SLOT] = first.has_block_B[:, None]
    scene["present_BTO"][:, :, PLAYER_SLOT] = True
    scene["role_BO"][:, _COIN_SLOTS] = torch.where(first.has_coin_BK, COIN, 0)
    scene["role_BO"][:, _HAZARD_SLOT] = torch.where(first.has_hazard_B, HAZARD, 0)
    scene["role_BO"][:, _BLOCK_SLOT] = torch.where(first.has_block_B, BLOCK, 0)
    scene["role_BO"][:, PLAYER_SLOT] = AVATAR
    slots: dict[int, slice | int] = {COIN: _COIN_SLOTS, HAZARD: _HAZARD_SLOT, BLOCK: _BLOCK_SLOT}
    for role, slot in slots.items():
        shape, colour = _LOOKS[role]
        scene["shape_BTO"][:, :, slot] = SHAPES.index(shape)
        scene["colour_BTO"][:, :, slot] = COLOURS.index(colour)
        scene["radius_BTO"][:, :, slot] = _RADII[role]
    scene["texture_BO"][:, _BLOCK_SLOT] = 1
    scene["colour_BTO"][:, :, PLAYER_SLOT] = first.colour_B[:, None]
    scene["radius_BTO"][:, :, PLAYER_SLOT] = _RADII[AVATAR]
    # Velocity of the player is where it looks; its displacement is in the positions.
    scene["velocity_BTO2"][:, :, PLAYER_SLOT] = _over_time(states, "gaze_B2").to(torch.float32)
    scene["action_BT"] = actions_BT.clone()
    scene["background_B"] = first.background_B
    scene["regime_B"] = first.is_side_on_B.to(torch.int64)
    scene["tiles_BGG"] = first.tiles_BGG
    _note_touches(scene, states)
    return SceneBatch(**scene)


def _note_touches(scene: dict[str, Tensor], states: list[ArcadeState]) -> None:
    """Mark in hits whom the player touched between the frames."""
    hits = scene["hits_BTOO"]
    has_coin = _over_time(states, "has_coin_BK")
    touched = _over_time(states, "touched_B3")
    hits[:, 1:, PLAYER_SLOT, _COIN_SLOTS] = has_coin[:, :-1] & ~has_coin[:, 1:]
    hits[:, 1:, PLAYER_SLOT, _BLOCK_SLOT] = touched[:, 1:, 1]
    hits[:, 1:, PLAYER_SLOT, _HAZARD_SLOT] = touched[:, 1:, 2]
    scene["hits_BTOO"] = hits | hits.transpose(2, 3)


def sample_arcade(config: RoomConfig, split: str, indices_B: Tensor, draws: Draws) -> SceneBatch:
    """Arcade clips with drawn actions."""
    return rollout(
        arcade.start(config, draws), draw_actions(config, draws), config=config, split=split, indices_B=indices_B
    )
