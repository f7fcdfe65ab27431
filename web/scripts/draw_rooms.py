"""Draw the film strips of the play page's rooms, as the simulator shows them: scene SEEDS[room], 24 frames in a row.

What a card shows is what a session of that room and seed begins with. Run from the repository's root:
`python web/scripts/draw_rooms.py`. The strips are kept in git, since the studio is built without the simulator.
"""

from pathlib import Path

import torch
from PIL import Image

from muybridge.simulator import ghosts

FOLDER = Path(__file__).parents[1] / "src" / "features" / "play" / "rooms"
SIZE, NUM_FRAMES, FPS = 256, 24, 8.0
SEEDS = {"arcade": 6, "lab": 2, "desk": 4, "bakeoff": 0, "collision": 0, "parabola": 0, "uniform": 0}
"""rooms.ts names the same. The shipped network keeps the hero of Arcade 6 whole for two seconds of any one key."""
WALK = (2, 2, 1, 1, 1, 3, 3, 1, 1, 1, 3, 3, 2, 2, 2, 2, 3, 3, 4, 4, 1, 1, 0, 0)
"""What the avatar of the Arcade does: vocabulary.ACTIONS by number."""


def draw(room: str, seed: int) -> Image.Image:
    """The strip of a room; a scene that ends sooner stands still."""
    ghost = ghosts.begin(room, seed, fps=FPS)
    frames = []
    for action in WALK[:NUM_FRAMES]:
        frames.append(ghosts.picture(ghost, height=SIZE, width=SIZE))
        ghost = ghost.step(action if room == "arcade" else 0) or ghost
    return Image.fromarray(torch.cat(frames, dim=1).numpy())


if __name__ == "__main__":
    for room, seed in SEEDS.items():
        draw(room, seed).save(FOLDER / f"{room}.webp", quality=82, method=6)
