from collections.abc import Callable

import pytest
import torch

from muybridge.training.optim import Average, Muon, Optimizers, orthogonalise, schedule
from muybridge.training.recipe import Recipe
from muybridge.worldmodel.net import WorldModel


@pytest.mark.parametrize("shape", [(48, 48), (96, 32), (32, 96)])
def test_orthogonalised_matrices_have_singular_values_near_one(shape: tuple[int, int]) -> None:
    matrices = torch.randn(3, *shape, generator=torch.Generator().manual_seed(0))
    values = torch.linalg.svdvals(orthogonalise(matrices))
    assert 0.4 < float(values.min()) <= float(values.max()) < 1.4


def test_our_muon_takes_the_steps_of_torchs() -> None:
    torch.manual_seed(0)
    weights = [torch.nn.Parameter(torch.randn(64, 32)) for _ in range(2)]
    twins = [torch.nn.Parameter(weight.detach().clone()) for weight in weights]
    ours, theirs = Muon(weights, 0.02), torch.optim.Muon(twins, lr=0.02, weight_decay=0.0, momentum=0.95)
    for _ in range(3):
        for weight, twin in zip(weights, twins, strict=True):
            weight.grad = torch.randn(64, 32)
            twin.grad = weight.grad.clone()
        ours.step()
        theirs.step()
    # Theirs orthogonalises in bfloat16: eight bits of agreement a step.
    for weight, twin in zip(weights, twins, strict=True):
        assert (weight - twin).abs().max() < 3e-3


def test_the_rate_warms_up_holds_and_decays_to_zero(a_recipe: Callable[..., Recipe]) -> None:
    recipe = a_recipe(warmup_steps=10, decay_part=0.4)
    assert schedule(0.0, 0, recipe) == pytest.approx(0.1)
    assert schedule(0.3, 50, recipe) == 1.0
    assert schedule(0.6, 100, recipe) == pytest.approx(1.0)
    assert schedule(0.8, 130, recipe) == pytest.approx(0.5)
    assert schedule(1.0, 160, recipe) == 0.0


def test_every_weight_has_one_optimizer(a_recipe: Callable[..., Recipe]) -> None:
    model = WorldModel(a_recipe().model)
    optimizers = Optimizers(model, a_recipe())
    held = [id(weight) for each in (optimizers.muon, optimizers.adam) for weight in each.param_groups[0]["params"]]
    assert sorted(held) == sorted(id(weight) for weight in model.parameters())


def test_the_average_follows_the_weights() -> None:
    layer = torch.nn.Linear(2, 2)
    average = Average(layer, 0.9)
    with torch.no_grad():
        layer.weight.fill_(1.0)
    for step in range(200):
        average.update(layer, step)
    assert torch.allclose(average.weights["weight"], torch.ones(2, 2), atol=1e-4)
