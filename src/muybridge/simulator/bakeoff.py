"""The bake-off room: one object, one motion, eight words; the smallest task on which learning can be proved.

6 colours x 3 shapes x 8 directions x 2 speeds, 3 of the 18 colour-shape pairs held out; positions are continuous and
the object stays in view for the whole clip.
"""

import torch
from torch import Tensor

from .configs import RoomConfig
from .holdouts import pair_tables
from .seeds import Draws
from .state import SceneBatch, blank
from .vocabulary import BODY, MOTIONS

STEP = (0.024, 0.038, 0.052)
"""Frame heights moved per frame at each speed; slow and fast average .038, so four frames move .152."""

RADIUS = 0.15


def sample_bakeoff(config: RoomConfig, split: str, indices_B: Tensor, draws: Draws) -> SceneBatch:
    """One drifting object per clip."""
    device, steps = indices_B.device, torch.arange(config.num_frames, device=indices_B.device)
    seen, held = pair_tables(config)
    pairs = torch.tensor(held if config.holdout == "pairs" else seen, device=device)
    chosen = pairs[draws.integers("pair", len(pairs))]
    direction_B = draws.integers("direction", 8)
    speed_B = draws.choice("speed", config.speeds)
    angle_B = direction_B.to(torch.float64) * (torch.pi / 4)
    step_B = torch.tensor(STEP, dtype=torch.float64, device=device)[speed_B]
    move_B2 = torch.stack([angle_B.cos(), angle_B.sin()], -1) * step_B[:, None]
    travel_B2 = move_B2 * (config.num_frames - 1)
    margin = RADIUS * 1.1
    low_B2 = margin - travel_B2.clamp(max=0.0)
    high_B2 = 1.0 - margin - travel_B2.clamp(min=0.0)
    start_B2 = low_B2 + (high_B2 - low_B2) * draws.uniform("start", 2)
    position_BT2 = start_B2[:, None] + move_B2[:, None] * steps[:, None]

    scene = blank(config, split, indices_B, 1)
    scene["role_BO"][:] = BODY
    scene["shape_BTO"][:] = chosen[:, None, :1]
    scene["colour_BTO"][:] = chosen[:, None, 1:]
    scene["size_BO"][:] = config.sizes[0]
    scene["radius_BTO"][:] = RADIUS
    scene["position_BTO2"][:, :, 0] = position_BT2
    scene["velocity_BTO2"][:, :, 0] = (move_B2 * config.fps)[:, None]
    scene["present_BTO"][:] = True
    scene["background_B"][:] = config.backgrounds[0]
    scene["motion_BO"][:] = MOTIONS.index("moves")
    scene["direction_BO"][:, 0] = direction_B
    scene["speed_BO"][:, 0] = speed_B
    return SceneBatch(**scene)
