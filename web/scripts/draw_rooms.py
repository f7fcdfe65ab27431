"""Draw the film strips of the play page's rooms, as the simulator shows them: scene SEEDS[room], 24 frames in a row.

What a card shows is what a session of that room and seed begins with: all of the room, and once more what a shipped
network was shown of it, where that is less. Run from the repository's root:
`python web/scripts/draw_rooms.py`. The strips are kept in git, since the studio is built without the simulator.
"""

from pathlib import Path
from typing import Any

import torch
from PIL import Image

from muybridge.simulator import ghosts
from muybridge.simulator.narrowing import what_is_left
from muybridge.training import shipped

FOLDER = Path(__file__).parents[1] / "src" / "features" / "play" / "rooms"
SIZE, NUM_FRAMES, FPS = 256, 24, 8.0
SEEDS = {"arcade": 6, "lab": 2, "desk": 4, "bakeoff": 0, "collision": 0, "parabola": 0, "uniform": 0}
"""rooms.ts names the same. The shipped network keeps the hero of Arcade 6 whole for two seconds of any one key."""
WALK = (2, 2, 1, 1, 1, 3, 3, 1, 1, 1, 3, 3, 2, 2, 2, 2, 3, 3, 4, 4, 1, 1, 0, 0)
"""What the avatar of the Arcade does: vocabulary.ACTIONS by number."""


PLATFORMS = 0
"""Of all of the Arcade, a scene from the side; the shipped network keeps its hero whole for four seconds."""
JUMPS = (0, 1, 3, 1, 1, 1, 0, 2, 3, 2, 2, 2, 2, 0, 3, 0, 0, 1, 1, 3, 1, 1, 0, 0)


def draw(room: str, *, seed: int | None = None, walk: tuple[int, ...] = WALK, **changes: Any) -> Image.Image:
    """The strip of a room with changes; a scene that ends sooner stands still."""
    ghost = ghosts.begin(room, SEEDS[room] if seed is None else seed, fps=FPS, **changes)
    frames = []
    for action in walk[:NUM_FRAMES]:
        frames.append(ghosts.picture(ghost, height=SIZE, width=SIZE))
        ghost = ghost.step(action if room == "arcade" else 0) or ghost
    return Image.fromarray(torch.cat(frames, dim=1).numpy())


def save(strip: Image.Image, name: str) -> None:
    strip.save(FOLDER / f"{name}.webp", quality=82, method=6)


if __name__ == "__main__":
    for room in SEEDS:
        save(draw(room), room)
    save(draw("arcade", seed=PLATFORMS, walk=JUMPS), "platforms")
    for name in shipped.names():
        for clips in shipped.manifest_of(shipped.path_of(name))["recipe"]["clips"]:
            if what_is_left(clips["room"], clips["changes"]):
                save(draw(clips["room"], **clips["changes"]), f"{clips['room']}-narrow")
