"""Say scenes in words, and read words back into facts.

The canonical caption and every paraphrase of a scene parse to the same facts: `parse(caption) == facts_of(scene)[i]`.
"""

import random
from dataclasses import replace

from .configs import CUED_ROOMS
from .grammar import NUM_TRAIN_TEMPLATES, TEMPLATES, Template, say, say_event
from .reading import CaptionError, parse
from .state import SceneBatch
from .tellings import desk_events, facts_of

__all__ = [
    "NUM_TRAIN_TEMPLATES",
    "TEMPLATES",
    "CaptionError",
    "Template",
    "captions",
    "cues",
    "facts_of",
    "parse",
    "say",
]


def captions(
    scene: SceneBatch,
    *,
    paraphrase_seed: int | None = None,
    is_held_out_wording: bool = False,
    tells_events: bool = True,
) -> list[str]:
    """One caption a clip: the canonical one or, with a seed, one in a template drawn for each clip.

    is_held_out_wording: draw from the templates that training never reads; needs a seed.
    tells_events: False leaves out what happens, for whoever is told it in mid-stream (see `cues`).
    """
    facts = facts_of(scene) if tells_events else [replace(told, events=()) for told in facts_of(scene)]
    if paraphrase_seed is None:
        return [say(told) for told in facts]
    templates = TEMPLATES[NUM_TRAIN_TEMPLATES:] if is_held_out_wording else TEMPLATES[:NUM_TRAIN_TEMPLATES]
    chosen = [
        random.Random(f"{paraphrase_seed} {scene.split} {index}").choice(templates)
        for index in scene.indices_B.tolist()
    ]
    return [say(told, template) for told, template in zip(facts, chosen, strict=True)]


def cues(scene: SceneBatch) -> list[list[tuple[int, str]]]:
    """What is done to each clip from outside, and before which frame: `the blue circle turns green`.

    Only the Desk has such things; what bodies do by themselves is physics and needs no word.
    """
    if scene.config.room not in CUED_ROOMS:
        return [[] for _ in range(len(scene.indices_B))]
    return [[(frame, say_event(event)) for frame, event in events] for events in desk_events(scene)]
