"""One thread: small tensors gain nothing from more, and lose much when the machine is shared."""

import pytest
import torch


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    torch.set_num_threads(1)
