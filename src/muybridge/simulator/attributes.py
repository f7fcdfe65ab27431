"""Who is in a Lab scene and what it stands on: shapes, colours, sizes, textures, background; held-outs obeyed.

Bodies of one scene differ in colour, so that a name like `red circle` means one body.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from .configs import RoomConfig
from .holdouts import held_out_backgrounds, held_out_pairs, held_out_triples
from .seeds import Draws
from .vocabulary import BACKGROUNDS, SHAPES

TEXTURED = tuple(BACKGROUNDS.index(name) for name in ("grid", "night", "paper"))
"""Grounds on which a moving camera can be seen to move."""


class Attributes(NamedTuple):
    """int64 [B, O] each."""

    shape_BO: Tensor
    colour_BO: Tensor
    size_BO: Tensor
    texture_BO: Tensor


def member_mask(options: tuple[int, ...], size: int, device: torch.device) -> Tensor:
    """bool [size], true at `options`."""
    mask = torch.zeros(size, dtype=torch.bool, device=device)
    mask[list(options)] = True
    return mask


def draw_attributes(config: RoomConfig, draws: Draws, num_slots: int) -> Attributes:
    """Colours without repetition; shapes such that no pair is held out, but body 0's where that is asked for."""
    device = draws.keys_B.device
    held = held_out_pairs(device)
    in_room = member_mask(config.shapes, len(SHAPES), device)
    colours = torch.tensor(config.colours, device=device)
    order = draws.uniform("colours", len(colours))
    if config.holdout == "pairs":
        may_lead = (held & in_room[:, None]).any(0)[colours]
        lead = draws.masked_choice("held-out colour", may_lead.expand(len(order), -1))
        order = order.scatter(1, lead[:, None], -1.0)
    colour_BO = colours[order.argsort(1)[:, :num_slots]]
    allowed = in_room & ~held.T[colour_BO]
    if config.holdout == "pairs":
        allowed[:, 0] = in_room & held.T[colour_BO[:, 0]]
    return Attributes(
        shape_BO=draws.masked_choice("shapes", allowed),
        colour_BO=colour_BO,
        size_BO=draws.choice("sizes", config.sizes, num_slots),
        texture_BO=draws.choice("textures", config.textures, num_slots),
    )


def draw_direction(draws: Draws, config: RoomConfig, attributes: Attributes, allowed_BO8: Tensor) -> Tensor:
    """int64 [B, O] among the allowed eight, keeping held-out triples out (or, where asked for, body 0 in)."""
    held = held_out_triples(allowed_BO8.device)[attributes.shape_BO, attributes.colour_BO]
    wanted = allowed_BO8 & ~held
    if config.holdout == "triples":
        lead = allowed_BO8[:, 0] & held[:, 0]
        wanted[:, 0] = torch.where(lead.any(-1, keepdim=True), lead, wanted[:, 0])
    return draws.masked_choice("directions", wanted)


def has_held_out_triple(attributes: Attributes) -> Tensor:
    """bool [B, O]: some direction of this (shape, colour) is held out."""
    return held_out_triples(attributes.shape_BO.device)[attributes.shape_BO, attributes.colour_BO].any(-1)


def draw_background(
    draws: Draws, config: RoomConfig, attributes: Attributes, active_BO: Tensor, moving_B: Tensor
) -> Tensor:
    """int64 [B]: textured under a moving camera; never one held out for a body's shape, unless that is asked for."""
    device = active_BO.device
    in_room = member_mask(config.backgrounds, len(BACKGROUNDS), device)
    held_BOG = held_out_backgrounds(device)[attributes.shape_BO]
    allowed = in_room & ~(held_BOG & active_BO[..., None]).any(1)
    if config.holdout == "background":
        allowed = in_room & held_BOG[:, 0]
    textured = allowed & member_mask(TEXTURED, len(BACKGROUNDS), device)
    use_textured = moving_B[:, None] & textured.any(1, keepdim=True)
    allowed = torch.where(use_textured, textured, allowed)
    allowed = torch.where(allowed.any(1, keepdim=True), allowed, in_room)
    return draws.masked_choice("background", allowed)
