"""Small networks whose every weight is random, so that nothing is equal by being zero."""

from dataclasses import replace

import pytest
import torch

from muybridge.worldmodel import matching
from muybridge.worldmodel.config import ModelConfig
from muybridge.worldmodel.net import FrameInputs, WorldModel
from muybridge.worldmodel.text import Tokenizer, learn_tokenizer

SENTENCES = ["a red circle moves slowly to the left", "a blue square moves quickly to the right"]


PAINTED = ModelConfig(
    "small", width=64, layers=3, heads=2, vocab_size=320, height=16, frame_width=24, feels_words=True, window=5
)
MOVED = replace(PAINTED, reach=3, matches=True)


@pytest.fixture(params=[PAINTED, MOVED], ids=["painted", "moved"])
def small_config(request: pytest.FixtureRequest) -> ModelConfig:
    config: ModelConfig = request.param
    return config


@pytest.fixture
def small_model(small_config: ModelConfig) -> WorldModel:
    torch.manual_seed(0)
    torch.set_num_threads(1)
    model = WorldModel(small_config)
    with torch.no_grad():
        for weight in model.parameters():
            if weight.ndim == 2:
                weight.normal_(std=0.8 * weight.shape[1] ** -0.5)
        model.token.weight.normal_(std=0.15)
    return model.eval()


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    return learn_tokenizer(SENTENCES * 2, 320)


def frame_inputs(config: ModelConfig, z: torch.Tensor, history: torch.Tensor, tau: torch.Tensor) -> FrameInputs:
    batch = len(z)
    none, fps = torch.zeros_like(tau), torch.full((batch,), 8.0)
    return FrameInputs(z, history, tau, none.long(), fps, none, matching.matched(history, config))


def shifted(x: torch.Tensor, count: int = 2) -> torch.Tensor:
    """Each frame's `count` predecessors [B,T,K,P,C], the nearest first, zeros before the first."""
    back = [torch.cat([torch.zeros_like(x[:, :far]), x[:, :-far]], dim=1) for far in range(1, count + 1)]
    return torch.stack(back, dim=2)
