import importlib.util

import pytest
import torch

from muybridge.plugins import MissingExtra
from muybridge.simulator import render, scenes
from muybridge.training import checkpoint_files, shipped
from muybridge.training.checkpoint_files import OpenCheckpoint
from muybridge.worldmodel import passes, text
from muybridge.worldmodel.net import WorldModel
from muybridge.worldmodel.rollout import Rollout
from muybridge.worldmodel.runtimes import Runtime
from muybridge.worldmodel.sampler import Sampler, Sampling, Wish
from muybridge.worldmodel.trunk import KeysValues, additive

from .recomputed import recompute

pytestmark = pytest.mark.compute
needs_onnx = pytest.mark.skipif(
    not all(importlib.util.find_spec(name) for name in ("onnx", "onnxruntime")),
    reason="the extra `onnx` is not installed: pip install 'muybridge[onnx]'",
)
ALL = [Runtime.TORCH, *(pytest.param(each, marks=needs_onnx) for each in (Runtime.ONNX, Runtime.ONNX_INT8))]
OTHERS = ALL[1:]
LENGTH = 64


@pytest.fixture(scope="module")
def opened() -> OpenCheckpoint:
    return checkpoint_files.open_checkpoint(shipped.path_of("nano"))


@needs_onnx
@pytest.mark.parametrize("num_cached", [None, 1, 11, 80])
def test_a_pass_by_onnx_runtime_gives_what_the_trunk_gives(small_model: WorldModel, num_cached: int | None) -> None:
    config, length, batch = small_model.config, 7, 2
    x, positions = torch.randn(batch, length, config.width), torch.randint(0, 8, (batch, length, 3)).float()
    shape = (batch, config.heads, num_cached or 0, config.head_width)
    past = [KeysValues(torch.randn(shape), torch.randn(shape)) for _ in range(config.layers)] if num_cached else None
    seen = torch.rand(batch, 1, length, (num_cached or 0) + length) < 0.7
    mask = additive(seen | torch.eye(length, (num_cached or 0) + length).flip(0, 1).bool(), torch.float32)
    with torch.no_grad():
        hidden, fresh = small_model.trunk(x, positions, mask, past)
    other, others = passes.trunk_of(small_model, Runtime.ONNX)(x, positions, mask, past)
    assert torch.allclose(hidden, other, atol=1e-5)
    for ours, theirs in zip(fresh, others, strict=True):
        assert torch.allclose(ours.keys, theirs.keys, atol=1e-5)
        assert torch.allclose(ours.values, theirs.values, atol=1e-5)


@pytest.mark.parametrize("runtime", ALL)
def test_the_shipped_network_imagines_and_describes_64_frames_as_one_full_pass_over_them_does(
    opened: OpenCheckpoint, runtime: Runtime
) -> None:
    model = opened.model
    assert 2 * model.config.window < LENGTH, "the window rolls"
    prompt = opened.tokenizer.encode("a red circle moves slowly to the left")
    shape = (1, LENGTH, model.config.patches, model.config.channels)
    noise = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    rollout = Rollout(model, 1, trunk=passes.trunk_of(model, runtime))
    rollout.say([prompt])
    imagined = []
    for number in range(LENGTH):
        imagined.append(rollout.imagine(noise[:, number], steps=1))
        rollout.commit(imagined[-1])
    told = rollout.write([(text.CAPTION,)], max_tokens=12)[0]
    full, logits = recompute(model, prompt, torch.stack(imagined, dim=1), noise, [text.CAPTION, *told])
    error = (torch.cat(imagined) - full.clamp(-1, 1)).abs()
    # In eight bits: half a grey level of 255 on average; .0021 was measured.
    assert error.mean() < 0.004 if runtime is Runtime.ONNX_INT8 else error.max() < 1e-4
    assert len(told) > 4
    assert logits.argmax(dim=-1).tolist()[: len(told)] == told


@pytest.mark.parametrize("runtime", OTHERS)
def test_clips_and_captions_are_those_of_torch(opened: OpenCheckpoint, runtime: Runtime) -> None:
    reference, other = (Sampler(opened.model, opened.tokenizer, runtime=each) for each in (Runtime.TORCH, runtime))
    wishes = [Wish("a red circle moves slowly to the left", seed=1), Wish("a blue square", seed=2)]
    ours, theirs = (each.sample(wishes, 6, Sampling(12, 2)).float() for each in (reference, other))
    error = (ours - theirs).abs()
    # Grey levels of 255, each frame made from those before; .26 was measured.
    assert error.mean() < 0.5 if runtime is Runtime.ONNX_INT8 else error.max() <= 1
    clips = render.render(scenes.sample("bakeoff", "dev", range(16)), height=32, width=32)
    assert other.captions(clips) == reference.captions(clips)


def test_a_runtime_that_is_not_installed_is_named_with_the_command_that_brings_it(
    opened: OpenCheckpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"onnxruntime.*pip install 'muybridge\[onnx\]'"):
        Sampler(opened.model, opened.tokenizer, runtime=Runtime.ONNX_INT8)
