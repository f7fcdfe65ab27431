import itertools
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from muybridge.training import alone, checkpoint_files, loop, objective
from muybridge.training.loop import OutOfMemory, ResumeMismatch, Start, Trainer, TrainingDiverged
from muybridge.training.pacing import Stopwatch
from muybridge.training.recipe import BadRecipe, Recipe
from muybridge.training.updates import CheckpointFiles, SampleGrid, StepMetrics, Update

Train = Callable[..., list[Update]]
MakeRecipe = Callable[..., Recipe]


def test_a_training_tells_each_step_then_a_picture_then_its_checkpoint(train: Train, a_recipe: MakeRecipe) -> None:
    updates = train(a_recipe(steps=3))
    assert [type(update) for update in updates] == [StepMetrics] * 4 + [SampleGrid, CheckpointFiles]
    assert [update.step for update in updates] == [1, 2, 3, 3, 3, 3]
    assert set(updates[0].values) == {
        "loss", "frame_loss", "text_loss", "gradient_norm", "learning_rate", "clips_seen", "elapsed_s", "progress",
    }  # fmt: skip


def test_updates_are_small_and_cross_process_borders(train: Train, a_recipe: MakeRecipe) -> None:
    for update in train(a_recipe(steps=2)):
        packed = pickle.dumps(update)
        assert len(packed) < 10_000
        assert pickle.loads(packed) == update


@pytest.mark.parametrize(
    "head",
    [{}, {"palette": 3}, {"palette": 3, "recolours": True, "feels_words": True}, {"reach": 3, "matches": True}],
    ids=["values", "palette", "recolouring", "moving"],
)
def test_a_step_in_bfloat16_is_nearly_the_step_in_full(
    a_recipe: MakeRecipe, tmp_path: Path, head: dict[str, Any]
) -> None:
    trainer = Trainer(a_recipe(model=replace(a_recipe().model, **head)), 0, [], Start(), tmp_path)
    examples = trainer.feed.examples(0)

    def losses() -> objective.Losses:
        return objective.losses(trainer.model, examples, trainer.recipe, objective.step_generator(0, 0))

    full = losses()
    with torch.autocast("cpu", torch.bfloat16):
        half = losses()
    half.total.backward()
    assert float(half.frames) == pytest.approx(float(full.frames), rel=0.01)
    assert float(half.text) == pytest.approx(float(full.text), rel=0.01)


def test_stills_are_learned_beside_the_clips_and_told_apart(train: Train, a_recipe: MakeRecipe) -> None:
    told = [update.values for update in train(a_recipe(steps=40, stills=4)) if isinstance(update, StepMetrics)]
    assert told[-1]["still_loss"] < 0.5 * told[0]["still_loss"]
    assert told[-1]["loss"] == pytest.approx(told[-1]["frame_loss"] + 0.5 * told[-1]["text_loss"], rel=1e-4)


def _train_in_two(recipe: Recipe, folder: Path, at: int) -> Path:
    """Train `at` steps, throw everything away but the folder, and train on."""
    folder.mkdir()
    for update in loop.train(replace(recipe, resume_every_s=0.0), 0, [], loop.start_in(folder), folder):
        if isinstance(update, StepMetrics) and update.step == at + 1:
            break
    (last,) = [u for u in loop.train(recipe, 0, [], loop.start_in(folder), folder) if isinstance(u, CheckpointFiles)]
    return last.path


@pytest.mark.parametrize("at", [1, 4])
def test_n_steps_and_n_more_equal_two_n_bit_for_bit(
    tmp_path: Path, train: Train, a_recipe: MakeRecipe, at: int
) -> None:
    recipe = a_recipe(steps=8, inbetween_part=0.3, stills=2)
    whole = train(recipe)[-1].path
    parts = _train_in_two(recipe, tmp_path / "two", at)
    there, _ = checkpoint_files.read_tensors(whole)
    back, _ = checkpoint_files.read_tensors(parts)
    assert set(there) == set(back)
    assert all(torch.equal(there[name], back[name]) for name in there)


def test_the_resume_file_holds_the_optimizers_too(tmp_path: Path, a_recipe: MakeRecipe) -> None:
    first = Trainer(a_recipe(), 0, [], Start(), tmp_path)
    for _ in range(3):
        first.take_step()
    first.save(is_final=False)
    second = Trainer(a_recipe(), 0, [], loop.start_in(tmp_path), tmp_path)
    there, back = first.optimizers.state_tensors(), second.optimizers.state_tensors()
    assert set(there) == set(back)
    assert all(torch.equal(there[name], back[name]) for name in there)


