"""The example sentences are such as training reads, and name nothing that it may not see."""

import pytest

from muybridge.simulator import captions
from muybridge.simulator.configs import room_config
from muybridge.simulator.examples import EXAMPLES
from muybridge.simulator.grammar import PHYWORLD_CAPTIONS
from muybridge.simulator.holdouts import HELD_OUT_PAIRS
from muybridge.simulator.vocabulary import BACKGROUNDS, COLOURS, SHAPES, SIZES, SPEEDS

_SAID = [(room, sentence) for room in EXAMPLES if room not in PHYWORLD_CAPTIONS for sentence in EXAMPLES[room]]


@pytest.mark.parametrize(("room", "sentence"), _SAID)
def test_an_example_can_happen_in_its_room_and_is_not_held_out(room: str, sentence: str) -> None:
    facts, config = captions.parse(sentence), room_config(room)
    assert captions.say(facts) == sentence
    assert facts.background is None or BACKGROUNDS.index(facts.background) in config.backgrounds
    for body in facts.objects:
        shape, colour = SHAPES.index(body.shape), COLOURS.index(body.colour)
        assert shape in config.shapes
        assert colour in config.colours
        assert (shape, colour) not in HELD_OUT_PAIRS
        assert body.size is None or SIZES.index(body.size) in config.sizes
        assert body.speed is None or SPEEDS.index(body.speed) in config.speeds
        assert facts.background is None or BACKGROUNDS.index(facts.background) != (shape + 1) % len(BACKGROUNDS)


def test_the_laws_of_phyworld_say_one_sentence_each() -> None:
    assert {room: EXAMPLES[room] for room in PHYWORLD_CAPTIONS} == {
        room: (caption,) for room, caption in PHYWORLD_CAPTIONS.items()
    }
