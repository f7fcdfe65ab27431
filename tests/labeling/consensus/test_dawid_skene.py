import numpy as np
import pytest

from muybridge.labeling.consensus import Answer, dawid_skene
from muybridge.labeling.consensus.majority import METHOD as MAJORITY

LABELS = ("ball", "box", "ring")


def _said(task: int, who: str, name: str) -> Answer:
    return Answer(f"tsk_{task:03d}", who, ({"shape": "class", "class_name": name, "attributes": {}},))


def _crowd(num_tasks: int, skills: dict[str, float], seed: int) -> tuple[list[str], list[Answer]]:
    """True labels, and answers by people who are right with their probability and else say any other."""
    generator = np.random.default_rng(seed)
    truth = [LABELS[i] for i in generator.integers(3, size=num_tasks)]
    answers = []
    for task, name in enumerate(truth):
        for who, skill in skills.items():
            others = [label for label in LABELS if label != name]
            is_right = generator.random() < skill
            answers.append(_said(task, who, name if is_right else others[int(generator.integers(2))]))
    return truth, answers


def test_two_careful_people_outweigh_three_hasty_ones() -> None:
    """Over six crowds: votes are right 80 % of the time, skill-weighted answers 90 %."""
    skills = {"careful-1": 0.9, "careful-2": 0.9, "hasty-1": 0.4, "hasty-2": 0.4, "hasty-3": 0.4}
    learned, voted = [], []
    for seed in range(6):
        truth, answers = _crowd(300, skills, seed)
        fitted = dawid_skene.fit(answers)
        learned.append(_accuracy([fitted.labels[i][0] for i in fitted.posterior_NL.argmax(axis=1)], truth))
        by_task = [answers[i : i + len(skills)] for i in range(0, len(answers), len(skills))]
        voted.append(_accuracy([MAJORITY.agree(each).annotations[0]["class_name"] for each in by_task], truth))
    assert np.mean(voted) < 0.83
    assert np.mean(learned) > 0.89


def _accuracy(found: list[str], truth: list[str]) -> float:
    return float(np.mean([a == b for a, b in zip(found, truth, strict=True)]))


def test_skill_is_learned_close_to_what_it_is() -> None:
    skills = {"ann": 0.9, "bob": 0.8, "cid": 0.6}
    _, answers = _crowd(500, skills, seed=3)
    assert dawid_skene.fit(answers).skill() == pytest.approx(skills, abs=0.08)


def test_few_answers_do_not_make_it_collapse() -> None:
    """With one task and no history the posterior follows the vote."""
    agreed = dawid_skene.METHOD.agree([_said(0, "ann", "box"), _said(0, "bob", "box"), _said(0, "cid", "ring")])
    assert agreed.annotations[0]["class_name"] == "box"
    assert 0.5 < agreed.agreement < 1.0


def test_history_decides_between_two_who_differ() -> None:
    history = [_said(task, who, "box") for task in range(1, 30) for who in ("good", "other-1", "other-2")]
    history += [_said(task, "bad", LABELS[task % 3]) for task in range(1, 30)]
    agreed = dawid_skene.METHOD.agree([_said(0, "bad", "ball"), _said(0, "good", "ring")], history)
    assert agreed.facts["skill"]["good"] > agreed.facts["skill"]["bad"]


def test_a_posterior_is_a_distribution() -> None:
    _, answers = _crowd(20, {"ann": 0.9, "bob": 0.5}, seed=1)
    assert dawid_skene.fit(answers).posterior_NL.sum(axis=1) == pytest.approx(np.ones(20))
