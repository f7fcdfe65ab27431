from pathlib import Path

import pytest
import torch

from muybridge.simulator import render, scenes
from muybridge.training.checkpoint_files import open_checkpoint
from muybridge.training.shipped import path_of
from muybridge.worldmodel import sequence
from muybridge.worldmodel.net import WorldModel
from muybridge.worldmodel.patches import RawPatches
from muybridge.worldmodel.rollout import Rollout

pytest.importorskip("onnxruntime", reason="the extra `onnx` is not installed: pip install 'muybridge[onnx]'")
pytest.importorskip("onnxscript", reason="the extra `onnx` is not installed: pip install 'muybridge[onnx]'")

from muybridge.worldmodel.export import BlockStep, OnnxStep, example_inputs, export_step, quantise_file

pytestmark = pytest.mark.compute


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[WorldModel, Path]:
    from muybridge.worldmodel.config import ModelConfig

    torch.manual_seed(0)
    model = WorldModel(ModelConfig("small", width=64, layers=2, heads=2, height=16, frame_width=16)).eval()
    with torch.no_grad():
        for weight in model.parameters():
            if weight.ndim == 2:
                weight.normal_(std=weight.shape[1] ** -0.5)
    path = tmp_path_factory.mktemp("onnx") / "step.onnx"
    export_step(model, path)
    return model, path


@pytest.mark.parametrize("num_cached", [2, 11, 80])
def test_onnx_runtime_gives_what_torch_gives_whatever_the_cache_holds(
    exported: tuple[WorldModel, Path], num_cached: int
) -> None:
    model, path = exported
    inputs = example_inputs(model, num_cached)
    with torch.no_grad():
        expected = BlockStep(model)(*inputs)
    for ours, theirs in zip(expected, OnnxStep(path)(*inputs), strict=True):
        assert torch.allclose(ours, theirs, atol=1e-4)


def test_masked_positions_of_the_cache_do_not_count(exported: tuple[WorldModel, Path]) -> None:
    model, path = exported
    x, previous, positions, mask, keys, values = example_inputs(model, 12)
    mask[..., 6:12] = float("-inf")
    step = OnnxStep(path)
    changed = keys.clone()
    changed[..., 6:12, :] += 3.0
    whole = step(x, previous, positions, mask, keys, values)[0]
    assert torch.allclose(whole, step(x, previous, positions, mask, changed, values)[0])


def test_eight_bits_save_three_quarters_of_the_weights_and_change_a_trained_network_little(tmp_path: Path) -> None:
    # Random weights have no outliers to keep and no redundancy to lose: only a trained network says what is lost, and
    # only on what it was trained to see.
    model = open_checkpoint(path_of("nano")).model.eval()
    path, small = tmp_path / "step.onnx", tmp_path / "small.onnx"
    export_step(model, path)
    quantise_file(path, small)
    inputs = _seen_inputs(model)
    whole, eight = OnnxStep(path)(*inputs)[0], OnnxStep(small)(*inputs)[0]
    weight_bytes = 4 * sum(weight.numel() for weight in model.trunk.parameters())
    assert path.stat().st_size - small.stat().st_size > 0.7 * weight_bytes
    assert (whole - eight).abs().mean() < 0.1 * whole.abs().mean()


def _seen_inputs(model: WorldModel) -> tuple[torch.Tensor, ...]:
    """The step that imagines the third frame of a clip of the bake-off, from noise."""
    scene = scenes.sample("bakeoff", "dev", [0])
    frames = RawPatches(model.config).encode(render.render(scene, height=32, width=32))
    rollout = Rollout(model, 1)
    for frame in frames[:, :2].unbind(dim=1):
        rollout.commit(frame)
    past = rollout._past(model.config.window - 1, with_texts=False)
    noise = torch.randn(frames[:, 2].shape, generator=torch.Generator().manual_seed(0))
    inputs = rollout._inputs(noise, rollout._history, tau=0.0, step=0.0, action_B=None)
    with torch.no_grad():
        x = model.embed_frames(inputs)
    keys, values = (torch.stack([layer[part] for layer in past.layers]) for part in (0, 1))
    positions = sequence.frame_positions(torch.tensor([2]), model.config)[None]
    return x, rollout.last, positions, past.mask, keys, values
