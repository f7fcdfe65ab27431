"""Facts of Desk clips from their pixels: bodies before and after the cue, the counter's digits, the clock's hand.

Digits and the clock's rim are found by drawing them and sliding the drawing over the frame's ink.
"""

import math

import torch
from torch import Tensor
from torch.nn.functional import conv2d

from .configs import RoomConfig
from .desk import CLOCK_RADIUS, COUNTER_EXTENT
from .detection import Detections, detect
from .facts import EventFact, Facts, ObjectFacts
from .ground import judge_ground
from .props import INK_RGB, PLATE_RGB, RIM_WIDTH, counter_rgb
from .vocabulary import BACKGROUNDS, COLOURS, SHAPES, SIZE_RADIUS, SIZES, TEXTURES, TURNS

_SAME_PLACE = 0.06
_LEAST_DIGIT, _LEAST_CLOCK = 0.64, 0.48
_INK, _PLATE = sum(INK_RGB) / 765, sum(PLATE_RGB) / 765


def _ink(frames_NHW3: Tensor) -> Tensor:
    """How inky each pixel is, in [-1, 1] [N, 1, H, W]: 1 is ink, -1 is the plate, 0 is coloured or neither."""
    rgb = frames_NHW3.to(torch.float32) / 255.0
    grey, spread = rgb.mean(-1), rgb.amax(-1) - rgb.amin(-1)
    inky = 1.0 - 2.0 * (grey - _INK) / (_PLATE - _INK)
    # Night is darker than ink.
    inky = torch.where(grey < _INK - 0.07, 0.0, inky.clamp(-1.0, 1.0))
    return torch.where(spread > 0.2, 0.0, inky)[:, None]


def _match(ink_N1HW: Tensor, drawn_KHW: Tensor, *, is_balanced: bool) -> tuple[Tensor, Tensor, Tensor]:
    """(score, row, column) [N, K] of the best place of each drawing of ink (> 0) and plate (< 0).

    is_balanced: ink and plate count half each, however thin the strokes, so that blank paper is not taken for a one;
    else every pixel counts the same, which tells strokes that are there from strokes that are not.
    """
    dark, pale = drawn_KHW.clamp(min=0.0), -drawn_KHW.clamp(max=0.0)
    sizes = [part.sum((1, 2), keepdim=True) for part in (dark, pale)]
    weights = [0.5 / size for size in sizes] if is_balanced else [1.0 / sum(sizes)] * 2
    kernel = dark * weights[0] - pale * weights[1]
    scores = conv2d(ink_N1HW, kernel[:, None], padding="same")
    best = scores.flatten(2).max(2)
    return best.values, best.indices // scores.shape[3], best.indices % scores.shape[3]


