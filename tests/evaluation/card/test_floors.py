"""Floors know nothing of the world, and score what can be said beforehand."""

import pytest
import torch

from muybridge.evaluation.card import floors
from muybridge.evaluation.card.asking import Ask
from muybridge.evaluation.card.motion import Errors, compare_methods
from muybridge.simulator import judge, scenes
from muybridge.simulator.bakeoff import STEP
from muybridge.simulator.captions import facts_of
from muybridge.simulator.configs import room_config

BAKEOFF = room_config("bakeoff")


def test_copying_repeats_the_last_given_frame() -> None:
    true = torch.arange(5, dtype=torch.uint8)[None, :, None, None, None].expand(1, 5, 2, 2, 3)
    assert floors.copy_last(true, 2)[0, :, 0, 0, 0].tolist() == [0, 1, 1, 1, 1]


def test_copying_errs_by_the_way_gone_inertia_by_nothing_and_truth_is_the_judges_ceiling(ask: Ask) -> None:
    memory = floors.memory_of(ask, BAKEOFF, 64)
    errors = Errors("continuation", 2)
    ways = []
    for clips in ask.batches(BAKEOFF):
        errors.add(compare_methods(clips, clips.true, memory, 2), clips)
        ways += [4 * STEP[int(speed)] for speed in clips.scene.speed_BO[:, 0]]
    figure = {each.name: each for each in errors.figures()}["position_error_at_last"]
    assert figure.floors["copy"].mean == pytest.approx(sum(ways) / len(ways), abs=0.003)
    assert figure.floors["inertia"].mean < 0.01
    assert figure.value == figure.ceiling
    assert figure.value is not None
    assert figure.value.mean < 0.002


def test_the_nearest_clip_to_a_training_clip_is_itself(ask: Ask) -> None:
    memory = floors.memory_of(ask, BAKEOFF, 48)
    scene = scenes.sample("bakeoff", "train", [5, 40], BAKEOFF)
    true = ask.draw(scene)
    assert memory.nearest_rows(true[:, :2]).tolist() == [5, 40]
    assert torch.equal(memory.nearest_clips(true[:, :2]), true)
    assert memory.nearest_facts(facts_of(scene)[1]) == facts_of(scene)[1]


def test_memory_never_holds_what_is_held_out(ask: Ask) -> None:
    held = room_config("bakeoff", holdout="pairs")
    wanted = facts_of(scenes.sample("bakeoff", "dev", range(8), held))
    near = [floors.memory_of(ask, held, 256).nearest_facts(facts) for facts in wanted]
    scores = judge.mean_scores([judge.compare(a, b) for a, b in zip(near, wanted, strict=True)])
    assert scores["all_facts"] == 0.0
    assert scores["direction"] > 0.5


def test_the_blind_answer_what_is_most_frequent_and_are_hardly_right() -> None:
    lab = room_config("lab")
    blind = floors.learn_blind(lab, 400)
    asked = [qa for clip in floors.questions.questions(scenes.sample("lab", "dev", range(200), lab)) for qa in clip]
    right = [blind.answer(qa.kind) == qa.answer for qa in asked]
    assert 0.2 < sum(right) / len(right) < 0.5
    assert blind.answer("a kind that is never asked") == ""
