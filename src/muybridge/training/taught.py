"""What a stored recipe has taught its network: whether it obeys words, which rooms it knows, what may be said to it.

From JSON, of whatever version or kind it is. Light, as recipes are.
"""

from collections.abc import Mapping
from typing import Any

from muybridge.simulator.configs import ROOMS
from muybridge.simulator.examples import EXAMPLES
from muybridge.simulator.narrowing import what_is_left


def obeys_words(stored: Mapping[str, Any]) -> bool:
    """Whether a stored recipe has first frames drawn from words, in a room or of footage, whatever version it is of.

    Not where all clips open with given frames: what is said before those draws nothing. One of another kind (a LoRA's)
    teaches no network of ours.
    """
    if is_of_footage_alone(stored):
        return not stored.get("footage_given")
    return any(not each.get("num_given") for each in stored.get("clips", ()))


def is_of_footage_alone(stored: Mapping[str, Any]) -> bool:
    """Whether a stored recipe of a network of ours shows it no room."""
    return "clips" in stored and not stored["clips"]


def rooms_of(stored: Mapping[str, Any]) -> dict[str, str]:
    """The rooms that a stored recipe shows, and what its changes leave of each to be seen; "" for all of it."""
    shown = [clips for clips in reversed(stored.get("clips", ())) if clips["room"] in ROOMS]
    return {clips["room"]: what_is_left(clips["room"], clips["changes"]) for clips in shown}


def prompts_of(stored: Mapping[str, Any]) -> tuple[str, ...]:
    """Sentences of the kind that a stored recipe's clips are made from, whatever version or kind it is of.

    None where all clips open with given frames, or none are made by the simulator.
    """
    told = [EXAMPLES.get(clips["room"], ()) for clips in stored.get("clips", ()) if not clips.get("num_given")]
    return tuple(sentence for sentences in told for sentence in sentences)
