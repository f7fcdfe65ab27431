from muybridge.evaluation.card.reading import agree, stated
from muybridge.simulator import judge
from muybridge.simulator.captions import parse

WHOLE = "a red circle moves slowly to the left"


def test_a_caption_states_its_facts() -> None:
    assert stated(WHOLE) == judge.fact_set(parse(WHOLE))
    assert agree(stated(WHOLE), judge.fact_set(parse(WHOLE))) == 1.0


def test_of_a_caption_that_trails_off_what_can_be_read_counts() -> None:
    said = stated(WHOLE + "; the red circ")
    assert said == stated(WHOLE)


def test_babble_states_nothing() -> None:
    assert stated("rrr to the to the") == frozenset()
    assert agree(frozenset(), stated(WHOLE)) == 0.0


def test_one_wrong_word_costs_its_fact_only() -> None:
    told, wanted = stated("a red square moves slowly to the left"), stated(WHOLE)
    assert 0.7 < agree(told, wanted) < 1.0
