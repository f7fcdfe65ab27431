"""Captions: every way of saying a scene reads back as its facts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muybridge.simulator.captions import (
    NUM_TRAIN_TEMPLATES,
    TEMPLATES,
    CaptionError,
    captions,
    facts_of,
    parse,
    say,
)
from muybridge.simulator.facts import EventFact, Facts, ObjectFacts, facts_from_json
from muybridge.simulator.scenes import ROOMS, sample
from muybridge.simulator.vocabulary import BACKGROUNDS, COLOURS, DIRECTIONS, SHAPES, SIZES, SPEEDS, TEXTURES


@pytest.mark.parametrize("room", ROOMS)
def test_every_template_of_every_room_parses_back_to_the_facts(room: str) -> None:
    scene = sample(room, "dev", range(60))
    for facts in facts_of(scene):
        for template in TEMPLATES:
            assert parse(say(facts, template)) == facts


body = st.builds(
    ObjectFacts,
    shape=st.sampled_from(SHAPES),
    colour=st.sampled_from(COLOURS),
    size=st.sampled_from(SIZES),
    texture=st.sampled_from(TEXTURES),
    motion=st.just("drifts"),
    speed=st.sampled_from(SPEEDS),
    direction=st.sampled_from(DIRECTIONS),
)


@given(
    bodies=st.lists(body, min_size=1, max_size=4, unique_by=lambda found: found.colour),
    background=st.sampled_from(BACKGROUNDS),
    camera=st.sampled_from(["still", "pan-left", "zoom-out"]),
    template=st.sampled_from(TEMPLATES),
    collides=st.booleans(),
)
def test_facts_that_no_clip_ever_had_round_trip_too(
    bodies: list[ObjectFacts], background: str, camera: str, template: object, collides: bool
) -> None:
    events = (EventFact(bodies[0].name, "hits", bodies[-1].name),) if collides else ()
    facts = Facts(tuple(bodies), background, events, camera)
    assert parse(say(facts, template)) == facts  # type: ignore[arg-type]  # hypothesis draws it from TEMPLATES
    assert facts_from_json(facts.as_json()) == facts


def test_a_bakeoff_caption_has_eight_words() -> None:
    told = captions(sample("bakeoff", "train", range(50)))
    assert {len(caption.split()) for caption in told} == {8}
    assert told[0] == "a cyan circle moves slowly to the right"


def test_paraphrases_are_a_function_of_the_clip_and_the_seed() -> None:
    scene = sample("lab", "train", range(30))
    whole = captions(scene, paraphrase_seed=3)
    assert captions(scene.clips(slice(10, 20)), paraphrase_seed=3) == whole[10:20]
    assert captions(scene, paraphrase_seed=4) != whole


def test_held_out_wordings_never_appear_in_training() -> None:
    scene = sample("lab", "train", range(40))
    facts = facts_of(scene)
    trained = {say(told, template) for told in facts for template in TEMPLATES[:NUM_TRAIN_TEMPLATES]}
    held_out = set(captions(scene, paraphrase_seed=0, is_held_out_wording=True))
    assert len(TEMPLATES) - NUM_TRAIN_TEMPLATES == 4
    assert not held_out & trained


@pytest.mark.parametrize("caption", ["", "  ", "a red hexagon stays", "make it rain", "the red circle eats the star"])
def test_what_is_not_of_the_grammar_is_refused_by_its_clause(caption: str) -> None:
    with pytest.raises(CaptionError) as error:
        parse(caption)
    assert error.value.remedy


def test_enormous_and_strange_captions_are_refused_not_choked_on() -> None:
    for caption in ("red " * 20_000, "\x00🦆" * 500, "a red circle" + " stays" * 5_000):
        with pytest.raises(CaptionError):
            parse(caption)


def test_hand_written_captions_of_the_readme_parse() -> None:
    facts = parse("On a night background, a tiny stripy red star glides quickly toward the upper-left.")
    assert facts.objects == (ObjectFacts("star", "red", "small", "striped", "drifts", "fast", "upper-left"),)
    assert (facts.background, facts.room) == ("night", "lab")