@pytest.mark.parametrize("other", [{"text_weight": 0.25}, {"batch_clips": 2}, {"muon_rate": 0.1}])
def test_a_resume_file_of_another_training_is_refused(
    train: Train, a_recipe: MakeRecipe, other: dict[str, Any]
) -> None:
    train(a_recipe(steps=2))
    train(a_recipe(steps=3, metrics_every_s=1.0))
    for recipe, seed in ((a_recipe(steps=4), 1), (a_recipe(steps=4, **other), 0)):
        with pytest.raises(ResumeMismatch, match="another training"):
            train(recipe, seed=seed)


def test_a_folder_answers_for_its_own_training_alone(tmp_path: Path, a_recipe: MakeRecipe) -> None:
    made = alone.train(a_recipe(steps=2), 0, tmp_path, is_quiet=True)
    assert alone.train(a_recipe(steps=2), 0, tmp_path, is_quiet=True) == made
    with pytest.raises(ResumeMismatch, match="final"):
        alone.train(a_recipe(steps=2), 1, tmp_path, is_quiet=True)


def test_a_warm_up_that_is_interrupted_goes_on(tmp_path: Path, train: Train, a_recipe: MakeRecipe) -> None:
    trained = train(a_recipe(steps=6))[-1]
    (tmp_path / "again").mkdir()
    recipe = a_recipe(steps=20, warmup_steps=8)
    own = Start(checkpoint=trained.path, is_same_run=True)
    again = Trainer(recipe, 0, [], own, tmp_path / "again")
    again.take_step(0.0)
    again.save_resume()
    resumed = Trainer(recipe, 0, [], loop.start_in(tmp_path / "again"), tmp_path / "again")
    assert resumed.take_step(0.0)["learning_rate"] == again.take_step(0.0)["learning_rate"]


def test_a_resume_file_cut_short_is_refused(tmp_path: Path, train: Train, a_recipe: MakeRecipe) -> None:
    train(a_recipe(steps=2))
    resume = tmp_path / "work" / loop.RESUME
    resume.write_bytes(resume.read_bytes()[:-500])
    with pytest.raises(checkpoint_files.CheckpointAltered):
        train(a_recipe(steps=4))


def test_it_stops_itself_at_its_budget_and_saves(train: Train, a_recipe: MakeRecipe) -> None:
    updates = train(a_recipe(steps=None, budget_s=0.5))
    assert isinstance(updates[-1], CheckpointFiles)
    assert updates[-1].is_final
    assert updates[-1].card["elapsed_s"] >= 0.5


def test_asked_to_stop_it_saves_and_ends(tmp_path: Path, a_recipe: MakeRecipe) -> None:
    updates = loop.train(a_recipe(steps=1000), 0, [], Start(), tmp_path)
    next(updates)
    (tmp_path / loop.STOP).touch()
    rest = list(updates)
    assert isinstance(rest[-1], CheckpointFiles)
    assert rest[-1].step < 10


def test_the_loss_falls(train: Train, a_recipe: MakeRecipe) -> None:
    losses = [update.values["loss"] for update in train(a_recipe(steps=40)) if isinstance(update, StepMetrics)]
    assert sum(losses[-5:]) < 0.5 * sum(losses[:5])


def test_a_number_that_is_none_stops_training_and_harms_no_weight(tmp_path: Path, a_recipe: MakeRecipe) -> None:
    trainer = Trainer(a_recipe(), 0, [], Start(), tmp_path)
    trainer.take_step()
    with torch.no_grad():
        trainer.model.patch_out.weight[0, 0] = float("nan")
    before = {name: weight.clone() for name, weight in trainer.model.state_dict().items()}
    with pytest.raises(TrainingDiverged, match="loss of step 1 is nan"):
        trainer.take_step()
    after = trainer.model.state_dict()
    assert all(torch.equal(before[name].nan_to_num(7.0), after[name].nan_to_num(7.0)) for name in before)


