"""The trunk as an ONNX graph: new tokens and cached keys and values in, hidden states and fresh ones out.

The graph is written node by node for ONNX Runtime's CPU kernels, so that it needs no tracing, loads in a second and
copies no cached key: scores of cached and of new positions are joined, not the keys. Embeddings and heads stay with
`net`. Its tests hold it to the torch trunk. In eight bits the weights are the rows of `weights`, so a file that was
stored so loses nothing more; only activations are rounded.

Shapes: B batch, S new positions, D width, H heads, E head width, C cached positions.
"""

from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor

from muybridge.worldmodel import weights
from muybridge.worldmodel.config import ModelConfig
from muybridge.worldmodel.net import WorldModel

MICROSOFT = "com.microsoft"
EPSILON = 1e-6
BLOCK = 64
"""Values that share a scale when activations are rounded to eight bits."""


def trunk_graph(model: WorldModel, *, eight_bit: bool = False) -> bytes:
    """The serialised graph.

    Inputs: x [B,S,D], cos and sin [B,S,E/2] of the positions' rotation, an additive mask [B,1,1 or S,C+S], and each
    layer's past_keys_i and past_values_i [B,H,C,E], C >= 1. Outputs: hidden [B,S,D], keys_i and values_i [B,H,S,E].
    """
    return _TrunkGraph(model, eight_bit=eight_bit).serialised()


