"""One training in several processes: who is who, which clips are whose, and weights spread over all (FSDP2).

The environment that torchrun sets decides (WORLD_SIZE); without it there is one process and nothing here does anything.
Each step's clips, noise and losses are those of one process: every rank computes its own rows of the same batch, and
files hold whole tensors, so that one process can go on where several stopped, and the other way round.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, distributed, nn

from muybridge.training.recipe import BadRecipe
from muybridge.worldmodel.net import WorldModel

_CPU = torch.device("cpu")


@dataclass(frozen=True, slots=True)
class Ranks:
    """This process among all that train together."""

    rank: int = 0
    size: int = 1
    device: torch.device = _CPU

    @property
    def is_first(self) -> bool:
        """The one that tells and writes."""
        return self.rank == 0

    def rows(self, batch: int) -> slice:
        """Which rows of a whole batch are this process's. Raises BadRecipe when they cannot be shared out evenly."""
        if batch % self.size:
            raise BadRecipe(
                f"A batch of {batch} clips does not divide among {self.size} processes.",
                remedy="Choose batch_clips as a multiple of the number of processes.",
            )
        own = batch // self.size
        return slice(self.rank * own, (self.rank + 1) * own)

    def agree(self, numbers: list[float]) -> list[float]:
        """The first process's numbers, for all."""
        if self.size == 1:
            return numbers
        shared = torch.tensor(numbers, dtype=torch.float64, device=self.device)
        distributed.broadcast(shared, src=0)
        return list(shared.tolist())

    def add(self, numbers: list[float]) -> list[float]:
        """Each number's sum over all processes."""
        if self.size == 1:
            return numbers
        total = torch.tensor(numbers, dtype=torch.float64, device=self.device)
        distributed.all_reduce(total)
        return list(total.tolist())

    def shard(self, model: WorldModel) -> None:
        """Spread the weights over all processes, gathered a block at a time when they are needed."""
        if self.size == 1:
            return
        # Here, and not above: they cost three seconds, and one process does without.
        from torch.distributed.device_mesh import init_device_mesh
        from torch.distributed.fsdp import fully_shard

        mesh = init_device_mesh(self.device.type, (self.size,))
        for block in model.trunk.blocks:
            fully_shard(block, mesh=mesh)
        # Frames are encoded outside of the model's own pass, where nothing would gather a codec's weights.
        fully_shard(model, mesh=mesh, ignored_params=set(model.codec_weights()))

    def average_gradients(self, weights: Sequence[nn.Parameter]) -> None:
        """Of weights that every process holds whole: each gradient becomes the mean over all processes."""
        if self.size == 1:
            return
        for weight in weights:
            assert weight.grad is not None
            distributed.all_reduce(weight.grad)
            weight.grad /= self.size


ALONE = Ranks()


@contextmanager
def joined() -> Iterator[Ranks]:
    """This process's place among those that torchrun started, for as long as the block lasts."""
    size = int(os.environ.get("WORLD_SIZE", "1"))
    has_cuda = torch.cuda.is_available()
    if size == 1:
        yield Ranks(device=torch.device("cuda" if has_cuda else "cpu"))
        return
    local = int(os.environ.get("LOCAL_RANK", "0"))
    device = torch.device("cuda", local) if has_cuda else torch.device("cpu")
    if has_cuda:
        torch.cuda.set_device(device)
    distributed.init_process_group("nccl" if has_cuda else "gloo")
    try:
        yield Ranks(distributed.get_rank(), size, device)
    finally:
        distributed.destroy_process_group()


def whole(tensor: Tensor) -> Tensor:
    """A tensor that is spread over processes, gathered (all must ask); another as it is."""
    gathered: Tensor = tensor.full_tensor() if _is_spread(tensor) else tensor  # type: ignore[attr-defined]
    return gathered


def own(tensor: Tensor) -> Tensor:
    """This process's part of a tensor."""
    part: Tensor = tensor.to_local() if _is_spread(tensor) else tensor  # type: ignore[attr-defined]
    return part


def spread_like(tensor: Tensor, other: Tensor) -> Tensor:
    """A whole tensor, the same everywhere, spread as the other one is. Nothing is sent."""
    if not _is_spread(other):
        return tensor
    from torch.distributed.tensor import distribute_tensor

    mesh, placements = other.device_mesh, other.placements  # type: ignore[attr-defined]
    return distribute_tensor(tensor.to(other.device), mesh, placements, src_data_rank=None)


def _is_spread(tensor: Tensor) -> bool:
    # Only a DTensor has placements; asking for its class would import all of it.
    return hasattr(tensor, "placements")


@torch.no_grad()
def load_weights(model: nn.Module, weights: dict[str, Tensor]) -> None:
    """Whole weights into a model that may be spread. Names must match."""
    current = dict(model.named_parameters())
    if set(current) != set(weights):
        raise ValueError(f"these are weights of another network: {sorted(set(current) ^ set(weights))[:3]}")
    for name, weight in current.items():
        weight.copy_(spread_like(weights[name], weight))
