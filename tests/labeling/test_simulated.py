from typing import Any

import numpy as np
import pytest
from labelled import CLASSES, Studio, a_box_track, a_clip

from muybridge.labeling import quality, simulated
from muybridge.labeling.simulated import CREW, JUDGES, AnnotatorSkill, JudgeSkill, answer_clip, judge
from muybridge.labeling.tables import Attempt, Consensus, Task, TaskKind
from muybridge.labeling.tasks import NewTask, create_tasks

EVERY_FRAME = range(100)


def _truth(task: Task | None = None) -> list[dict[str, Any]]:
    """Three things that move apart, with a keyframe on every frame."""
    return [
        a_box_track("car", frames=EVERY_FRAME),
        a_box_track("person", frames=EVERY_FRAME, start=(10.0, 150.0), speed=(1.0, 0.0)),
        a_box_track("car", frames=EVERY_FRAME, start=(300.0, 300.0), speed=(0.0, -1.0)),
    ]


def _generator() -> np.random.Generator:
    return np.random.default_rng(5)


def test_a_perfect_annotator_says_the_truth() -> None:
    assert answer_clip(AnnotatorSkill("perfect"), _truth(), CLASSES, _generator()) == _truth()


def test_a_lazy_annotator_draws_few_keyframes_and_always_the_last() -> None:
    answered = answer_clip(AnnotatorSkill("lazy", keyframe_every=40), _truth(), CLASSES, _generator())
    assert [key["frame"] for key in answered[0]["keyframes"]] == [0, 40, 80, 99]


def test_misses_and_confusions_come_at_their_rates() -> None:
    skill = AnnotatorSkill("hasty", miss_rate=0.3, class_confusion=0.2, keyframe_every=99)
    generator = _generator()
    answers = [value for _ in range(400) for value in answer_clip(skill, _truth()[:1], CLASSES, generator)]
    assert len(answers) / 400 == pytest.approx(0.7, abs=0.07)
    assert np.mean([value["class_name"] == "person" for value in answers]) == pytest.approx(0.2, abs=0.07)


def test_a_judge_of_stated_accuracy_has_it() -> None:
    generator = _generator()
    verdicts = [judge(JudgeSkill("j", 0.8), "left", generator) for _ in range(1000)]
    assert np.mean([verdict == "left" for verdict in verdicts]) == pytest.approx(0.8, abs=0.04)


def test_the_crews_consensus_is_better_than_its_hasty_member(studio: Studio) -> None:
    """Measured against exact truth, as a report would; everything is recorded as simulated."""
    project = studio.a_project(review_below=0.0)
    asset = studio.an_asset()
    with studio.database.write() as session:
        named = [NewTask(a_clip(asset), f"clip-{number}") for number in range(12)]
        asked = create_tasks(session, studio.actor, project, named, replicas=3)
    for skill in CREW:
        with studio.database.write() as session:
            while simulated.answer_next(session, studio.actor, project, skill, _truth, seed=1):
                pass
    studio.work()

    scores = [quality.score_clip(each.value["annotations"], _truth()) for each in studio.rows(Consensus)]
    found = quality.summarise(scores)
    assert len(scores) == len(asked)
    assert {attempt.source for attempt in studio.rows(Attempt)} == {"simulated"}
    assert {tuple(each.sources) for each in studio.rows(Consensus)} == {("simulated",)}
    assert found.recall is not None
    assert found.mean_iou is not None
    assert found.recall.value > 0.9
    assert found.mean_iou.value > 0.85
    assert found.recall.low <= found.recall.value <= found.recall.high

    with studio.database.read() as session:
        answerers = quality.score_answerers(session, studio.actor, project)
        agreement = quality.agreement_of(session, studio.actor, project)
    by_name = {each.answerer: each.with_consensus or 0.0 for each in answerers}
    assert by_name["simulated:careful"] > by_name["simulated:ordinary"] > by_name["simulated:hasty"]
    assert agreement.sources == ("simulated",)
    assert agreement.mean is not None
    assert 0.3 < agreement.mean < 1.0


def test_same_seed_same_answers_in_any_order(studio: Studio) -> None:
    asset = studio.an_asset()
    said = []
    for seed in (1, 1, 2):
        project = studio.a_project(f"seed {seed} {len(said)}")
        with studio.database.write() as session:
            create_tasks(session, studio.actor, project, [NewTask(a_clip(asset), "one"), NewTask(a_clip(asset), "two")])
        with studio.database.write() as session:
            while attempt := simulated.answer_next(session, studio.actor, project, CREW[2], _truth, seed=seed):
                last = attempt.id
        said.append([value.value for value in studio.rows(_annotations()) if value.attempt_id == last])
    assert said[0] == said[1]
    assert said[0] != said[2]


def test_judges_settle_comparisons(studio: Studio) -> None:
    project = studio.a_project()
    with studio.database.write() as session:
        asked = [NewTask(external_id=f"pair-{n}", payload={"left": "a", "right": "b"}) for n in range(20)]
        create_tasks(session, studio.actor, project, asked, replicas=3, kind=TaskKind.COMPARISON)
    for skill in JUDGES:
        with studio.database.write() as session:
            while simulated.judge_next(session, studio.actor, project, skill, lambda task: "right"):
                pass
    studio.work()
    verdicts = [consensus.value["verdict"] for consensus in studio.rows(Consensus)]
    assert verdicts.count("right") >= 16


def test_intervals_hold_the_value_and_shrink_with_more_clips() -> None:
    good, bad = quality.score_clip(_truth(), _truth()), quality.score_clip(_truth()[:1], _truth())
    few, many = quality.summarise([good, bad] * 3), quality.summarise([good, bad] * 60)
    assert few.recall is not None
    assert many.recall is not None
    assert few.recall.value == many.recall.value == pytest.approx(4 / 6)
    assert many.recall.high - many.recall.low < few.recall.high - few.recall.low


def test_nothing_to_measure_is_none_and_not_zero() -> None:
    assert quality.summarise([quality.score_clip([], [])]).as_json() == {
        "recall": None, "precision": None, "mean_iou": None, "class_accuracy": None,
    }  # fmt: skip


def _annotations() -> type[Any]:
    from muybridge.labeling.tables import Annotation

    return Annotation
