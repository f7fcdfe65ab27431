"""What runs the trunk in a roll-out: the trunk itself, or ONNX Runtime.

A `Pass` is what a roll-out asks: embedded tokens and what they see of the past in, hidden states and fresh keys and
values out. `net.Trunk` is one. ONNX Runtime is an extra and is imported when it is asked for.
"""

from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional

from muybridge.errors import Unavailable
from muybridge.worldmodel import runtimes
from muybridge.worldmodel.net import WorldModel
from muybridge.worldmodel.runtimes import Runtime
from muybridge.worldmodel.trunk import KeysValues, rotation


class OnAnotherDevice(Unavailable):
    code = "worldmodel.on_another_device"


class Pass(Protocol):
    def __call__(
        self, x_BSD: Tensor, positions_BS3: Tensor, mask: Tensor, past: list[KeysValues] | None = None
    ) -> tuple[Tensor, list[KeysValues]]:
        """As trunk.Trunk.forward, with an additive mask [B,1,1 or S,C+S]."""
        ...


def trunk_of(model: WorldModel, runtime: Runtime = Runtime.TORCH) -> Pass:
    """The model's trunk, as that runtime runs it. Raises MissingExtra, OnAnotherDevice."""
    runtimes.require(runtime)
    if runtime is Runtime.TORCH:
        return model.trunk
    if model.control.device.type != "cpu":
        raise OnAnotherDevice(
            f"The runtime {runtime} runs on the CPU, and the network is on {model.control.device}.",
            remedy="Use the runtime torch there.",
        )
    return OnnxTrunk(model, eight_bit=runtime is Runtime.ONNX_INT8)


class OnnxTrunk:
    """A trunk run by ONNX Runtime, on as many threads as torch uses."""

    def __init__(self, model: WorldModel, *, eight_bit: bool = False) -> None:
        import onnxruntime  # heavy, and an extra

        from muybridge.worldmodel.export import trunk_graph

        self._config = model.config
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        graph = trunk_graph(model, eight_bit=eight_bit)
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def __call__(
        self, x_BSD: Tensor, positions_BS3: Tensor, mask: Tensor, past: list[KeysValues] | None = None
    ) -> tuple[Tensor, list[KeysValues]]:
        if past is None:
            # The graph joins what it is given to what it makes: nothing is one position that nobody sees.
            past = [self._unseen(len(x_BSD))] * self._config.layers
            mask = functional.pad(mask, (1, 0), value=float("-inf"))
        turn = rotation(positions_BS3.expand(len(x_BSD), -1, -1), self._config.head_width)
        fed = {"x": x_BSD, "cos": turn.cos[:, 0], "sin": turn.sin[:, 0], "mask": mask}
        for number, layer in enumerate(past):
            fed[f"past_keys_{number}"], fed[f"past_values_{number}"] = layer
        made = self._session.run(None, {name: tensor.numpy() for name, tensor in fed.items()})
        hidden, *fresh = (torch.from_numpy(output) for output in made)
        return hidden, [KeysValues(*pair) for pair in zip(fresh[::2], fresh[1::2], strict=True)]

    def _unseen(self, batch: int) -> KeysValues:
        nothing = torch.zeros(batch, self._config.heads, 1, self._config.head_width)
        return KeysValues(nothing, nothing)
