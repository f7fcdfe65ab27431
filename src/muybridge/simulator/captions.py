"""Say scenes in words, and read words back into facts.

The canonical caption and every paraphrase of a scene parse to the same facts: `parse(caption) == facts_of(scene)[i]`.
"""

import random

from .grammar import NUM_TRAIN_TEMPLATES, TEMPLATES, Template, say
from .reading import CaptionError, parse
from .state import SceneBatch
from .tellings import facts_of

__all__ = ["NUM_TRAIN_TEMPLATES", "TEMPLATES", "CaptionError", "Template", "captions", "facts_of", "parse", "say"]


def captions(scene: SceneBatch, *, paraphrase_seed: int | None = None, is_held_out_wording: bool = False) -> list[str]:
    """One caption a clip: the canonical one or, with a seed, one in a template drawn for each clip.

    is_held_out_wording: draw from the templates that training never reads; needs a seed.
    """
    facts = facts_of(scene)
    if paraphrase_seed is None:
        return [say(told) for told in facts]
    templates = TEMPLATES[NUM_TRAIN_TEMPLATES:] if is_held_out_wording else TEMPLATES[:NUM_TRAIN_TEMPLATES]
    chosen = [
        random.Random(f"{paraphrase_seed} {scene.split} {index}").choice(templates)
        for index in scene.indices_B.tolist()
    ]
    return [say(told, template) for told, template in zip(facts, chosen, strict=True)]
