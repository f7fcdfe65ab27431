import torch

from muybridge.worldmodel import weights
from muybridge.worldmodel.net import WorldModel


def test_eight_bits_lose_at_most_half_a_step_of_each_row(small_model: WorldModel) -> None:
    state = small_model.state_dict()
    back = weights.dequantise(weights.quantise(state))
    assert set(back) == set(state)
    for name, weight in state.items():
        step = weight.abs().amax(dim=-1, keepdim=True) / 127.0
        assert ((back[name] - weight).abs() <= 0.55 * step + 1e-3 * weight.abs()).all(), name


def test_matrices_take_a_byte_a_weight(small_model: WorldModel) -> None:
    small = weights.quantise(small_model.state_dict())
    num_bytes = sum(tensor.numel() * tensor.element_size() for tensor in small.values())
    assert num_bytes < 1.1 * small_model.num_parameters
    assert weights.is_quantised(small)


def test_a_row_of_zeros_stays_zeros() -> None:
    state = {"w": torch.zeros(64, 64)}
    assert torch.equal(weights.dequantise(weights.quantise(state))["w"], state["w"])