def _grid(half_x: float, half_y: float, like: Tensor) -> tuple[Tensor, Tensor]:
    """Pixel centres of an odd-sized window around a middle pixel: x, y [1, P], with its rows and columns."""
    columns, rows = 2 * math.ceil(half_x) + 1, 2 * math.ceil(half_y) + 1
    x = (torch.arange(columns, device=like.device) - columns // 2).to(torch.float32)
    y = (torch.arange(rows, device=like.device) - rows // 2).to(torch.float32)
    return x.expand(rows, columns), y[:, None].expand(rows, columns)


_SHIFTS = tuple((i / 3, j / 3) for i in (-1, 0, 1) for j in (-1, 0, 1))
"""Drawings are made at every third of a pixel: strokes are hardly wider than one."""


def _drawn_digits(height: int, like: Tensor) -> Tensor:
    """Each digit at each shift, [10 x 9, h, w]."""
    half = torch.tensor([COUNTER_EXTENT], device=like.device) * height
    x, y = _grid(float(half[0, 0]) * 0.8, float(half[0, 1]) * 0.85, like)
    across = torch.stack([x.reshape(-1) + right for right, _ in _SHIFTS]).repeat(10, 1)
    down = torch.stack([y.reshape(-1) + below for _, below in _SHIFTS]).repeat(10, 1)
    digits = torch.arange(10, device=like.device).repeat_interleave(len(_SHIFTS))
    rgb = counter_rgb(across, down, half.expand(len(digits), -1), digits)
    return (1.0 - 2.0 * (rgb.mean(-1) - _INK) / (_PLATE - _INK)).view(len(digits), *x.shape)


def _drawn_clocks(height: int, like: Tensor) -> Tensor:
    """The rim and the empty face at each shift, [9, h, w]; the hand may point anywhere, so the face counts half."""
    radius = CLOCK_RADIUS * height
    x, y = _grid(radius + 1.0, radius + 1.0, like)
    drawn = []
    for right, below in _SHIFTS:
        away = torch.sqrt((x + right) ** 2 + (y + below) ** 2)
        rim = (0.5 - (away - radius * (1.0 - RIM_WIDTH / 2)).abs() + radius * RIM_WIDTH / 2).clamp(0.0, 1.0)
        face = ((away > radius * 0.25) & (away < radius * (1.0 - RIM_WIDTH) - 0.7)).to(rim.dtype)
        drawn.append(rim - 0.5 * face)
    return torch.stack(drawn)


def _find_clock(ink_N1HW: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """(score, row, column) [N] of the best clock in each frame."""
    score, row, column = _match(ink_N1HW, _drawn_clocks(ink_N1HW.shape[2], ink_N1HW), is_balanced=False)
    best = score.argmax(1, keepdim=True)
    return score.gather(1, best)[:, 0], row.gather(1, best)[:, 0], column.gather(1, best)[:, 0]


def _read_digits(ink_N1HW: Tensor) -> list[int | None]:
    """The digit that each frame's counter shows, None where there is no counter."""
    drawn = _drawn_digits(ink_N1HW.shape[2], ink_N1HW)
    sure = _match(ink_N1HW, drawn, is_balanced=True)[0].amax(1) > _LEAST_DIGIT
    digit = _match(ink_N1HW, drawn, is_balanced=False)[0].argmax(1) // len(_SHIFTS)
    return [shown if is_there else None for shown, is_there in zip(digit.tolist(), sure.tolist(), strict=True)]


def _clock_turn(ink_THW: Tensor, row: int, column: int) -> str:
    """The way the hand of a clock centred at (row, column) turns."""
    _, height, width = ink_THW.shape
    down = (torch.arange(height, device=ink_THW.device) - row)[:, None]
    right = torch.arange(width, device=ink_THW.device) - column
    ring = torch.sqrt((down**2 + right**2).to(torch.float32)) / (CLOCK_RADIUS * height)
    weight = (ink_THW + 1.0).clamp(min=0.0) * ((ring > 0.2) & (ring < 0.72))
    angle = torch.atan2((weight * down).sum((1, 2)), (weight * right).sum((1, 2)))
    turned = torch.remainder(angle.diff() + math.pi, 2 * math.pi) - math.pi
    return TURNS[0] if float(turned.median()) > 0 else TURNS[1]


def _blank_clocks(ink_N1HW: Tensor, is_clock_N: Tensor, row_N: Tensor, column_N: Tensor) -> Tensor:
    """The ink without the clocks, whose rims would pass for digits."""
    height, width = ink_N1HW.shape[2:]
    down = torch.arange(height, device=ink_N1HW.device)[:, None] - row_N[:, None, None]
    right = torch.arange(width, device=ink_N1HW.device) - column_N[:, None, None]
    inside = (down**2 + right**2 <= (CLOCK_RADIUS * height + 2) ** 2) & is_clock_N[:, None, None]
    return torch.where(inside[:, None], 0.0, ink_N1HW)


def _bodies(found: Detections, row: int, config: RoomConfig) -> list[tuple[ObjectFacts, Tensor]]:
    """(facts, place) of every body in a stretch of frames."""
    bodies = []
    for colour in found.is_body_BC[row].nonzero()[:, 0].tolist():
        size = min(config.sizes, key=lambda k: abs(float(found.radius_BC[row, colour]) - SIZE_RADIUS[k]))
        texture = TEXTURES[int(found.is_striped_BC[row, colour])]
        shape = SHAPES[int(found.shape_BC[row, colour])]
        place = found.centroid_BTC2[row, :, colour].nanmean(0)
        bodies.append((ObjectFacts(shape, COLOURS[colour], SIZES[size], texture, "stays"), place))
    return bodies


def _changes(before: list[tuple[ObjectFacts, Tensor]], after: list[tuple[ObjectFacts, Tensor]]) -> list[EventFact]:
    events = []
    for body, place in before:
        for later, spot in after:
            if float((place - spot).norm()) < _SAME_PLACE:
                if later.colour != body.colour:
                    events.append(EventFact(body.name, "turns", later.colour))
                if later.shape != body.shape:
                    events.append(EventFact(body.name, "becomes", later.shape))
    return events


def desk_facts(frames_BTHW3: Tensor, config: RoomConfig) -> list[Facts]:
    """The facts of Desk clips. Cues fall in the middle half, so the outer quarters show before and after."""
    num_frames = frames_BTHW3.shape[1]
    quarter = max(1, num_frames // 4)
    before, after = detect(frames_BTHW3[:, :quarter]), detect(frames_BTHW3[:, -quarter:])
    grounds = judge_ground(frames_BTHW3, config).background_B.tolist()
    score, row, column = _find_clock(_ink(frames_BTHW3[:, 0]))
    is_clock = score > _LEAST_CLOCK
    first, last = (
        _read_digits(_blank_clocks(_ink(frames_BTHW3[:, frame]), is_clock, row, column)) for frame in (0, -1)
    )
    facts = []
    for clip in range(len(frames_BTHW3)):
        bodies = _bodies(before, clip, config)
        start, end = first[clip], last[clip]
        turn = _clock_turn(_ink(frames_BTHW3[clip])[:, 0], int(row[clip]), int(column[clip]))
        facts.append(
            Facts(
                objects=tuple(body for body, _ in bodies),
                background=BACKGROUNDS[grounds[clip]],
                events=tuple(_changes(bodies, _bodies(after, clip, config))),
                room="desk",
                counter=(start, end) if start is not None and end is not None else None,
                clock=turn if is_clock[clip] else None,
            )
        )
    return facts
