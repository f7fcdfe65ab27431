"""The Playground's closed vocabulary: what a thing can be, and what it looks like.

Ids are places in these tuples and are part of saved data and of trained weights: append only.
"""

SHAPES = ("circle", "square", "triangle", "star", "ring")
COLOURS = ("red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink")
SIZES = ("small", "medium", "large")
TEXTURES = ("plain", "striped")
SPEEDS = ("slowly", "steadily", "fast")
DIRECTIONS = ("right", "lower-right", "bottom", "lower-left", "left", "upper-left", "top", "upper-right")
"""Direction k points at angle k * 45 degrees, y down."""
TURNS = ("clockwise", "counter-clockwise")
"""Ways to orbit; in direction fields they follow the eight directions."""
MOTIONS = ("stays", "drifts", "falls", "orbits", "moves")
BACKGROUNDS = ("white", "gradient", "grid", "night", "paper")
CAMERAS = ("still", "pan-left", "pan-right", "zoom-in", "zoom-out")
WALLS = ("left", "right", "top", "bottom")
REGIMES = ("drift", "gravity", "bounce", "collide", "orbit", "occluder")

EVENTS = ("hits", "bounces off", "passes behind", "turns", "becomes", "takes", "pushes", "touches")

ROLES = ("none", "body", "avatar", "block", "coin", "hazard", "occluder", "counter", "hand")
NONE, BODY, AVATAR, BLOCK, COIN, HAZARD, OCCLUDER, COUNTER, HAND = range(len(ROLES))

ACTIONS = ("stay", "left", "right", "up", "down")

PALETTE = (
    (229, 57, 53),
    (245, 127, 23),
    (250, 208, 44),
    (56, 158, 66),
    (33, 194, 214),
    (52, 92, 236),
    (142, 45, 176),
    (255, 122, 172),
)
"""sRGB of each colour, 0-255."""

SIZE_RADIUS = (0.085, 0.12, 0.165)
"""Radius of each size in frame heights."""
