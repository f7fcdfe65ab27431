"""The Arcade's rules: an avatar with five actions among walls, coins, a pushable block and a hazard.

Everything moves in whole units (16 to a tile), so a state is exact on any device and a live player's world can be
followed step by step. Top-down: half a tile a frame in four directions; blocks are pushed. Side-on: gravity, jumps
and platforms.
Legend: B players, K things of a kind, G tiles a side. Coordinates are (x, y) of centres, y down.
"""

from dataclasses import dataclass, fields, replace

import torch
from torch import Tensor

from .configs import RoomConfig
from .seeds import Draws
from .vocabulary import ACTIONS, BACKGROUNDS, COLOURS

NUM_TILES = 8
TILE = 16
HALF = TILE // 2
STEP = 8
GRAVITY, JUMP, MAX_FALL = 3, 13, 14
REACH = 11
"""Things whose centres are nearer than this on both axes touch."""
MAX_COINS = 3
STAY, LEFT, RIGHT, UP, DOWN = range(len(ACTIONS))
AVATAR_COLOURS = tuple(COLOURS.index(name) for name in ("green", "cyan", "blue", "purple", "pink"))
"""Coins are yellow, blocks orange and hazards red."""
GROUNDS = tuple(BACKGROUNDS.index(name) for name in ("gradient", "night", "paper"))
HELD_OUT_TURNS = ((LEFT, UP), (RIGHT, DOWN))
"""Action macros that training never plays: one run of the first action, then one of the second."""


