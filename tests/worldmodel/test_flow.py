from itertools import pairwise

import pytest
import torch

from muybridge.worldmodel import flow


def test_noise_levels_are_mostly_noisy_and_reach_everywhere() -> None:
    tau = flow.sample_tau((20_000,), torch.Generator().manual_seed(0))
    assert 0.3 < float(tau.median()) < 0.38
    assert float(tau.min()) < 0.03
    assert float(tau.max()) > 0.97


def test_the_same_generator_gives_the_same_levels() -> None:
    draws = [flow.sample_tau((8,), torch.Generator().manual_seed(3)) for _ in range(2)]
    assert torch.equal(*draws)


def test_context_noise_stays_small() -> None:
    tau = flow.sample_context_tau((1000,), torch.Generator().manual_seed(0), 0.1)
    assert 0.9 <= float(tau.min()) <= float(tau.max()) <= 1.0


@pytest.mark.parametrize("steps", [1, 2, 7])
def test_a_perfect_predictor_reaches_its_frame_in_any_number_of_steps(steps: int) -> None:
    frame, z = torch.full((3,), 0.7), torch.randn(3)
    taus = flow.step_taus(steps)
    for tau, next_tau in pairwise(taus):
        z = flow.euler_step(z, frame, tau, next_tau)
    assert torch.allclose(z, frame, atol=1e-6)


def test_no_steps_is_a_programmers_error() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        flow.step_taus(0)


def test_frames_of_weight_zero_do_not_count() -> None:
    predicted, truth = torch.ones(1, 2, 3, 4), torch.zeros(1, 2, 3, 4)
    predicted[0, 1] = 100.0
    loss = flow.frame_loss(predicted, truth, torch.tensor([[1.0, 0.0]]))
    assert float(loss) == pytest.approx(flow.FRAME_WEIGHT)
