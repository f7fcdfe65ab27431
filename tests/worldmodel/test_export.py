import pytest
import torch

from muybridge.training import checkpoint_files, shipped
from muybridge.worldmodel import weights
from muybridge.worldmodel.net import WorldModel

pytest.importorskip("onnx", reason="the extra `onnx` is not installed: pip install 'muybridge[onnx]'")

import onnx
from onnx import numpy_helper

from muybridge.worldmodel.export import BLOCK, trunk_graph

pytestmark = pytest.mark.compute


def test_the_graph_is_sound_and_names_what_goes_in_and_out(small_model: WorldModel) -> None:
    graph = onnx.load_from_string(trunk_graph(small_model)).graph
    each = range(small_model.config.layers)
    pasts = [f"past_{part}_{layer}" for layer in each for part in ("keys", "values")]
    assert [value.name for value in graph.input] == ["x", "cos", "sin", "mask", *pasts]
    assert [value.name for value in graph.output] == ["hidden", *(name.removeprefix("past_") for name in pasts)]


def test_eight_bits_hold_the_very_rows_of_a_shipped_file_in_a_quarter_of_the_bytes() -> None:
    stored, _ = checkpoint_files.read_tensors(shipped.path_of("nano"))
    model = checkpoint_files.open_checkpoint(shipped.path_of("nano")).model
    whole, small = trunk_graph(model), trunk_graph(model, eight_bit=True)
    weight_bytes = 4 * sum(weight.numel() for weight in model.trunk.parameters())
    assert len(whole) - len(small) > 0.7 * weight_bytes
    packed = {
        tuple(array.shape): torch.from_numpy(array.copy())
        for array in map(numpy_helper.to_array, onnx.load_from_string(small).graph.initializer)
    }
    last = f"trunk.blocks.{model.config.layers - 1}.mlp.out.weight"
    rows = stored[last].to(torch.int16)
    outputs, inputs = rows.shape
    held = packed[outputs, -(-inputs // BLOCK), BLOCK].view(outputs, -1)[:, :inputs].to(torch.int16) - 128
    assert torch.equal(held, rows)
    assert torch.equal(weights.quantise_rows(model.state_dict()[last]).scale, stored[last + weights.SCALE])