def test_out_of_memory_says_what_to_make_smaller(
    tmp_path: Path, a_recipe: MakeRecipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_much(*_: object) -> None:
        raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 TB")

    monkeypatch.setattr(Trainer, "take_step", too_much)
    with pytest.raises(OutOfMemory, match=r"4 clips a batch.*batch_clips"):
        list(loop.train(a_recipe(), 0, [], Start(), tmp_path))


def test_fine_tuning_begins_from_the_parents_weights(
    tmp_path: Path, trained: CheckpointFiles, a_recipe: MakeRecipe
) -> None:
    child = Trainer(a_recipe(), 3, [], Start(checkpoint=trained.path), tmp_path)
    parent, _ = checkpoint_files.read_tensors(trained.path)
    assert all(torch.equal(parent[name], weight) for name, weight in child.model.state_dict().items())
    assert child.step == 0


def test_a_lost_work_folder_goes_on_from_the_runs_own_checkpoint(
    tmp_path: Path, trained: CheckpointFiles, a_recipe: MakeRecipe
) -> None:
    again = Trainer(a_recipe(steps=9), 0, [], Start(checkpoint=trained.path, is_same_run=True), tmp_path)
    assert again.step == 6
    assert again.watch.elapsed_s >= trained.card["elapsed_s"]


def test_pictures_and_checkpoints_come_as_often_as_asked(train: Train, a_recipe: MakeRecipe) -> None:
    updates = train(a_recipe(steps=3, sample_every_s=0.0, checkpoint_every_s=0.0))
    kinds = [type(update).__name__ for update in updates]
    assert kinds.count("SampleGrid") == 4
    assert kinds.count("CheckpointFiles") == 4


def test_budgets_count_what_was_trained_before_a_resume(tmp_path: Path, a_recipe: MakeRecipe) -> None:
    first = Trainer(a_recipe(), 0, [], Start(), tmp_path)
    first.take_step()
    first.watch = Stopwatch(first.recipe, before_s=100.0)
    first.save(is_final=False)
    second = Trainer(a_recipe(steps=None, budget_s=100.0), 0, [], loop.start_in(tmp_path), tmp_path)
    assert second.progress >= 1.0


def test_each_step_draws_its_own_chance() -> None:
    from muybridge.training.objective import step_generator

    draws = [float(torch.rand(1, generator=step_generator(0, step))) for step in range(50)]
    assert all(first != second for first, second in itertools.pairwise(draws))


SEEING = {"latents": 8, "patch": 16, "codec_width": 8}


def test_a_codec_is_learned_first_and_then_stays_as_it_is(a_recipe: MakeRecipe, tmp_path: Path) -> None:
    recipe = a_recipe(model=replace(a_recipe().model, **SEEING), steps=16, codec_part=0.5)
    trainer = Trainer(recipe, 0, (), Start(), tmp_path)

    def weights() -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
        """The codec's and the others'."""
        named = {name: weight.clone() for name, weight in trainer.model.state_dict().items()}
        codec = {name: weight for name, weight in named.items() if name.startswith("codec.")}
        return codec, {name: weight for name, weight in named.items() if name not in codec}

    def are_equal(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
        return all(torch.equal(one[name], other[name]) for name in one)

    codec, others = weights()
    seeing = [trainer.take_step() for _ in range(8)]
    learned, untouched = weights()
    assert are_equal(others, untouched)
    assert not any(torch.equal(codec[name], learned[name]) for name in codec)
    predicting = [trainer.take_step() for _ in range(8)]
    kept, moved = weights()
    assert are_equal(learned, kept)
    assert not are_equal(others, moved)
    assert all("codec_loss" in values and "frame_loss" not in values for values in seeing)
    assert all("frame_loss" in values and "codec_loss" not in values for values in predicting)
    assert predicting[-1]["frame_loss"] < predicting[0]["frame_loss"]
    assert predicting[0]["learning_rate"] == pytest.approx(recipe.muon_rate / 2), "it warms up for itself"
    saved = checkpoint_files.open_checkpoint(trainer.save(is_final=True).path)
    assert saved.model.config.latents == 8


def test_killed_while_a_codec_is_learned_or_later_it_goes_on_bit_for_bit(
    train: Train, a_recipe: MakeRecipe, tmp_path: Path
) -> None:
    recipe = a_recipe(model=replace(a_recipe().model, **SEEING), steps=8, codec_part=0.5, warmup_steps=3)
    whole = train(recipe, folder="whole")[-1]
    (tmp_path / "parts").mkdir()
    for steps in (2, 5):
        trainer = Trainer(recipe, 0, (), loop.start_in(tmp_path / "parts"), tmp_path / "parts")
        while trainer.step < steps:
            trainer.take_step()
        trainer.save_resume()
    parts = train(recipe, folder="parts")[-1]
    assert isinstance(whole, CheckpointFiles)
    assert isinstance(parts, CheckpointFiles)
    expected, _ = checkpoint_files.read_tensors(whole.path)
    found, _ = checkpoint_files.read_tensors(parts.path)
    assert all(torch.equal(found[name], weight) for name, weight in expected.items())


def test_latents_of_a_codec_that_learned_nothing_are_refused(train: Train, a_recipe: MakeRecipe) -> None:
    with pytest.raises(BadRecipe, match="learned nothing"):
        train(a_recipe(model=replace(a_recipe().model, **SEEING)))
    with pytest.raises(BadRecipe, match="learns a codec for 50%"):
        a_recipe(codec_part=0.5)
