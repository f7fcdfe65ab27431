"""Facts of Arcade clips from their pixels: the view by the walls, things by their colours, touches by what changes."""

import math

import torch
from torch import Tensor

from .actions import COIN_RADIUS
from .arcade import NUM_TILES
from .backgrounds import background_rgb
from .configs import RoomConfig
from .detection import detect
from .facts import EventFact, Facts, ObjectFacts
from .measures import player_colours
from .props import TILE_RGB
from .vocabulary import BACKGROUNDS, COLOURS

_YELLOW, _ORANGE, _RED = (COLOURS.index(name) for name in ("yellow", "orange", "red"))
_TILE_TOLERANCE = 0.12
_MOVED = 0.02
_TOUCH = 0.105
"""Frame heights between centres; the rule says 11/128, and the next nearest a player can stand is 16/128."""


def _walls(frames_BHW3: Tensor) -> Tensor:
    """bool [B, rows, columns]: tiles whose middle is the wall's grey."""
    height, width = frames_BHW3.shape[1:3]
    middle = (torch.arange(NUM_TILES, device=frames_BHW3.device) + 0.5) / NUM_TILES
    rows, columns = (middle * height).to(torch.int64), (middle * width).to(torch.int64)
    patch = frames_BHW3[:, rows][:, :, columns].to(torch.float32) / 255.0
    return (patch - patch.new_tensor(TILE_RGB) / 255.0).abs().amax(-1) < _TILE_TOLERANCE


def _grounds(frames_BHW3: Tensor, walls_BGG: Tensor, config: RoomConfig) -> Tensor:
    """The background [B] that the corners of open tiles look like; every second corner is never under a thing."""
    height, width = frames_BHW3.shape[1:3]
    row = (torch.arange(height, device=frames_BHW3.device) + 0.5) / height
    column = (torch.arange(width, device=frames_BHW3.device) + 0.5) / width
    x, y = column.expand(height, width), row[:, None].expand(height, width)
    cell_row, cell_column = ((row * NUM_TILES).to(torch.int64), (column * NUM_TILES).to(torch.int64))
    is_open = ~walls_BGG[:, cell_row][:, :, cell_column]
    seen = frames_BHW3.to(torch.float32) / 255.0
    pixel = torch.full_like(x, 1.0 / height)
    errors = torch.full((len(seen), len(BACKGROUNDS)), torch.inf, device=seen.device)
    for kind in sorted(set(config.backgrounds)):
        away = (seen - background_rgb(kind, x, y, pixel)).abs().mean(-1).clamp(max=0.1)
        errors[:, kind] = (away * is_open).sum((1, 2)) / is_open.sum((1, 2)).clamp(min=1)
    return errors.argmin(1)


def _is_side_on(walls_GG: Tensor) -> bool:
    """Platforms fill rows 2 and 4 only; walls scattered over other rows mean that one looks from above."""
    inner = walls_GG[1:-1, 1:-1].clone()
    inner[[1, 3]] = False
    return not bool(inner.any())


def _coins(area_T: Tensor) -> list[int]:
    """How many coins each frame shows, by the area of their colour; at most one goes a frame, none comes back."""
    counts = [min(3, round(float(area) / (math.pi * COIN_RADIUS**2))) for area in area_T]
    for frame in range(1, len(counts)):
        counts[frame] = min(counts[frame], counts[frame - 1])
    return counts


def coins_left(frames_BTHW3: Tensor) -> list[int]:
    """How many coins each clip shows in its last frame."""
    area = detect(frames_BTHW3, smallest_radius=COIN_RADIUS).area_BTC[:, :, _YELLOW]
    return [_coins(each)[-1] for each in area]


def arcade_facts(frames_BTHW3: Tensor, config: RoomConfig) -> list[Facts]:
    """The facts of Arcade clips."""
    found = detect(frames_BTHW3, smallest_radius=COIN_RADIUS)
    walls = _walls(frames_BTHW3[:, 0])
    grounds = _grounds(frames_BTHW3[:, 0], walls, config).tolist()
    players = player_colours(frames_BTHW3).tolist()
    facts = []
    for row, player in enumerate(players):
        coins = _coins(found.area_BTC[row, :, _YELLOW])
        has_block = bool(found.is_body_BC[row, _ORANGE])
        has_hazard = bool(found.is_body_BC[row, _RED])
        place = found.centroid_BTC2[row]
        events = []
        if (taken := next((t for t in range(1, len(coins)) if coins[t] < coins[t - 1]), None)) is not None:
            events.append((taken, EventFact("player", "takes", "coin")))
        shift = torch.nan_to_num(place.diff(dim=0).abs().amax(-1), nan=0.0)
        if has_block and bool((pushed := shift[:, _ORANGE] > _MOVED).any()):
            events.append((int(pushed.to(torch.int8).argmax()) + 1, EventFact("player", "pushes", "block")))
        apart = torch.nan_to_num((place[:, player] - place[0, _RED]).abs().amax(-1), nan=1.0)
        if has_hazard and bool((burnt := apart < _TOUCH).any()):
            events.append((int(burnt.to(torch.int8).argmax()), EventFact("player", "touches", "hazard")))
        things = (("coin", coins[0]), ("block", int(has_block)), ("hazard", int(has_hazard)))
        facts.append(
            Facts(
                objects=(ObjectFacts("circle", COLOURS[player]),),
                background=BACKGROUNDS[grounds[row]],
                events=tuple(event for _, event in sorted(events)),
                room="arcade",
                view="side-on" if _is_side_on(walls[row]) else "top-down",
                things=tuple((name, count) for name, count in things if count),
            )
        )
    return facts
