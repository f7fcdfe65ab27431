"""What every adapter must hold: the conformance suite of the socket, ours and yours.

A third party adds its adapter with a maker of a tiny base model to MAKERS and runs this file.
"""

import itertools
import json
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tiny_wan
import torch
from video import make_clip

from muybridge import wiring
from muybridge.training import adapters, checkpoint_files, pacing
from muybridge.training.adapters import ADAPTERS, BadBase, Lesson
from muybridge.training.footage import FootageClip
from muybridge.training.footage_clips import ClipsTooShort
from muybridge.training.lora import LoraRecipe
from muybridge.training.pacing import ResumeMismatch, TrainingDiverged
from muybridge.training.updates import CheckpointFiles, SampleGrid, StepMetrics, Update

pytestmark = pytest.mark.compute
MAKERS = {"wan": tiny_wan.build}


@pytest.fixture(scope="module", params=sorted(MAKERS))
def adapter(request: pytest.FixtureRequest) -> adapters.Adapter:
    tiny_wan.require()
    wiring.connect_plugins()
    return ADAPTERS.get(request.param)


@pytest.fixture(scope="module")
def base(adapter: adapters.Adapter, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return MAKERS[adapter.name](tmp_path_factory.mktemp("base") / "Tiny")


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> tuple[FootageClip, ...]:
    """Four windows of a real little file, in two clips with words of their own."""
    path = make_clip(tmp_path_factory.mktemp("footage") / "street.mp4", num_frames=24, fps=16, size=(64, 48))
    return (FootageClip(path, 0, 12, 16.0, "a red car turns left"), FootageClip(path, 12, 24, 16.0, "two people"))


@pytest.fixture
def recipe(adapter: adapters.Adapter, base: Path) -> LoraRecipe:
    return LoraRecipe(
        "tiny", adapter.name, str(base), width=32, height=32, num_frames=5, rank=4, alpha=8.0, steps=6, batch_clips=2,
        rate=1e-2, warmup_steps=2, max_text=8, sample_steps=2, metrics_every_s=0.0, sample_every_s=1e9,
    )  # fmt: skip


@pytest.fixture
def lesson(base: Path, footage: tuple[FootageClip, ...]) -> Lesson:
    return Lesson(footage, base, "d" * 64, {"id": "ver_1", "number": 1})


@pytest.fixture
def teach(adapter: adapters.Adapter, lesson: Lesson, tmp_path: Path) -> Callable[..., list[Update]]:
    def run(recipe: LoraRecipe, *, folder: str = "work", seed: int = 0, **changes: Any) -> list[Update]:
        workdir = tmp_path / folder
        workdir.mkdir(exist_ok=True)
        return list(adapter.train(recipe, seed, replace(lesson, **changes), workdir))

    return run


Teach = Callable[..., list[Update]]


def test_it_says_what_a_folder_holds_without_loading_it(adapter: adapters.Adapter, base: Path) -> None:
    found = adapter.describe(base)
    assert found.name == "Tiny"
    assert found.side_multiple >= 1
    assert found.frames_multiple >= 1


def test_a_folder_of_something_else_is_refused(adapter: adapters.Adapter, tmp_path: Path) -> None:
    with pytest.raises(BadBase, match="is no folder of a diffusers pipeline"):
        adapter.describe(tmp_path)
    (tmp_path / "model_index.json").write_text(json.dumps({"_class_name": "StableDiffusionPipeline"}))
    with pytest.raises(BadBase, match="StableDiffusionPipeline"):
        adapter.describe(tmp_path)


@pytest.mark.parametrize("changes", [{"width": 33}, {"num_frames": 6}])
def test_clips_that_do_not_fit_are_refused_with_sizes_that_do(
    adapter: adapters.Adapter, base: Path, recipe: LoraRecipe, changes: dict[str, int]
) -> None:
    with pytest.raises(BadBase, match="Choose"):
        adapter.describe(base).check(replace(recipe, **changes))


def test_it_tells_each_step_then_a_picture_then_its_checkpoint(teach: Teach, recipe: LoraRecipe) -> None:
    updates = teach(replace(recipe, steps=3))
    assert [type(update) for update in updates] == [StepMetrics] * 4 + [SampleGrid, CheckpointFiles]
    assert {"loss", "gradient_norm", "learning_rate", "clips_seen", "elapsed_s", "progress"} == set(updates[0].values)
    assert updates[-2].path.is_file()
    assert updates[-2].prompts == ("a red car turns left", "two people")
    assert all(pickle.loads(pickle.dumps(update)) == update for update in updates)


def test_its_checkpoint_names_base_rank_steps_and_version(teach: Teach, recipe: LoraRecipe) -> None:
    last = teach(replace(recipe, steps=2))[-1]
    assert isinstance(last, CheckpointFiles)
    tensors, manifest = checkpoint_files.read_tensors(last.path)
    assert (last.kind, last.step, last.is_final) == ("lora", 2, True)
    assert manifest["base"] == {"name": "Tiny", "digest": "d" * 64}
    assert manifest["config"] == last.config
    assert (last.config["kind"], last.config["rank"], manifest["card"]["step"]) == ("lora", 4, 2)
    assert manifest["version"] == {"id": "ver_1", "number": 1}
    assert all(4 in tensor.shape for tensor in tensors.values())


def test_the_loss_falls(teach: Teach, recipe: LoraRecipe) -> None:
    longer = replace(recipe, steps=40, batch_clips=4, decay_part=0.0, prompt_drop=0.0)
    losses = [update.values["loss"] for update in teach(longer) if isinstance(update, StepMetrics)]
    # Noise that nobody can foretell has a mean square of 1, and the frozen rest is random: it falls from 1.4 to 1.1.
    # Each step draws noise levels of its own, so means are compared.
    assert sum(losses[-8:]) < 0.87 * sum(losses[:5]) / 5 * 8


def test_killed_and_started_again_it_ends_as_if_it_had_not_been(
    adapter: adapters.Adapter, teach: Teach, recipe: LoraRecipe, lesson: Lesson, tmp_path: Path
) -> None:
    whole, _ = checkpoint_files.read_tensors(teach(recipe)[-1].path)
    folder = tmp_path / "two"
    folder.mkdir()
    begun = adapter.train(replace(recipe, resume_every_s=0.0), 0, lesson, folder)
    # Let go in the middle of the fourth step's work: the third is in the resume file.
    next(update for update in begun if isinstance(update, StepMetrics) and update.step == 4)
    del begun
    back, _ = checkpoint_files.read_tensors(teach(recipe, folder="two")[-1].path)
    assert set(whole) == set(back)
    assert all(torch.equal(whole[name], back[name]) for name in whole)


def test_clips_are_encoded_once(teach: Teach, recipe: LoraRecipe, tmp_path: Path) -> None:
    teach(replace(recipe, steps=1))
    encoded = {path: path.stat().st_mtime_ns for path in (tmp_path / "work").rglob("encoded/*")}
    teach(replace(recipe, steps=2))
    # Four windows, two captions, and no words.
    assert len(encoded) == 7
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "work").rglob("encoded/*")} == encoded


