"""The Desk: still things that change on cue: a counter, a clock hand, bodies that turn another colour or become
another shape. What is written in the middle of a clip can be checked here.
"""

import torch
from torch import Tensor

from .attributes import draw_attributes, draw_background
from .configs import RoomConfig
from .holdouts import held_out_pairs
from .seeds import Draws
from .state import SceneBatch, blank
from .vocabulary import BODY, COLOURS, COUNTER, HAND, MOTIONS, SHAPES, SIZE_RADIUS

NUM_BODIES = 2
COUNTER_SLOT, CLOCK_SLOT = NUM_BODIES, NUM_BODIES + 1
COUNTER_EXTENT = (0.105, 0.15)
CLOCK_RADIUS = 0.15
CLOCK_TURN = 1.2
"""Radians per second of the hand."""
_CENTRES = ((0.27, 0.28), (0.73, 0.28), (0.27, 0.73), (0.73, 0.73))


def sample_desk(config: RoomConfig, split: str, indices_B: Tensor, draws: Draws) -> SceneBatch:
    """One or two bodies, and on most desks a counter, a clock or both; at least one thing changes in every clip."""
    attributes = draw_attributes(config, draws, NUM_BODIES)
    device, num = indices_B.device, len(indices_B)
    scene = blank(config, split, indices_B, NUM_BODIES + 2)
    bodies = slice(0, NUM_BODIES)
    active = torch.arange(NUM_BODIES, device=device) < 1 + draws.integers("count", NUM_BODIES)[:, None]
    size = torch.where(attributes.size_BO > 1, 1, attributes.size_BO)
    scene["role_BO"][:, bodies] = torch.where(active, BODY, 0)
    scene["shape_BTO"][:, :, bodies] = attributes.shape_BO[:, None]
    scene["colour_BTO"][:, :, bodies] = attributes.colour_BO[:, None]
    scene["texture_BO"][:, bodies] = attributes.texture_BO
    scene["size_BO"][:, bodies] = size
    scene["radius_BTO"][:, :, bodies] = torch.tensor(SIZE_RADIUS, device=device)[size][:, None]
    scene["present_BTO"][:, :, bodies] = active[:, None]
    scene["motion_BO"][:, bodies] = MOTIONS.index("stays")
    order = draws.uniform("places", 4).argsort(1)
    centres = torch.tensor(_CENTRES, device=device)[order]
    nudge = draws.uniform("nudge", 4, 2, low=-0.05, high=0.05).to(torch.float32)
    scene["position_BTO2"][:] = (centres + nudge)[:, None]
    moving = torch.zeros(num, dtype=torch.bool, device=device)
    scene["background_B"] = draw_background(draws, config, attributes, active, moving)
    changes = _change_body(scene, config, draws)
    _add_counter(scene, config, draws, ~changes)
    _add_clock(scene, config, draws)
    return SceneBatch(**scene)


def _cue_frame(config: RoomConfig, draws: Draws, name: str) -> Tensor:
    """A frame in the middle half of the clip, so that before and after can both be seen."""
    low, high = max(1, config.num_frames // 4), max(2, (3 * config.num_frames) // 4)
    return low + draws.integers(name, max(1, high - low))


def _change_body(scene: dict[str, Tensor], config: RoomConfig, draws: Draws) -> Tensor:
    """Body 0 turns another colour, or becomes another shape, or neither; bool [B], whether it changes."""
    device = scene["role_BO"].device
    held = held_out_pairs(device)
    kind = draws.integers("change", 5)
    after = torch.arange(config.num_frames, device=device) >= _cue_frame(config, draws, "cue")[:, None]
    shape, colour = scene["shape_BTO"][:, 0, 0], scene["colour_BTO"][:, 0, 0]
    other = scene["colour_BTO"][:, 0, 1]
    colours = torch.arange(len(COLOURS), device=device)
    may_turn = ~held[shape] & (colours != colour[:, None]) & (colours != other[:, None])
    may_turn &= torch.isin(colours, torch.tensor(config.colours, device=device))
    shapes = torch.arange(len(SHAPES), device=device)
    may_become = ~held.T[colour] & (shapes != shape[:, None])
    may_become &= torch.isin(shapes, torch.tensor(config.shapes, device=device))
    turns, becomes = (kind < 2) & may_turn.any(1), (kind >= 2) & (kind < 4) & may_become.any(1)
    new_colour = torch.where(turns, draws.masked_choice("new colour", may_turn), colour)
    new_shape = torch.where(becomes, draws.masked_choice("new shape", may_become), shape)
    scene["colour_BTO"][:, :, 0] = torch.where(after, new_colour[:, None], colour[:, None])
    scene["shape_BTO"][:, :, 0] = torch.where(after, new_shape[:, None], shape[:, None])
    return turns | becomes


def _add_counter(scene: dict[str, Tensor], config: RoomConfig, draws: Draws, must_B: Tensor) -> None:
    """A counter that goes up or down by one every few frames and stays within 0-9."""
    device = scene["role_BO"].device
    has = must_B | (draws.uniform("counter") < 0.4)
    first = draws.integers("first digit", 10)
    way = torch.where(draws.uniform("way") < 0.5, 1, -1)
    every = 3 + draws.integers("every", 3)
    ticks = torch.arange(config.num_frames, device=device) // every[:, None]
    value = (first[:, None] + way[:, None] * ticks).clamp(0, 9)
    stuck = value[:, -1] == first
    value = torch.where(stuck[:, None], (first[:, None] - way[:, None] * ticks).clamp(0, 9), value)
    scene["role_BO"][:, COUNTER_SLOT] = torch.where(has, COUNTER, 0)
    scene["present_BTO"][:, :, COUNTER_SLOT] = has[:, None]
    scene["value_BTO"][:, :, COUNTER_SLOT] = value
    scene["extent_BO2"][:, COUNTER_SLOT] = torch.tensor(COUNTER_EXTENT, device=device)


def _add_clock(scene: dict[str, Tensor], config: RoomConfig, draws: Draws) -> None:
    """A clock whose hand turns evenly one way or the other."""
    has = draws.uniform("clock") < 0.4
    sense = draws.integers("turn", 2)
    times = torch.arange(config.num_frames, dtype=torch.float64, device=has.device) / config.fps
    rate = CLOCK_TURN * torch.where(sense == 0, 1.0, -1.0).to(torch.float64)
    angle = draws.uniform("hand", high=2 * torch.pi)[:, None] + rate[:, None] * times
    scene["role_BO"][:, CLOCK_SLOT] = torch.where(has, HAND, 0)
    scene["present_BTO"][:, :, CLOCK_SLOT] = has[:, None]
    scene["radius_BTO"][:, :, CLOCK_SLOT] = CLOCK_RADIUS
    scene["angle_BTO"][:, :, CLOCK_SLOT] = angle.to(torch.float32)
    scene["direction_BO"][:, CLOCK_SLOT] = 8 + sense