class _TrunkGraph:
    def __init__(self, model: WorldModel, *, eight_bit: bool) -> None:
        self._config, self._eight_bit = model.config, eight_bit
        self._weights = {name: weight.detach().float().cpu() for name, weight in model.trunk.state_dict().items()}
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        self._write()

    def serialised(self) -> bytes:
        inputs, outputs = _interface(self._config)
        graph = helper.make_graph(self._nodes, "trunk", inputs, outputs, self._constants)
        domains = [helper.make_opsetid("", 23), helper.make_opsetid(MICROSOFT, 1)]
        written: bytes = helper.make_model(graph, opset_imports=domains, ir_version=11).SerializeToString()
        return written

    def _write(self) -> None:
        self._sizes = self._add("Concat", [self._size("past_keys_0", 2), self._size("x", 1)], axis=0)
        gains = [self._weights[f"blocks.{layer}.attention_norm.gain"] for layer in range(self._config.layers)]
        x, normed = "x", self._norm("x", gains[0])
        for layer, next_gain in enumerate([*gains[1:], self._weights["norm.gain"]]):
            block = f"blocks.{layer}"
            mixed = self._attention(normed, layer)
            x, normed = self._add_and_norm(mixed, x, self._weights[f"{block}.mlp_norm.gain"])
            x, normed = self._add_and_norm(self._mlp(normed, f"{block}.mlp"), x, next_gain)
        self._name(normed, "hidden")

    def _attention(self, x: str, layer: int) -> str:
        heads, head_width = self._config.heads, self._config.head_width
        name = f"blocks.{layer}.attention"
        joined = self._linear(x, *(f"{name}.{part}" for part in ("query", "key", "value")))
        split = self._add("Reshape", [joined, self._shape(0, 0, 3 * heads, head_width)])
        by_head = self._add("Transpose", [split], perm=[0, 2, 1, 3])
        both, values = self._adds(2, "Split", [by_head, self._shape(2 * heads, heads)], axis=1)
        # Queries and keys are normalised and turned together; the score's scale is a part of the queries' gain.
        gains = [self._weights[f"{name}.query_norm.gain"] * head_width**-0.5, self._weights[f"{name}.key_norm.gain"]]
        gain = torch.cat([each.expand(heads, 1, -1) for each in gains])
        scaled = self._add("Mul", [self._norm(both, torch.ones(head_width)), self._constant(gain)])
        turned = self._add("RotaryEmbedding", [scaled, "cos", "sin"])
        query, keys = self._adds(2, "Split", [turned, self._shape(heads, heads)], axis=1)
        self._name(keys, f"keys_{layer}")
        self._name(values, f"values_{layer}")
        mixed = self._mix(query, (f"past_keys_{layer}", keys), (f"past_values_{layer}", values))
        flat = self._add("Transpose", [mixed], perm=[0, 2, 1, 3])
        return self._linear(self._add("Reshape", [flat, self._shape(0, 0, self._config.width)]), f"{name}.out")

    def _mix(self, query: str, keys: tuple[str, str], values: tuple[str, str]) -> str:
        scores = [self._add("FusedMatMul", [query, each], domain=MICROSOFT, transB=1) for each in keys]
        masked = self._add("Add", [self._add("Concat", scores, axis=3), "mask"])
        weights_of = self._adds(2, "Split", [self._add("Softmax", [masked], axis=3), self._sizes], axis=3)
        return self._add("Add", [self._add("MatMul", list(pair)) for pair in zip(weights_of, values, strict=True)])

    def _mlp(self, x: str, name: str) -> str:
        hidden = self._shape(self._config.hidden, self._config.hidden)
        gate, up = self._adds(2, "Split", [self._linear(x, f"{name}.gate", f"{name}.up"), hidden], axis=2)
        opened = self._add("QuickGelu", [gate], domain=MICROSOFT, alpha=1.0)
        return self._linear(self._add("Mul", [opened, up]), f"{name}.out")

    def _linear(self, x: str, *names: str) -> str:
        weight = torch.cat([self._weights[f"{name}.weight"] for name in names])
        if not self._eight_bit:
            return self._add("MatMul", [x, self._constant(weight.T)])
        rows = weights.quantise_rows(weight)
        return self._by_block(x, rows) if names[0].endswith("mlp.out") else self._by_tensor(x, rows)

    def _by_tensor(self, x: str, rows: weights.Rows) -> str:
        """All of x is rounded by one scale: the fastest, and near enough where x has just been normalised."""
        rounded, scale, zero = self._adds(3, "DynamicQuantizeLinear", [x])
        # Around 128 like x: of signed weights the kernel for AVX2 adds two products in 16 bits, which is too few.
        stored = (rows.values.T.to(torch.int16) + 128).to(torch.uint8)
        middle = self._constant(np.full((), 128, dtype=np.uint8))
        held = [self._constant(stored), scale, self._constant(rows.scale.float()), zero, middle]
        return self._add("MatMulIntegerToFloat", [rounded, *held], domain=MICROSOFT)

    def _by_block(self, x: str, rows: weights.Rows) -> str:
        """Each block of each row of x has a scale: the products of the feed-forward have far outliers."""
        outputs, inputs = rows.values.shape
        num_blocks = -(-inputs // BLOCK)
        # Stored around 128, which is what the kernel takes for zero where it is told none.
        stored = torch.full((outputs, num_blocks * BLOCK), 128, dtype=torch.uint8)
        stored[:, :inputs] = (rows.values.to(torch.int16) + 128).to(torch.uint8)
        packed = self._constant(stored.view(outputs, num_blocks, BLOCK))
        scales = self._constant(rows.scale.float()[:, None].expand(-1, num_blocks))
        kernel = {"K": inputs, "N": outputs, "bits": 8, "block_size": BLOCK, "accuracy_level": 4}
        return self._add("MatMulNBits", [x, packed, scales], domain=MICROSOFT, **kernel)

    def _norm(self, x: str, gain: Tensor) -> str:
        return self._add("SimplifiedLayerNormalization", [x, self._constant(gain)], axis=-1, epsilon=EPSILON)

    def _add_and_norm(self, mixed: str, x: str, gain: Tensor) -> tuple[str, str]:
        """The sum, and the sum normalised."""
        inputs, kind = [mixed, x, self._constant(gain)], "SkipSimplifiedLayerNormalization"
        normed, _, _, added = self._adds(4, kind, inputs, domain=MICROSOFT, epsilon=EPSILON)
        return added, normed

    def _size(self, name: str, axis: int) -> str:
        return self._add("Gather", [self._add("Shape", [name]), self._shape(axis)])

    def _shape(self, *sizes: int) -> str:
        return self._constant(np.array(sizes, dtype=np.int64))

    def _constant(self, values: "Tensor | NDArray[Any]") -> str:
        name = f"constant_{len(self._constants)}"
        array = values.contiguous().numpy() if isinstance(values, Tensor) else values
        self._constants.append(numpy_helper.from_array(array, name))
        return name

    def _name(self, value: str, output: str) -> None:
        self._nodes.append(helper.make_node("Identity", [value], [output]))

    def _add(self, kind: str, inputs: list[str], *, domain: str = "", **attributes: Any) -> str:
        return self._adds(1, kind, inputs, domain=domain, **attributes)[0]

    def _adds(self, outputs: int, kind: str, inputs: list[str], *, domain: str = "", **attributes: Any) -> list[str]:
        names = [f"{kind}_{len(self._nodes)}_{number}" for number in range(outputs)]
        self._nodes.append(helper.make_node(kind, inputs, names, domain=domain, **attributes))
        return names


def _interface(config: ModelConfig) -> tuple[list[onnx.ValueInfoProto], list[onnx.ValueInfoProto]]:
    def tensor(name: str, *sizes: int | str) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, sizes)

    heads, head_width = config.heads, config.head_width
    inputs = [tensor("x", "B", "S", config.width)]
    inputs += [tensor(name, "B", "S", head_width // 2) for name in ("cos", "sin")]
    inputs += [tensor("mask", "B", 1, "Q", "C+S")]
    outputs = [tensor("hidden", "B", "S", config.width)]
    for layer in range(config.layers):
        for part in ("keys", "values"):
            inputs.append(tensor(f"past_{part}_{layer}", "B", heads, "C", head_width))
            outputs.append(tensor(f"{part}_{layer}", "B", heads, "S", head_width))
    return inputs, outputs
