"""Two processes that train together, on gloo and CPU: they do what one process does, kill and resume included."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from muybridge.training import checkpoint_files, loop
from muybridge.training.batches import Feed
from muybridge.training.loop import Trainer
from muybridge.training.objective import Examples
from muybridge.training.parallel import Ranks
from muybridge.training.recipe import BadRecipe, Recipe, SimulatorClips
from muybridge.training.updates import Update

pytestmark = pytest.mark.compute
Train = Callable[..., list[Update]]
MakeRecipe = Callable[..., Recipe]
NUM_RANKS = 2

_CHILD = """
import json, sys
from pathlib import Path
from muybridge.training import loop
from muybridge.training.recipe import recipe_from_json
from muybridge.training.updates import StepMetrics
folder = Path(sys.argv[2])
recipe = recipe_from_json(json.loads(sys.argv[1]))
for update in loop.train(recipe, 0, [], loop.start_in(folder), folder):
    print(f"{type(update).__name__} {update.step}", flush=True)
"""


class Together:
    """The processes of one training, as torchrun would start them."""

    def __init__(self, recipe: Recipe, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            port = found.getsockname()[1]
        place = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "WORLD_SIZE": str(NUM_RANKS)}
        self._processes = [
            subprocess.Popen(
                [sys.executable, "-c", _CHILD, json.dumps(recipe.to_json()), str(folder)],
                env={**os.environ, **place, "RANK": str(rank), "LOCAL_RANK": str(rank), "OMP_NUM_THREADS": "1"},
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )
            for rank in range(NUM_RANKS)
        ]  # fmt: skip

    def finish(self) -> list[str]:
        """What each process told. Fails with their words if one did not end well."""
        told = [process.communicate(timeout=200) for process in self._processes]
        assert [process.returncode for process in self._processes] == [0] * NUM_RANKS, told[0][1] + told[1][1]
        return [output for output, _ in told]

    def errors(self) -> str:
        """What they all complained of; none may end well, or hang."""
        complaints = "".join(process.communicate(timeout=200)[1] for process in self._processes)
        assert all(process.returncode for process in self._processes)
        return complaints

    def kill_when(self, path: Path) -> None:
        """SIGKILL all of them once that file is there."""
        until = time.monotonic() + 200
        while not path.exists() and time.monotonic() < until:
            time.sleep(0.02)
        assert path.exists(), self._processes[0].communicate(timeout=5)
        for process in self._processes:
            process.send_signal(signal.SIGKILL)
            process.communicate()


def _assert_close(one: Path, other: Path) -> None:
    there, first = checkpoint_files.read_tensors(one)
    back, second = checkpoint_files.read_tensors(other)
    assert set(there) == set(back)
    for name in there:
        torch.testing.assert_close(
            there[name], back[name], rtol=2e-3, atol=2e-5, msg=lambda words, n=name: f"{n} {words}"
        )
    told = ("loss", "frame_loss", "text_loss", "gradient_norm")
    values = [manifest.get("card", manifest.get("values")) for manifest in (first, second)]
    assert [values[0][name] for name in told] == pytest.approx([values[1][name] for name in told], rel=1e-4)


def test_two_processes_take_the_steps_of_one(tmp_path: Path, train: Train, a_recipe: MakeRecipe) -> None:
    rooms = (SimulatorClips("bakeoff"), SimulatorClips("uniform", num_given=1, scene_frames=8))
    recipe = a_recipe(steps=4, inbetween_part=0.3, stills=4, clips=rooms)
    train(recipe)
    first, second = Together(recipe, tmp_path / "both").finish()
    metrics = [f"StepMetrics {step}" for step in (1, 2, 3, 4, 4)]
    assert first.splitlines() == [*metrics, "SampleGrid 4", "CheckpointFiles 4"]
    # Only the first one tells.
    assert second == ""
    for name in ("step_0000004.safetensors", loop.RESUME):
        _assert_close(tmp_path / "work" / name, tmp_path / "both" / name)


def test_two_processes_learn_the_codec_of_one(tmp_path: Path, train: Train, a_recipe: MakeRecipe) -> None:
    model = replace(a_recipe().model, latents=8, patch=16, codec_width=8)
    recipe = a_recipe(model=model, steps=4, codec_part=0.5)
    train(recipe)
    Together(recipe, tmp_path / "both").finish()
    name = "step_0000004.safetensors"
    _assert_close(tmp_path / "work" / name, tmp_path / "both" / name)


def test_killed_together_they_go_on_together_or_one_alone(tmp_path: Path, train: Train, a_recipe: MakeRecipe) -> None:
    recipe = a_recipe(steps=20, resume_every_s=0.0)
    whole = train(recipe)[-1].path
    killed, alone = tmp_path / "killed", tmp_path / "alone"
    Together(recipe, killed).kill_when(killed / loop.RESUME)
    _, manifest = checkpoint_files.read_tensors(killed / loop.RESUME)
    assert 1 <= manifest["step"] < 20
    shutil.copytree(killed, alone)
    Together(recipe, killed).finish()
    _assert_close(whole, killed / whole.name)
    list(loop.train(recipe, 0, [], loop.start_in(alone), alone))
    _assert_close(whole, alone / whole.name)


def test_what_one_began_two_go_on_with(tmp_path: Path, train: Train, a_recipe: MakeRecipe) -> None:
    recipe = a_recipe(steps=6)
    whole = train(recipe)[-1].path
    folder = tmp_path / "two"
    folder.mkdir()
    first = Trainer(recipe, 0, [], loop.start_in(folder), folder)
    for _ in range(3):
        first.take_step()
    first.save_resume()
    Together(recipe, folder).finish()
    _assert_close(whole, folder / whole.name)


def test_a_loss_that_is_no_number_ends_all_of_them(tmp_path: Path, a_recipe: MakeRecipe) -> None:
    recipe = a_recipe(steps=20, muon_rate=1e30, adam_rate=1e30, warmup_steps=1)
    assert Together(recipe, tmp_path / "both").errors().count("TrainingDiverged") >= NUM_RANKS


def test_each_rank_draws_its_own_rows_of_the_same_batch(a_recipe: MakeRecipe, tmp_path: Path) -> None:
    trainer = Trainer(a_recipe(), 0, [], loop.start_in(tmp_path), tmp_path)
    sources = loop._sources(trainer.recipe, [])

    def batch(ranks: Ranks) -> Examples:
        return Feed(sources, trainer.tokenizer, batch_clips=4, seed=0, ranks=ranks).examples(9)

    whole, parts = batch(Ranks()), [batch(Ranks(rank, NUM_RANKS)) for rank in range(NUM_RANKS)]
    assert torch.equal(whole.frames, torch.cat([part.frames for part in parts]))
    assert whole.pieces == [pieces for part in parts for pieces in part.pieces]
    assert torch.equal(whole.actions, torch.cat([part.actions for part in parts]))


def test_a_batch_that_does_not_divide_is_refused() -> None:
    with pytest.raises(BadRecipe, match="5 clips does not divide among 2"):
        Ranks(0, 2).rows(5)
