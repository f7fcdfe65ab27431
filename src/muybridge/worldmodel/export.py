"""One block step as an ONNX graph: new tokens and cached keys and values in, hidden states and fresh ones out.

The graph holds the trunk and the frame head; embeddings of frames and the ring stay with the caller, as in `rollout`.
Everything has a static shape but the cache's length, so one file serves every window. It is written by
torch.onnx.export (dynamo) and checked by its tests against the torch reference.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from muybridge.worldmodel.net import WorldModel
from muybridge.worldmodel.trunk import KeysValues

if TYPE_CHECKING:
    pass

INPUTS = ("x", "previous", "positions", "mask", "past_keys", "past_values")
OUTPUTS = ("patches", "keys", "values")


class BlockStep(nn.Module):
    """A frame through the trunk and the frame head.

    x: [B,N,D]; previous: [B,P,C], the frame before; mask: additive, over the cache [B,1,1,C]; past: [layers,B,H,C,E].
    """

    def __init__(self, model: WorldModel) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, x: Tensor, previous: Tensor, positions: Tensor, mask: Tensor, past_keys: Tensor, past_values: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        past = [KeysValues(past_keys[layer], past_values[layer]) for layer in range(self.model.config.layers)]
        # A frame sees all of itself: only the cache is masked.
        own = mask.new_zeros(mask.shape[0], 1, 1, x.shape[1])
        hidden, fresh = self.model.trunk(x, positions, torch.cat([mask, own], dim=3), past)
        patches = self.model.read_frames(hidden, previous[:, None])[:, 0]
        keys = torch.stack([layer.keys for layer in fresh])
        return patches, keys, torch.stack([layer.values for layer in fresh])


def example_inputs(model: WorldModel, num_cached: int, batch: int = 1) -> tuple[Tensor, ...]:
    """Random inputs of the right shapes, with `num_cached` positions in the cache."""
    config = model.config
    tokens = config.tokens_per_frame
    cache = (config.layers, batch, config.heads, num_cached, config.head_width)
    return (
        torch.randn(batch, tokens, config.width),
        torch.randn(batch, config.patches, config.channels).clamp(-1, 1),
        torch.randint(0, 8, (batch, tokens, 3)).float(),
        torch.zeros(batch, 1, 1, num_cached),
        torch.randn(cache),
        torch.randn(cache),
    )


def export_step(model: WorldModel, path: Path) -> None:
    """Write the block step of a model as ONNX. Needs the extra `onnx`."""
    cached = torch.export.Dim("cached", min=2, max=65_536)
    shapes = {
        "x": {},
        "previous": {},
        "positions": {},
        "mask": {3: cached},
        "past_keys": {3: cached},
        "past_values": {3: cached},
    }
    inputs = example_inputs(model, 2 * model.config.tokens_per_frame + 1)
    torch.onnx.export(
        BlockStep(model).eval(),
        inputs,
        str(path),
        dynamo=True,
        dynamic_shapes=shapes,
        input_names=list(INPUTS),
        output_names=list(OUTPUTS),
        external_data=False,
        verbose=False,
    )


class OnnxStep:
    """An exported block step, run by ONNX Runtime on the CPU."""

    def __init__(self, path: Path, threads: int = 1) -> None:
        import onnxruntime  # heavy, and an extra

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self._session: onnxruntime.InferenceSession = onnxruntime.InferenceSession(str(path), options)

    def __call__(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        fed: dict[str, NDArray[Any]] = {
            name: np.ascontiguousarray(tensor.numpy()) for name, tensor in zip(INPUTS, inputs, strict=True)
        }
        return tuple(torch.from_numpy(output) for output in self._session.run(list(OUTPUTS), fed))


def quantise_file(path: Path, target: Path) -> None:
    """Eight-bit weights by ONNX Runtime's dynamic quantisation: a quarter of the file, faster on CPUs with VNNI."""
    from onnxruntime.quantization import QuantType, quantize_dynamic  # heavy, and an extra

    quantize_dynamic(str(path), str(target), weight_type=QuantType.QInt8, per_channel=True)
