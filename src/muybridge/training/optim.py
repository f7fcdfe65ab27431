"""Muon for the trunk's matrices, AdamW for the rest; warm-up, constant, decay; an average of the weights.

Muon (Jordan 2024) is torch.optim.Muon's arithmetic, rewritten for one reason: that one orthogonalises in bfloat16,
which on a CPU without bfloat16 units runs at 2.5 GFLOP/s against 84 in float32 (37 ms against 2 for one 344 x 128
matrix of nano, measured). Matrices of one shape are also orthogonalised in one batched product.
"""

from collections import defaultdict
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from muybridge.training.parallel import own, spread_like, whole
from muybridge.training.recipe import Recipe
from muybridge.worldmodel.net import WorldModel

NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)
NEWTON_SCHULZ_STEPS = 5
MOMENTUM = 0.95


def orthogonalise(matrices_NRC: Tensor) -> Tensor:
    """Roughly U V^T of each matrix's U S V^T, by five Newton-Schulz steps; float32 on CPU, bfloat16 on CUDA."""
    a, b, c = NEWTON_SCHULZ
    x = matrices_NRC.bfloat16() if matrices_NRC.is_cuda else matrices_NRC.float()
    is_tall = x.shape[1] > x.shape[2]
    x = x.transpose(1, 2) if is_tall else x
    x = x / x.norm(dim=(1, 2), keepdim=True).clamp(min=1e-7)
    for _ in range(NEWTON_SCHULZ_STEPS):
        gram = x @ x.transpose(1, 2)
        x = a * x + (b * gram + c * gram @ gram) @ x
    x = x.transpose(1, 2) if is_tall else x
    orthogonal: Tensor = x.to(matrices_NRC.dtype)
    return orthogonal


class Muon(torch.optim.Optimizer):
    """Momentum, orthogonalised, for 2-D weights. The rate is scaled by sqrt(max(1, rows / columns)).

    Of weights that are spread over processes each keeps its part of the momentum; the matrix is gathered, since only
    a whole one can be made orthogonal, and each process takes its part of the change.
    """

    def __init__(self, weights: list[nn.Parameter], rate: float) -> None:
        super().__init__(weights, {"lr": rate})

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]  # no closure is ever re-evaluated here
        for group in self.param_groups:
            by_shape: dict[torch.Size, list[nn.Parameter]] = defaultdict(list)
            for weight in group["params"]:
                if weight.grad is not None:
                    by_shape[weight.shape].append(weight)
            for shape, weights in by_shape.items():
                update = orthogonalise(torch.stack([whole(self._momentum(weight)) for weight in weights]))
                rate = group["lr"] * max(1.0, shape[0] / shape[1]) ** 0.5
                for weight, change in zip(weights, update, strict=True):
                    weight.add_(spread_like(change, weight), alpha=-rate)

    def _momentum(self, weight: nn.Parameter) -> Tensor:
        assert weight.grad is not None
        state = self.state[weight]
        if "momentum" not in state:
            state["momentum"] = torch.zeros_like(weight)
        average: Tensor = state["momentum"].lerp_(weight.grad, 1.0 - MOMENTUM)
        # Nesterov's look ahead.
        return weight.grad.lerp(average, MOMENTUM)


class Optimizers:
    """Both optimizers, driven by one schedule factor in [0,1]."""

    def __init__(self, model: WorldModel, recipe: Recipe) -> None:
        matrices = [weight for weight in model.trunk.parameters() if weight.ndim == 2]
        chosen = {id(weight) for weight in matrices}
        others = [weight for weight in model.parameters() if id(weight) not in chosen]
        self.muon = Muon(matrices, recipe.muon_rate)
        self.adam = torch.optim.AdamW(others, lr=recipe.adam_rate, betas=(0.9, 0.95), weight_decay=0.0, eps=1e-8)
        self._peaks = (recipe.muon_rate, recipe.adam_rate)

    def step(self, factor: float) -> None:
        for optimizer, peak in zip((self.muon, self.adam), self._peaks, strict=True):
            for group in optimizer.param_groups:
                group["lr"] = peak * factor
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)

    def state_tensors(self) -> dict[str, Tensor]:
        """All state as named tensors, so that a safetensors file can carry it."""
        tensors: dict[str, Tensor] = {}
        for name, optimizer in (("muon", self.muon), ("adam", self.adam)):
            for number, state in optimizer.state_dict()["state"].items():
                tensors |= {f"{name}.{number}.{key}": whole(torch.as_tensor(value)) for key, value in state.items()}
        return tensors

    def load_state_tensors(self, tensors: dict[str, Tensor]) -> None:
        for name, optimizer in (("muon", self.muon), ("adam", self.adam)):
            state: dict[int, dict[str, Tensor]] = defaultdict(dict)
            weights = [weight for group in optimizer.param_groups for weight in group["params"]]
            for key, tensor in tensors.items():
                kind, number, field = key.split(".")
                if kind == name:
                    weight = weights[int(number)]
                    state[int(number)][field] = spread_like(tensor, weight) if tensor.ndim else tensor
            whole = optimizer.state_dict()
            optimizer.load_state_dict({**whole, "state": dict(state)})


class Rates(Protocol):
    """What a recipe says of its rates."""

    @property
    def warmup_steps(self) -> int: ...
    @property
    def decay_part(self) -> float: ...


def schedule(progress: float, step: int, recipe: Rates) -> float:
    """The rate's factor: linear warm-up over steps, then 1, then linear to 0 over the last `decay_part`."""
    warm = min(1.0, (step + 1) / max(1, recipe.warmup_steps))
    if recipe.decay_part == 0.0:
        return warm
    return min(warm, max(0.0, (1.0 - progress) / recipe.decay_part), 1.0)


class Average:
    """An exponential moving average of the weights; what is sampled from and shipped."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay = decay
        self.weights = {name: weight.detach().clone() for name, weight in model.named_parameters()}

    @torch.no_grad()
    def update(self, model: nn.Module, step: int) -> None:
        # Short memory at first: an average over the random start would lag by its whole half-life.
        decay = min(self.decay, (step + 1) / (step + 10))
        names = list(self.weights)
        current = dict(model.named_parameters())
        torch._foreach_lerp_(
            [own(self.weights[name]) for name in names], [own(current[name]) for name in names], 1.0 - decay
        )

    def whole_weights(self) -> dict[str, Tensor]:
        """All of it in every process; all must ask."""
        return {name: whole(weight) for name, weight in self.weights.items()}

    def load_weights(self, weights: dict[str, Tensor]) -> None:
        self.weights = {name: spread_like(weights[name], weight) for name, weight in self.weights.items()}