@dataclass(frozen=True, slots=True)
class ArcadeState:
    """One moment of B games. Integers throughout."""

    tiles_BGG: Tensor
    "uint8, 1 is wall."
    is_side_on_B: Tensor
    player_B2: Tensor
    home_B2: Tensor
    "Where the player starts, and is put back to in the frame after it touched the hazard, whatever its action."
    rise_B: Tensor
    "Side-on: units a frame downwards."
    gaze_B2: Tensor
    "The direction of the last move that was tried."
    block_B2: Tensor
    has_block_B: Tensor
    hazard_B2: Tensor
    has_hazard_B: Tensor
    coins_BK2: Tensor
    has_coin_BK: Tensor
    touched_B3: Tensor
    "bool: in this frame the player took a coin, pushed the block, touched the hazard."
    colour_B: Tensor
    background_B: Tensor

    def games(self, rows: slice | Tensor) -> "ArcadeState":
        """The chosen games."""
        return replace(self, **{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    def to(self, device: torch.device | str) -> "ArcadeState":
        return replace(self, **{f.name: getattr(self, f.name).to(device) for f in fields(self)})


def _tile_centre(cell: Tensor) -> Tensor:
    """Cell number (row-major) to the centre of the tile."""
    return torch.stack([cell % NUM_TILES, cell // NUM_TILES], -1) * TILE + HALF


def _draw_tiles(draws: Draws, is_side_on_B: Tensor) -> Tensor:
    """Walls around; inside, scattered blocks (top-down) or platforms in every second row (side-on)."""
    device = is_side_on_B.device
    row = torch.arange(NUM_TILES, device=device)[:, None]
    column = torch.arange(NUM_TILES, device=device)[None]
    border = (row == 0) | (row == NUM_TILES - 1) | (column == 0) | (column == NUM_TILES - 1)
    chance = draws.uniform("tiles", NUM_TILES, NUM_TILES)
    # One wall off the platforms' rows at least: that is how a view from above can be told from one from the side.
    telling = (row == 1 + 2 * draws.integers("telling row", 3)[:, None, None]) & (
        column == 1 + draws.integers("telling column", NUM_TILES - 2)[:, None, None]
    )
    scattered = (chance < 0.14) | telling
    platforms = (chance < 0.5) & ((row == 2) | (row == 4))
    inner = torch.where(is_side_on_B[:, None, None], platforms, scattered)
    return (border | inner).to(torch.uint8)


def start(config: RoomConfig, draws: Draws) -> ArcadeState:
    """The first moment of each game."""
    device, num = draws.keys_B.device, len(draws.keys_B)
    if config.is_side_on is None:
        side = draws.uniform("view") < 0.5
    else:
        side = torch.full((num,), config.is_side_on, device=device)
    tiles = _draw_tiles(draws, side)
    free = tiles.flatten(1) == 0
    row = torch.arange(NUM_TILES * NUM_TILES, device=device) // NUM_TILES
    standing = free & (tiles.roll(-1, 1).flatten(1) == 1)
    order = draws.uniform("cells", NUM_TILES * NUM_TILES)
    on_ground = torch.where(side[:, None], standing & (row == NUM_TILES - 2), free)
    grounded = torch.where(on_ground, order, -1.0).argsort(1, descending=True)
    player, hazard, block = (_tile_centre(grounded[:, k]) for k in range(3))
    taken = torch.zeros_like(free)
    taken.scatter_(1, grounded[:, :3], True)
    anywhere = torch.where(free & ~taken, order, -1.0).argsort(1, descending=True)
    num_coins = 1 + draws.integers("coins", MAX_COINS)
    gone = torch.zeros(num, 3, dtype=torch.bool, device=device)
    return ArcadeState(
        tiles_BGG=tiles,
        is_side_on_B=side,
        player_B2=player,
        home_B2=player,
        rise_B=torch.zeros(num, dtype=torch.int64, device=device),
        gaze_B2=torch.zeros(num, 2, dtype=torch.int64, device=device),
        block_B2=block,
        has_block_B=~side & (draws.uniform("block") < 0.7),
        hazard_B2=hazard,
        has_hazard_B=draws.uniform("hazard") < 0.6,
        coins_BK2=_tile_centre(anywhere[:, :MAX_COINS]),
        has_coin_BK=torch.arange(MAX_COINS, device=device) < num_coins[:, None],
        touched_B3=gone,
        colour_B=draws.choice("colour", AVATAR_COLOURS),
        background_B=draws.choice("ground", tuple(set(GROUNDS) & set(config.backgrounds)) or config.backgrounds),
    )


_CORNERS = tuple((dx, dy) for dx in (-HALF, HALF - 1) for dy in (-HALF, HALF - 1))


def _is_wall(tiles_BGG: Tensor, centre_B2: Tensor) -> Tensor:
    """Whether a tile-sized square around each centre overlaps a wall."""
    # All four corners at once: a live game asks this some twenty times a frame.
    corners_42 = torch.tensor(_CORNERS, device=centre_B2.device)
    cell_B42 = ((centre_B2[:, None] + corners_42) // TILE).clamp_(0, NUM_TILES - 1)
    clip_B1 = torch.arange(len(tiles_BGG), device=tiles_BGG.device)[:, None]
    return (tiles_BGG[clip_B1, cell_B42[..., 1], cell_B42[..., 0]] == 1).any(1)


def _overlaps(first_B2: Tensor, second_B2: Tensor) -> Tensor:
    """Whether two tile-sized squares overlap."""
    return ((first_B2 - second_B2).abs() < TILE).all(-1)


def _move_top_down(state: ArcadeState, move_B2: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """(player, block, pushed): a block in the way moves along if it can, else both stay."""
    wanted = state.player_B2 + move_B2
    moves = (move_B2 != 0).any(-1)
    meets = state.has_block_B & _overlaps(wanted, state.block_B2)
    shoved = state.block_B2 + move_B2
    can_shove = ~_is_wall(state.tiles_BGG, shoved)
    open_way = ~_is_wall(state.tiles_BGG, wanted) & (~meets | can_shove)
    pushed = moves & open_way & meets
    player = torch.where((moves & open_way)[:, None], wanted, state.player_B2)
    return player, torch.where(pushed[:, None], shoved, state.block_B2), pushed


def _move_side_on(state: ArcadeState, action_B: Tensor) -> tuple[Tensor, Tensor]:
    """(player, fall speed) after one frame of walking, jumping and falling, unit by unit so that nothing is passed."""
    tiles, player = state.tiles_BGG, state.player_B2
    step = torch.where(action_B == LEFT, -1, torch.where(action_B == RIGHT, 1, 0))
    sideways = torch.stack([step, torch.zeros_like(step)], -1)
    for _ in range(STEP):
        wanted = player + sideways
        player = torch.where(_is_wall(tiles, wanted)[:, None], player, wanted)
    down = torch.tensor([0, 1], device=player.device)
    is_standing = _is_wall(tiles, player + down) & (state.rise_B >= 0)
    fall = torch.where(is_standing & (action_B == UP), -JUMP, (state.rise_B + GRAVITY).clamp(max=MAX_FALL))
    fall = torch.where(is_standing & (action_B != UP), 0, fall)
    for unit in range(max(JUMP, MAX_FALL)):
        wanted = player + torch.sign(fall)[:, None] * down
        blocked = _is_wall(tiles, wanted)
        goes = (fall.abs() > unit) & ~blocked
        player = torch.where(goes[:, None], wanted, player)
        fall = torch.where((fall.abs() > unit) & blocked, 0, fall)
    return player, fall


_MOVES = ((0, 0), (-1, 0), (1, 0), (0, -1), (0, 1))


def step(state: ArcadeState, action_B: Tensor) -> ArcadeState:
    """One frame later, after each player's action (int64, vocabulary.ACTIONS)."""
    way_B2 = torch.tensor(_MOVES, device=action_B.device)[action_B]
    over, block, pushed = _move_top_down(state, way_B2 * STEP)
    beside, fall = _move_side_on(state, action_B)
    side, is_back = state.is_side_on_B, state.touched_B3[:, 2]
    player = torch.where(side[:, None], beside, over)
    player = torch.where(is_back[:, None], state.home_B2, player)
    pushed = pushed & ~side & ~is_back
    takes = state.has_coin_BK & ((state.coins_BK2 - player[:, None]).abs() < REACH).all(-1)
    burnt = state.has_hazard_B & ((state.hazard_B2 - player).abs() < REACH).all(-1)
    return replace(
        state,
        player_B2=player,
        rise_B=torch.where(side & ~is_back & ~burnt, fall, 0),
        gaze_B2=way_B2,
        block_B2=torch.where(pushed[:, None], block, state.block_B2),
        has_coin_BK=state.has_coin_BK & ~takes,
        touched_B3=torch.stack([takes.any(1), pushed, burnt], -1),
    )