def test_a_lost_work_folder_goes_on_from_the_runs_own_checkpoint(teach: Teach, recipe: LoraRecipe) -> None:
    last = teach(recipe)[-1]
    again = teach(replace(recipe, steps=7), folder="new", checkpoint=last.path)
    assert [update.step for update in again] == [7, 7, 7, 7]


def test_a_resume_file_of_another_training_is_refused(teach: Teach, recipe: LoraRecipe) -> None:
    teach(replace(recipe, steps=1))
    for changes in ({"seed": 1}, {"base_digest": "e" * 64}):
        with pytest.raises(ResumeMismatch, match="another training"):
            teach(replace(recipe, steps=1), **changes)
    with pytest.raises(ResumeMismatch):
        teach(replace(recipe, steps=1, rank=2))


def test_it_stops_itself_at_its_budget(teach: Teach, recipe: LoraRecipe) -> None:
    last = teach(replace(recipe, steps=None, budget_s=0.3))[-1]
    assert last.is_final
    assert last.card["elapsed_s"] >= 0.3


def test_asked_to_stop_it_saves_and_ends(
    adapter: adapters.Adapter, recipe: LoraRecipe, lesson: Lesson, tmp_path: Path
) -> None:
    updates = adapter.train(replace(recipe, steps=10_000), 0, lesson, tmp_path)
    next(updates)
    (tmp_path / pacing.STOP).touch()
    last = list(updates)[-1]
    assert last.is_final
    assert last.step < 20


def test_a_number_that_is_none_stops_training(teach: Teach, recipe: LoraRecipe) -> None:
    with pytest.raises(TrainingDiverged, match="lower rate"):
        teach(replace(recipe, steps=50, rate=1e30, clip_norm=1e30))


def test_clips_too_short_are_refused_in_words(teach: Teach, recipe: LoraRecipe) -> None:
    with pytest.raises(ClipsTooShort, match="the longest has 12"):
        teach(replace(recipe, num_frames=13))


def test_out_of_memory_says_what_to_make_smaller(
    teach: Teach, recipe: LoraRecipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_much(*_: object, **__: object) -> None:
        raise RuntimeError("CUDA out of memory. Tried to allocate 20.00 GiB")

    monkeypatch.setattr(torch.Tensor, "backward", too_much)
    with pytest.raises(pacing.OutOfMemory, match=r"32x32, 5 frames, ran out of memory.*fewer frames"):
        teach(recipe)


def test_orders_and_chances_are_functions_of_seed_and_step(teach: Teach, recipe: LoraRecipe) -> None:
    first, second = (
        [update.values["loss"] for update in teach(recipe, folder=name) if isinstance(update, StepMetrics)]
        for name in ("one", "two")
    )
    other = [u.values["loss"] for u in teach(recipe, folder="three", seed=5) if isinstance(u, StepMetrics)]
    assert first == second
    assert first != other
    assert all(a != b for a, b in itertools.pairwise(first[:-1]))
