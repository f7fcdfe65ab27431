"""A table beside PhyWorld's published one, with every difference between its setups and ours in words. Light.

Published: Kang et al. 2024, "How Far is Video Generation from World Model" (arXiv 2411.02385): mean absolute velocity
error in world units a second. Only figures that are on record here are quoted; the others are left empty.
"""

from collections.abc import Mapping, Sequence
from typing import Any

ROOMS = ("uniform", "collision", "parabola")
PUBLISHED: dict[str, dict[str, float]] = {
    "uniform": {"parser": 0.010, "in_distribution": 0.012, "out_of_distribution": 0.427},
}
"""Uniform motion, their models from 22 M parameters up; parser: their own reading of true frames."""
DIFFERENCES = (
    "Theirs are 256 x 256 pixels through a latent autoencoder; ours are {height} x {width} raw pixels.",
    "Theirs trained one model a setup, on 30 thousand to 3 million videos of it; ours learned several rooms at once.",
    "Ours learned from clips of {num_trained} frames and rolls out 32; theirs trained on the 32.",
    "Ours is given three frames and no words. How many theirs is given is not on record here.",
    "Ours also reads and writes text, and its recipe may tell it which setup it sees.",
    "Radii, speeds, gravity, world scale and time steps are theirs; the renderer is ours (smooth discs on white).",
    "Where a ball would leave the frame it leaves the frame; only balls wholly inside it are measured.",
    "Ours draws evenly from the published bands; theirs lie on a grid of speeds and radii.",
    "Each side reads velocity with its own parser; the parsers' errors on true frames are printed.",
)
TOLD_MOTION = (
    "Ours is told by block matching how each patch moved between the last two frames; theirs see pixels alone."
)


def compare(cells: Sequence[Mapping[str, Any]], model: Mapping[str, Any]) -> dict[str, Any] | None:
    """Ours beside theirs, as JSON; None where the card has no cell of PhyWorld's rooms.

    model: height and width of its frames, num_trained (frames of a training clip), and whether it matches frames.
    """
    by_name = {cell["name"]: cell for cell in cells}
    rows = []
    for room in ROOMS:
        ours = {
            "in_distribution": _velocity_error(by_name.get(room)),
            "out_of_distribution": _velocity_error(by_name.get(f"{room} · out of distribution")),
        }
        if any(ours.values()):
            rows.append({"setup": room, "theirs": PUBLISHED.get(room), **ours})
    if not rows:
        return None
    told = [each.format(**model) for each in (*DIFFERENCES, *([TOLD_MOTION] if model["matches"] else []))]
    return {"unit": "world units/s", "rows": rows, "differences": told}


def _velocity_error(cell: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The error, the parser's own on true frames, and the floors."""
    for figure in cell["figures"] if cell else ():
        if figure["name"] == "velocity_error":
            return {"value": figure["value"], "parser": figure["ceiling"], "floors": figure["floors"]}
    return None
