"""Questions: true by state, and no use to who has not seen the clip."""

import re
from collections import Counter, defaultdict

import pytest

from muybridge.simulator.captions import facts_of
from muybridge.simulator.questions import QA, questions
from muybridge.simulator.scenes import sample
from muybridge.simulator.vocabulary import ACTIONS, COLOURS, SHAPES


def template_of(qa: QA) -> str:
    """The question without the names in it: all that a blind answerer can lean on."""
    return re.sub(r"\b(" + "|".join((*COLOURS, *SHAPES)) + r")\b", "_", qa.question)


@pytest.mark.parametrize("room", ["lab", "desk", "arcade"])
def test_a_blind_answerer_gains_little(room: str) -> None:
    scene = sample(room, "test", range(1500))
    answers: dict[str, Counter[str]] = defaultdict(Counter)
    for clip in questions(scene):
        for qa in clip:
            if qa.kind not in ("faster", "action"):
                answers[template_of(qa)][qa.answer] += 1
    for template, counts in answers.items():
        total = counts.total()
        # Three standard errors of a sample of this size come on top of the three points.
        noise = 3 * (0.25 / total) ** 0.5
        assert counts.most_common(1)[0][1] / total <= 1 / len(counts) + 0.03 + noise, (template, counts)


def test_the_first_named_is_as_often_the_faster_as_the_second() -> None:
    named_first = [
        qa.question.index(qa.answer) < qa.question.index(" or ")
        for clip in questions(sample("lab", "test", range(800)))
        for qa in clip
        if qa.kind == "faster"
    ]
    assert abs(sum(named_first) / len(named_first) - 0.5) < 0.08


def test_answers_are_true_by_state() -> None:
    scene = sample("lab", "test", range(200))
    facts = facts_of(scene)
    checked: Counter[str] = Counter()
    for row, clip in enumerate(questions(scene)):
        names = {body.name: body for body in facts[row].objects}
        for qa in clip:
            if qa.kind == "existence":
                name = qa.question.removeprefix("is there a ").removesuffix("?")
                assert (name in names) == (qa.answer == "yes")
            elif qa.kind == "count":
                assert qa.answer == ("no", "one", "two", "three")[len(names)]
            elif qa.kind == "shape":
                colour = qa.question.split()[4]
                assert f"{colour} {qa.answer}" in names
            elif qa.kind == "direction":
                name = qa.question.removeprefix("which way does the ").removesuffix(" drift at first?")
                assert names[name].direction == qa.answer
            elif qa.kind == "hit":
                pair = qa.question.removeprefix("does the ").removesuffix("?").split(" hit the ")
                met = [{event.subject, event.target} for event in facts[row].events if event.verb == "hits"]
                assert (set(pair) in met) == (qa.answer == "yes") or len(facts[row].events) == 3
            else:
                continue
            checked[qa.kind] += 1
    assert all(checked[kind] > 10 for kind in ("existence", "count", "shape", "direction", "hit"))


def test_action_and_coin_questions_are_true_by_state() -> None:
    scene = sample("arcade", "test", range(100))
    for row, clip in enumerate(questions(scene)):
        for qa in clip:
            if qa.kind == "action":
                frame = int(qa.question.split()[-1].rstrip("?"))
                assert ACTIONS[int(scene.action_BT[row, frame - 1])] == qa.answer
            if qa.kind == "coins":
                assert int(scene.present_BTO[row, -1, :3].sum()) == ("no", "one", "two", "three").index(qa.answer)


def test_a_clip_is_asked_the_same_in_any_batch() -> None:
    scene = sample("desk", "dev", range(20))
    assert questions(scene.clips(slice(5, 9)), seed=2) == questions(scene, seed=2)[5:9]
    assert all(len(clip) <= 2 for clip in questions(scene, per_clip=2))


def test_rooms_without_questions_have_none() -> None:
    assert questions(sample("uniform", "test", range(3))) == [[], [], []]
